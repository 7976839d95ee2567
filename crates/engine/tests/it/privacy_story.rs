//! A person with something in every place that data of a person can be in.

use crate::deliver::deliver_all;
use crate::world::{World, answer, person, submission};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use tributary_contact::state::State;
use tributary_contact::{ContactId, Gift, RecordId, Submission};
use tributary_engine::{
    Actor, Begun, Creation, MergeRequest, NotDuplicate, NotThis, NoteInput, Resolution, Ticket, WebhookInput,
};
use tributary_store::{Avatar, EventKind};
use tributary_webhook::send::Attempt;

/// In everything that is said of the person who is erased, and nowhere else.
pub const MARKER: &str = "zyxmarker";

pub fn staff() -> Actor {
    Actor::Staff("ann".into())
}

pub fn marked(reference: &str) -> Value {
    json!({
        "referenceSource": "Harbor", "referenceId": format!("{MARKER}-{reference}"),
        "firstName": "Zyxmarker", "lastName": "Okafor", "email": format!("{MARKER}@example.org"),
        "address1": "12 Zyxmarker Street", "city": "Salem", "state": "OR", "postal": "97301",
        "tags": "donor", "customFields": [{ "name": "shirt", "value": MARKER }],
    })
}

fn gift(id: &str) -> Option<Box<Gift>> {
    Some(Box::new(Gift {
        source: "Harbor".into(),
        id: format!("{MARKER}-{id}"),
        date: "2026-11-03".parse().unwrap(),
        amount: "25.00".parse().unwrap(),
        exchange_rate: None,
        kind: "Cash".into(),
        repeats: false,
        payload: json!({ "notes": MARKER }).as_object().unwrap().clone(),
    }))
}

fn subscribe_to_all(world: &World) {
    let toggles: BTreeSet<String> = EventKind::ALL.iter().map(|kind| kind.as_str().to_owned()).collect();
    let new = WebhookInput {
        payload_url: "https://hooks.example.org/crm".into(),
        secret: None,
        active: true,
        toggles,
        headers: None,
        options: None,
    };
    world.engine.create_webhook(world.org, new).unwrap();
    let echo = |request: &tributary_webhook::send::OutgoingRequest| Attempt {
        response: String::from_utf8_lossy(&request.body).chars().take(900).collect(),
        ..answer(200)
    };
    *world.sender.script.lock().unwrap() = Some(Box::new(echo));
}

pub fn merge(world: &World, survivor: ContactId, merged: ContactId) {
    let request = MergeRequest { survivor, merged, people: BTreeMap::new(), choices: BTreeMap::new() };
    world.engine.merge_contacts(world.org, &staff(), &request).unwrap();
}

fn begun(world: &World, token: &str) -> Box<Ticket> {
    match world.engine.begin_once(world.org, 1, token, b"content").unwrap() {
        Begun::Go(ticket) => ticket,
        other => panic!("{other:?}"),
    }
}

/// A person with something in every place that data of a person can be in.
pub struct Story {
    pub contact: ContactId,
    pub merged: ContactId,
    pub stranger: ContactId,
    pub decided: RecordId,
    pub run: tributary_contact::RunId,
    pub waiting: RecordId,
    pub shared: RecordId,
    pub held: RecordId,
}

pub fn story(world: &World) -> Story {
    let engine = &world.engine;
    subscribe_to_all(world);
    world.load(&[("S", person("s-1", "Ines", "Lund", "ines@example.org"))]);
    let stranger = world.contacts()[0].id;
    // Made directly, once, and its answer kept.
    let ticket = begun(world, "create");
    let parts = vec![submission(&marked("1"))];
    let contact = engine.create_contact(world.org, &staff(), &Creation { parts, ..Creation::default() }, Some(&ticket));
    let contact = contact.unwrap().id;
    engine.end_once(&ticket, &format!("{{\"body\":\"{MARKER}\"}}")).unwrap();
    world.clock.advance_ms(1_000);
    // A submission that is merged into it, with a gift, submitted once.
    let ticket = begun(world, "submit");
    let row = Submission { gift: gift("g1"), ..submission(&marked("1")) };
    let decided = world.runtime.block_on(engine.submit_once(&ticket, Some(1), vec![row])).unwrap()[0].id;
    engine.end_once(&ticket, &format!("{{\"reference\":\"{MARKER}-1\"}}")).unwrap();
    let run = world.run().id;
    assert_eq!(world.transaction(decided).contact, Some(contact));
    // One that was taken for the stranger, taken back, corrected, and is part of it.
    world.clock.advance_ms(1_000);
    let taken_back = world.submit(&[json!({ "firstName": "Ines", "lastName": "Lund", "email": "ines@example.org",
        "address1": "3 Zyxmarker Road", "city": "Salem" })])[0];
    world.run();
    assert_eq!(world.transaction(taken_back).contact, Some(stranger));
    world.clock.advance_ms(1_000);
    engine.undo_decision(world.org, taken_back, &staff()).unwrap();
    let corrected = Some(Box::new(submission(&marked("1"))));
    engine.resolve(world.org, taken_back, Resolution::Retry { submission: corrected }, &staff()).unwrap();
    world.run();
    assert_eq!(world.transaction(taken_back).contact, Some(contact));
    // A twin that is merged into it, and it was merged into the stranger for a while.
    world.clock.advance_ms(1_000);
    let twin = Creation { parts: vec![submission(&marked("2"))], ..Creation::default() };
    let merged = engine.create_contact(world.org, &staff(), &twin, None).unwrap().id;
    merge(world, contact, merged);
    merge(world, stranger, contact);
    world.clock.advance_ms(1_000);
    engine.unmerge_contacts(world.org, &staff(), contact, None).unwrap();
    world.clock.advance_ms(1_000);
    beside(world, contact, stranger, taken_back);
    // Rows about it that are part of nothing: refused, waiting, waiting beside somebody else, held.
    let unclear = |reference: &str, first: &str| {
        json!({ "referenceSource": "Gala", "referenceId": format!("{MARKER}-{reference}"),
        "firstName": first, "lastName": "Okafor", "email": format!("{MARKER}@example.org") })
    };
    let refused = world.submit(&[unclear("w1", "Zyxmarker")])[0];
    let waiting = world.submit(&[unclear("w2", "Zyxmarker")])[0];
    let shared = world.submit(&[unclear("w3", "Gertrude")])[0];
    world.run();
    for id in [refused, waiting] {
        if world.transaction(id).contact.is_some() {
            engine.undo_decision(world.org, id, &staff()).unwrap();
        }
    }
    engine.resolve(world.org, refused, Resolution::Reject, &staff()).unwrap();
    assert_eq!(world.transaction(waiting).state, State::NeedsUpdate);
    engine.ask_sender(world.org, waiting, &format!("Is this {MARKER}?"), &staff()).unwrap();
    assert_eq!(world.transaction(shared).state, State::NeedsUpdate);
    let held = world.submit(&[marked("h1")])[0];
    deliver_all(world);
    Story { contact, merged, stranger, decided, run, waiting, shared, held }
}

/// Notes, a picture, followers, and what people said.
fn beside(world: &World, contact: ContactId, stranger: ContactId, row: RecordId) {
    let engine = &world.engine;
    let note = NoteInput {
        kind: "General".into(),
        note: format!("Says {MARKER}."),
        note_at: None,
        important: false,
        private: false,
        time_spent: None,
    };
    engine.write_note(world.org, contact, &note, &staff()).unwrap();
    let individual = engine.contact(world.org, contact).unwrap().unwrap().golden.individuals[0].id;
    let picture = Avatar { content_type: "image/png".into(), image: MARKER.as_bytes().to_vec() };
    engine.put_avatar(world.org, &staff(), individual, &picture).unwrap();
    engine.toggle_follow(world.org, &staff(), contact).unwrap();
    let said = |other| NotDuplicate { contact: stranger, other, until_more_is_known: false, note: Some(MARKER.into()) };
    engine.say_not_duplicate(world.org, &staff(), &said(NotThis::Contact(contact))).unwrap();
    engine.say_not_duplicate(world.org, &staff(), &said(NotThis::Transaction(row))).unwrap();
    let other = Creation {
        parts: vec![submission(&person("o-1", "Olga", "Brandt", "olga@example.org"))],
        ..Creation::default()
    };
    let other = engine.create_contact(world.org, &staff(), &other, None).unwrap().id;
    engine.suggest_merge(world.org, &staff(), (contact, other), Some(MARKER)).unwrap();
}
