//! Erasure: nothing that a contact was stays anywhere, what became of its rows does, and hashes of what it was known by
//! keep the next sync from bringing it back.
//!
//! It takes the lease of the batch, so that no run works with what is being erased.

use super::Erasure;
use super::listed::Detail;
use super::subject::{Subject, name_words};
use super::traces::{Loose, Told, blank_bodies, forget_rows, held_about};
use crate::audit::ERASED_CHANGES;
use crate::change::{Actor, Cause, Context, Profiles, Working, Writes};
use crate::settle::{person_decision, settlement};
use crate::{Engine, EngineError};
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use tributary_contact::diff::Change;
use tributary_contact::issue::{Issue, IssueCode};
use tributary_contact::state::{Reason, State};
use tributary_contact::{ContactId, OrganizationId, RecordId, Reference, Submission};
use tributary_matching::word_key;
use tributary_store::{
    Counter, DecisionRow, ErasureRow, Fence, Gone, HeldRow, Organization, RunState, Settlement, StoreExt, StoreResult,
    TombstoneRow, TransactionRow, WriteTx,
};
use uuid::Uuid;

/// Bytes of a salt.
const SALT: usize = 32;
/// Characters of a reason.
const REASON: usize = 1_000;

/// What was erased.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct EraseCounts {
    /// Submissions that had become part of the contact.
    pub transactions: usize,
    /// Submissions about it that were part of no contact.
    pub loose_transactions: usize,
    /// Records that had come directly.
    pub direct_records: usize,
    /// Changes in the audit.
    pub changes: usize,
    /// Events.
    pub events: usize,
    /// Hashes of the tombstone.
    pub hashes: usize,
}

/// An erasure under way.
struct Erasing<'a> {
    engine: &'a Engine,
    context: Context<'a>,
    fence: &'a Fence,
    reason: &'a str,
    salt: [u8; SALT],
}

impl Engine {
    /// Erases a contact with all that was merged into it.
    ///
    /// # Errors
    /// [`EngineError::Invalid`] without a reason, [`EngineError::NotFound`] for an unknown contact,
    /// [`EngineError::Conflict`] for one that was merged away, and while a batch goes on.
    pub fn erase_contact(
        &self,
        org: OrganizationId,
        actor: &Actor,
        contact: ContactId,
        reason: &str,
    ) -> Result<Erasure, EngineError> {
        let organization = self.organization(org)?;
        let reason = checked(reason)?;
        let Some(fence) = self.lease_of_batch(org, "open_erasure")? else {
            return Err(EngineError::conflict("A batch of this organization is running; try again when it has ended."));
        };
        let context =
            Context { organization: &organization, actor: actor.to_string(), run: None, at: self.now(), silent: false };
        let erased = self.erase_under_lease(context, &fence, contact, reason);
        drop(self.parts.store.writing("release_batch", |tx| tx.release_lease(org, &fence)));
        let erased = erased?;
        metrics::counter!("tributary_erasures_total").increment(1);
        self.wake_deliveries();
        Ok(erased)
    }

    fn erase_under_lease(
        &self,
        context: Context<'_>,
        fence: &Fence,
        contact: ContactId,
        reason: &str,
    ) -> Result<Erasure, EngineError> {
        let place = (context.organization.id, context.organization.country.as_str());
        let mut salt = [0; SALT];
        getrandom::fill(&mut salt).map_err(|_| EngineError::internal("the operating system gave no random bytes"))?;
        let whom = self.parts.store.reading(|tx| Ok(Subject::read(tx, place, contact)))??.identity;
        let held = held_about(self.parts.store.ledger(), place, &whom)?;
        let erasing = Erasing { engine: self, context, fence, reason, salt };
        let row = self.transact("erase", |tx| erasing.erase(tx, contact, &held))?;
        self.settings().probe.at("erased")?;
        // A row that is found in both places counts as decided; the next batch forgets what is left of it here.
        let ids: Vec<RecordId> = held.iter().map(|row| row.id).collect();
        self.parts.store.ledger().forget(place.0, &ids)?;
        tracing::info!(organization = place.0.0, contact = contact.0, erasure = row.id, "a contact was erased");
        Erasure::of(row)
    }
}

fn checked(reason: &str) -> Result<&str, EngineError> {
    let reason = reason.trim();
    let issue = match reason.chars().count() {
        0 => Issue::new("reason", IssueCode::Required, "Says why it is erased."),
        1..=REASON => return Ok(reason),
        _ => Issue::new("reason", IssueCode::TooLong, "At most 1,000 characters."),
    };
    Err(EngineError::Invalid(vec![issue]))
}

impl Erasing<'_> {
    const fn organization(&self) -> &Organization {
        self.context.organization
    }

    /// One transaction: everything but the rows of the holding ledger.
    fn erase(&self, tx: &mut dyn WriteTx, id: ContactId, held: &[HeldRow]) -> Result<ErasureRow, EngineError> {
        let (org, country) = (self.organization().id, self.organization().country.as_str());
        self.enter(tx)?;
        let subject = Subject::read(tx, (org, country), id)?;
        let family = subject.family();
        let loose = Loose::find(tx, (org, country), &subject.identity, &family)?;
        let moved = self.settle(tx, &loose.own, held)?;
        let rows: Vec<RecordId> = loose.own.iter().chain(&moved).map(|row| row.id).collect();
        let all: Vec<RecordId> = subject.transaction_ids().into_iter().chain(rows).collect();
        let told = Told::of(tx, org, &family, &all, self.context.at)?;
        let number = tx.allocate(org, Counter::Erasure, 1)?;
        let hashes = self.bury(tx, number, &subject)?;
        let counts = EraseCounts {
            transactions: subject.transactions.len(),
            loose_transactions: loose.own.len() + moved.len(),
            direct_records: subject.direct_ids().len(),
            changes: told.audit.len(),
            events: told.events.len(),
            hashes,
        };
        self.take_away(tx, &subject, &told)?;
        tx.erase_transactions(org, &subject.transaction_ids(), self.context.at)?;
        let refused: Vec<&TransactionRow> = loose.own.iter().chain(&moved).collect();
        forget_rows(tx, org, &refused, self.context.at)?;
        self.clear_beside(tx, &subject)?;
        let merged = subject.merged.iter().map(|row| row.id).collect();
        self.note(tx, (number, id), &Detail { merged, counts, left: loose.left })
    }

    /// Nobody else works with contacts from here on.
    fn enter(&self, tx: &mut dyn WriteTx) -> Result<(), EngineError> {
        let org = self.organization().id;
        let lease = TimeDelta::seconds(i64::from(self.engine.settings().batch.lease_seconds));
        tx.extend_lease(org, self.fence, self.engine.now() + lease).map_err(EngineError::Unavailable)?;
        tx.allocate(org, Counter::Revision, 1)?;
        if tx.runs(org, 0, 1)?.iter().any(|run| run.state == RunState::Running) {
            let message = "A run of this organization is not finished; let it end first.";
            return Err(EngineError::conflict(message));
        }
        Ok(())
    }

    /// Refuses rows that waited; those of the ledger are moved, with nothing of what they said. The latter come back.
    fn settle(
        &self,
        tx: &mut dyn WriteTx,
        loose: &[TransactionRow],
        held: &[HeldRow],
    ) -> Result<Vec<TransactionRow>, EngineError> {
        let org = self.organization().id;
        let waiting: Vec<&TransactionRow> = loose.iter().filter(|row| row.state != State::Rejected).collect();
        let ids: Vec<RecordId> = waiting.iter().map(|row| row.id).collect();
        let latest = tx.latest_decisions(org, &ids)?;
        let refused: Vec<Settlement> = waiting.iter().map(|row| self.refused(row)).collect();
        tx.settle_transactions(org, &refused)?;
        let known: Vec<RecordId> = held.iter().map(|row| row.id).collect();
        let known: BTreeSet<RecordId> = tx.known_transactions(org, &known)?.into_iter().collect();
        let fresh = held.iter().filter(|row| !known.contains(&row.id));
        let moved: Vec<TransactionRow> = fresh.map(|row| self.moved(row)).collect();
        tx.insert_transactions(org, &moved)?;
        let of_moved: Vec<Settlement> = moved.iter().map(|row| self.refused(row)).collect();
        let decided = refused.iter().chain(&of_moved);
        let decisions: Vec<DecisionRow> = decided
            .map(|own| person_decision(own, latest.iter().find(|row| row.transaction == own.id), &self.context))
            .collect();
        tx.insert_decisions(org, &decisions)?;
        Ok(moved)
    }

    fn refused(&self, row: &TransactionRow) -> Settlement {
        settlement(row, State::Rejected, Some(Reason::Erased), &self.context)
    }

    fn moved(&self, row: &HeldRow) -> TransactionRow {
        TransactionRow {
            id: row.id,
            received_at: row.received_at,
            key_id: row.key_id,
            submission: Submission::default(),
            sent: None,
            state: State::Rejected,
            reason: Some(Reason::Erased),
            level: None,
            contact: None,
            individual: None,
            first_item: None,
            run: None,
            decided_at: Some(self.context.at),
            policy: 0,
            erased: Some(self.context.at),
        }
    }

    /// Stores the hashes of what it was known by; how many there are.
    fn bury(&self, tx: &mut dyn WriteTx, erasure: i64, subject: &Subject) -> Result<usize, EngineError> {
        let org = self.organization().id;
        tx.put_erasure_salt(org, &self.salt)?;
        let salt = tx.erasure_salt(org)?.ok_or_else(|| EngineError::internal("there is no salt"))?;
        let hashes = subject.identity.hashes(&salt).into_iter();
        let rows: Vec<TombstoneRow> = hashes.map(|(hash, kind)| TombstoneRow { hash, kind, erasure }).collect();
        tx.insert_tombstones(org, &rows)?;
        Ok(rows.len())
    }

    /// The contact with all that it is found by, what was told of it, and one last change and event that say so.
    fn take_away(&self, tx: &mut dyn WriteTx, subject: &Subject, told: &Told) -> Result<(), EngineError> {
        let org = self.organization().id;
        let head = tx.contact_heads(org, &[subject.contact.id])?.into_iter().next().ok_or(EngineError::NotFound)?;
        let mut contact = Working::stored(head, subject.records.clone(), &self.context);
        let places: Vec<i64> = told.audit.iter().map(|row| row.position).collect();
        let said = Change { field: ERASED_CHANGES.to_owned(), before: None, after: Some(places.into()) };
        let cause =
            Cause { record: RecordId(Uuid::nil()), action: crate::audit::ERASE, event: self.engine.parts.ids.next() };
        let merged: Vec<ContactId> = subject.merged.iter().map(|row| row.id).collect();
        contact.erase(&[said], &merged, &cause, &self.context);
        let blanked: Vec<_> = told.audit.iter().map(|row| (row.position, row.row.digest())).collect();
        tx.erase_audit(org, &blanked)?;
        tx.erase_events(org, &blank_bodies(&told.events))?;
        Ok(Writes::of(vec![contact], &Profiles::default(), &self.context).write(tx, org)?)
    }

    fn clear_beside(&self, tx: &mut dyn WriteTx, subject: &Subject) -> StoreResult<()> {
        let org = self.organization().id;
        let references: Vec<Reference> = subject.identity.references.iter().cloned().collect();
        let gifts = subject.said().filter_map(|said| said.gift.as_deref());
        let gifts: BTreeSet<(String, String)> = gifts.map(|gift| (gift.source.clone(), gift.id.clone())).collect();
        let records: Vec<RecordId> = subject.transaction_ids().into_iter().chain(subject.direct_ids()).collect();
        let gone = Gone {
            contacts: &subject.family(),
            individuals: &subject.individuals(),
            records: &records,
            references: &references,
            gifts: &gifts.into_iter().collect::<Vec<_>>(),
            words: &self.words(tx, subject)?,
        };
        tx.erase_beside(org, &gone)
    }

    /// The words of its names that nobody has any more.
    fn words(&self, tx: &mut dyn WriteTx, subject: &Subject) -> StoreResult<Vec<String>> {
        let (org, country) = (self.organization().id, self.organization().country.as_str());
        let words = name_words(subject.said(), &subject.records, country);
        let keys: Vec<i64> = words.iter().map(|word| word_key(word)).collect();
        let used: BTreeSet<i64> = tx.contacts_by_key(org, &keys, 1)?.into_iter().map(|entry| entry.key).collect();
        Ok(words.into_iter().filter(|word| !used.contains(&word_key(word))).collect())
    }

    fn note(
        &self,
        tx: &mut dyn WriteTx,
        (id, contact): (i64, ContactId),
        detail: &Detail,
    ) -> Result<ErasureRow, EngineError> {
        let row = ErasureRow {
            id,
            contact,
            reason: self.reason.to_owned(),
            detail: serde_json::to_string(detail).map_err(EngineError::internal)?,
            actor: self.context.actor.clone(),
            erased_at: self.context.at,
            lifted: None,
        };
        tx.insert_erasure(self.organization().id, &row)?;
        Ok(row)
    }
}
