//! What an organization's matcher has learnt or was told: versions that never change, and which of them holds.

use crate::StoreResult;
use tributary_contact::OrganizationId;
use tributary_contact::clock::Timestamp;

/// A version of an organization's matcher.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MatcherDocumentRow {
    /// Number from [`crate::Counter::MatcherDocument`]; never used again.
    pub number: i64,
    /// The document as JSON: weights, thresholds, nicknames.
    pub document: String,
    /// How it came about, as JSON without personal data.
    pub report: String,
    /// Who made it.
    pub actor: String,
    /// When.
    pub created_at: Timestamp,
}

/// The putting in force of a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MatcherActivationRow {
    /// Number from [`crate::Counter::MatcherActivation`]; the greatest one holds.
    pub number: i64,
    /// The version; none for the shipped matcher.
    pub document: Option<i64>,
    /// Who did it.
    pub actor: String,
    /// When.
    pub activated_at: Timestamp,
}

/// Reads about matcher versions.
pub trait ReadMatcher {
    /// One version.
    ///
    /// # Errors
    /// Any failure of the store.
    fn matcher_document(
        &mut self,
        organization: OrganizationId,
        number: i64,
    ) -> StoreResult<Option<MatcherDocumentRow>>;
    /// Versions, newest first.
    ///
    /// # Errors
    /// Any failure of the store.
    fn matcher_documents(&mut self, organization: OrganizationId) -> StoreResult<Vec<MatcherDocumentRow>>;
    /// What was put in force, newest first; the first one holds.
    ///
    /// # Errors
    /// Any failure of the store.
    fn matcher_activations(
        &mut self,
        organization: OrganizationId,
        limit: i64,
    ) -> StoreResult<Vec<MatcherActivationRow>>;
}

/// Writes about matcher versions.
pub trait WriteMatcher {
    /// Stores a version.
    ///
    /// # Errors
    /// [`crate::StoreError::Conflict`] when the number is taken.
    fn insert_matcher_document(&mut self, organization: OrganizationId, new: &MatcherDocumentRow) -> StoreResult<()>;
    /// Puts a version in force.
    ///
    /// # Errors
    /// [`crate::StoreError::Conflict`] when the number is taken.
    fn insert_matcher_activation(
        &mut self,
        organization: OrganizationId,
        new: &MatcherActivationRow,
    ) -> StoreResult<()>;
}
