//! Survivorship policies: versions that never change, which of them holds, and which of them records are folded by.

use crate::StoreResult;
use tributary_contact::clock::Timestamp;
use tributary_contact::policy::PolicyDocument;
use tributary_contact::{ContactId, OrganizationId, RecordId};

/// A version of an organization's policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyRow {
    /// Number from [`crate::Counter::Policy`]; never used again. The shipped policy, number 0, is not stored.
    pub number: i64,
    /// What it says.
    pub document: PolicyDocument,
    /// Who made it.
    pub actor: String,
    /// When.
    pub created_at: Timestamp,
}

/// The putting in force of a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyActivationRow {
    /// Number from [`crate::Counter::PolicyActivation`]; the greatest one holds.
    pub number: i64,
    /// The version; none for the shipped policy.
    pub policy: Option<i64>,
    /// Who did it.
    pub actor: String,
    /// When.
    pub activated_at: Timestamp,
}

/// Reads about policies.
pub trait ReadPolicies {
    /// The versions with these numbers, by number.
    ///
    /// # Errors
    /// Any failure of the store.
    fn policies(&mut self, organization: OrganizationId, numbers: &[i64]) -> StoreResult<Vec<PolicyRow>>;
    /// All versions, newest first.
    ///
    /// # Errors
    /// Any failure of the store.
    fn all_policies(&mut self, organization: OrganizationId) -> StoreResult<Vec<PolicyRow>>;
    /// What was put in force, newest first; the first one holds.
    ///
    /// # Errors
    /// Any failure of the store.
    fn policy_activations(&mut self, organization: OrganizationId, limit: i64)
    -> StoreResult<Vec<PolicyActivationRow>>;
    /// The versions that the source records of these contacts were decided or made under, whatever they are folded
    /// by now; 0 is the shipped one. In no order.
    ///
    /// # Errors
    /// Any failure of the store.
    fn decided_policies(
        &mut self,
        organization: OrganizationId,
        contacts: &[ContactId],
    ) -> StoreResult<Vec<(RecordId, i64)>>;
}

/// Writes about policies.
pub trait WritePolicies {
    /// Stores a version.
    ///
    /// # Errors
    /// [`crate::StoreError::Conflict`] when the number is taken.
    fn insert_policy(&mut self, organization: OrganizationId, new: &PolicyRow) -> StoreResult<()>;
    /// Puts a version in force.
    ///
    /// # Errors
    /// [`crate::StoreError::Conflict`] when the number is taken.
    fn insert_policy_activation(&mut self, organization: OrganizationId, new: &PolicyActivationRow) -> StoreResult<()>;
    /// From now on the records of these contacts are folded by another version than they were decided under (0 for
    /// the shipped one), or with none by that one again. A record that is decided anew forgets it.
    ///
    /// # Errors
    /// Any failure of the store.
    fn refold_records(
        &mut self,
        organization: OrganizationId,
        contacts: &[ContactId],
        policy: Option<i64>,
    ) -> StoreResult<()>;
}
