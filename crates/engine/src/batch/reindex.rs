//! Match keys, term counts and what queries run over anew, when a newer version makes other ones than those that are
//! stored.
//!
//! The organization's `key_version` says how far that has come: below zero the index is being rebuilt, and every
//! contact whose id is not above `-1 - key_version` is done. Each page is one transaction with that number, so a
//! rebuild that is cut off goes on where it stopped.

use crate::query::Indexed;
use crate::{Engine, EngineError, INDEX_VERSION, Progress};
use chrono::TimeDelta;
use rayon::prelude::*;
use rustc_hash::FxHashSet;
use std::collections::BTreeSet;
use tributary_contact::{ContactId, OrganizationId, RecordId};
use tributary_matching::{Profile, TermStats};
use tributary_store::{
    AssignedRecord, ContactRow, Fence, KeyEntry, Organization, RunRow, StoreExt, StoreResult, WriteTx,
};

/// Contacts of one transaction.
const PAGE: i64 = 500;

/// What a page of contacts is found and counted by.
#[derive(Default)]
struct Entries {
    keys: BTreeSet<KeyEntry>,
    terms: TermStats,
    indexed: Vec<Indexed>,
}

impl Engine {
    /// Rebuilds the index of an organization whose keys another version of the matcher made; false when the
    /// process is shutting down and the rest is left to the next run.
    pub(super) fn reindex(
        &self,
        organization: &mut Organization,
        fence: &Fence,
        run: &RunRow,
    ) -> Result<bool, EngineError> {
        if organization.key_version == INDEX_VERSION {
            return Ok(true);
        }
        let id = organization.id;
        tracing::info!(organization = id.0, "match keys are of another version and are made anew");
        let total = self.store().reading(|tx| tx.contact_count(id))?;
        // The terms of those whom an open run has brought are counted when it closes.
        let newcomers: FxHashSet<RecordId> =
            self.store().reading(|tx| tx.run_newcomers(id, run.id))?.into_iter().collect();
        if organization.key_version >= 0 {
            self.reindexed(organization, fence, -1, |tx| tx.clear_index(id))?;
        }
        let mut done = 0;
        while !self.is_stopping() {
            let from = ContactId(i64::from(-1 - organization.key_version));
            let (contacts, records) = self.store().reading(|tx| {
                let page = tx.contact_page(id, Some(from), PAGE)?;
                let contacts: Vec<ContactId> = page.iter().map(|row| row.id).collect();
                let records = tx.source_records(id, &contacts)?;
                Ok((page, records))
            })?;
            let Some(last) = contacts.last().map(|contact| contact.id) else {
                self.reindexed(organization, fence, INDEX_VERSION, |_| Ok(()))?;
                return Ok(true);
            };
            let version = i32::try_from(-1 - last.0).map_err(EngineError::internal)?;
            let entries = entries(&contacts, &records, &newcomers, &organization.country);
            self.reindexed(organization, fence, version, |tx| write(tx, id, &entries))?;
            done += contacts.len();
            let count = |rows: usize| u64::try_from(rows).unwrap_or(u64::MAX);
            let total = u64::try_from(total).unwrap_or(0);
            self.tell_progress(Progress { organization: id, stage: "reindex", done: count(done), total });
        }
        Ok(false)
    }

    /// Writes a step of the rebuild, how far it has come, and the extended lease.
    fn reindexed(
        &self,
        organization: &mut Organization,
        fence: &Fence,
        version: i32,
        step: impl Fn(&mut dyn WriteTx) -> StoreResult<()>,
    ) -> Result<(), EngineError> {
        let id = organization.id;
        let until = self.now() + TimeDelta::seconds(i64::from(self.settings().batch.lease_seconds));
        self.store().writing("reindex", |tx| {
            tx.extend_lease(id, fence, until)?;
            step(tx)?;
            let Some(mut current) = tx.organization(id)? else { return Ok(()) };
            current.key_version = version;
            tx.update_organization(&current)
        })?;
        organization.key_version = version;
        Ok(())
    }
}

fn entries(
    contacts: &[ContactRow],
    records: &[AssignedRecord],
    newcomers: &FxHashSet<RecordId>,
    country: &str,
) -> Entries {
    let profiles: Vec<Profile> = records.par_iter().map(|row| Profile::of(&row.record.submission, country)).collect();
    let indexed: Vec<Indexed> =
        contacts.par_iter().filter(|contact| contact.merged_into.is_none()).map(Indexed::stored).collect();
    let keys = indexed.iter().flat_map(Indexed::keys).collect();
    let mut entries = Entries { keys, indexed, ..Entries::default() };
    for (AssignedRecord { contact, record }, profile) in records.iter().zip(profiles) {
        entries.keys.extend(profile.keys().iter().map(|key| KeyEntry { key: *key, contact: *contact }));
        if record.individual == record.first_item && !newcomers.contains(&record.id) {
            entries.terms.add(&profile, 1);
        }
    }
    entries
}

fn write(tx: &mut dyn WriteTx, organization: OrganizationId, entries: &Entries) -> StoreResult<()> {
    let keys: Vec<KeyEntry> = entries.keys.iter().copied().collect();
    let mut terms: Vec<(i64, i64)> = entries.terms.entries().collect();
    terms.sort_unstable();
    tx.add_keys(organization, &keys)?;
    tx.add_terms(organization, &terms)?;
    let contacts: Vec<ContactId> = entries.indexed.iter().map(|own| own.row.contact).collect();
    let rows: Vec<_> = entries.indexed.iter().map(|own| own.row.clone()).collect();
    tx.remove_facts(organization, &contacts)?;
    tx.insert_facts(organization, &rows)?;
    tx.add_words(organization, &Indexed::name_words(&entries.indexed))
}
