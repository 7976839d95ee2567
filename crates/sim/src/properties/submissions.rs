//! No submission is lost, doubled, or in two minds.

use super::{Checked, Past, ensure};
use crate::snapshot::Snapshot;
use std::collections::{BTreeMap, BTreeSet};
use tributary_contact::state::State;
use tributary_contact::{ContactId, RecordId};
use tributary_engine::TransactionView;
use tributary_store::{RunState, TransactionRow};

pub(super) fn check(past: &Past, now: &Snapshot, undone: usize) -> Checked {
    let moved: BTreeSet<RecordId> = now.transactions.iter().map(|row| row.id).collect();
    let known: BTreeSet<RecordId> = now.held.iter().map(|row| row.id).chain(moved.iter().copied()).collect();
    conserved(now, &moved, known.len())?;
    now.views.iter().try_for_each(|(id, view)| acknowledged(now, *id, view.as_ref()))?;
    now.transactions.iter().try_for_each(|row| linked(now, row))?;
    assigned_once(now)?;
    steady(past, now, undone)
}

/// When nothing is left to do, nothing is held.
pub(super) fn check_end(now: &Snapshot) -> Checked {
    let sent_back = now.transactions.iter().filter(|row| row.state == State::Held).count();
    ensure(now.held.is_empty() && sent_back == 0, "a whole run leaves nothing held", || {
        format!("{} in the ledger, {sent_back} sent back", now.held.len())
    })
}

/// received = held + moved. While a run is cut off, rows it has moved but not yet forgotten stand in both.
fn conserved(now: &Snapshot, moved: &BTreeSet<RecordId>, known: usize) -> Checked {
    let ledger = &now.health.ledger;
    let both = i64::try_from(now.held.iter().filter(|row| moved.contains(&row.id)).count()).unwrap_or(i64::MAX);
    let states: i64 = now.health.states.iter().map(|count| count.count).sum();
    let told = || format!("received {}, held {}, in both {both}, states {states}", ledger.received, ledger.held);
    let sums = ledger.received == ledger.held - both + states && usize::try_from(ledger.received) == Ok(known);
    ensure(sums, "received is held plus the sum of states", told)?;
    let cut_off = now.runs.iter().any(|run| run.state == RunState::Running);
    ensure(cut_off || both == 0, "a row stands in both places only while a run is cut off", told)?;
    let broken = now.runs.iter().find(|run| run.state == RunState::Broken);
    ensure(broken.is_none(), "every run adds up", || format!("{broken:?}"))
}

fn acknowledged(now: &Snapshot, id: RecordId, view: Option<&TransactionView>) -> Checked {
    let Some(view) = view else {
        return ensure(false, "an acknowledged submission is found by its id", || id.to_string());
    };
    let in_ledger = now.held.iter().filter(|row| row.id == id).count();
    let in_store: Vec<_> = now.transactions.iter().filter(|row| row.id == id).collect();
    ensure(in_ledger <= 1 && in_store.len() <= 1, "a submission is stored once", || {
        format!("{id}: {in_ledger} in the ledger, {} decided", in_store.len())
    })?;
    let state = in_store.first().map_or(State::Held, |row| row.state);
    ensure(now.sent.get(&id) == Some(view.as_sent()), "a submission stays as it was sent", || {
        format!("{id}: {view:?}")
    })?;
    ensure(view.id == id && view.state == state, "a submission has one state", || {
        format!("{id}: {state} stored, {} shown", view.state)
    })?;
    let numbers = view.decisions.iter().map(|decision| decision.number).eq((1..).take(view.decisions.len()));
    ensure(numbers, "decisions are numbered without gaps", || id.to_string())?;
    let outcome = view.decisions.last().map_or(State::Held, |decision| decision.outcome);
    ensure(outcome == state, "the state is what was decided last", || format!("{id}: {state}, decided {outcome}"))?;
    let Some(reference) = &view.submission.reference else { return Ok(()) };
    let listed = now.by_reference.get(reference).map_or(0, |ids| ids.iter().filter(|other| **other == id).count());
    ensure(listed == 1, "a submission is listed once under its reference", || format!("{id}: listed {listed} times"))
}

/// A row that is part of a contact is listed by it; any other row has none.
fn linked(now: &Snapshot, row: &TransactionRow) -> Checked {
    if !matches!(row.state, State::Created | State::Merged | State::Unchanged) {
        return ensure(row.contact.is_none(), "a row outside of contacts names none", || format!("{row:?}"));
    }
    let record =
        now.records.iter().find(|assigned| Some(assigned.contact) == row.contact && assigned.record.id == row.id);
    let contact = row.contact.and_then(|id| now.contacts.get(&id));
    let individual = row.individual.and_then(|id| contact?.golden.individual(id));
    ensure(record.is_some() && individual.is_some(), "a decided row's contact exists and lists it", || {
        format!("{row:?}")
    })
}

fn assigned_once(now: &Snapshot) -> Checked {
    let mut owners: BTreeMap<RecordId, ContactId> = BTreeMap::new();
    now.records.iter().try_for_each(|assigned| {
        let earlier = owners.insert(assigned.record.id, assigned.contact);
        ensure(earlier.is_none(), "a record belongs to one contact", || format!("{} {earlier:?}", assigned.record.id))
    })
}

/// Only a person takes a decision back, one at a time.
fn steady(past: &Past, now: &Snapshot, undone: usize) -> Checked {
    let standing = |row: &TransactionRow| (row.state, row.contact, row.individual);
    let current: BTreeMap<_, _> = now.transactions.iter().map(|row| (row.id, standing(row))).collect();
    let gone: Vec<_> = past.decided.iter().filter(|(id, standing)| current.get(*id) != Some(*standing)).collect();
    ensure(gone.len() <= undone, "a decision stands until a person takes it back", || format!("{gone:?}"))
}
