//! An API key on the wire, both ways.

use crate::query::Query;
use crate::wire::schema;
use crate::{ApiError, body};
use chrono::TimeDelta;
use serde::Serialize;
use serde_json::{Value, json};
use tributary_contact::clock::Timestamp;
use tributary_contact::flat::{self, Reader, get, limits};
use tributary_contact::issue::IssueCode;
use tributary_engine::{NewKey, PermissionGroup, Scope, compat_time};
use tributary_store::ApiKey;
use utoipa::ToSchema;

/// Days that a key can live: the contract's fifteen years (virtuous-contract.md 8).
const LONGEST_DAYS: i64 = 15 * 366;
/// The query parameter of a rotation.
pub(crate) const OVERLAP_HOURS: &str = "overlapHours";

/// A key without its text.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct KeyJson {
    id: i64,
    name: String,
    scopes: Vec<String>,
    sources: Vec<String>,
    created_at_utc: String,
    expires_at_utc: Option<String>,
    revoked_at_utc: Option<String>,
    /// To about a minute.
    last_used_at_utc: Option<String>,
    /// The key that this one takes the place of.
    replaces: Option<i64>,
}

impl KeyJson {
    /// The key.
    pub(crate) fn of(key: ApiKey) -> Self {
        Self {
            id: key.id,
            name: key.name,
            scopes: key.scopes,
            sources: key.sources,
            created_at_utc: compat_time(key.created_at),
            expires_at_utc: key.expires_at.map(compat_time),
            revoked_at_utc: key.revoked_at.map(compat_time),
            last_used_at_utc: key.last_used_at.map(compat_time),
            replaces: key.replaces,
        }
    }
}

/// A key that was just made.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NewKeyJson {
    #[serde(flatten)]
    pub shown: KeyJson,
    /// The text, shown this once.
    pub key: String,
}

/// Reads `{name, scopes|group, sources, expiresInDays, requestsPerHour}`.
///
/// # Errors
/// Every problem of the body.
pub(crate) fn parse(value: &Value, now: Timestamp) -> Result<NewKey, ApiError> {
    let map = body::object(value)?;
    let mut reader = Reader::new("");
    let name = get(map, "name").and_then(|value| reader.text("name", value, limits::NAME));
    if name.is_none() {
        reader.require("name", "A name is needed.");
    }
    let mut list = |name| get(map, name).map(|value| flat::names(name, value, &mut reader)).unwrap_or_default();
    let (scopes, sources) = (list("scopes"), list("sources"));
    let group = get(map, "group").and_then(|value| reader.text("group", value, limits::SHORT));
    let days = get(map, "expiresInDays").and_then(|value| reader.integer("expiresInDays", value, 1..=LONGEST_DAYS));
    let per_hour = get(map, "requestsPerHour").and_then(|value| reader.integer("requestsPerHour", value, 1..=i64::MAX));
    let new = NewKey {
        name: name.unwrap_or_default(),
        scopes: all_scopes(&scopes, group.as_deref(), &mut reader),
        sources,
        expires_at: days.map(|days| now + TimeDelta::days(days)),
        requests_per_hour: per_hour.and_then(|limit| u64::try_from(limit).ok()),
    };
    reader.finish().map_err(ApiError::invalid)?;
    Ok(new)
}

/// Those that are named, and those of the group.
fn all_scopes(names: &[String], group: Option<&str>, reader: &mut Reader<'_>) -> Vec<Scope> {
    let mut scopes: Vec<Scope> = names.iter().filter_map(|name| Scope::parse(name)).collect();
    if scopes.len() < names.len() {
        reader.issue("scopes", IssueCode::InvalidValue, "Holds what is not a scope.");
    }
    match group.map(PermissionGroup::parse) {
        Some(None) => reader.issue("group", IssueCode::InvalidValue, "Not a permission group."),
        Some(Some(group)) => scopes.extend(group.scopes()),
        None => {}
    }
    scopes.sort_unstable();
    scopes.dedup();
    scopes
}

/// What [`parse`] reads.
pub(crate) fn schema() -> Value {
    let scopes: Vec<&str> = Scope::ALL.iter().map(|scope| scope.as_str()).collect();
    let groups = PermissionGroup::ALL.iter().map(|group| Value::from(group.as_str()));
    let groups: Vec<Value> = groups.chain([Value::from(""), Value::Null]).collect();
    json!({
        "type": "object",
        "required": ["name"],
        "properties": {
            "name": schema::filled_text(limits::NAME),
            "scopes": { "anyOf": [
                { "type": "array", "items": { "type": "string", "enum": scopes } },
                { "type": ["string", "null"], "description": "Scopes parted by semicolons." },
            ] },
            "group": { "enum": groups, "description": "Scopes by name, added to those listed; null and blank for none." },
            "sources": schema::names(),
            "expiresInDays": schema::integer(1, LONGEST_DAYS),
            "requestsPerHour": schema::integer(1, i64::MAX),
        },
        "example": { "name": "Harbor Giving", "group": "partner", "sources": ["Harbor Giving"], "expiresInDays": 365 },
    })
}

/// How long the old key of a rotation goes on working.
pub(crate) fn overlap(query: &mut Query) -> TimeDelta {
    TimeDelta::hours(query.number(OVERLAP_HOURS, 8_760, 24))
}
