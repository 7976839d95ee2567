//! A note on the wire (virtuous-contract.md 1.7), both ways: `private` and `noteDateTime` are written, `isPrivate` and
//! `noteDate` are read.

use super::author::author;
use super::schema;
use crate::body;
use crate::{ApiError, wire::date_time};
use serde::Serialize;
use serde_json::{Map, Value, json};
use tributary_contact::flat::{Reader, get, limits};
use tributary_contact::issue::IssueCode;
use tributary_engine::{NoteInput, compat_time};
use tributary_store::NoteRow;
use utoipa::ToSchema;

/// Characters of a note.
const NOTE: usize = 32_000;

/// The note as it is read.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NoteJson {
    id: i64,
    contact_id: i64,
    note_date: String,
    #[serde(rename = "type")]
    kind: String,
    note: String,
    important: bool,
    is_private: bool,
    time_spent: Option<String>,
    created_by_avatar_url: Option<String>,
    /// Always null: there are no reminders.
    reminder: Option<String>,
    create_date_time_utc: String,
    created_by_user: String,
    modified_date_time_utc: String,
    modified_by_user: String,
}

impl From<NoteRow> for NoteJson {
    fn from(row: NoteRow) -> Self {
        Self {
            id: row.id,
            contact_id: row.contact.0,
            note_date: compat_time(row.note_at),
            kind: row.kind,
            note: row.note,
            important: row.important,
            is_private: row.private,
            time_spent: row.time_spent,
            created_by_avatar_url: None,
            reminder: None,
            create_date_time_utc: compat_time(row.created_at),
            created_by_user: author(&row.created_by),
            modified_date_time_utc: compat_time(row.modified_at),
            modified_by_user: author(&row.modified_by),
        }
    }
}

/// What a note says, and when it is new the contact it is about.
///
/// # Errors
/// Every problem of the body.
pub(crate) fn parse(value: &Value, new: bool) -> Result<(Option<i64>, NoteInput), ApiError> {
    let map = body::object(value)?;
    let mut reader = Reader::new("");
    let contact = get(map, "contactId").filter(|_| new);
    let contact = contact.and_then(|id| reader.integer("contactId", id, 0..=i64::MAX));
    if new && contact.is_none() {
        reader.require("contactId", "Says which contact the note is about.");
    }
    let note = text(map, "note", NOTE, &mut reader);
    if note.is_none() {
        reader.require("note", "A note needs a text.");
    }
    let when = text(map, "noteDateTime", limits::SHORT, &mut reader);
    let note_at = when.as_deref().and_then(date_time::read);
    if when.is_some() && note_at.is_none() {
        reader.issue("noteDateTime", IssueCode::InvalidFormat, "Not a date, or a date and a time.");
    }
    let flag = |name: &str, reader: &mut Reader<'_>| reader.boolean(name, get(map, name)?);
    let important = flag("important", &mut reader).unwrap_or(false);
    let private = flag("private", &mut reader).or_else(|| flag("isPrivate", &mut reader)).unwrap_or(false);
    let kind = text(map, "type", limits::SHORT, &mut reader).unwrap_or_else(|| "General".to_owned());
    let time_spent = text(map, "timeSpent", limits::SHORT, &mut reader);
    reader.finish().map_err(ApiError::invalid)?;
    Ok((contact, NoteInput { kind, note: note.unwrap_or_default(), note_at, important, private, time_spent }))
}

/// An e-mail that is kept as a note with everybody who sent or got it.
pub(crate) struct EmailNote {
    /// The mailboxes it went between.
    pub mailboxes: Vec<String>,
    /// The note.
    pub input: NoteInput,
}

/// Reads the body of `POST /api/ContactNote/Email`.
///
/// # Errors
/// Every problem of the body.
pub(crate) fn parse_email(value: &Value) -> Result<EmailNote, ApiError> {
    let map = body::object(value)?;
    let mut reader = Reader::new("");
    let mut mailboxes = Vec::new();
    for name in ["fromEmail", "toEmail"] {
        match text(map, name, limits::EMAIL, &mut reader) {
            Some(mailbox) if tributary_contact::flat::is_email(&mailbox) => mailboxes.push(mailbox),
            Some(_) => reader.issue(name, IssueCode::InvalidFormat, "Not an e-mail address."),
            None => reader.require(name, "An e-mail address is needed."),
        }
    }
    let subject = text(map, "subject", limits::NAME, &mut reader);
    let content = text(map, "body", NOTE, &mut reader);
    if subject.is_none() && content.is_none() {
        reader.require("body", "An e-mail needs a subject or a body.");
    }
    reader.finish().map_err(ApiError::invalid)?;
    let note = [subject, content].into_iter().flatten().collect::<Vec<_>>().join("\n\n");
    let kind = "Email".to_owned();
    let input = NoteInput { kind, note, note_at: None, important: false, private: false, time_spent: None };
    Ok(EmailNote { mailboxes, input })
}

fn text(map: &Map<String, Value>, name: &str, limit: usize, reader: &mut Reader<'_>) -> Option<String> {
    reader.text(name, get(map, name)?, limit)
}

/// What [`parse`] reads.
pub(crate) fn input_schema(new: bool) -> Value {
    let mut properties = json!({
        "type": schema::text(limits::SHORT),
        "note": schema::filled_text(NOTE),
        "noteDateTime": { "type": ["string", "null"], "description": "The instant it tells of; now when not given." },
        "important": schema::flag(),
        "private": schema::flag(),
        "timeSpent": schema::text(limits::SHORT),
    });
    if !new {
        return json!({ "type": "object", "required": ["note"], "properties": properties });
    }
    if let Some(map) = properties.as_object_mut() {
        map.insert("contactId".to_owned(), schema::id());
    }
    json!({ "type": "object", "required": ["contactId", "note"], "properties": properties })
}

/// What [`parse_email`] reads.
pub(crate) fn email_schema() -> Value {
    let address = schema::filled_text(limits::EMAIL);
    let said = ["subject", "body"].map(schema::with_filled);
    json!({
        "type": "object",
        "required": ["fromEmail", "toEmail"],
        "anyOf": said,
        "properties": {
            "fromEmail": address,
            "toEmail": address,
            "subject": schema::text(limits::NAME),
            "body": schema::text(NOTE),
        },
    })
}
