//! `kill -9` while events are delivered: each arrives at least once, byte for byte as it was stored, signed,
//! and in order per contact.

use crate::support::deliveries::{compare, events, happen, subscribe};
use crate::support::{Receiver, World, pause, rows, until};
use serde_json::{Value, json};
use std::time::Duration;

on_both_databases!(
    every_event_arrives_in_spite_of_kills_and_in_order,
    what_was_committed_arrives_though_processes_are_killed_while_they_commit,
);

/// Submissions, each of which is later changed.
const ROWS: usize = 250;
/// How many deliveries have arrived in all when each server is killed.
const KILLS: &[usize] = &[25, 140, 310];

fn every_event_arrives_in_spite_of_kills_and_in_order(make: fn() -> World) {
    let world = make()
        .with("TRIBUTARY_WEBHOOK__CONNECT_TIMEOUT_SECONDS", "2")
        .with("TRIBUTARY_WEBHOOK__TIMEOUT_SECONDS", "2")
        .with("TRIBUTARY_WEBHOOK__LEASE_SECONDS", "3")
        .with("TRIBUTARY_WEBHOOK__IN_FLIGHT", "8");
    let organization = world.organization("Bellford Food Share");
    let receiver = Receiver::start();
    subscribe(&world, &organization, &receiver);
    happen(&world, &organization, ROWS);
    for enough in KILLS {
        let server = world.serve();
        until("deliveries", || (receiver.count() >= *enough).then_some(()));
        server.kill();
    }
    let server = world.serve();
    let client = server.client("none");
    until("the last delivery", || (client.gauge("tributary_deliveries_pending") == 0).then_some(()));
    assert_eq!(client.gauge("tributary_deliveries_dead"), 0);
    let events = events(&world, &organization);
    assert!(events.len() > *KILLS.last().unwrap(), "{} events are too few for the kills", events.len());
    compare(&receiver, &events);
}

/// Submissions in all. TRIBUTARY_CRASH_CHANGES asks for more, for the long form.
const CHANGES: usize = 480;
/// How many times the process is killed meanwhile, each time at a moment of its own.
const CRASHES: usize = 4;
/// Submissions between two kills in the long form.
const LONG_ROUND: usize = 500;
/// Rows of the sample; when they are used up they come again, with other phones.
const SAMPLE_ROWS: usize = 5_000;

fn what_was_committed_arrives_though_processes_are_killed_while_they_commit(make: fn() -> World) {
    let asked = std::env::var("TRIBUTARY_CRASH_CHANGES").ok().map(|count| count.parse::<usize>().unwrap());
    let (changes, round) = asked.map_or((CHANGES, CHANGES / CRASHES), |changes| (changes, LONG_ROUND));
    let world = make()
        .with("TRIBUTARY_WEBHOOK__CONNECT_TIMEOUT_SECONDS", "2")
        .with("TRIBUTARY_WEBHOOK__TIMEOUT_SECONDS", "2")
        .with("TRIBUTARY_WEBHOOK__LEASE_SECONDS", "3")
        .with("TRIBUTARY_BATCH__LEASE_SECONDS", "5")
        .with("TRIBUTARY_BATCH__CHUNK_ROWS", "10");
    let organization = world.organization("Bellford Food Share");
    let key = world.key(&organization);
    let receiver = Receiver::start();
    subscribe(&world, &organization, &receiver);
    let mut moments = Moments(u64::try_from(changes).unwrap());
    let mut cut_off = 0;
    for rows in submissions(changes).chunks(round) {
        let server = world.serve();
        let client = server.client(&key);
        client.hold_all(rows);
        // 409 while the lease of the process that was killed lasts.
        until("a batch that begins", || {
            (client.post("/api/Batch/Run?wait=false", &json!({})).status == 202).then_some(())
        });
        pause(moments.next());
        // Some chunks are committed then, others not.
        cut_off += usize::from(client.gauge("tributary_held") > 0);
        server.kill();
    }
    assert!(cut_off > 0, "every batch was over before its process was killed");
    let server = world.serve();
    let client = server.client(&key);
    until("a batch that ends", || (client.post("/api/Batch/Run", &json!({})).status == 200).then_some(()));
    assert_eq!(client.gauge("tributary_held"), 0);
    until("the last delivery", || (client.gauge("tributary_deliveries_pending") == 0).then_some(()));
    compare(&receiver, &events(&world, &organization));
}

/// Moments of kills: the same in every run of so many changes, and spread over what a round takes.
struct Moments(u64);

impl Moments {
    fn next(&mut self) -> Duration {
        // The generator of Lehmer, as in MINSTD.
        self.0 = (self.0 * 48_271) % 0x7fff_ffff;
        Duration::from_millis(30 + self.0 % 600)
    }
}

fn submissions(count: usize) -> Vec<Value> {
    let sample = rows("transactions", count.min(SAMPLE_ROWS));
    let row = |number: usize| {
        let mut row = sample[number % sample.len()].clone();
        if number >= sample.len() {
            row["phone"] = json!(format!("206-{:03}-{:04}", 200 + number / 10_000, number % 10_000));
        }
        row
    };
    (0..count).map(row).collect()
}

#[test]
fn a_process_that_sleeps_past_its_lease_does_no_harm_when_it_wakes() {
    if !World::postgres_is_here() {
        return;
    }
    let world = World::postgres()
        .with("TRIBUTARY_WEBHOOK__CONNECT_TIMEOUT_SECONDS", "1")
        .with("TRIBUTARY_WEBHOOK__TIMEOUT_SECONDS", "1")
        .with("TRIBUTARY_WEBHOOK__LEASE_SECONDS", "2");
    let organization = world.organization("Bellford Food Share");
    let receiver = Receiver::start();
    subscribe(&world, &organization, &receiver);
    happen(&world, &organization, ROWS);
    let sleeper = world.serve();
    until("deliveries", || (receiver.count() >= 20).then_some(()));
    sleeper.signal("STOP");
    let server = world.serve();
    let client = server.client("none");
    until("the last delivery", || (client.gauge("tributary_deliveries_pending") == 0).then_some(()));
    sleeper.signal("CONT");
    // What it holds is told now, and counts for nothing where somebody else has delivered it since.
    let other = sleeper.client("none");
    until("the sleeper", || (other.gauge("tributary_deliveries_pending") == 0).then_some(()));
    assert_eq!(client.gauge("tributary_deliveries_dead"), 0);
    compare(&receiver, &events(&world, &organization));
}
