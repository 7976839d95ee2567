//! `kill -9` while events are delivered: each arrives at least once, byte for byte as it was stored, signed,
//! and in order per contact.

use crate::support::{Receiver, SECRET, World, rows, until, write_rows};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use tributary_contact::OrganizationId;
use tributary_db::OpenOptions;
use tributary_store::{EventRow, StoreExt};

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
    happen(&world, &organization);
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

/// Submissions of one round, and rounds; each round's process is killed while it decides and delivers.
const ROUND: usize = 120;
const ROUNDS: usize = 4;

fn what_was_committed_arrives_though_processes_are_killed_while_they_commit(make: fn() -> World) {
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
    let rows = rows("transactions", ROUND * ROUNDS);
    for (round, rows) in rows.chunks(ROUND).enumerate() {
        let server = world.serve();
        let client = server.client(&key);
        client.submit_all(rows);
        let before = receiver.count();
        // 409 while the lease of the process that was killed lasts.
        until("a batch that begins", || {
            (client.post("/api/Batch/Run?wait=false", &json!({})).status == 202).then_some(())
        });
        // Some chunks are committed then, others not, and not everything is delivered.
        until("deliveries", || (receiver.count() >= before + 15 * (1 + round % 2)).then_some(()));
        server.kill();
    }
    let server = world.serve();
    let client = server.client(&key);
    until("a batch that ends", || (client.post("/api/Batch/Run", &json!({})).status == 200).then_some(()));
    assert_eq!(client.gauge("tributary_held"), 0);
    until("the last delivery", || (client.gauge("tributary_deliveries_pending") == 0).then_some(()));
    compare(&receiver, &events(&world, &organization));
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
    happen(&world, &organization);
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

fn subscribe(world: &World, organization: &str, receiver: &Receiver) {
    let url = receiver.url();
    let subscription = ["webhook", "create", "--organization", organization, "--url", url, "--secret", SECRET];
    world.cli(&subscription);
}

/// Two batches: contacts come to be, and then get another phone.
fn happen(world: &World, organization: &str) {
    let mut rows = rows("transactions", ROWS);
    for round in 0..2 {
        let file = world.file("transactions.jsonl");
        write_rows(&file, &rows);
        let path = file.display().to_string();
        world.cli(&["import", &path, "--organization", organization, "--source", "online"]);
        let run = world.cli(&["batch", "run", "--organization", organization]);
        assert_eq!(run["state"], "done", "round {round}: {run}");
        for (number, row) in rows.iter_mut().enumerate() {
            row["phone"] = json!(format!("206-555-{number:04}"));
        }
    }
}

/// What the database says has happened.
fn events(world: &World, organization: &str) -> Vec<EventRow> {
    let store = tributary_db::open(world.url(), &OpenOptions { migrate: false, ..OpenOptions::default() }).unwrap();
    let organization = OrganizationId(organization.parse().unwrap());
    store.reading(|tx| tx.event_page(organization, None, 10_000)).unwrap()
}

fn compare(receiver: &Receiver, events: &[EventRow]) {
    let of_contacts = events.iter().filter(|event| event.contact != EventRow::NO_CONTACT);
    let stored: BTreeMap<String, Value> =
        of_contacts.map(|event| (event.id.to_string(), serde_json::from_str(&event.body).unwrap())).collect();
    let arrivals = receiver.arrivals();
    let arrived: BTreeSet<&String> = arrivals.iter().map(|delivery| &delivery.id).collect();
    assert_eq!(arrived, stored.keys().collect());
    for delivery in &arrivals {
        assert_eq!(delivery.body, stored[&delivery.id]);
    }
    let order = receiver.order();
    assert!(order.values().any(|numbers| numbers.len() > 1), "no contact had two events");
    for (contact, numbers) in order {
        let expected: Vec<i64> = (1..).take(numbers.len()).collect();
        assert_eq!(numbers, expected, "events of contact {contact}");
    }
}
