//! One row per change of a contact: who, when, why, and what was before and after. Rows are only ever added, and each
//! carries a hash over itself and the row before it.

use crate::StoreResult;
use sha2::{Digest, Sha256};
use tributary_contact::clock::Timestamp;
use tributary_contact::{ContactId, OrganizationId, RecordId, RunId};

/// A change of a contact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRow {
    /// The contact.
    pub contact: ContactId,
    /// The version the change made.
    pub version: i64,
    /// When.
    pub at: Timestamp,
    /// `batch`, or who did it.
    pub actor: String,
    /// What was done: `create`, `merge`, `undo`, `undoRun`, `load`, `edit`, `archive`, `unarchive`, `mergeContact`,
    /// `mergedAway`, `unmergeContact`, `unmerged`, `erase`.
    pub action: String,
    /// The record that caused it.
    pub record: Option<RecordId>,
    /// The run in which it was done.
    pub run: Option<RunId>,
    /// Changed values with before and after, as JSON.
    pub changes: String,
}

/// A row in its place in the organization's chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainedRow {
    /// Place, from 1, in order of commit.
    pub position: i64,
    /// As in [`AuditRow::chained`]; none for a row from before there was a chain.
    pub hash: Option<Vec<u8>>,
    /// As in [`AuditRow::digest`] before the changes were erased; none when they were not.
    pub erased: Option<Vec<u8>>,
    /// The row.
    pub row: AuditRow,
}

/// The newest row of a chain.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChainHead {
    /// Its place; 0 when there is none.
    pub position: i64,
    /// Its hash; empty when it has none.
    pub hash: Vec<u8>,
}

impl ChainedRow {
    /// The hash that the row must have after a row of this hash: as [`AuditRow::chained`], over what is left of it.
    #[must_use]
    pub fn expected(&self, previous: &[u8], organization: OrganizationId) -> Vec<u8> {
        let changes = self.erased.clone().unwrap_or_else(|| self.row.digest());
        self.row.chained_over(&changes, previous, organization, self.position)
    }
}

impl AuditRow {
    /// SHA-256 of what was before and after.
    #[must_use]
    pub fn digest(&self) -> Vec<u8> {
        Sha256::digest(self.changes.as_bytes()).to_vec()
    }

    /// SHA-256 over the hash of the row before (empty for the first), the organization, the place and every value. What
    /// was before and after goes in as its own SHA-256, so that it can be erased and the chain still be checked.
    #[must_use]
    pub fn chained(&self, previous: &[u8], organization: OrganizationId, position: i64) -> Vec<u8> {
        self.chained_over(&self.digest(), previous, organization, position)
    }

    fn chained_over(&self, changes: &[u8], previous: &[u8], organization: OrganizationId, position: i64) -> Vec<u8> {
        let record = self.record.map(|record| record.0.as_bytes().to_vec()).unwrap_or_default();
        let run = self.run.map(|run| run.0.to_string()).unwrap_or_default();
        let numbers = [organization.0, position, self.contact.0, self.version, self.at.timestamp_micros()];
        let mut hash = Sha256::new();
        eat(&mut hash, previous);
        for number in numbers {
            hash.update(number.to_be_bytes());
        }
        for part in [self.actor.as_bytes(), self.action.as_bytes(), &record, run.as_bytes(), changes] {
            eat(&mut hash, part);
        }
        hash.finalize().to_vec()
    }
}

/// A part with its length before it, so that no two rows give the same bytes.
fn eat(hash: &mut Sha256, part: &[u8]) {
    hash.update((part.len() as u64).to_be_bytes());
    hash.update(part);
}

/// Reads about changes.
pub trait ReadAudit {
    /// Changes of a contact, oldest first.
    ///
    /// # Errors
    /// Any failure of the store.
    fn audit(&mut self, organization: OrganizationId, contact: ContactId) -> StoreResult<Vec<AuditRow>>;
    /// Changes of all contacts after a place, in order of their places.
    ///
    /// # Errors
    /// Any failure of the store.
    fn audit_page(&mut self, organization: OrganizationId, after: i64, limit: i64) -> StoreResult<Vec<ChainedRow>>;
    /// The newest row, as it was noted when it was stored.
    ///
    /// # Errors
    /// Any failure of the store.
    fn audit_head(&mut self, organization: OrganizationId) -> StoreResult<ChainHead>;
}

/// Writes about changes.
pub trait WriteAudit {
    /// Stores changes and chains them. From here to the end of the transaction no other one of the organization gets
    /// past this verb, so it stands near the end, and before [`crate::WriteEvents::insert_events`].
    ///
    /// # Errors
    /// Any failure of the store.
    fn insert_audit(&mut self, organization: OrganizationId, new: &[AuditRow]) -> StoreResult<()>;
}
