//! Contacts whose data were erased, and the salted hashes that keep them from coming back.

use crate::{ChainedRow, EventRow, MergeRow, StoreResult};
use tributary_contact::clock::Timestamp;
use tributary_contact::{ContactId, ItemId, OrganizationId, RecordId, Reference};
use uuid::Uuid;

/// An erasure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErasureRow {
    /// Number, from [`crate::Counter::Erasure`].
    pub id: i64,
    /// The contact.
    pub contact: ContactId,
    /// Why, in the words of whoever erased it.
    pub reason: String,
    /// Numbers of contacts and counts of rows, as JSON.
    pub detail: String,
    /// Who erased it.
    pub actor: String,
    /// When.
    pub erased_at: Timestamp,
    /// Who lifted its tombstone, and when; none while it stands.
    pub lifted: Option<(String, Timestamp)>,
}

/// What a hash was made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TombstoneKind {
    /// A mailbox.
    Email,
    /// A telephone number.
    Phone,
    /// What a sender calls the contact.
    Reference,
    /// A name at an address.
    NameAndAddress,
}

impl TombstoneKind {
    /// Every kind.
    pub const ALL: &'static [Self] = &[Self::Email, Self::Phone, Self::Reference, Self::NameAndAddress];

    /// Stable text.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Reference => "reference",
            Self::NameAndAddress => "nameAndAddress",
        }
    }

    /// The kind whose text this is.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|own| own.as_str() == text)
    }
}

/// A hash of something that an erased contact was known by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TombstoneRow {
    /// 128 bits of the salted hash.
    pub hash: Uuid,
    /// What it was made of.
    pub kind: TombstoneKind,
    /// The erasure.
    pub erasure: i64,
}

/// Whose traces go.
#[derive(Debug, Clone, Copy)]
pub struct Gone<'a> {
    /// The contacts.
    pub contacts: &'a [ContactId],
    /// Their people.
    pub individuals: &'a [ItemId],
    /// Everything that was said of them.
    pub records: &'a [RecordId],
    /// What senders call them.
    pub references: &'a [Reference],
    /// Source and id of their gifts.
    pub gifts: &'a [(String, String)],
    /// Words of their names that nobody else has.
    pub words: &'a [String],
}

/// Reads about erasures, and about the traces that a contact has left.
pub trait ReadErasures {
    /// The salt of the organization's hashes; none before the first erasure.
    ///
    /// # Errors
    /// Any failure of the store.
    fn erasure_salt(&mut self, organization: OrganizationId) -> StoreResult<Option<Vec<u8>>>;
    /// One erasure.
    ///
    /// # Errors
    /// Any failure of the store.
    fn erasure(&mut self, organization: OrganizationId, id: i64) -> StoreResult<Option<ErasureRow>>;
    /// A page of erasures, the newest first.
    ///
    /// # Errors
    /// Any failure of the store.
    fn erasure_page(&mut self, organization: OrganizationId, skip: i64, take: i64) -> StoreResult<Vec<ErasureRow>>;
    /// How many there are.
    ///
    /// # Errors
    /// Any failure of the store.
    fn erasure_count(&mut self, organization: OrganizationId) -> StoreResult<i64>;
    /// The tombstones with any of these hashes.
    ///
    /// # Errors
    /// Any failure of the store.
    fn tombstones(&mut self, organization: OrganizationId, hashes: &[Uuid]) -> StoreResult<Vec<TombstoneRow>>;
    /// Merges in which any of these contacts took part, also those that were taken back, by number.
    ///
    /// # Errors
    /// Any failure of the store.
    fn merges_about(&mut self, organization: OrganizationId, contacts: &[ContactId]) -> StoreResult<Vec<MergeRow>>;
    /// Events about these contacts, in order of their ids.
    ///
    /// # Errors
    /// Any failure of the store.
    fn events_about(&mut self, organization: OrganizationId, contacts: &[ContactId]) -> StoreResult<Vec<EventRow>>;
    /// Events about no contact that were made at any of these instants, in order of their ids.
    ///
    /// # Errors
    /// Any failure of the store.
    fn events_about_nobody(&mut self, organization: OrganizationId, at: &[Timestamp]) -> StoreResult<Vec<EventRow>>;
    /// Changes of these contacts, in order of their places.
    ///
    /// # Errors
    /// Any failure of the store.
    fn audit_about(&mut self, organization: OrganizationId, contacts: &[ContactId]) -> StoreResult<Vec<ChainedRow>>;
}

/// Writes about erasures. What became of rows stays; what they said goes.
pub trait WriteErasures {
    /// Stores the salt, unless there is one.
    ///
    /// # Errors
    /// Any failure of the store.
    fn put_erasure_salt(&mut self, organization: OrganizationId, salt: &[u8]) -> StoreResult<()>;
    /// Stores an erasure.
    ///
    /// # Errors
    /// [`crate::StoreError::Conflict`] when the number is taken.
    fn insert_erasure(&mut self, organization: OrganizationId, new: &ErasureRow) -> StoreResult<()>;
    /// Stores tombstones; one that is there already stays.
    ///
    /// # Errors
    /// Any failure of the store.
    fn insert_tombstones(&mut self, organization: OrganizationId, new: &[TombstoneRow]) -> StoreResult<()>;
    /// Removes the tombstones of an erasure and notes by whom; `false` when there is none that stands.
    ///
    /// # Errors
    /// Any failure of the store.
    fn lift_tombstones(&mut self, organization: OrganizationId, id: i64, by: &str, at: Timestamp) -> StoreResult<bool>;
    /// Takes the content of transactions away, their references, corrections, and how they were explained, and parts
    /// them from their contact. Their states stay.
    ///
    /// # Errors
    /// Any failure of the store.
    fn erase_transactions(&mut self, organization: OrganizationId, ids: &[RecordId], at: Timestamp) -> StoreResult<()>;
    /// Takes away what was before and after in the changes at these places, and keeps these digests of it.
    ///
    /// # Errors
    /// Any failure of the store.
    fn erase_audit(&mut self, organization: OrganizationId, rows: &[(i64, Vec<u8>)]) -> StoreResult<()>;
    /// Gives events these bodies in the place of their own, and takes away what receivers answered to them.
    ///
    /// # Errors
    /// Any failure of the store.
    fn erase_events(&mut self, organization: OrganizationId, bodies: &[(Uuid, String)]) -> StoreResult<()>;
    /// Removes what is kept beside contacts: notes, followers, pictures, pairs, what people said is not one, gifts,
    /// words; and forgets the answers to requests that made any of the contacts or records, for which
    /// [`crate::OnceRow::ERASED`] stands then.
    ///
    /// # Errors
    /// Any failure of the store.
    fn erase_beside(&mut self, organization: OrganizationId, gone: &Gone<'_>) -> StoreResult<()>;
}
