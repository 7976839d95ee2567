//! Contacts, the source records they are folded from, and the indexes they are found by.

use crate::StoreResult;
use tributary_contact::clock::Timestamp;
use tributary_contact::{ContactId, Golden, ItemId, OrganizationId, RecordId, Reference, SourceRecord};

/// A contact as stored.
#[derive(Debug, Clone, PartialEq)]
pub struct ContactRow {
    /// Id.
    pub id: ContactId,
    /// Goes up by one with each change.
    pub version: i64,
    /// Number of the contact's latest event.
    pub sequence: i64,
    /// The folded record.
    pub golden: Golden,
    /// The survivor, when this contact was merged away.
    pub merged_into: Option<ContactId>,
    /// Whether it is archived.
    pub archived: bool,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it last changed; never goes back.
    pub modified_at: Timestamp,
}

/// By what one contact is looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seek<'a> {
    /// By its number.
    Id(ContactId),
    /// By a reference that it carries.
    Reference(&'a Reference),
}

/// A contact as a reader sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct SeenContact {
    /// The contact; where its values came from is left out of its golden record.
    pub contact: ContactRow,
    /// Whether the reader follows it.
    pub followed: bool,
}

/// The part of a contact that a writer must know before it changes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ContactHead {
    /// Id.
    pub id: ContactId,
    /// Version.
    pub version: i64,
    /// Number of the latest event.
    pub sequence: i64,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it last changed.
    pub modified_at: Timestamp,
    /// The survivor, when merged away.
    pub merged_into: Option<ContactId>,
    /// Whether it is archived.
    pub archived: bool,
}

/// A contact to be stored for the first time. Its version is 1 unless the same transaction changes it again.
#[derive(Debug, Clone, PartialEq)]
pub struct NewContact {
    /// Id from [`crate::Counter::Contact`].
    pub id: ContactId,
    /// Version it is stored at.
    pub version: i64,
    /// Number of its first event.
    pub sequence: i64,
    /// The folded record.
    pub golden: Golden,
    /// When it is created.
    pub created_at: Timestamp,
}

/// A changed contact; stored only if its version still is the expected one.
#[derive(Debug, Clone, PartialEq)]
pub struct ContactUpdate {
    /// Id.
    pub id: ContactId,
    /// Version the change was made from.
    pub expected_version: i64,
    /// Version it is stored at: one more for each change made in this transaction.
    pub version: i64,
    /// Number of its latest event.
    pub sequence: i64,
    /// The folded record.
    pub golden: Golden,
    /// When it is changed.
    pub modified_at: Timestamp,
}

/// A source record and the contact it is assigned to.
#[derive(Debug, Clone, PartialEq)]
pub struct AssignedRecord {
    /// The contact.
    pub contact: ContactId,
    /// The record.
    pub record: SourceRecord,
}

/// A reference and the contact that carries it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReferenceEntry {
    /// The reference.
    pub reference: Reference,
    /// Its contact.
    pub contact: ContactId,
}

/// A match key and a contact that has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeyEntry {
    /// Key, as the matcher hashes it.
    pub key: i64,
    /// The contact.
    pub contact: ContactId,
}

/// Reads about contacts.
pub trait ReadContacts {
    /// The contacts with these ids, by id; unknown ids are left out.
    ///
    /// # Errors
    /// Any failure of the store.
    fn contacts(&mut self, organization: OrganizationId, ids: &[ContactId]) -> StoreResult<Vec<ContactRow>>;
    /// One contact, and whether this reader follows it. One statement, for the routes that are polled.
    ///
    /// # Errors
    /// Any failure of the store.
    fn contact_seen(
        &mut self,
        organization: OrganizationId,
        by: Seek<'_>,
        follower: &str,
    ) -> StoreResult<Option<SeenContact>>;
    /// The heads of the contacts with these ids, by id.
    ///
    /// # Errors
    /// Any failure of the store.
    fn contact_heads(&mut self, organization: OrganizationId, ids: &[ContactId]) -> StoreResult<Vec<ContactHead>>;
    /// A page of contacts by id.
    ///
    /// # Errors
    /// Any failure of the store.
    fn contact_page(
        &mut self,
        organization: OrganizationId,
        after: Option<ContactId>,
        limit: i64,
    ) -> StoreResult<Vec<ContactRow>>;
    /// How many contacts there are.
    ///
    /// # Errors
    /// Any failure of the store.
    fn contact_count(&mut self, organization: OrganizationId) -> StoreResult<i64>;
    /// Every source record of these contacts (transactions in an end state and direct records), by
    /// contact, then order of receipt. Each with the policy that it is folded by.
    ///
    /// # Errors
    /// Any failure of the store.
    fn source_records(
        &mut self,
        organization: OrganizationId,
        contacts: &[ContactId],
    ) -> StoreResult<Vec<AssignedRecord>>;
    /// The contact to which the record belongs that reserved the number of an individual, method or address; none
    /// when no record of a contact has such a number. Whether the contact still has the item is not asked.
    ///
    /// # Errors
    /// Any failure of the store.
    fn contact_of_item(&mut self, organization: OrganizationId, item: ItemId) -> StoreResult<Option<ContactId>>;
    /// The contacts that carry these references.
    ///
    /// # Errors
    /// Any failure of the store.
    fn contacts_by_reference(
        &mut self,
        organization: OrganizationId,
        references: &[Reference],
    ) -> StoreResult<Vec<ReferenceEntry>>;
    /// For each key at most `cap` contacts that have it, those with the smallest ids first. One statement,
    /// whatever the number of keys.
    ///
    /// # Errors
    /// Any failure of the store.
    fn contacts_by_key(&mut self, organization: OrganizationId, keys: &[i64], cap: i64) -> StoreResult<Vec<KeyEntry>>;
    /// All term counts: term hash and count.
    ///
    /// # Errors
    /// Any failure of the store.
    fn term_counts(&mut self, organization: OrganizationId) -> StoreResult<Vec<(i64, i64)>>;
}

/// Writes about contacts. All are bulk: one call per chunk, statements in proportion to thousands of rows.
pub trait WriteContacts {
    /// Stores new contacts.
    ///
    /// # Errors
    /// Any failure of the store.
    fn insert_contacts(&mut self, organization: OrganizationId, new: &[NewContact]) -> StoreResult<()>;
    /// Stores changed contacts.
    ///
    /// # Errors
    /// [`crate::StoreError::Conflict`] when any version is not the expected one.
    fn update_contacts(&mut self, organization: OrganizationId, changed: &[ContactUpdate]) -> StoreResult<()>;
    /// Removes contacts no record is assigned to any more; versions as expected.
    ///
    /// # Errors
    /// [`crate::StoreError::Conflict`] when any version is not the expected one.
    fn delete_contacts(&mut self, organization: OrganizationId, gone: &[(ContactId, i64)]) -> StoreResult<()>;
    /// Archives a contact or takes it back. The version is that of an update in the same transaction.
    ///
    /// # Errors
    /// Any failure of the store.
    fn set_archived(&mut self, organization: OrganizationId, contact: ContactId, archived: bool) -> StoreResult<()>;
    /// Stores records that did not come through the holding ledger.
    ///
    /// # Errors
    /// Any failure of the store.
    fn insert_direct_records(&mut self, organization: OrganizationId, new: &[AssignedRecord]) -> StoreResult<()>;
    /// Removes direct records (the undo of an edit).
    ///
    /// # Errors
    /// Any failure of the store.
    fn delete_direct_records(&mut self, organization: OrganizationId, ids: &[RecordId]) -> StoreResult<()>;
    /// Gives references to contacts.
    ///
    /// # Errors
    /// [`crate::StoreError::Conflict`] when one is another contact's already.
    fn add_references(&mut self, organization: OrganizationId, new: &[ReferenceEntry]) -> StoreResult<()>;
    /// Takes references away.
    ///
    /// # Errors
    /// Any failure of the store.
    fn remove_references(&mut self, organization: OrganizationId, gone: &[ReferenceEntry]) -> StoreResult<()>;
    /// Adds match keys; a pair that is there already stays.
    ///
    /// # Errors
    /// Any failure of the store.
    fn add_keys(&mut self, organization: OrganizationId, new: &[KeyEntry]) -> StoreResult<()>;
    /// Removes match keys.
    ///
    /// # Errors
    /// Any failure of the store.
    fn remove_keys(&mut self, organization: OrganizationId, gone: &[KeyEntry]) -> StoreResult<()>;
    /// Removes every match key and term count of the organization, before they are made anew.
    ///
    /// # Errors
    /// Any failure of the store.
    fn clear_index(&mut self, organization: OrganizationId) -> StoreResult<()>;
    /// Adds to term counts (each hash at most once in `deltas`); a count that reaches zero is removed.
    ///
    /// # Errors
    /// Any failure of the store.
    fn add_terms(&mut self, organization: OrganizationId, deltas: &[(i64, i64)]) -> StoreResult<()>;
}
