//! One row per change of a contact: who, when, why, and what was before and after.

use crate::StoreResult;
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
    /// What was done: `create`, `merge`, `undo`, `load`, `edit`.
    pub action: String,
    /// The record that caused it.
    pub record: Option<RecordId>,
    /// The run in which it was done.
    pub run: Option<RunId>,
    /// Changed values with before and after, as JSON.
    pub changes: String,
}

/// Reads about changes.
pub trait ReadAudit {
    /// Changes of a contact, oldest first.
    ///
    /// # Errors
    /// Any failure of the store.
    fn audit(&mut self, organization: OrganizationId, contact: ContactId) -> StoreResult<Vec<AuditRow>>;
}

/// Writes about changes.
pub trait WriteAudit {
    /// Stores changes.
    ///
    /// # Errors
    /// Any failure of the store.
    fn insert_audit(&mut self, organization: OrganizationId, new: &[AuditRow]) -> StoreResult<()>;
}
