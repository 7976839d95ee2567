//! The work of an undo: chunk by chunk, each in one transaction with how far it has come.

use super::{Afterwards, DECIDED, EDITED, FAILED, RunUndoView, view};
use crate::change::{Cause, Context, Profiles, TransactionEnd, Working, Writes, of_transaction};
use crate::settle::{person_decision, settlement};
use crate::{Engine, EngineError};
use chrono::TimeDelta;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use tributary_contact::clock::Timestamp;
use tributary_contact::state::{Reason, State};
use tributary_contact::{ContactId, OrganizationId, RecordId, RecordKind, RunId, SourceRecord};
use tributary_matching::Profile;
use tributary_store::{
    ContactHead, DecisionRow, EventKind, EventRow, Fence, LeftRow, Organization, ReadTx, RunUndoRow, Settlement,
    StoreExt, StoreResult, TransactionRow, WriteTx,
};
use uuid::Uuid;

/// An undo under way.
pub(super) struct Undoing<'a> {
    pub(super) engine: &'a Engine,
    pub(super) organization: Organization,
    pub(super) fence: Fence,
    pub(super) row: RunUndoRow,
    pub(super) afterwards: Afterwards,
    pub(super) pool: rayon::ThreadPool,
}

/// What is known about the rows of a chunk.
struct Chunk {
    rows: Vec<TransactionRow>,
    latest: BTreeMap<RecordId, DecisionRow>,
    heads: BTreeMap<ContactId, ContactHead>,
    records: BTreeMap<ContactId, Vec<SourceRecord>>,
}

impl Undoing<'_> {
    pub(super) fn view(&self) -> Result<RunUndoView, EngineError> {
        let row = self.row.clone();
        Ok(self.engine.parts.store.reading(|tx| view(tx, self.organization.id, row.clone()))?)
    }

    pub(super) fn finish(&mut self) -> Result<(), EngineError> {
        let row = RunUndoRow { finished_at: Some(self.engine.now()), ..self.row.clone() };
        self.engine.parts.store.writing("close_undo", |tx| tx.update_run_undo(self.organization.id, &row))?;
        tracing::info!(
            organization = self.organization.id.0,
            run = row.run.0,
            reversed = row.reversed,
            "run taken back"
        );
        self.row = row;
        Ok(())
    }

    /// A row that cannot be taken back is found by taking the rows one by one, and listed.
    pub(super) fn take_back(&mut self, ids: &[RecordId]) -> Result<(), EngineError> {
        let (row, lease_end) = (self.row.clone(), self.lease_end());
        let done = self.engine.transact("undo_run", |tx| self.chunk(tx, ids, row.clone(), lease_end));
        match (done, ids) {
            (Ok(row), _) => self.row = row,
            (Err(EngineError::Internal(cause)), [id]) => {
                tracing::error!(transaction = %id, error = %cause, "a row could not be taken back");
                self.set_aside(*id)?;
            }
            (Err(EngineError::Internal(_)), ids) => ids.chunks(1).try_for_each(|one| self.take_back(one))?,
            (Err(error), _) => return Err(error),
        }
        self.engine.wake_deliveries();
        Ok(())
    }

    fn lease_end(&self) -> Timestamp {
        self.engine.now() + TimeDelta::seconds(i64::from(self.engine.settings().batch.lease_seconds))
    }

    fn set_aside(&mut self, id: RecordId) -> Result<(), EngineError> {
        let (org, until) = (self.organization.id, self.lease_end());
        let row = RunUndoRow { position: Some(id), ..self.row.clone() };
        self.engine.parts.store.writing("undo_run", |tx| {
            tx.extend_lease(org, &self.fence, until)?;
            tx.insert_left_rows(org, row.run, &[left(id, true, FAILED)])?;
            tx.update_run_undo(org, &row)
        })?;
        self.row = row;
        Ok(())
    }

    /// One chunk in one transaction; how far it has come then.
    fn chunk(
        &self,
        tx: &mut dyn WriteTx,
        ids: &[RecordId],
        mut row: RunUndoRow,
        lease_end: Timestamp,
    ) -> Result<RunUndoRow, EngineError> {
        let org = self.organization.id;
        tx.extend_lease(org, &self.fence, lease_end).map_err(EngineError::Unavailable)?;
        let chunk = Chunk::read(tx, org, ids)?;
        let (goes, stays): (Vec<_>, Vec<_>) =
            chunk.rows.iter().partition(|own| chunk.reason_to_keep(own, row.run).is_none());
        let (assigned, untouched): (Vec<_>, Vec<_>) = goes.into_iter().partition(|own| own.contact.is_some());
        let kept: Vec<_> = stays
            .into_iter()
            .filter_map(|own| Some(left(own.id, false, chunk.reason_to_keep(own, row.run)?)))
            .collect();
        tx.insert_left_rows(org, row.run, &kept)?;
        row.position = ids.last().copied();
        row.reversed += i64::try_from(assigned.len()).unwrap_or(0);
        row.untouched += i64::try_from(untouched.len()).unwrap_or(0);
        self.withdraw(tx, &chunk, &assigned, &row)?;
        tx.update_run_undo(org, &row)?;
        Ok(row)
    }

    fn withdraw(
        &self,
        tx: &mut dyn WriteTx,
        chunk: &Chunk,
        rows: &[&TransactionRow],
        undo: &RunUndoRow,
    ) -> Result<(), EngineError> {
        if rows.is_empty() {
            return Ok(());
        }
        let context = Context {
            organization: &self.organization,
            actor: undo.actor.clone(),
            run: Some(undo.run),
            at: self.engine.now(),
            silent: false,
        };
        let org = self.organization.id;
        let profiles = self.profiles(chunk);
        let contacts = self.folded(chunk, rows, &context);
        let marks: Vec<_> = rows.iter().filter_map(|row| Some((row.id, chunk.latest.get(&row.id)?.number))).collect();
        tx.mark_undone(org, &marks, context.at)?;
        let (state, reason) = self.afterwards.state();
        let settlements: Vec<Settlement> = rows.iter().map(|row| settlement(row, state, reason, &context)).collect();
        let decisions = settlements.iter().map(|own| person_decision(own, chunk.latest.get(&own.id), &context));
        let decisions: Vec<DecisionRow> = decisions.collect();
        tx.settle_transactions(org, &settlements)?;
        tx.insert_decisions(org, &decisions)?;
        let told = rows.iter().filter_map(|row| self.told(row, (state, reason), &context)).collect();
        Ok(Writes::of(contacts, &profiles, &context).with_events(told).write(tx, org)?)
    }

    /// Match profiles of everything that is said of the contacts, in parallel.
    fn profiles(&self, chunk: &Chunk) -> Profiles {
        let country = &self.organization.country;
        let records: Vec<&SourceRecord> = chunk.records.values().flatten().collect();
        let computed: Vec<_> = self.pool.install(|| {
            let profile = |record: &&SourceRecord| (record.id, Arc::new(Profile::of(&record.submission, country)));
            records.par_iter().map(profile).collect()
        });
        let mut profiles = Profiles::default();
        profiles.keep(computed);
        profiles
    }

    /// The contacts without the rows, each as one change; events have ids in order of the contacts.
    fn folded(&self, chunk: &Chunk, rows: &[&TransactionRow], context: &Context<'_>) -> Vec<Working> {
        let mut gone: BTreeMap<ContactId, (BTreeSet<RecordId>, bool)> = BTreeMap::new();
        for row in rows {
            let Some(contact) = row.contact else { continue };
            let (ids, merged) = gone.entry(contact).or_default();
            ids.insert(row.id);
            *merged |= row.state == State::Merged;
        }
        let id = || self.engine.parts.ids.next();
        let jobs: Vec<_> = gone.into_iter().map(|(contact, gone)| (contact, gone, [id(), id()])).collect();
        let fold = |(contact, (ids, merged), events): (ContactId, (BTreeSet<RecordId>, bool), [Uuid; 2])| {
            let head = *chunk.heads.get(&contact)?;
            let records = chunk.records.get(&contact).cloned().unwrap_or_default();
            let mut contact = Working::stored(head, records, context);
            let [changed, unmerged] = events;
            let cause = |event| Cause { record: RecordId(Uuid::nil()), action: "undoRun", event };
            contact.withdraw_all(&ids, &cause(changed), context);
            if merged {
                contact.announce(EventKind::ContactUnmerge, None, &cause(unmerged), context);
            }
            Some(contact)
        };
        self.pool.install(|| jobs.into_par_iter().filter_map(fold).collect())
    }

    fn told(
        &self,
        row: &TransactionRow,
        (state, reason): (State, Option<Reason>),
        context: &Context<'_>,
    ) -> Option<EventRow> {
        let end = TransactionEnd {
            transaction: row.id,
            reference: row.submission.reference.as_ref(),
            state,
            reason,
            received_at: row.received_at,
            question: None,
        };
        of_transaction(self.engine.parts.ids.next(), &end, context.organization, context.at)
    }
}

fn left(transaction: RecordId, failed: bool, reason: &str) -> LeftRow {
    LeftRow { transaction, failed, reason: reason.to_owned() }
}

impl Chunk {
    fn read(tx: &mut dyn ReadTx, org: OrganizationId, ids: &[RecordId]) -> StoreResult<Self> {
        let rows = tx.transactions(org, ids)?;
        let latest = tx.latest_decisions(org, ids)?.into_iter().map(|own| (own.transaction, own)).collect();
        let contacts: BTreeSet<ContactId> = rows.iter().filter_map(|row| row.contact).collect();
        let contacts: Vec<ContactId> = contacts.into_iter().collect();
        let heads = tx.contact_heads(org, &contacts)?.into_iter().map(|head| (head.id, head)).collect();
        let mut records: BTreeMap<ContactId, Vec<SourceRecord>> = BTreeMap::new();
        for own in tx.source_records(org, &contacts)? {
            records.entry(own.contact).or_default().push(own.record);
        }
        Ok(Self { rows, latest, heads, records })
    }

    /// Why a row stays as it is, if it does.
    fn reason_to_keep(&self, row: &TransactionRow, run: RunId) -> Option<&'static str> {
        let latest = self.latest.get(&row.id);
        if latest.is_none_or(|decision| decision.run != Some(run) || decision.undone_at.is_some()) {
            return Some(DECIDED);
        }
        let records = row.contact.and_then(|contact| self.records.get(&contact)).into_iter().flatten();
        let since = |own: &SourceRecord| own.kind == RecordKind::Edit && Some(own.received_at) >= row.decided_at;
        records.into_iter().any(since).then_some(EDITED)
    }
}
