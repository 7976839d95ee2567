//! Merges of two contacts by a person.

use crate::StoreResult;
use tributary_contact::clock::Timestamp;
use tributary_contact::{ContactId, ItemId, OrganizationId, RecordId};

/// A merge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MergeRow {
    /// Number, from [`crate::Counter::Merge`].
    pub id: i64,
    /// The contact that stayed.
    pub survivor: ContactId,
    /// The contact that was merged away.
    pub merged: ContactId,
    /// What has to be put back, as JSON.
    pub detail: String,
    /// Who merged them.
    pub actor: String,
    /// When.
    pub merged_at: Timestamp,
    /// Who took it back, and when; none while it is in force.
    pub undone: Option<(String, Timestamp)>,
}

/// A source record that goes from one contact to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecordMove {
    /// The record.
    pub record: RecordId,
    /// Whether it came through the holding ledger.
    pub transaction: bool,
    /// The contact it must be assigned to.
    pub from: ContactId,
    /// The contact it goes to.
    pub to: ContactId,
    /// The individual it speaks of there.
    pub individual: ItemId,
}

/// Reads about merges.
pub trait ReadMerges {
    /// The merge in force by which a contact was merged away.
    ///
    /// # Errors
    /// Any failure of the store.
    fn merge_of(&mut self, organization: OrganizationId, merged: ContactId) -> StoreResult<Option<MergeRow>>;
    /// The merges in force into these contacts, in order of their numbers.
    ///
    /// # Errors
    /// Any failure of the store.
    fn merges_into(&mut self, organization: OrganizationId, survivors: &[ContactId]) -> StoreResult<Vec<MergeRow>>;
    /// The merges of which one of these contacts was part and that were taken back, in order of their numbers.
    ///
    /// # Errors
    /// Any failure of the store.
    fn merges_taken_back(&mut self, organization: OrganizationId, contacts: &[ContactId])
    -> StoreResult<Vec<MergeRow>>;
}

/// Writes about merges.
pub trait WriteMerges {
    /// Stores a merge that is in force.
    ///
    /// # Errors
    /// [`crate::StoreError::Conflict`] when the contact is merged away already.
    fn insert_merge(&mut self, organization: OrganizationId, new: &MergeRow) -> StoreResult<()>;
    /// Marks a merge as taken back.
    ///
    /// # Errors
    /// [`crate::StoreError::Conflict`] when it already was.
    fn mark_unmerged(&mut self, organization: OrganizationId, id: i64, by: &str, at: Timestamp) -> StoreResult<()>;
    /// Replaces what has to be put back when a merge is taken back.
    ///
    /// # Errors
    /// [`crate::StoreError::Conflict`] when there is no such merge in force.
    fn set_merge_detail(&mut self, organization: OrganizationId, id: i64, detail: &str) -> StoreResult<()>;
    /// Assigns source records to other contacts.
    ///
    /// # Errors
    /// [`crate::StoreError::Conflict`] when any is not the expected contact's.
    fn move_records(&mut self, organization: OrganizationId, moves: &[RecordMove]) -> StoreResult<()>;
    /// Says into which contact another one is merged; none when it stands for itself.
    ///
    /// # Errors
    /// Any failure of the store.
    fn set_merged_into(
        &mut self,
        organization: OrganizationId,
        contact: ContactId,
        survivor: Option<ContactId>,
    ) -> StoreResult<()>;
    /// Hands notes of one contact to another; all of them, or those with these numbers that are the contact's. The
    /// numbers of those that were handed over come back.
    ///
    /// # Errors
    /// Any failure of the store.
    fn move_notes(
        &mut self,
        organization: OrganizationId,
        from: ContactId,
        to: ContactId,
        only: Option<&[i64]>,
    ) -> StoreResult<Vec<i64>>;
}
