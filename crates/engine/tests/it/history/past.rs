//! A history as it is lived, with what is taken back in the end.

use super::canon::{self, Names};
use super::step::{Edit, History, Said, Step, policies};
use crate::merge::request;
use crate::world::World;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use tributary_contact::clock::{Clock, Timestamp};
use tributary_contact::fold::fold;
use tributary_contact::merge::Side;
use tributary_contact::policy::PolicyDocument;
use tributary_contact::state::State;
use tributary_contact::{ContactId, Field, ItemField, ItemId, Method, RecordId, RecordKind, SourceRecord, Submission};
use tributary_engine::{
    Actor, Afterwards, EngineError, FoldBy, ItemValues, LeftoverKind, MergeRequest, Refold, Resolution, UndoStart,
};

/// Between two steps.
const STEP_MS: i64 = 10_000;

pub fn staff() -> Actor {
    Actor::Staff("ann".into())
}

/// A row that was submitted.
pub struct Row {
    pub id: RecordId,
    /// The step that brought it.
    pub step: usize,
    /// Whether it is taken back.
    pub doomed: bool,
    /// The step since which it is part of a contact.
    pub applied: Option<usize>,
}

/// A direct change that was made.
pub struct Made {
    pub record: RecordId,
    pub step: usize,
    pub edit: Edit,
    /// What it says, or whose mailbox it is about.
    pub value: String,
}

pub struct Past {
    pub world: World,
    pub begin: Timestamp,
    pub rows: Vec<Row>,
    pub edits: Vec<Made>,
    /// Contacts merged away, whose merge was not taken back yet.
    merges: Vec<ContactId>,
    /// An opt-out was carried over to the other side of an unmerge.
    pub carried: bool,
}

/// Lives it, and takes back what is doomed in the order that it says.
pub fn live(world: &World, history: &History) -> Result<Past, TestCaseError> {
    for document in policies() {
        world.engine.put_policy(world.org, &PolicyDocument::read(&document).unwrap(), &staff()).unwrap();
    }
    let begin = world.clock.now();
    let (rows, edits, merges) = (Vec::new(), Vec::new(), Vec::new());
    let mut past = Past { world: world.clone(), begin, rows, edits, merges, carried: false };
    for (at, step) in history.steps.iter().enumerate() {
        past.world.clock.advance_ms(STEP_MS);
        past.go(at, step)?;
        past.look(at);
        past.is_the_fold()?;
    }
    past.take_back(&history.order)?;
    past.is_the_fold()?;
    Ok(past)
}

/// Moves a control organization's clock as the history's moved.
pub fn tick(world: &World) {
    world.clock.advance_ms(STEP_MS);
}

impl Past {
    /// What lasts is called by the step that brought it.
    pub fn names(&self) -> Names {
        let rows = self.rows.iter().filter(|row| !row.doomed).map(|row| (row.id, format!("row {}", row.step)));
        rows.chain(self.edits.iter().map(|made| (made.record, format!("edit {}", made.step)))).collect()
    }

    fn go(&mut self, at: usize, step: &Step) -> Result<(), TestCaseError> {
        match step {
            Step::Submit { said, doomed } => self.submit(at, said, *doomed),
            Step::Flash(said) => self.flash(said)?,
            Step::Resolve { row, how, keep } => self.resolve(*row, *how, *keep),
            Step::Edit(contact, edit) => self.edit(at, *contact, *edit),
            Step::Merge { survivor, merged, apart, keep } => self.merge(*survivor, *merged, *apart, *keep),
            Step::Unmerge(pick) => {
                if !self.merges.is_empty() {
                    let merged = self.merges.remove(pick % self.merges.len());
                    self.unmerge(merged)?;
                }
            }
            Step::Undo { row, run } => {
                let assigned: Vec<RecordId> = self.assigned();
                if let Some(id) = assigned.get(row % assigned.len().max(1)) {
                    self.undo(*id, *run);
                }
            }
            Step::Govern(number) => govern(&self.world, *number),
            Step::Refold(by) => refold(&self.world, *by),
        }
        Ok(())
    }

    fn submit(&mut self, step: usize, said: &Said, doomed: bool) {
        let id = send(&self.world, said.submission(self.begin));
        self.rows.push(Row { id, step, doomed, applied: None });
    }

    /// The second fold law: applied and taken back, a row leaves the contacts byte for byte.
    fn flash(&mut self, said: &Said) -> Result<(), TestCaseError> {
        let before = self.bytes();
        let id = send(&self.world, said.submission(self.begin));
        if self.world.transaction(id).contact.is_some() {
            self.world.engine.undo_decision(self.world.org, id, &staff()).unwrap();
            prop_assert_eq!(before, self.bytes());
        }
        self.world.engine.resolve(self.world.org, id, Resolution::Reject, &staff()).unwrap();
        Ok(())
    }

    fn bytes(&self) -> Vec<(ContactId, String)> {
        let contacts = self.world.contacts();
        contacts.iter().map(|row| (row.id, serde_json::to_string(&row.golden).unwrap())).collect()
    }

    fn resolve(&mut self, pick: usize, how: usize, keep: bool) {
        let world = &self.world;
        let waits = |row: &&Row| world.transaction(row.id).state == State::NeedsUpdate;
        let waiting: Vec<&Row> = self.rows.iter().filter(waits).collect();
        let Some(row) = waiting.get(pick % waiting.len().max(1)) else { return };
        let item = world.engine.needs_update_item(world.org, row.id).unwrap().unwrap();
        let best = item.candidates.first();
        let resolution = match (how, best) {
            (0, Some(best)) => {
                let differences = best.beside.differences.iter().filter(|_| keep && row.doomed);
                let keep = differences.map(|own| (own.field.clone(), Side::Merged)).collect();
                Resolution::Merge { contact: best.contact.id, individual: best.individual, keep }
            }
            (1, Some(best)) => Resolution::AddIndividual { contact: best.contact.id },
            _ => Resolution::Create,
        };
        // It may be refused: its reference is another contact's.
        drop(world.engine.resolve(world.org, row.id, resolution, &staff()));
    }

    /// Only what lasts is changed: there is nobody to change where the others never were.
    fn edit(&mut self, step: usize, pick: usize, edit: Edit) {
        let world = self.world.clone();
        let records = canon::records(&world);
        let open: Vec<_> = world.contacts().into_iter().filter(|row| row.merged_into.is_none()).collect();
        let Some(contact) = open.get(pick % open.len().max(1)) else { return };
        let Some(person) = contact.golden.individuals.first() else { return };
        let lasting = |item: ItemId| {
            let own = records.get(&contact.id).into_iter().flatten().find(|own| brought(own, item));
            own.is_some_and(|own| !self.is_doomed(own.id))
        };
        if !lasting(person.id) {
            return;
        }
        let mailbox = person.methods.iter().find(|own| own.value.contains('@') && lasting(own.id));
        let value = match edit {
            Edit::OptOut => mailbox.map(|own| own.value.clone()).unwrap_or_default(),
            _ => format!("said-{step}.example.org"),
        };
        let before: BTreeSet<RecordId> = records.values().flatten().map(|own| own.id).collect();
        if !change(&world, contact.id, person.id, edit, &value) {
            return;
        }
        let after = canon::records(&world);
        let new = after.values().flatten().find(|own| !before.contains(&own.id));
        self.edits.extend(new.map(|own| Made { record: own.id, step, edit, value }));
    }

    fn merge(&mut self, survivor: usize, merged: usize, apart: bool, keep: bool) {
        let world = &self.world;
        let open: Vec<_> = world.contacts().into_iter().filter(|row| row.merged_into.is_none()).collect();
        let pick = |at: usize| open.get(at % open.len().max(1));
        let (Some(survivor), Some(merged)) = (pick(survivor), pick(merged)) else { return };
        if survivor.id == merged.id {
            return;
        }
        let people = merged.golden.individuals.iter().filter(|_| apart).map(|own| (own.id, None)).collect();
        let mut wanted = MergeRequest { people, ..request(survivor.id, merged.id) };
        if keep {
            let view = world.engine.preview_merge(world.org, &wanted).unwrap();
            wanted.choices = view.differences.iter().map(|own| (own.field.clone(), Side::Merged)).collect();
        }
        world.engine.merge_contacts(world.org, &staff(), &wanted).unwrap();
        self.merges.push(merged.id);
    }

    /// Whether it is done with; otherwise a later merge has to be taken back first.
    fn unmerge(&mut self, merged: ContactId) -> Result<bool, TestCaseError> {
        match self.world.engine.unmerge_contacts(self.world.org, &staff(), merged, None) {
            Ok(view) => self.carried |= view.leftovers.iter().any(|own| own.kind == LeftoverKind::OptOutKept),
            // All that it had was taken back, and it is no more.
            Err(EngineError::NotFound) => {}
            Err(EngineError::Conflict { .. }) => {
                self.merges.push(merged);
                return Ok(false);
            }
            Err(error) => prop_assert!(false, "{}", error),
        }
        Ok(true)
    }

    /// Doomed rows that are part of a contact.
    fn assigned(&self) -> Vec<RecordId> {
        let doomed = self.rows.iter().filter(|row| row.doomed).map(|row| row.id);
        doomed.filter(|id| self.world.transaction(*id).contact.is_some()).collect()
    }

    fn undo(&self, id: RecordId, run: bool) {
        let world = &self.world;
        let latest = world.transaction(id).decisions.last().and_then(|decision| decision.run);
        if let Some(latest) = latest.filter(|_| run) {
            let done = world.engine.undo_run(world.org, latest, Afterwards::Review, &staff());
            // A run is taken back once, and keeps what was changed since; then the decision is.
            assert!(matches!(done, Ok(UndoStart::Finished(_)) | Err(EngineError::Conflict { .. })), "{done:?}");
        }
        if world.transaction(id).contact.is_some() {
            world.engine.undo_decision(world.org, id, &staff()).unwrap();
        }
    }

    /// Notes what became part of a contact. What speaks of somebody whom a doomed row brought is doomed as well: without
    /// that row there is nobody to speak of.
    fn look(&mut self, at: usize) {
        let records = canon::records(&self.world);
        let all: BTreeMap<RecordId, &SourceRecord> = records.values().flatten().map(|own| (own.id, own)).collect();
        let brings: BTreeMap<ItemId, RecordId> = all.values().map(|own| (own.first_item, own.id)).collect();
        let fresh = |row: &&Row| row.applied.is_none() && all.contains_key(&row.id);
        let fresh: Vec<RecordId> = self.rows.iter().filter(fresh).map(|row| row.id).collect();
        for id in fresh {
            let bringer = all.get(&id).and_then(|own| brings.get(&own.individual)).copied();
            let doomed = bringer.is_none_or(|bringer| self.is_doomed(bringer));
            if let Some(row) = self.rows.iter_mut().find(|row| row.id == id) {
                row.applied = Some(at);
                row.doomed |= doomed;
            }
        }
    }

    pub fn is_doomed(&self, record: RecordId) -> bool {
        self.rows.iter().any(|row| row.id == record && row.doomed)
    }

    fn take_back(&mut self, order: &[u16]) -> Result<(), TestCaseError> {
        let rows = self.assigned().into_iter().map(Ok);
        let merges = std::mem::take(&mut self.merges).into_iter().map(Err);
        let mut work: Vec<(u16, Result<RecordId, ContactId>)> =
            rows.chain(merges).enumerate().map(|(at, one)| (order.get(at).copied().unwrap_or_default(), one)).collect();
        work.sort_unstable_by_key(|(place, _)| *place);
        let mut refused = 0;
        let mut work: std::collections::VecDeque<_> = work.into_iter().map(|(_, one)| one).collect();
        while let Some(one) = work.pop_front() {
            self.world.clock.advance_ms(STEP_MS);
            match one {
                Ok(row) => {
                    self.undo(row, false);
                    refused = 0;
                }
                Err(merged) if self.unmerge(merged)? => refused = 0,
                Err(merged) => {
                    self.merges.clear();
                    work.push_back(Err(merged));
                    refused += 1;
                    prop_assert!(refused <= work.len(), "no merge can be taken back any more");
                }
            }
        }
        Ok(())
    }

    /// The first fold law on what is stored: made record by record, it is the fold of all at once; and keys and terms
    /// are those of its records.
    fn is_the_fold(&self) -> Result<(), TestCaseError> {
        let records = canon::records(&self.world);
        for row in self.world.contacts() {
            let own = records.get(&row.id).map(Vec::as_slice).unwrap_or_default();
            if row.merged_into.is_some() {
                prop_assert!(own.is_empty());
            } else {
                prop_assert_eq!(fold(own, "US"), Some(row.golden));
            }
        }
        Ok(())
    }
}

fn brought(record: &SourceRecord, item: ItemId) -> bool {
    (record.first_item.0..record.first_item.0 + record.submission.item_count()).contains(&item.0)
}

/// A row comes, and the batch runs.
pub fn send(world: &World, said: Submission) -> RecordId {
    let receipts = world.runtime.block_on(world.engine.submit(world.org, None, vec![said])).unwrap();
    let run = world.run();
    assert_eq!(run.counts.received, run.counts.decided() + run.counts.held, "{run:?}");
    receipts[0].id
}

pub fn govern(world: &World, number: usize) {
    let number = i64::try_from(number).unwrap();
    // Putting the one in force that is in force already is refused.
    drop(world.engine.activate_policy(world.org, number, &staff()));
}

pub fn refold(world: &World, by: Option<usize>) {
    let by = by.map_or(FoldBy::Decided, |number| FoldBy::Version(i64::try_from(number).unwrap()));
    let refold = Refold { by, dry_run: false, after: None, take: 1_000 };
    world.engine.refold(world.org, refold, &staff()).unwrap();
}

/// Makes a direct change; whether there was something to change.
pub fn change(world: &World, contact: ContactId, person: ItemId, edit: Edit, value: &str) -> bool {
    let said = |field| Submission { fields: [(field, value.to_owned())].into(), ..Submission::default() };
    let (engine, org) = (&world.engine, world.org);
    match edit {
        Edit::Website => drop(engine.update_contact(org, &staff(), contact, &said(Field::Website)).unwrap()),
        Edit::MiddleName => drop(engine.update_individual(org, &staff(), person, &said(Field::MiddleName)).unwrap()),
        Edit::AddMailbox => {
            let value = format!("mail@{value}");
            let method = Method { label: "Home Email".into(), value, opted_in: None, primary: false };
            engine.add_method(org, &staff(), person, &method).unwrap();
        }
        Edit::OptOut => {
            let golden = engine.contact(org, contact).unwrap().unwrap().golden;
            let own = golden.individual(person).and_then(|own| own.methods.iter().find(|own| own.value == value));
            let Some(own) = own.filter(|own| own.opted_in) else { return false };
            let out = ItemValues { set: [(ItemField::OptedIn, "false".to_owned())].into(), ..ItemValues::default() };
            engine.update_method(org, &staff(), own.id, &out).unwrap();
        }
    }
    true
}

/// Records of changes that people made beside those of the history: what they chose with a decision.
pub fn others(past: &Past, records: &BTreeMap<ContactId, Vec<SourceRecord>>) -> bool {
    let mut direct = records.values().flatten().filter(|own| own.kind != RecordKind::Transaction);
    direct.any(|own| past.edits.iter().all(|made| made.record != own.id))
}
