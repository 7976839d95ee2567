//! Suggestions that two contacts are one, on the wire.

use super::full_contact::full_contact;
use super::schema;
use serde::Serialize;
use serde_json::{Map, Value, json};
use tributary_contact::ContactId;
use tributary_contact::flat::{Reader, get, limits};
use tributary_contact::issue::Issue;
use tributary_engine::{FullContact, MergeSuggestion, Shown, compat_time};
use tributary_store::MergeSuggestionRow;
use utoipa::ToSchema;

/// Somebody says that two contacts are one.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SuggestionJson {
    id: i64,
    /// The lesser number.
    contact_id: i64,
    /// The greater number.
    other_contact_id: i64,
    note: Option<String>,
    actor: String,
    created_at_utc: String,
    /// `merged`, `notDuplicate`, `declined` or `gone`; null while it is open.
    closed: Option<&'static str>,
    closed_by: Option<String>,
    closed_at_utc: Option<String>,
}

impl From<&MergeSuggestionRow> for SuggestionJson {
    fn from(row: &MergeSuggestionRow) -> Self {
        Self {
            id: row.id,
            contact_id: row.contact.0,
            other_contact_id: row.other.0,
            note: row.note.clone(),
            actor: row.actor.clone(),
            created_at_utc: compat_time(row.created_at),
            closed: row.end.as_ref().map(|end| end.reason.as_str()),
            closed_by: row.end.as_ref().map(|end| end.by.clone()),
            closed_at_utc: row.end.as_ref().map(|end| compat_time(end.at)),
        }
    }
}

/// The same with both contacts.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ShownSuggestionJson {
    #[serde(flatten)]
    said: SuggestionJson,
    /// The contacts as they are now; null for one that is no more.
    contact: Option<FullContact>,
    other_contact: Option<FullContact>,
}

impl ShownSuggestionJson {
    /// The suggestion as reviewers see it.
    pub(crate) fn of(own: &MergeSuggestion, shown: &Shown) -> Self {
        Self {
            said: SuggestionJson::from(&own.row),
            contact: own.contact.as_ref().map(|row| full_contact(row, shown)),
            other_contact: own.other.as_ref().map(|row| full_contact(row, shown)),
        }
    }
}

/// The other contact, and why.
pub(crate) fn parse(map: &Map<String, Value>) -> Result<(ContactId, Option<String>), Vec<Issue>> {
    let mut reader = Reader::new("");
    let other = get(map, "contactId").and_then(|value| reader.integer("contactId", value, 1..=i64::MAX));
    if other.is_none() {
        reader.require("contactId", "Says which contact is the same as this one.");
    }
    let note = get(map, "note").and_then(|value| reader.text("note", value, limits::VALUE));
    reader.finish()?;
    Ok((ContactId(other.unwrap_or(0)), note))
}

/// The body as a JSON Schema.
pub(crate) fn input_schema() -> Value {
    json!({
        "type": "object",
        "required": ["contactId"],
        "properties": { "contactId": schema::id(), "note": schema::text(limits::VALUE) },
        "example": { "contactId": 70115, "note": "She told us that she has moved." },
    })
}
