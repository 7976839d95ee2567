//! Notes about contacts. A note is no part of the golden record: it is written, changed and removed as such.

use crate::change::Actor;
use crate::{Engine, EngineError, Page};
use tributary_contact::clock::Timestamp;
use tributary_contact::{ContactId, OrganizationId};
use tributary_store::{Counter, NoteRow, NotesOf, StoreExt};

/// The types of notes that clients are offered. Any other text is taken as it is.
pub const NOTE_TYPES: &[&str] = &["General", "Email", "Letter", "Meeting", "Phone Call", "Task", "Text Message"];

/// What a note says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteInput {
    /// Its type.
    pub kind: String,
    /// The text.
    pub note: String,
    /// The instant it tells of; now when none.
    pub note_at: Option<Timestamp>,
    /// Whether it is marked.
    pub important: bool,
    /// Whether it is private.
    pub private: bool,
    /// How long it took.
    pub time_spent: Option<String>,
}

impl Engine {
    /// Writes a note.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] for an unknown contact.
    pub fn write_note(
        &self,
        org: OrganizationId,
        contact: ContactId,
        input: &NoteInput,
        actor: &Actor,
    ) -> Result<NoteRow, EngineError> {
        let mut notes = self.write_notes(org, &[contact], input, actor)?;
        notes.pop().ok_or(EngineError::NotFound)
    }

    /// Writes the same note about each of these contacts.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] when one of them is unknown; nothing is written then.
    pub fn write_notes(
        &self,
        org: OrganizationId,
        contacts: &[ContactId],
        input: &NoteInput,
        actor: &Actor,
    ) -> Result<Vec<NoteRow>, EngineError> {
        let (at, by) = (self.now(), actor.to_string());
        self.transact("write_notes", |tx| {
            if tx.contact_heads(org, contacts)?.len() != contacts.len() {
                return Err(EngineError::NotFound);
            }
            let first = tx.allocate(org, Counter::Note, i64::try_from(contacts.len()).unwrap_or(0))?;
            let note = |(id, contact): (i64, &ContactId)| NoteRow {
                id,
                contact: *contact,
                kind: input.kind.clone(),
                note: input.note.clone(),
                note_at: input.note_at.unwrap_or(at),
                important: input.important,
                private: input.private,
                time_spent: input.time_spent.clone(),
                created_at: at,
                created_by: by.clone(),
                modified_at: at,
                modified_by: by.clone(),
            };
            let notes: Vec<NoteRow> = (first..).zip(contacts).map(note).collect();
            tx.insert_notes(org, &notes)?;
            Ok(notes)
        })
    }

    /// A note.
    ///
    /// # Errors
    /// Any failure of the store.
    pub fn note(&self, org: OrganizationId, id: i64) -> Result<Option<NoteRow>, EngineError> {
        Ok(self.parts.store.reading(|tx| tx.note(org, id))?)
    }

    /// Replaces everything that a note says.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] for an unknown note.
    pub fn change_note(
        &self,
        org: OrganizationId,
        id: i64,
        input: &NoteInput,
        actor: &Actor,
    ) -> Result<NoteRow, EngineError> {
        let (at, by) = (self.now(), actor.to_string());
        self.transact("change_note", |tx| {
            let stored = tx.note(org, id)?.ok_or(EngineError::NotFound)?;
            let changed = NoteRow {
                kind: input.kind.clone(),
                note: input.note.clone(),
                note_at: input.note_at.unwrap_or(stored.note_at),
                important: input.important,
                private: input.private,
                time_spent: input.time_spent.clone(),
                modified_at: at.max(stored.modified_at),
                modified_by: by.clone(),
                ..stored
            };
            tx.update_note(org, &changed)?;
            Ok(changed)
        })
    }

    /// Removes a note.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] for an unknown note.
    pub fn delete_note(&self, org: OrganizationId, id: i64) -> Result<(), EngineError> {
        let found = self.parts.store.writing("delete_note", |tx| tx.delete_note(org, id))?;
        if found { Ok(()) } else { Err(EngineError::NotFound) }
    }

    /// A page of the notes of a contact.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] for an unknown contact.
    pub fn notes_of(
        &self,
        org: OrganizationId,
        wanted: NotesOf,
        skip: i64,
        take: i64,
    ) -> Result<Page<NoteRow>, EngineError> {
        let page = self.parts.store.reading(|tx| {
            if tx.contact_heads(org, &[wanted.contact])?.is_empty() {
                return Ok(None);
            }
            Ok(Some(Page { list: tx.note_page(org, wanted, skip, take)?, total: tx.note_count(org, wanted)? }))
        })?;
        page.ok_or(EngineError::NotFound)
    }
}
