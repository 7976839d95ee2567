//! What stories about deliveries share: a subscription, something that happens, and what must have arrived.

use super::{Receiver, SECRET, World, rows, write_rows};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use tributary_contact::OrganizationId;
use tributary_db::OpenOptions;
use tributary_store::{EventRow, StoreExt};

/// Subscribes it to what comes to be and changes.
pub fn subscribe(world: &World, organization: &str, receiver: &Receiver) {
    let url = receiver.url();
    let subscription = ["webhook", "create", "--organization", organization, "--url", url, "--secret", SECRET];
    world.cli(&subscription);
}

/// Two batches: contacts come to be, and then get another phone.
pub fn happen(world: &World, organization: &str, people: usize) {
    let mut rows = rows("transactions", people);
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
pub fn events(world: &World, organization: &str) -> Vec<EventRow> {
    let store = tributary_db::open(world.url(), &OpenOptions { migrate: false, ..OpenOptions::default() }).unwrap();
    let organization = OrganizationId(organization.parse().unwrap());
    let mut events: Vec<EventRow> = Vec::new();
    loop {
        let after = events.last().map(|event| event.id);
        let page = store.reading(|tx| tx.event_page(organization, after, 10_000)).unwrap();
        if page.is_empty() {
            return events;
        }
        events.extend(page);
    }
}

/// Everything arrived that has happened, byte for byte, and in order per contact; nothing else did.
pub fn compare(receiver: &Receiver, events: &[EventRow]) {
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
