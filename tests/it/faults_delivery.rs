//! Faults below the deliveries: a database that restarts, is locked, or takes no more. What was committed arrives all the
//! same, in order, and nothing else does.

use crate::support::deliveries::{compare, events, happen, subscribe};
use crate::support::{Receiver, Server, World, pause, until};
use std::process::Command;
use std::sync::mpsc::channel;
use std::time::Duration;
use tributary_db::OpenOptions;
use tributary_store::StoreExt;
use tributary_testkit::pg::OwnServer;

/// Submissions, each of which is later changed.
const ROWS: usize = 150;

/// A lease that ends soon after a fault.
fn hasty(world: World) -> World {
    world
        .with("TRIBUTARY_WEBHOOK__CONNECT_TIMEOUT_SECONDS", "2")
        .with("TRIBUTARY_WEBHOOK__TIMEOUT_SECONDS", "2")
        .with("TRIBUTARY_WEBHOOK__LEASE_SECONDS", "3")
        .with("TRIBUTARY_WEBHOOK__IN_FLIGHT", "4")
}

fn all_arrives(world: &World, organization: &str, receiver: &Receiver, server: &Server) {
    let client = server.client("none");
    until("the last delivery", || {
        let answer = client.get("/metrics");
        (answer.status == 200 && client.gauge("tributary_deliveries_pending") == 0).then_some(())
    });
    assert_eq!(client.gauge("tributary_deliveries_dead"), 0);
    compare(receiver, &events(world, organization));
}

#[test]
fn a_database_server_that_crashes_and_comes_back_loses_no_delivery() {
    if !World::postgres_is_here() {
        return;
    }
    let postgres = OwnServer::start("deliveries").expect("PostgreSQL was there a moment ago");
    let world = hasty(World::on(&postgres.url()));
    let organization = world.organization("Bellford Food Share");
    let receiver = Receiver::start();
    subscribe(&world, &organization, &receiver);
    happen(&world, &organization, ROWS);
    let server = world.serve();
    for enough in [20, 90] {
        until("deliveries", || (receiver.count() >= enough).then_some(()));
        postgres.crash();
    }
    all_arrives(&world, &organization, &receiver, &server);
}

#[test]
fn a_database_that_another_process_keeps_locked_only_delays_deliveries() {
    let world = hasty(World::sqlite());
    let organization = world.organization("Bellford Food Share");
    let receiver = Receiver::start();
    subscribe(&world, &organization, &receiver);
    happen(&world, &organization, ROWS);
    let server = world.serve();
    until("deliveries", || (receiver.count() >= 20).then_some(()));
    let store = tributary_db::open(world.url(), &OpenOptions { migrate: false, ..OpenOptions::default() }).unwrap();
    let (locked, is_locked) = channel();
    let (free, is_free) = channel::<()>();
    let holder = std::thread::spawn(move || {
        store.writing("hold", |_| {
            locked.send(()).unwrap();
            is_free.recv().unwrap();
            Ok(())
        })
    });
    is_locked.recv().unwrap();
    // Longer than a lease: what is under way is told too late, or by another claim.
    pause(Duration::from_secs(4));
    free.send(()).unwrap();
    holder.join().unwrap().unwrap();
    all_arrives(&world, &organization, &receiver, &server);
}

/// Kilobytes that the write-ahead log may have before its disk is full.
const ROOM: u64 = 256;

#[test]
fn a_disk_that_takes_no_more_stops_deliveries_and_loses_none() {
    let world = hasty(World::sqlite());
    let organization = world.organization("Bellford Food Share");
    let receiver = Receiver::start();
    subscribe(&world, &organization, &receiver);
    happen(&world, &organization, ROWS);
    // The signal that would tell of it is ignored, so writing fails.
    let serve = world.command(&["serve"]);
    let mut limited = Command::new("bash");
    limited.args(["-c", &format!("trap '' XFSZ; ulimit -f {ROOM}; exec \"$0\" serve")]).arg(serve.get_program());
    limited.current_dir(serve.get_current_dir().unwrap()).env_clear();
    limited.envs(std::env::vars().filter(|(name, _)| !name.starts_with("TRIBUTARY_")));
    limited.envs(serve.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let server = Server::start(limited);
    until("a disk that is full", || server.logged("deliveries wait for the database").then_some(()));
    server.kill();
    let server = world.serve();
    all_arrives(&world, &organization, &receiver, &server);
}
