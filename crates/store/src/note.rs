//! Notes about contacts.

use crate::StoreResult;
use tributary_contact::clock::Timestamp;
use tributary_contact::{ContactId, OrganizationId};

/// A note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteRow {
    /// Number from [`crate::Counter::Note`].
    pub id: i64,
    /// The contact it is about.
    pub contact: ContactId,
    /// Its type, for example `Phone Call`.
    pub kind: String,
    /// The text.
    pub note: String,
    /// The instant it tells of.
    pub note_at: Timestamp,
    /// Whether it is marked.
    pub important: bool,
    /// Whether it is private.
    pub private: bool,
    /// How long it took, as the writer put it.
    pub time_spent: Option<String>,
    /// When it was written.
    pub created_at: Timestamp,
    /// By whom.
    pub created_by: String,
    /// When it was last changed.
    pub modified_at: Timestamp,
    /// By whom.
    pub modified_by: String,
}

/// By what notes are ordered; equal ones by number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoteOrder {
    /// By number.
    Id,
    /// By the instant they tell of.
    NoteAt,
    /// By when they were written.
    CreatedAt,
    /// By when they were last changed.
    ModifiedAt,
}

/// Which notes of a contact to list, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotesOf {
    /// The contact.
    pub contact: ContactId,
    /// Whether only marked ones are wanted.
    pub important: bool,
    /// Order.
    pub order: NoteOrder,
    /// Whether the order is turned round.
    pub descending: bool,
}

/// Reads about notes.
pub trait ReadNotes {
    /// A note.
    ///
    /// # Errors
    /// Any failure of the store.
    fn note(&mut self, organization: OrganizationId, id: i64) -> StoreResult<Option<NoteRow>>;
    /// A page of the notes of a contact.
    ///
    /// # Errors
    /// Any failure of the store.
    fn note_page(
        &mut self,
        organization: OrganizationId,
        wanted: NotesOf,
        skip: i64,
        take: i64,
    ) -> StoreResult<Vec<NoteRow>>;
    /// The notes with these numbers, by number; unknown ones are left out.
    ///
    /// # Errors
    /// Any failure of the store.
    fn notes(&mut self, organization: OrganizationId, ids: &[i64]) -> StoreResult<Vec<NoteRow>>;
    /// The first `limit` notes after this number, by number, of whatever contact.
    ///
    /// # Errors
    /// Any failure of the store.
    fn notes_after(&mut self, organization: OrganizationId, after: i64, limit: i64) -> StoreResult<Vec<NoteRow>>;
    /// How many notes of a contact there are.
    ///
    /// # Errors
    /// Any failure of the store.
    fn note_count(&mut self, organization: OrganizationId, wanted: NotesOf) -> StoreResult<i64>;
}

/// Writes about notes.
pub trait WriteNotes {
    /// Stores new notes.
    ///
    /// # Errors
    /// Any failure of the store.
    fn insert_notes(&mut self, organization: OrganizationId, new: &[NoteRow]) -> StoreResult<()>;
    /// Stores all of a note but its contact and its creation; `false` when it does not exist.
    ///
    /// # Errors
    /// Any failure of the store.
    fn update_note(&mut self, organization: OrganizationId, changed: &NoteRow) -> StoreResult<bool>;
    /// Removes a note; `false` when it does not exist.
    ///
    /// # Errors
    /// Any failure of the store.
    fn delete_note(&mut self, organization: OrganizationId, id: i64) -> StoreResult<bool>;
}
