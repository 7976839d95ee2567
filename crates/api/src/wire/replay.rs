//! What a caller wants to be sent again.

use crate::ApiError;
use crate::body;
use chrono::{DateTime, Utc};
use serde_json::{Map, Value};
use tributary_contact::ContactId;
use tributary_contact::flat::{Reader, get};
use tributary_contact::issue::IssueCode;
use tributary_store::ReplayFilter;
use uuid::Uuid;

/// Characters of an instant or an id.
const SHORT: usize = 64;
/// The names of a body.
const NAMES: [&str; 5] = ["eventId", "contactId", "since", "until", "onlyDead"];

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
