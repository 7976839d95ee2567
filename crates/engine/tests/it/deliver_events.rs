//! Events beside creation and change, each behind a toggle of its own.

use crate::deliver::{deliver_all, header};
use crate::world::{World, person, world};
use serde_json::Value;
use std::collections::BTreeSet;
use tributary_engine::{Actor, Resolution, WebhookInput};
use tributary_store::EventKind;

fn subscribed_to(world: &World, kinds: &[EventKind]) {
    let toggles: BTreeSet<String> = kinds.iter().map(|kind| kind.as_str().to_owned()).collect();
    let payload_url = "https://hooks.example.org/crm".to_owned();
    let new = WebhookInput { payload_url, secret: None, active: true, toggles, headers: None, options: None };
    world.engine.create_webhook(world.org, new).unwrap();
}

/// What arrived, as bodies.
fn told(world: &World) -> Vec<Value> {
    deliver_all(world);
    let sent = world.sender.sent.lock().unwrap();
    sent.iter().map(|request| serde_json::from_slice(&request.body).unwrap()).collect()
}

fn staff() -> Actor {
    Actor::Staff("ann".into())
}

/// Two people who share a mailbox: the second one waits for a person.
fn ambiguous(world: &World) -> tributary_contact::RecordId {
    world.submit(&[person("hg-1", "Odalys", "Fennimore", "fennimores@example.org")]);
    world.run();
    let id = world.submit(&[person("hg-2", "Bram", "Fennimore", "fennimores@example.org")])[0];
    world.run();
    id
}

#[test]
fn a_submission_that_waits_is_told_of_with_its_reason_and_its_reference() {
    let world = world();
    subscribed_to(&world, &[EventKind::NeedsUpdate]);
    let id = ambiguous(&world);
    let told = told(&world);
    assert_eq!(told.len(), 1, "{told:?}");
    let event = &told[0];
    assert_eq!((&event["type"], &event["event"]), (&"needsUpdate".into(), &"NeedsUpdate".into()));
    let transaction = &event["transaction"];
    assert_eq!(transaction["id"], id.0.to_string());
    assert_eq!((&transaction["referenceSource"], &transaction["referenceId"]), (&"Harbor".into(), &"hg-2".into()));
    assert_eq!(transaction["state"], "needs_update");
    assert!(transaction["reason"].is_string() && transaction["sentence"].is_string());
    assert!(event.get("contact").is_none() && event.get("sequence").is_none());
    assert_eq!(event["eventId"], header(&world.sender.sent.lock().unwrap()[0], "webhook-id"));
}

#[test]
fn a_rejected_submission_is_told_of() {
    let world = world();
    subscribed_to(&world, &[EventKind::TransactionRejected]);
    let id = ambiguous(&world);
    world.engine.resolve(world.org, id, Resolution::Reject, &staff()).unwrap();
    let told = told(&world);
    assert_eq!((told.len(), &told[0]["type"]), (1, &"transactionRejected".into()));
    assert_eq!(told[0]["transaction"]["state"], "rejected");
}

#[test]
fn the_undo_of_a_merge_is_told_of_after_the_change_it_makes() {
    let world = world();
    let id = ambiguous(&world);
    let contact = world.contacts()[0].id;
    world.engine.resolve(world.org, id, Resolution::merge(contact, None), &staff()).unwrap();
    subscribed_to(&world, &[EventKind::ContactUpdate, EventKind::ContactUnmerge, EventKind::NeedsUpdate]);
    world.engine.undo_decision(world.org, id, &staff()).unwrap();
    let told = told(&world);
    let of_contact: Vec<_> = told
        .iter()
        .filter(|event| event.get("contact").is_some())
        .map(|event| event["type"].as_str().unwrap())
        .collect();
    assert_eq!(of_contact, ["contactUpdate", "contactUnmerge"]);
    assert!(told.iter().any(|event| event["type"] == "needsUpdate"));
    let numbers: Vec<i64> = told.iter().filter_map(|event| event["sequence"].as_i64()).collect();
    assert_eq!(numbers[1], numbers[0] + 1);
    let row = world.engine.contact(world.org, contact).unwrap().unwrap();
    assert_eq!(row.sequence, numbers[1]);
}

#[test]
fn who_did_not_ask_for_a_kind_is_not_told_of_it_but_finds_it_in_the_feed() {
    let world = world();
    subscribed_to(&world, &[EventKind::ContactCreate]);
    ambiguous(&world);
    assert_eq!(told(&world).len(), 1);
    let kinds: Vec<_> = world.events().iter().map(|event| event.kind).collect();
    assert_eq!(kinds, [EventKind::ContactCreate, EventKind::NeedsUpdate]);
}

#[test]
fn events_without_a_contact_do_not_wait_for_each_other() {
    let world = world();
    subscribed_to(&world, &[EventKind::NeedsUpdate]);
    world.submit(&[person("hg-0", "Odalys", "Fennimore", "fennimores@example.org")]);
    world.run();
    let many: Vec<_> = (1..=5)
        .map(|n| person(&format!("w-{n}"), &format!("Bram{n}"), "Fennimore", "fennimores@example.org"))
        .collect();
    world.submit(&many);
    world.run();
    *world.sender.status.lock().unwrap() = Some(500);
    let waiting = world.events().iter().filter(|event| event.kind == EventKind::NeedsUpdate).count();
    assert!(waiting > 1);
    let first = world.runtime.block_on(world.engine.deliver_once()).unwrap();
    assert_eq!(first.attempts, waiting);
}
