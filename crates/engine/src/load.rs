//! Contacts that are on file already when an organization starts: stored without matching, and without events unless
//! subscribers are to be told.

use crate::change::{Cause, Context, Profiles, Working, Writes};
use crate::privacy::refuse_erased;
use crate::{Engine, EngineError, Progress};
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::sync::Arc;
use tributary_contact::{ContactId, OrganizationId, RecordKind, SourceRecord, Submission};
use tributary_matching::Profile;
use tributary_store::{AssignedRecord, Counter, Organization};

/// Rows stored in one transaction.
const ROWS_AT_ONCE: usize = 2_000;

/// A row on file. Rows of one group are one contact, each an individual of it.
#[derive(Debug, Clone, PartialEq)]
pub struct OnFile {
    /// Names the contact among the rows that are loaded together.
    pub group: String,
    /// What the row says.
    pub submission: Submission,
}

impl Engine {
    /// Puts contacts on file at once. Contacts get their ids in the order in which their groups first appear.
    /// Returns how many contacts were made.
    ///
    /// # Errors
    /// [`EngineError::Conflict`] when a reference is another contact's, [`EngineError::Erased`] when a row is about
    /// somebody who was erased; groups before it are then on file.
    pub fn load_contacts(&self, org: OrganizationId, rows: Vec<OnFile>) -> Result<usize, EngineError> {
        self.put_on_file(org, rows, true)
    }

    /// As [`Engine::load_contacts`], and subscribers are told of each contact: for rows that are not what they
    /// know already.
    ///
    /// # Errors
    /// As [`Engine::load_contacts`].
    pub fn announce_contacts(&self, org: OrganizationId, rows: Vec<OnFile>) -> Result<usize, EngineError> {
        self.put_on_file(org, rows, false)
    }

    fn put_on_file(&self, org: OrganizationId, rows: Vec<OnFile>, silent: bool) -> Result<usize, EngineError> {
        let organization = self.organization(org)?;
        let total = rows.len() as u64;
        let groups = grouped(rows);
        let contacts = groups.len();
        let mut done = 0;
        let mut batch: Vec<Vec<Submission>> = Vec::new();
        let mut waiting = 0;
        for group in groups {
            waiting += group.len();
            batch.push(group);
            if waiting >= ROWS_AT_ONCE {
                self.load_groups(&organization, &std::mem::take(&mut batch), silent)?;
                done += std::mem::take(&mut waiting) as u64;
                self.tell_progress(Progress { organization: org, stage: "load", done, total });
            }
        }
        self.load_groups(&organization, &batch, silent)?;
        self.tell_progress(Progress { organization: org, stage: "load", done: total, total });
        Ok(contacts)
    }

    fn load_groups(
        &self,
        organization: &Organization,
        groups: &[Vec<Submission>],
        silent: bool,
    ) -> Result<(), EngineError> {
        if groups.is_empty() {
            return Ok(());
        }
        let (org, at) = (organization.id, self.now());
        let context = Context { organization, actor: "load".into(), run: None, at, silent };
        let flat: Vec<Submission> = groups.iter().flatten().cloned().collect();
        let computed: Vec<Arc<Profile>> =
            flat.par_iter().map(|submission| Arc::new(Profile::of(submission, &organization.country))).collect();
        self.transact("load_contacts", |tx| {
            tx.allocate(org, Counter::Revision, 1)?;
            refuse_erased(tx, (org, &organization.country), flat.iter())?;
            let first = tx.allocate(org, Counter::Contact, i64::try_from(groups.len()).unwrap_or(0))?;
            let records = self.direct_records(tx, org, RecordKind::Load, &flat, at)?;
            let mut profiles = Profiles::default();
            profiles.keep(records.iter().map(|record| record.id).zip(computed.iter().cloned()));
            let sizes = groups.iter().map(Vec::len);
            let (contacts, assigned) = self.made(first, records, sizes, &context);
            let writes = Writes::of(contacts, &profiles, &context);
            writes.with_direct_records(assigned).write(tx, org).map_err(EngineError::from)
        })?;
        self.wake_deliveries();
        Ok(())
    }

    /// Contacts from consecutive runs of records of the given sizes.
    fn made(
        &self,
        first: i64,
        records: Vec<SourceRecord>,
        sizes: impl Iterator<Item = usize>,
        context: &Context<'_>,
    ) -> (Vec<Working>, Vec<AssignedRecord>) {
        let (mut contacts, mut assigned) = (Vec::new(), Vec::with_capacity(records.len()));
        let mut records = records.into_iter();
        for (contact, size) in (first..).map(ContactId).zip(sizes) {
            let own: Vec<SourceRecord> = records.by_ref().take(size).collect();
            let Some(record) = own.first().map(|record| record.id) else { continue };
            assigned.extend(own.iter().cloned().map(|record| AssignedRecord { contact, record }));
            let cause = Cause { record, action: "load", event: self.parts.ids.next() };
            let mut working = Working::new(contact, context);
            working.assign_all(own, &cause, context);
            contacts.push(working);
        }
        (contacts, assigned)
    }
}

fn grouped(rows: Vec<OnFile>) -> Vec<Vec<Submission>> {
    let mut places: FxHashMap<String, usize> = FxHashMap::default();
    let mut groups: Vec<Vec<Submission>> = Vec::new();
    for row in rows {
        let place = *places.entry(row.group).or_insert(groups.len());
        match groups.get_mut(place) {
            Some(group) => group.push(row.submission),
            None => groups.push(vec![row.submission]),
        }
    }
    groups
}
