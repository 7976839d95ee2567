//! Events tell a contact's whole story, once and in order, and are never changed.

use super::{Checked, Past, ensure};
use crate::snapshot::Snapshot;
use serde_json::Value;
use std::collections::BTreeMap;
use tributary_contact::{ContactId, Field};
use tributary_store::{ContactRow, EventKind, EventRow};

pub(super) fn check(past: &Past, now: &Snapshot) -> Checked {
    kept(past, now)?;
    let mut stories: BTreeMap<ContactId, Vec<&EventRow>> = BTreeMap::new();
    for event in now.events.iter().filter(|event| event.contact != EventRow::NO_CONTACT) {
        stories.entry(event.contact).or_default().push(event);
    }
    stories.iter().try_for_each(|(id, events)| told(*id, events, now.contacts.get(id)))?;
    now.contacts.keys().try_for_each(|id| {
        ensure(stories.contains_key(id), "every created contact has contactCreate", || format!("contact {id}"))
    })
}

/// Events and audit rows only ever grow.
fn kept(past: &Past, now: &Snapshot) -> Checked {
    let current: BTreeMap<_, _> = now.events.iter().map(|event| (event.id, event)).collect();
    ensure(current.len() == now.events.len(), "an event id is used once", || format!("{} events", now.events.len()))?;
    let changed = past.events.values().find(|event| current.get(&event.id) != Some(event));
    ensure(changed.is_none(), "an event is never changed or lost", || format!("{changed:?}"))?;
    let audit = past.audit.iter().find(|(id, rows)| !now.audit.get(id).is_some_and(|kept| kept.starts_with(rows)));
    ensure(audit.is_none(), "an audit row is never changed or lost", || format!("{audit:?}"))
}

fn told(id: ContactId, events: &[&EventRow], contact: Option<&ContactRow>) -> Checked {
    let kinds: Vec<_> = events.iter().map(|event| event.kind.as_str()).collect();
    let numbers: Vec<i64> = events.iter().map(|event| event.sequence).collect();
    let ordered = (1..).zip(&numbers).all(|(place, number)| place == *number);
    ensure(ordered, "a contact's events are numbered without gaps, in the order of their ids", || {
        format!("contact {id}: {numbers:?}")
    })?;
    let (Some((first, later)), Some(last)) = (kinds.split_first(), events.last()) else { return Ok(()) };
    let created = *first == EventKind::ContactCreate.as_str();
    let once = !later.contains(first);
    let ended = kinds.iter().filter(|kind| **kind == EventKind::ContactDelete.as_str()).count();
    let ends = ended == usize::from(last.kind == EventKind::ContactDelete) && contact.is_none() == (ended == 1);
    ensure(created && once && ends, "a contact's events begin with its creation and end with its removal", || {
        format!("contact {id}: {kinds:?}, on file: {}", contact.is_some())
    })?;
    events.iter().try_for_each(|event| labelled(event))?;
    contact.map_or(Ok(()), |contact| current(contact, last))
}

/// The body says what the row says.
fn labelled(event: &EventRow) -> Checked {
    let body = parsed(event);
    let own = body.get("sequence").and_then(Value::as_i64) == Some(event.sequence)
        && body.get("type").and_then(Value::as_str) == Some(event.kind.as_str())
        && body.get("eventId").and_then(Value::as_str) == Some(event.id.to_string().as_str())
        && told_of(&body, "id").and_then(Value::as_i64) == Some(event.contact.0);
    ensure(own, "an event's body says what it is", || format!("{event:?}"))
}

/// The last event leaves a subscriber with the contact as it is.
fn current(contact: &ContactRow, last: &EventRow) -> Checked {
    ensure(contact.sequence == last.sequence, "a contact knows its last event", || {
        format!("contact {}: {} known, {} told", contact.id, contact.sequence, last.sequence)
    })?;
    let body = parsed(last);
    let name = told_of(&body, "name").and_then(Value::as_str);
    ensure(name == contact.golden.field(Field::Name), "the last event tells the contact as it is", || {
        format!("contact {}: told {name:?}, is {:?}", contact.id, contact.golden.field(Field::Name))
    })
}

fn parsed(event: &EventRow) -> Value {
    serde_json::from_str(&event.body).unwrap_or_default()
}

fn told_of<'a>(body: &'a Value, field: &str) -> Option<&'a Value> {
    body.get("contact").and_then(|contact| contact.get(field))
}
