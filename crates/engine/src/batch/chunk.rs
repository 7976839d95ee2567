//! Steps 3 and 4: a chunk of rows in order of receipt, their match profiles, and everything on file that
//! they could have to do with, fetched at once.

use super::people::Seen;
use super::session::Session;
use super::{gifts, pinned};
use crate::EngineError;
use crate::apart::Apart;
use crate::merge::survivors;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::Arc;
use tributary_contact::clock::Timestamp;
use tributary_contact::fold::as_matched;
use tributary_contact::state::State;
use tributary_contact::{ContactId, OrganizationId, RecordId, Reference, SourceRecord, Submission};
use tributary_matching::{Index, KEY_CAP, Profile};
use tributary_store::{ContactHead, Counter, KeyEntry, ReadTx, StoreExt, StoreResult};

/// Where the run stands: first the rows that a person sent back, then the ledger, each by id.
#[derive(Debug, Clone, Copy)]
pub(super) enum Phase {
    SentBack(Option<RecordId>),
    Ledger(Option<RecordId>),
}

/// A row to be decided.
#[derive(Clone)]
pub(super) struct WorkRow {
    pub(super) id: RecordId,
    pub(super) received_at: Timestamp,
    pub(super) key_id: Option<i64>,
    pub(super) submission: Submission,
    /// Number of the decision to come; above 1 the transaction is stored already.
    pub(super) decision: i32,
}

/// Rows to be decided together.
pub(super) struct Chunk {
    pub(super) rows: Vec<WorkRow>,
    /// Ids to be forgotten by the ledger once the rows are applied.
    pub(super) ledger_ids: Vec<RecordId>,
}

impl Chunk {
    /// The next chunk and where to go on; none at the end.
    pub(super) fn claim(session: &Session<'_>, phase: Phase) -> Result<Option<(Self, Phase)>, EngineError> {
        match phase {
            Phase::SentBack(after) => match Self::claim_sent_back(session, after)? {
                Some(claimed) => Ok(Some(claimed)),
                None => Self::held(session, None),
            },
            Phase::Ledger(after) => Self::held(session, after),
        }
    }

    fn claim_sent_back(session: &Session<'_>, after: Option<RecordId>) -> Result<Option<(Self, Phase)>, EngineError> {
        let id = session.organization.id;
        let (rows, decisions) = session.engine.parts.store.reading(|tx| {
            let rows = tx.transactions_in_state(id, State::Held, after, session.chunk_rows)?;
            let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
            Ok((rows, tx.latest_decisions(id, &ids)?))
        })?;
        let Some(last) = rows.last().map(|row| row.id) else { return Ok(None) };
        let numbers: FxHashMap<_, _> = decisions.iter().map(|row| (row.transaction, row.number)).collect();
        let work = |row: tributary_store::TransactionRow| WorkRow {
            decision: numbers.get(&row.id).copied().unwrap_or(0) + 1,
            id: row.id,
            received_at: row.received_at,
            key_id: row.key_id,
            submission: row.submission,
        };
        let rows = rows.into_iter().map(work).collect();
        Ok(Some((Self { rows, ledger_ids: Vec::new() }, Phase::SentBack(Some(last)))))
    }

    /// As [`Chunk::claim`], of the ledger.
    pub(super) fn held(session: &Session<'_>, after: Option<RecordId>) -> Result<Option<(Self, Phase)>, EngineError> {
        let (id, store) = (session.organization.id, &session.engine.parts.store);
        let Some(cutoff) = session.run.cutoff else { return Ok(None) };
        let claim = store.ledger().claim(id, after, cutoff, session.chunk_rows)?;
        tell_unreadable(&claim.unreadable);
        let ledger_ids: Vec<_> = claim.rows.iter().map(|row| row.id).collect();
        let Some(last) = ledger_ids.iter().chain(&claim.unreadable).max().copied() else { return Ok(None) };
        // Rows that a run applied before it was cut off, and did not come to forget.
        let known: FxHashSet<_> = store.reading(|tx| tx.known_transactions(id, &ledger_ids))?.into_iter().collect();
        let fresh = claim.rows.into_iter().filter(|row| !known.contains(&row.id));
        let work = |row: tributary_store::HeldRow| WorkRow {
            id: row.id,
            received_at: row.received_at,
            key_id: row.key_id,
            submission: row.submission,
            decision: 1,
        };
        Ok(Some((Self { rows: fresh.map(work).collect(), ledger_ids }, Phase::Ledger(Some(last)))))
    }
}

impl Chunk {
    /// Marks the gifts that an earlier row brought. Those of rows that were sent back are theirs already.
    pub(super) fn mark_gifts(&mut self, session: &Session<'_>) -> StoreResult<()> {
        if self.ledger_ids.is_empty() {
            return Ok(());
        }
        gifts::mark_repeats(session.engine.parts.store.as_ref(), session.organization.id, &mut self.rows)
    }
}

/// Rows that only another version can read stay held, and hold up no other.
fn tell_unreadable(ids: &[RecordId]) {
    for id in ids {
        metrics::counter!("tributary_ledger_rows_unreadable_total").increment(1);
        tracing::error!(transaction = %id, "this version cannot read a held row; it stays held");
    }
}

/// A contact on file that rows of the chunk could have to do with.
pub(super) struct Known {
    pub(super) head: ContactHead,
    pub(super) records: Vec<SourceRecord>,
}

/// Everything on file that the chunk could have to do with. `contacts` are those whose records were loaded for
/// it; how the others look is in the index.
pub(super) struct Surroundings {
    pub(super) keys: FxHashMap<i64, Vec<i64>>,
    pub(super) references: FxHashMap<Reference, i64>,
    pub(super) contacts: FxHashMap<i64, Known>,
    /// Survivors of contacts that rows name by their numbers and that were merged away.
    pub(super) survivors: FxHashMap<i64, i64>,
    pub(super) index: Index,
}

impl Session<'_> {
    /// Step 3: match profiles of the rows.
    pub(super) fn normalise(&self, rows: &[WorkRow]) -> Vec<Arc<Profile>> {
        let country = &self.organization.country;
        let computed = |row: &WorkRow| Arc::new(Profile::of(&row.submission, country));
        let profile = |row: &WorkRow| self.profiles.get(row.id).unwrap_or_else(|| computed(row));
        self.pool.install(|| rows.par_iter().map(profile).collect())
    }

    /// Step 4: one look-up by key, one by reference, one of the contacts that were not seen yet and one of their
    /// records.
    pub(super) fn surroundings(
        &mut self,
        rows: &[WorkRow],
        profiles: &[Arc<Profile>],
    ) -> Result<Surroundings, EngineError> {
        let (keys, cap) = looked_up(profiles);
        let references: FxHashSet<_> = rows.iter().filter_map(|row| row.submission.reference.clone()).collect();
        let references: Vec<Reference> = references.into_iter().collect();
        let (id, store) = (self.organization.id, self.engine.parts.store.clone());
        let (entries, owners, wanted, loaded, survivors) = store.reading(|tx| {
            let revision = tx.counter(id, Counter::Revision)?;
            self.people.refresh(revision);
            if self.apart.revision != revision {
                self.apart = Apart::read(tx, id, &self.organization.country, revision)?;
            }
            let entries = tx.contacts_by_key(id, &keys, cap)?;
            let owners = tx.contacts_by_reference(id, &references)?;
            let survivors = survivors(tx, id, &pinned::named(rows).collect::<Vec<_>>())?;
            let meant = rows.iter().filter_map(|row| pinned::meant(row, &survivors));
            let named: FxHashSet<i64> = owners.iter().map(|owner| owner.contact.0).chain(meant).collect();
            let wanted = wanted_contacts(&entries, &named);
            let unseen = |contact: &i64| named.contains(contact) || !self.people.knows(*contact);
            let missing: Vec<_> = wanted.iter().copied().filter(unseen).map(ContactId).collect();
            Ok((entries, owners, wanted, load(tx, id, &missing)?, survivors))
        })?;
        self.see(&loaded);
        let mut index = Index::default();
        // A sender can name a contact that is not there.
        let there = |contact: &i64| loaded.contains_key(contact) || self.people.knows(*contact);
        self.people.fill(&mut index, wanted.into_iter().filter(there));
        self.apart.tell(&mut index);
        pinned::fill(&mut index, rows, &loaded, &survivors);
        let mut by_key: FxHashMap<i64, Vec<i64>> = FxHashMap::default();
        for entry in &entries {
            index.add_key(entry.key, entry.contact.0);
            by_key.entry(entry.key).or_default().push(entry.contact.0);
        }
        for owner in &owners {
            let individual = loaded
                .get(&owner.contact.0)
                .and_then(|known| spoken_of(known, &owner.reference, &self.organization.country));
            if let Some(individual) = individual {
                index.add_reference(&owner.reference.source, &owner.reference.id, owner.contact.0, individual);
            }
        }
        let references = owners.into_iter().map(|owner| (owner.reference, owner.contact.0)).collect();
        Ok(Surroundings { keys: by_key, references, contacts: loaded, survivors, index })
    }

    /// Normalises records in parallel, and keeps how the contacts look to the matcher.
    fn see(&mut self, loaded: &FxHashMap<i64, Known>) {
        let (computed, country) = (self.missing_profiles(loaded), self.organization.country.clone());
        self.profiles.keep(computed);
        let seen = |(contact, known): (&i64, &Known)| {
            (*contact, Seen::of(known.head.version, &known.records, &self.profiles, &country))
        };
        self.people.keep(loaded.iter().map(seen));
    }

    /// Loads the contacts that rows are to be folded into, as they are now.
    ///
    /// # Errors
    /// [`EngineError::Raced`] when one is not as it was when the rows were decided.
    pub(super) fn load_targets(&mut self, targets: &[i64], around: &mut Surroundings) -> Result<(), EngineError> {
        let missing = targets.iter().filter(|contact| !around.contacts.contains_key(contact));
        let missing: Vec<_> = missing.copied().map(ContactId).collect();
        let id = self.organization.id;
        around.contacts.extend(self.engine.parts.store.reading(|tx| load(tx, id, &missing))?);
        let current = |contact: &i64| around.contacts.get(contact).is_some_and(|known| self.people.is_current(known));
        let stale: Vec<i64> = targets.iter().copied().filter(|contact| !current(contact)).collect();
        if stale.is_empty() {
            return Ok(());
        }
        self.people.forget(stale);
        Err(EngineError::Raced)
    }
}

pub(super) fn load(
    tx: &mut dyn ReadTx,
    organization: OrganizationId,
    contacts: &[ContactId],
) -> StoreResult<FxHashMap<i64, Known>> {
    let heads = tx.contact_heads(organization, contacts)?;
    let mut loaded: FxHashMap<i64, Known> =
        heads.into_iter().map(|head| (head.id.0, Known { head, records: Vec::new() })).collect();
    for assigned in tx.source_records(organization, contacts)? {
        if let Some(known) = loaded.get_mut(&assigned.contact.0) {
            known.records.push(assigned.record);
        }
    }
    Ok(loaded)
}

/// The individual that a reference's first record spoke of, or the first one of the contact. People whom staff took
/// away are not spoken of any more.
fn spoken_of(known: &Known, reference: &Reference, country: &str) -> Option<i64> {
    let seen = as_matched(&known.records, country);
    let own = seen.iter().find(|seen| seen.submission.reference.as_ref() == Some(reference));
    own.or_else(|| seen.first()).map(|seen| seen.individual.0)
}

/// The keys to look up for these profiles, and how many contacts of each at most.
pub(super) fn looked_up(profiles: &[Arc<Profile>]) -> (Vec<i64>, i64) {
    let keys = distinct(profiles.iter().flat_map(|profile| profile.keys().iter().copied()));
    (keys, i64::try_from(KEY_CAP + 1).unwrap_or(i64::MAX))
}

pub(super) fn wanted_contacts(keys: &[KeyEntry], named: &FxHashSet<i64>) -> Vec<i64> {
    // A key with more contacts than the cap finds nobody, so its contacts need not be loaded for it.
    let mut sizes: FxHashMap<i64, usize> = FxHashMap::default();
    for entry in keys {
        *sizes.entry(entry.key).or_default() += 1;
    }
    let useful = keys.iter().filter(|entry| sizes.get(&entry.key).is_some_and(|size| *size <= KEY_CAP));
    let found = useful.map(|entry| entry.contact.0).chain(named.iter().copied());
    distinct(found)
}

fn distinct(values: impl Iterator<Item = i64>) -> Vec<i64> {
    let mut values: Vec<i64> = values.collect();
    values.sort_unstable();
    values.dedup();
    values
}
