//! Corrections of submissions. What was sent is kept for good; a correction is a row of its own that counts in its
//! place.

use crate::StoreResult;
use tributary_contact::{OrganizationId, RecordId, Submission};

/// What a person put in place of a submission's content.
#[derive(Debug, Clone, PartialEq)]
pub struct CorrectionRow {
    /// The transaction.
    pub transaction: RecordId,
    /// Number of the decision that brought it; who made it and when is said there.
    pub number: i32,
    /// The corrected content.
    pub submission: Submission,
}

/// Reads about corrections.
pub trait ReadCorrections {
    /// The corrections of these transactions, by transaction, first to last.
    ///
    /// # Errors
    /// Any failure of the store.
    fn corrections(&mut self, organization: OrganizationId, ids: &[RecordId]) -> StoreResult<Vec<CorrectionRow>>;
}

/// Writes about corrections.
pub trait WriteCorrections {
    /// Stores corrections, each of which counts from now on.
    ///
    /// # Errors
    /// [`crate::StoreError::Conflict`] when a number is taken, or there is no such transaction.
    fn insert_corrections(&mut self, organization: OrganizationId, new: &[CorrectionRow]) -> StoreResult<()>;
}
