//! Tags and organization groups on the wire (virtuous-contract.md 1.8).

use super::author::author;
use crate::{ApiError, body};
use serde::Serialize;
use serde_json::{Value, json};
use tributary_contact::ContactId;
use tributary_contact::flat::{Reader, get, limits};
use tributary_engine::{LabelOfContact, compat_time};
use tributary_store::LabelRow;
use utoipa::ToSchema;

/// A tag.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TagJson {
    id: i64,
    tag_name: String,
    tag_group_name: Option<String>,
    contacts_by_tag_url: String,
}

impl From<LabelRow> for TagJson {
    fn from(row: LabelRow) -> Self {
        Self { id: row.id, tag_name: row.name, tag_group_name: row.parent, contacts_by_tag_url: by_tag(row.id) }
    }
}

/// A tag of a contact.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ContactTagJson {
    contact_tag_id: i64,
    tag_id: i64,
    name: String,
    /// How many contacts have the tag.
    total: i64,
    create_date_time_utc: String,
    created_by_user: String,
    modified_date_time_utc: String,
    modified_by_user: String,
    contacts_by_tag_url: String,
}

impl From<LabelOfContact> for ContactTagJson {
    fn from(own: LabelOfContact) -> Self {
        let (since, by) = (compat_time(own.given.created_at), author(&own.given.created_by));
        Self {
            contact_tag_id: own.given.id,
            tag_id: own.label.id,
            name: own.label.name,
            total: own.total,
            create_date_time_utc: since.clone(),
            created_by_user: by.clone(),
            modified_date_time_utc: since,
            modified_by_user: by,
            contacts_by_tag_url: by_tag(own.label.id),
        }
    }
}

fn by_tag(id: i64) -> String {
    format!("/api/Contact/ByTag/{id}")
}

/// An organization group.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct GroupJson {
    id: i64,
    name: String,
    create_date_time_utc: String,
    created_by_user: String,
    contacts_url: String,
}

impl From<LabelRow> for GroupJson {
    fn from(row: LabelRow) -> Self {
        Self {
            id: row.id,
            name: row.name,
            create_date_time_utc: compat_time(row.created_at),
            created_by_user: author(&row.created_by),
            contacts_url: format!("/api/OrganizationGroup/{}/contacts", row.id),
        }
    }
}

/// The name of a new label, and the group of tags it belongs to.
///
/// # Errors
/// Every problem of the body.
pub(crate) fn parse_new(value: &Value, [name, parent]: [&str; 2]) -> Result<(String, Option<String>), ApiError> {
    let map = body::object(value)?;
    let mut reader = Reader::new("");
    let mut text = |name: &str| reader.text(name, get(map, name)?, limits::SHORT);
    let given = text(name);
    let parent = Some(parent).filter(|parent| !parent.is_empty()).and_then(&mut text);
    if given.is_none() {
        reader.require(name, "A name is needed.");
    }
    reader.finish().map_err(ApiError::invalid)?;
    Ok((given.unwrap_or_default(), parent))
}

/// What is looked for.
///
/// # Errors
/// Every problem of the body.
pub(crate) fn parse_search(value: &Value) -> Result<String, ApiError> {
    let map = body::object(value)?;
    let mut reader = Reader::new("");
    let search = get(map, "search").and_then(|text| reader.text("search", text, limits::SHORT));
    reader.finish().map_err(ApiError::invalid)?;
    Ok(search.unwrap_or_default())
}

/// A tag and a contact.
///
/// # Errors
/// Every problem of the body.
pub(crate) fn parse_given(value: &Value) -> Result<(i64, ContactId), ApiError> {
    let map = body::object(value)?;
    let mut reader = Reader::new("");
    let mut number = |name: &str| {
        let number = get(map, name).and_then(|id| reader.integer(name, id, 0..=i64::MAX));
        if number.is_none() {
            reader.require(name, "A number is needed.");
        }
        number
    };
    let (tag, contact) = (number("tagId"), number("contactId"));
    reader.finish().map_err(ApiError::invalid)?;
    Ok((tag.unwrap_or_default(), ContactId(contact.unwrap_or_default())))
}

/// What [`parse_new`] reads.
pub(crate) fn new_schema([name, parent]: [&str; 2]) -> Value {
    let text = super::schema::text(limits::SHORT);
    let mut properties = json!({ name: super::schema::filled_text(limits::SHORT) });
    if let Some(map) = properties.as_object_mut().filter(|_| !parent.is_empty()) {
        map.insert(parent.to_owned(), text);
    }
    json!({ "type": "object", "required": [name], "properties": properties })
}

/// What [`parse_search`] reads.
pub(crate) fn search_schema() -> Value {
    json!({ "type": "object", "properties": { "search": super::schema::text(limits::SHORT) } })
}

/// What [`parse_given`] reads.
pub(crate) fn given_schema() -> Value {
    let number = super::schema::id();
    json!({ "type": "object", "required": ["tagId", "contactId"], "properties": { "tagId": number, "contactId": number } })
}
