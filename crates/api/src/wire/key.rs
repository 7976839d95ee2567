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
use tributary_store::{ApiKey, PermissionGroupRow};
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
    /// What it may do by itself.
    scopes: Vec<String>,
    /// The permission group of the organization's own that it is in; what that may do, it may too.
    group: Option<String>,
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
            group: key.group,
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

/// Reads `{name, scopes|group, sources, expiresInDays, requestsPerHour}`. A built-in group is the scopes it stands for;
/// `own` are the groups that the organization made.
///
/// # Errors
/// Every problem of the body.
pub(crate) fn parse(value: &Value, now: Timestamp, own: &[PermissionGroupRow]) -> Result<NewKey, ApiError> {
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
    let mut scopes = known_scopes(&scopes, &mut reader);
    let group = group.and_then(|name| own_group(&name, own, &mut scopes, &mut reader));
    let new = NewKey {
        name: name.unwrap_or_default(),
        scopes,
        group,
        sources,
        expires_at: days.map(|days| now + TimeDelta::days(days)),
        requests_per_hour: per_hour.and_then(|limit| u64::try_from(limit).ok()),
    };
    reader.finish().map_err(ApiError::invalid)?;
    Ok(new)
}

/// The scopes of these names, each once.
fn known_scopes(names: &[String], reader: &mut Reader<'_>) -> Vec<Scope> {
    let mut scopes: Vec<Scope> = names.iter().filter_map(|name| Scope::parse(name)).collect();
    if scopes.len() < names.len() {
        reader.issue("scopes", IssueCode::InvalidValue, "Holds what is not a scope.");
    }
    scopes.sort_unstable();
    scopes.dedup();
    scopes
}

/// The organization's own group of this name; a built-in one gives its scopes instead.
fn own_group(
    name: &str,
    own: &[PermissionGroupRow],
    scopes: &mut Vec<Scope>,
    reader: &mut Reader<'_>,
) -> Option<String> {
    if let Some(built_in) = PermissionGroup::parse(&name.to_lowercase()) {
        scopes.extend(built_in.scopes());
        scopes.sort_unstable();
        scopes.dedup();
        return None;
    }
    let found = own.iter().find(|group| group.name.to_lowercase() == name.to_lowercase());
    if found.is_none() {
        reader.issue("group", IssueCode::InvalidValue, "Not a permission group.");
    }
    found.map(|group| group.name.clone())
}

/// A permission group.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PermissionGroupJson {
    name: String,
    scopes: Vec<String>,
    /// Whether it is the same in every organization.
    built_in: bool,
}

impl PermissionGroupJson {
    /// The built-in groups, then the organization's own.
    pub(crate) fn all(own: Vec<PermissionGroupRow>) -> Vec<Self> {
        let built_in = |group: PermissionGroup| Self {
            name: group.as_str().to_owned(),
            scopes: group.scopes().iter().map(|scope| scope.as_str().to_owned()).collect(),
            built_in: true,
        };
        PermissionGroup::ALL.into_iter().map(built_in).chain(own.into_iter().map(Self::of)).collect()
    }

    /// One of the organization's own.
    pub(crate) fn of(group: PermissionGroupRow) -> Self {
        Self { name: group.name, scopes: group.scopes, built_in: false }
    }
}

/// Reads `{name, scopes}` of a permission group.
///
/// # Errors
/// Every problem of the body.
pub(crate) fn parse_group(value: &Value) -> Result<(String, Vec<Scope>), ApiError> {
    let map = body::object(value)?;
    let mut reader = Reader::new("");
    let name = get(map, "name").and_then(|value| reader.text("name", value, limits::SHORT));
    let scopes = get(map, "scopes").map(|value| flat::names("scopes", value, &mut reader)).unwrap_or_default();
    let scopes = known_scopes(&scopes, &mut reader);
    reader.finish().map_err(ApiError::invalid)?;
    Ok((name.unwrap_or_default(), scopes))
}

/// What [`parse_group`] reads.
pub(crate) fn group_schema() -> Value {
    json!({
        "type": "object",
        "required": ["name", "scopes"],
        "properties": { "name": schema::filled_text(100), "scopes": scopes_schema(1) },
        "example": { "name": "Front desk", "scopes": ["contacts:read", "review"] },
    })
}

/// A list of so many scopes at least.
fn scopes_schema(least: usize) -> Value {
    let scopes: Vec<&str> = Scope::ALL.iter().map(|scope| scope.as_str()).collect();
    json!({
        "type": "array",
        "items": { "anyOf": [{ "enum": scopes }, schema::blank()] },
        "contains": { "enum": scopes },
        "minContains": least,
    })
}

/// What [`parse`] reads.
pub(crate) fn schema() -> Value {
    let groups = PermissionGroup::ALL.map(PermissionGroup::as_str).join(", ");
    let group = format!("{groups}, or one of the organization's own. Added to the scopes; null and blank for none.");
    json!({
        "type": "object",
        "required": ["name"],
        "properties": {
            "name": schema::filled_text(limits::NAME),
            "scopes": { "anyOf": [
                scopes_schema(0),
                { "type": ["string", "null"], "description": "Scopes parted by semicolons." },
            ] },
            "group": { "type": ["string", "null"], "maxLength": limits::SHORT, "description": group },
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
