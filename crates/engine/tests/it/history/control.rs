//! The same history without what was taken back: those rows are never submitted, those merges never made.

use super::canon;
use super::past::{Past, change, govern, others, refold, send, staff, tick};
use super::step::{History, Step};
use crate::world::World;
use proptest::prelude::*;
use std::collections::BTreeMap;
use tributary_contact::policy::PolicyDocument;
use tributary_contact::state::State;
use tributary_contact::{ContactId, ItemId, RecordId, SourceRecord};
use tributary_engine::Resolution;

/// Contacts and people of the history, by those of the control.
#[derive(Default)]
struct Twins {
    contacts: BTreeMap<ContactId, ContactId>,
    people: BTreeMap<ItemId, ItemId>,
    names: canon::Names,
}

/// What is stored then. None when the history has no counterpart: something that lasts speaks of somebody whom only a
/// row that was taken back had brought, or an opt-out was carried over.
pub fn live(world: &World, history: &History, past: &Past) -> Result<Option<Vec<String>>, TestCaseError> {
    let records = canon::records(&past.world);
    let places: BTreeMap<RecordId, (ContactId, &SourceRecord)> =
        records.iter().flat_map(|(contact, own)| own.iter().map(move |own| (own.id, (*contact, own)))).collect();
    if past.carried || others(past, &records) || !is_closed(past, &places) {
        return Ok(None);
    }
    for document in super::step::policies() {
        world.engine.put_policy(world.org, &PolicyDocument::read(&document).unwrap(), &staff()).unwrap();
    }
    let begin = tributary_contact::clock::Clock::now(&*world.clock);
    let mut twins = Twins::default();
    let mut ids: BTreeMap<usize, RecordId> = BTreeMap::new();
    for (at, step) in history.steps.iter().enumerate() {
        tick(world);
        match step {
            Step::Submit { said, .. } if past.rows.iter().any(|row| row.step == at && !row.doomed) => {
                ids.insert(at, send(world, said.submission(begin)));
            }
            Step::Govern(number) => govern(world, *number),
            Step::Refold(by) => refold(world, *by),
            _ => {}
        }
        for row in past.rows.iter().filter(|row| !row.doomed) {
            let Some(id) = ids.get(&row.step).copied() else { continue };
            if row.applied == Some(at) {
                let (contact, own) = places[&row.id];
                twins.put(world, id, row.step, (contact, own.individual))?;
            } else if row.step == at && world.transaction(id).contact.is_some() {
                world.engine.undo_decision(world.org, id, &staff()).unwrap();
            }
        }
        for made in past.edits.iter().filter(|made| made.step == at) {
            let (contact, own) = places[&made.record];
            let (Some(contact), Some(person)) = (twins.contacts.get(&contact), twins.people.get(&own.individual))
            else {
                return Ok(None);
            };
            let before = canon::records(world);
            let first = world.engine.contact(world.org, *contact).unwrap().unwrap().golden.individuals[0].id;
            if first != *person || !change(world, *contact, *person, made.edit, &made.value) {
                return Ok(None);
            }
            let after = canon::records(world);
            let known = |id: RecordId| before.values().flatten().any(|own| own.id == id);
            let new = after.values().flatten().find(|own| !known(own.id)).unwrap();
            twins.names.insert(new.id, format!("edit {}", made.step));
        }
    }
    Ok(Some(canon::of(world, &twins.names)))
}

/// Whether everybody whom something that lasts speaks of was brought by something that lasts.
fn is_closed(past: &Past, places: &BTreeMap<RecordId, (ContactId, &SourceRecord)>) -> bool {
    let lasting = |row: &&super::past::Row| !row.doomed && row.applied.is_some();
    let rows = past.rows.iter().filter(lasting).map(|row| row.id).chain(past.edits.iter().map(|made| made.record));
    let mut of_rows = rows.map(|id| places.get(&id));
    let there = |person: ItemId, contact: ContactId| {
        places.values().any(|(of, own)| *of == contact && own.first_item == person && own.individual == person)
    };
    of_rows.all(|place| place.is_some_and(|(contact, own)| there(own.individual, *contact)))
}

impl Twins {
    /// Sees to it that the row is part of the contact and the person that it is part of in the history.
    fn put(
        &mut self,
        world: &World,
        id: RecordId,
        step: usize,
        (contact, person): (ContactId, ItemId),
    ) -> Result<(), TestCaseError> {
        let place = (self.contacts.get(&contact).copied(), self.people.get(&person).copied());
        let view = world.transaction(id);
        let fits = match (place, view.contact, view.individual) {
            (_, None, _) => false,
            ((None, _), Some(_), _) => view.state == State::Created,
            ((Some(of), None), Some(own), Some(individual)) => {
                own == of && self.people.values().all(|known| *known != individual)
            }
            ((Some(of), Some(known)), own, individual) => own == Some(of) && individual == Some(known),
            _ => false,
        };
        if !fits {
            if view.contact.is_some() {
                world.engine.undo_decision(world.org, id, &staff()).unwrap();
            }
            let resolution = match place {
                (None, _) => Resolution::Create,
                (Some(contact), None) => Resolution::AddIndividual { contact },
                (Some(contact), Some(person)) => Resolution::merge(contact, Some(person)),
            };
            let done = world.engine.resolve(world.org, id, resolution, &staff());
            prop_assert!(done.is_ok(), "{:?}", done);
        }
        let view = world.transaction(id);
        self.contacts.insert(contact, view.contact.unwrap());
        self.people.insert(person, view.individual.unwrap());
        self.names.insert(id, format!("row {step}"));
        Ok(())
    }
}
