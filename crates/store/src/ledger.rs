//! The holding ledger: one durable row per submission until a batch has decided it.
//!
//! It stands apart from the other verbs since on SQLite it is a file of its own. A row moves to the main
//! database inside the batch's transaction and is forgotten here afterwards; a row found in both places
//! counts as decided. Nothing else depends on the two being one database.

use crate::StoreResult;
use tributary_contact::clock::Timestamp;
use tributary_contact::{OrganizationId, RecordId, Reference, Submission};

/// A held submission.
#[derive(Debug, Clone, PartialEq)]
pub struct HeldRow {
    /// Tenant.
    pub organization: OrganizationId,
    /// Transaction id; ids sort in order of receipt.
    pub id: RecordId,
    /// When it was received.
    pub received_at: Timestamp,
    /// The API key that sent it, if one did.
    pub key_id: Option<i64>,
    /// What was sent.
    pub submission: Submission,
}

/// What a claim found.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Claim {
    /// Rows in order of receipt.
    pub rows: Vec<HeldRow>,
    /// Rows between them that this version cannot read, for example since a newer one has held them. They stay
    /// held.
    pub unreadable: Vec<RecordId>,
}

/// What the ledger counts for an organization.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LedgerTally {
    /// Submissions ever held, counted when they were held and never derived from the rows.
    pub received: i64,
    /// Rows in the ledger now.
    pub held: i64,
    /// When the oldest of them was received.
    pub oldest: Option<Timestamp>,
}

/// Verbs of the holding ledger. Each is a transaction of its own.
pub trait Ledger: Send + Sync {
    /// Holds all rows durably, in one transaction: when it returns `Ok` they survive a power cut.
    ///
    /// # Errors
    /// Any failure of the store; then none of the rows is held.
    fn hold(&self, rows: &[HeldRow]) -> StoreResult<()>;
    /// The next rows in order of receipt, `limit` with the unreadable ones: ids after `after` and not after `up_to`.
    ///
    /// # Errors
    /// Any failure of the store.
    fn claim(
        &self,
        organization: OrganizationId,
        after: Option<RecordId>,
        up_to: RecordId,
        limit: i64,
    ) -> StoreResult<Claim>;
    /// Id of the row received last.
    ///
    /// # Errors
    /// Any failure of the store.
    fn newest(&self, organization: OrganizationId) -> StoreResult<Option<RecordId>>;
    /// Removes rows that have been moved; unknown ids are no error.
    ///
    /// # Errors
    /// Any failure of the store.
    fn forget(&self, organization: OrganizationId, ids: &[RecordId]) -> StoreResult<()>;
    /// One row.
    ///
    /// # Errors
    /// Any failure of the store.
    fn find(&self, organization: OrganizationId, id: RecordId) -> StoreResult<Option<HeldRow>>;
    /// Rows with this reference, newest first.
    ///
    /// # Errors
    /// Any failure of the store.
    fn find_by_reference(
        &self,
        organization: OrganizationId,
        reference: &Reference,
        limit: i64,
    ) -> StoreResult<Vec<HeldRow>>;
    /// What the ledger counts.
    ///
    /// # Errors
    /// Any failure of the store.
    fn tally(&self, organization: OrganizationId) -> StoreResult<LedgerTally>;
}
