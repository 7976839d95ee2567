//! Steps 5 and 6: score and decide, rows in order, each seeing what the earlier ones will have done.
//!
//! Rows that no earlier row of the chunk can influence are independent, and most rows are. So all are decided in
//! parallel against what is on file; then, in order, each decision is carried out in the index, and a row is
//! decided again when one before it touched a key, a reference or a contact that it depends on. The outcome
//! is the same as deciding one by one.

use super::chunk::{Surroundings, WorkRow, load};
use super::pinned;
use super::session::Session;
use crate::EngineError;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeSet;
use std::sync::Arc;
use tributary_contact::fold::fold;
use tributary_contact::policy::{AutoMerge, Policy, SourceProfile, says_more, source_profile, waiting_fields};
use tributary_contact::state::Reason;
use tributary_contact::{ContactId, Golden, ItemId, RecordKind, Reference, SourceRecord};
use tributary_matching::{Decision, Outcome, Profile, settle};
use tributary_store::StoreExt;

/// Ids from here on stand for contacts and individuals that rows of the chunk will make, by place of the
/// row. They sort after every stored id, as the ids given later will.
const PROVISIONAL: i64 = 1 << 60;

/// A contact or individual, stored or to be made by a row of the chunk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Slot {
    Stored(i64),
    Made(usize),
}

impl Slot {
    pub(super) fn of(id: i64) -> Self {
        match usize::try_from(id - PROVISIONAL) {
            Ok(place) => Self::Made(place),
            Err(_) => Self::Stored(id),
        }
    }

    fn made(place: usize) -> i64 {
        PROVISIONAL + i64::try_from(place).unwrap_or(0)
    }
}

/// What becomes of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// Folded into a contact.
    Assigned { contact: Slot, individual: Slot },
    /// Left for a person.
    Waits(Reason),
}

/// A decided row.
pub(super) struct Verdict {
    pub(super) decision: Decision,
    pub(super) fate: Fate,
}

/// What rows so far have touched.
#[derive(Default)]
struct Touched {
    keys: FxHashSet<i64>,
    contacts: FxHashSet<i64>,
    references: FxHashSet<Reference>,
}

/// Decides a chunk in order.
struct InOrder<'a> {
    session: &'a Session<'a>,
    rows: &'a [WorkRow],
    profiles: &'a [Arc<Profile>],
    around: &'a mut Surroundings,
    touched: Touched,
    /// Rows of the chunk assigned to each contact so far.
    assigned: FxHashMap<i64, Vec<(usize, i64)>>,
}

impl Session<'_> {
    /// Decides all rows of the chunk.
    pub(super) fn decide(
        &self,
        rows: &[WorkRow],
        profiles: &[Arc<Profile>],
        around: &mut Surroundings,
    ) -> Result<Vec<Verdict>, EngineError> {
        let ahead = self.pool.install(|| {
            let decide = |(row, profile): (&WorkRow, &Arc<Profile>)| self.decide_one(row, profile, around);
            rows.par_iter().zip(profiles).map(decide).collect::<Vec<_>>()
        });
        self.load_looked_at(rows, &ahead, around)?;
        let (touched, assigned) = (Touched::default(), FxHashMap::default());
        let mut order = InOrder { session: self, rows, profiles, around, touched, assigned };
        ahead.into_iter().enumerate().map(|(place, ahead)| order.take(place, ahead)).collect()
    }

    /// Loads at once the contacts whose values decide whether a row waits, as the policy has it.
    fn load_looked_at(
        &self,
        rows: &[WorkRow],
        ahead: &[Decision],
        around: &mut Surroundings,
    ) -> Result<(), EngineError> {
        let Some(policy) = self.policy.as_deref() else { return Ok(()) };
        let bound = |row: &WorkRow| source_profile(Some(policy), &row.submission).auto_merge != AutoMerge::All;
        let looked_at = rows.iter().zip(ahead).filter_map(|(row, decision)| match decision.outcome {
            Outcome::Merge { contact, .. } if policy.names_sensitive_fields() || bound(row) => Some(contact),
            _ => None,
        });
        let missing: BTreeSet<i64> = looked_at.filter(|contact| !around.contacts.contains_key(contact)).collect();
        let missing: Vec<ContactId> = missing.into_iter().map(ContactId).collect();
        around.contacts.extend(self.engine.parts.store.reading(|tx| load(tx, self.organization.id, &missing))?);
        Ok(())
    }

    fn decide_one(&self, row: &WorkRow, profile: &Profile, around: &Surroundings) -> Decision {
        let others = self.apart.of_row(row.id, &row.submission, profile);
        pinned::decide(row, profile, (around, &others), &self.matcher)
    }
}

impl InOrder<'_> {
    fn take(&mut self, place: usize, ahead: Decision) -> Result<Verdict, EngineError> {
        let (Some(row), Some(profile)) = (self.rows.get(place), self.profiles.get(place)) else {
            return Ok(Verdict { decision: ahead, fate: Fate::Waits(Reason::Failed) });
        };
        let decision = if self.depends_on_earlier(row, profile) {
            self.session.decide_one(row, profile, self.around)
        } else {
            ahead
        };
        let fate = self.fate(place, row, &decision)?;
        if let Fate::Assigned { .. } = fate {
            self.carry_out(place, row, profile, &decision);
        }
        Ok(Verdict { decision, fate })
    }

    fn depends_on_earlier(&self, row: &WorkRow, profile: &Profile) -> bool {
        let reference = row.submission.reference.as_ref();
        if reference.is_some_and(|reference| self.touched.references.contains(reference)) {
            return true;
        }
        if pinned::meant(row, &self.around.survivors).is_some_and(|contact| self.touched.contacts.contains(&contact)) {
            return true;
        }
        let named = reference.and_then(|reference| self.around.references.get(reference));
        if named.is_some_and(|contact| self.touched.contacts.contains(contact)) {
            return true;
        }
        profile.keys().iter().any(|key| {
            let found = self.around.keys.get(key);
            self.touched.keys.contains(key)
                || found.is_some_and(|contacts| contacts.iter().any(|c| self.touched.contacts.contains(c)))
        })
    }

    fn fate(&mut self, place: usize, row: &WorkRow, decision: &Decision) -> Result<Fate, EngineError> {
        let may = source_profile(self.session.policy.as_deref(), &row.submission);
        let stored_or_made =
            |contact, individual| Fate::Assigned { contact: Slot::of(contact), individual: Slot::of(individual) };
        if let Some(reason) = waits_unseen(decision, may) {
            return Ok(Fate::Waits(reason));
        }
        Ok(match decision.outcome {
            Outcome::Review => Fate::Waits(Reason::Doubtful),
            Outcome::Create => Fate::Assigned { contact: Slot::Made(place), individual: Slot::Made(place) },
            Outcome::AddIndividual { contact } => stored_or_made(contact, Slot::made(place)),
            Outcome::Merge { contact, individual, by_reference } => {
                match self.why_merge_waits(place, row, (contact, individual), by_reference)? {
                    Some(reason) => Fate::Waits(reason),
                    None => stored_or_made(contact, individual),
                }
            }
        })
    }

    /// Why a sure match waits for a person all the same. Who names the contact by its number means it, whatever else
    /// the row says.
    fn why_merge_waits(
        &mut self,
        place: usize,
        row: &WorkRow,
        target: (i64, i64),
        by_reference: bool,
    ) -> Result<Option<Reason>, EngineError> {
        if row.submission.pinned.is_some() {
            return Ok(None);
        }
        if self.would_change_a_sensitive_field(row, target, by_reference)? {
            return Ok(Some(Reason::SensitiveChange));
        }
        let may = source_profile(self.session.policy.as_deref(), &row.submission);
        let waits = !merges_unseen(may, by_reference) && self.brings_something_new(place, row, target)?;
        Ok(waits.then_some(Reason::MergeWaits))
    }

    /// Whether the contact would say anything else with the row.
    fn brings_something_new(
        &mut self,
        place: usize,
        row: &WorkRow,
        (contact, individual): (i64, i64),
    ) -> Result<bool, EngineError> {
        self.have_records(contact)?;
        let (mut records, country) = (self.records_so_far(contact), &self.session.organization.country);
        let before = fold(&records, country);
        records.push(self.record(row, place, individual));
        let after = fold(&records, country);
        Ok(before.zip(after).is_none_or(|(before, after)| says_more(&before, &after)))
    }

    /// A reference makes the match sure, so its row may say something else about a name, a birth date or a
    /// death; that waits for a person.
    fn would_change_a_sensitive_field(
        &mut self,
        row: &WorkRow,
        (contact, individual): (i64, i64),
        by_reference: bool,
    ) -> Result<bool, EngineError> {
        let asked = self.session.policy.as_deref().is_some_and(Policy::names_sensitive_fields);
        if !by_reference && !asked {
            return Ok(false);
        }
        self.have_records(contact)?;
        let golden = fold(&self.records_so_far(contact), &self.session.organization.country);
        let (policy, individual) = (self.session.policy.as_deref(), ItemId(individual));
        let waiting = |golden: &Golden| waiting_fields(policy, golden, individual, &row.submission, by_reference);
        Ok(golden.is_some_and(|golden| !waiting(&golden).is_empty()))
    }

    /// A contact that an earlier row of the chunk gave the reference may not have been loaded for it.
    fn have_records(&mut self, contact: i64) -> Result<(), EngineError> {
        if self.around.contacts.contains_key(&contact) || matches!(Slot::of(contact), Slot::Made(_)) {
            return Ok(());
        }
        let id = self.session.organization.id;
        let loaded = self.session.engine.parts.store.reading(|tx| load(tx, id, &[ContactId(contact)]))?;
        self.around.contacts.extend(loaded);
        Ok(())
    }

    fn records_so_far(&self, contact: i64) -> Vec<SourceRecord> {
        let mut records = self.around.contacts.get(&contact).map(|known| known.records.clone()).unwrap_or_default();
        let added = self.assigned.get(&contact).into_iter().flatten();
        records.extend(added.filter_map(|(place, individual)| {
            let row = self.rows.get(*place)?;
            Some(self.record(row, *place, *individual))
        }));
        records
    }

    /// The record that a row of the chunk becomes, with provisional numbers.
    fn record(&self, row: &WorkRow, place: usize, individual: i64) -> SourceRecord {
        SourceRecord {
            id: row.id,
            kind: RecordKind::Transaction,
            received_at: row.received_at,
            individual: ItemId(individual),
            first_item: ItemId(Slot::made(place)),
            submission: row.submission.clone(),
            policy: self.session.policy.clone(),
        }
    }

    fn carry_out(&mut self, place: usize, row: &WorkRow, profile: &Arc<Profile>, decision: &Decision) {
        let made = Slot::made(place);
        let (contact, individual) = match decision.outcome {
            Outcome::Create | Outcome::Review => (made, made),
            Outcome::AddIndividual { contact } => (contact, made),
            Outcome::Merge { contact, individual, .. } => (contact, individual),
        };
        let reference = row.submission.reference.as_ref();
        settle(&mut self.around.index, decision, contact, individual, profile.clone(), reference);
        self.touched.contacts.insert(contact);
        self.touched.keys.extend(profile.keys());
        self.touched.references.extend(reference.cloned());
        self.assigned.entry(contact).or_default().push((place, individual));
    }
}

/// Why a row waits whatever the contact says: the matcher asks for a person, or the policy does.
pub(crate) fn waits_unseen(decision: &Decision, may: &SourceProfile) -> Option<Reason> {
    match decision.outcome {
        Outcome::Review => Some(decision.reason.unwrap_or(Reason::Doubtful)),
        Outcome::Create if !may.create => Some(Reason::CreateWaits),
        Outcome::AddIndividual { .. } if !may.add_individuals => Some(Reason::IndividualWaits),
        _ => None,
    }
}

/// Whether a sure match of a source is merged without a person though it brings something new.
pub(crate) fn merges_unseen(may: &SourceProfile, by_reference: bool) -> bool {
    match may.auto_merge {
        AutoMerge::All => true,
        AutoMerge::Reference => by_reference,
        AutoMerge::Never => false,
    }
}

/// The contact a slot stands for, once the rows have their ids.
pub(super) fn resolved(slot: Slot, made: &[Option<ContactId>]) -> Option<ContactId> {
    match slot {
        Slot::Stored(id) => Some(ContactId(id)),
        Slot::Made(place) => made.get(place).copied().flatten(),
    }
}
