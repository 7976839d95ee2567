//! Replays on the wire: what a caller wants to be sent again, and what became of it.

use crate::ApiError;
use crate::body;
use crate::wire::schema;
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::{Map, Value, json};
use tributary_contact::ContactId;
use tributary_contact::flat::{Reader, get};
use tributary_contact::issue::IssueCode;
use tributary_engine::compat_time;
use tributary_store::{ReplayFilter, ReplayRow};
use utoipa::ToSchema;
use uuid::Uuid;

/// Characters of an instant or an id.
const SHORT: usize = 64;
/// The names of a body.
const NAMES: [&str; 5] = ["eventId", "contactId", "since", "until", "onlyDead"];

/// What [`parse`] reads.
pub(crate) fn schema() -> Value {
    let or_blank = |shape: &Value| json!({ "anyOf": [shape, schema::blank()] });
    let instant = |text: &str| or_blank(&json!({ "type": "string", "format": "date-time", "description": text }));
    json!({
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "eventId": or_blank(&json!({ "type": "string", "format": "uuid", "description": "One event; then nothing else." })),
            "contactId": schema::integer(1, i64::MAX),
            "since": instant("Events that happened then or later."),
            "until": instant("Events that happened before."),
            "onlyDead": schema::flag(),
        },
        "example": { "since": "2026-11-20T00:00:00Z" },
    })
}

/// One event that is due again.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ReplayedJson {
    /// The event.
    event_id: Uuid,
    /// `pending`.
    state: &'static str,
}

impl ReplayedJson {
    /// Says that it waits to be delivered.
    pub(crate) const fn of(event: Uuid) -> Self {
        Self { event_id: event, state: "pending" }
    }
}

/// A replay.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ReplayJson {
    /// Its number.
    id: i64,
    /// `running` or `done`.
    state: &'static str,
    /// Only this contact's events.
    contact_id: Option<i64>,
    /// Only events from then on.
    since: Option<String>,
    /// Only events before.
    until: Option<String>,
    /// Only what was given up.
    only_dead: bool,
    /// Events made due again so far.
    replayed: i64,
    /// Who asked.
    asked_by: String,
    /// When.
    created_at_utc: String,
    /// When it was done.
    finished_at_utc: Option<String>,
}

impl From<&ReplayRow> for ReplayJson {
    fn from(row: &ReplayRow) -> Self {
        Self {
            id: row.id,
            state: if row.finished_at.is_some() { "done" } else { "running" },
            contact_id: row.filter.contact.map(|contact| contact.0),
            since: row.filter.since.map(compat_time),
            until: row.filter.until.map(compat_time),
            only_dead: row.filter.only_dead,
            replayed: row.replayed,
            asked_by: row.actor.clone(),
            created_at_utc: compat_time(row.created_at),
            finished_at_utc: row.finished_at.map(compat_time),
        }
    }
}

/// One event, or those that fit.
pub(crate) enum Asked {
    /// This one.
    Event(Uuid),
    /// Those that fit.
    Many(ReplayFilter),
}

/// Reads what is asked for.
///
/// # Errors
/// Every problem of the body.
pub(crate) fn parse(value: &Value) -> Result<Asked, ApiError> {
    let map = body::object(value)?;
    let mut reader = Reader::new("");
    for name in map.keys().filter(|name| !NAMES.iter().any(|known| known.eq_ignore_ascii_case(name))) {
        reader.issue(name, IssueCode::InvalidValue, "Not a condition of a replay.");
    }
    let event = text(map, "eventId", &mut reader).and_then(|text| uuid(&text, &mut reader));
    let contact = get(map, "contactId").and_then(|value| reader.integer("contactId", value, 1..=i64::MAX));
    let filter = ReplayFilter {
        contact: contact.map(ContactId),
        since: instant(map, "since", &mut reader),
        until: instant(map, "until", &mut reader),
        only_dead: get(map, "onlyDead").and_then(|value| reader.boolean("onlyDead", value)) == Some(true),
    };
    if event.is_some() && filter != ReplayFilter::default() {
        reader.issue("eventId", IssueCode::InvalidValue, "Names one event; further conditions mean nothing.");
    }
    reader.finish().map_err(ApiError::invalid)?;
    Ok(event.map_or(Asked::Many(filter), Asked::Event))
}

fn text(map: &Map<String, Value>, name: &str, reader: &mut Reader<'_>) -> Option<String> {
    reader.text(name, get(map, name)?, SHORT)
}

fn uuid(text: &str, reader: &mut Reader<'_>) -> Option<Uuid> {
    let id = Uuid::parse_str(text).ok();
    if id.is_none() {
        reader.issue("eventId", IssueCode::InvalidFormat, "Must be the id of an event.");
    }
    id
}

fn instant(map: &Map<String, Value>, name: &str, reader: &mut Reader<'_>) -> Option<DateTime<Utc>> {
    let text = text(map, name, reader)?;
    let at = DateTime::parse_from_rfc3339(&text).ok();
    if at.is_none() {
        reader.issue(name, IssueCode::InvalidFormat, "Must be an instant like 2026-01-31T12:00:00Z.");
    }
    at.map(|at| at.to_utc())
}
