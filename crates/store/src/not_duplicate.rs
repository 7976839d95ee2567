//! What people said is not one: remembered, listed, revocable.

use crate::StoreResult;
use tributary_contact::clock::Timestamp;
use tributary_contact::{ContactId, OrganizationId, RecordId, Reference};

/// What a contact is not.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Other {
    /// Another contact; its number is the greater one.
    Contact(ContactId),
    /// What a sender calls so.
    Reference(Reference),
    /// What a single submission speaks of.
    Transaction(RecordId),
}

/// Somebody said that two are not one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotDuplicateRow {
    /// Number, from [`crate::Counter::NotDuplicate`].
    pub id: i64,
    /// The contact.
    pub contact: ContactId,
    /// What it is not.
    pub other: Other,
    /// What was known of the contact and of the other side, when it holds only until more is known.
    pub known: Option<(i64, i64)>,
    /// Why, in the words of whoever said it.
    pub note: Option<String>,
    /// Who said it.
    pub actor: String,
    /// When.
    pub created_at: Timestamp,
    /// Who took it back, and when; none while it holds.
    pub revoked: Option<(String, Timestamp)>,
}

/// Reads about what is not one.
pub trait ReadNotDuplicates {
    /// A page in order of the numbers: everything, or what is about this contact, on either side.
    ///
    /// # Errors
    /// Any failure of the store.
    fn not_duplicate_page(
        &mut self,
        organization: OrganizationId,
        contact: Option<ContactId>,
        skip: i64,
        take: i64,
    ) -> StoreResult<Vec<NotDuplicateRow>>;
    /// How many there are of them.
    ///
    /// # Errors
    /// Any failure of the store.
    fn not_duplicate_count(&mut self, organization: OrganizationId, contact: Option<ContactId>) -> StoreResult<i64>;
    /// Everything that was not taken back, in order of the numbers.
    ///
    /// # Errors
    /// Any failure of the store.
    fn not_duplicates(&mut self, organization: OrganizationId) -> StoreResult<Vec<NotDuplicateRow>>;
}

/// Writes about what is not one.
pub trait WriteNotDuplicates {
    /// Stores what was said.
    ///
    /// # Errors
    /// Any failure of the store.
    fn insert_not_duplicates(&mut self, organization: OrganizationId, new: &[NotDuplicateRow]) -> StoreResult<()>;
    /// Takes it back; `false` when there is nothing to take back.
    ///
    /// # Errors
    /// Any failure of the store.
    fn revoke_not_duplicate(
        &mut self,
        organization: OrganizationId,
        id: i64,
        by: &str,
        at: Timestamp,
    ) -> StoreResult<bool>;
}
