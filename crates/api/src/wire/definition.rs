//! Custom fields, custom collections and contact types on the wire (virtuous-contract.md 1.1), both ways.

use super::author::author;
use super::schema;
use crate::{ApiError, body};
use serde::Serialize;
use serde_json::{Map, Value, json};
use tributary_contact::flat::{Reader, get, limits, names};
use tributary_contact::issue::IssueCode;
use tributary_contact::{BaseType, CollectionDefinition, FieldDefinition, FieldType};
use tributary_engine::compat_time;
use tributary_store::CustomFieldRow;
use utoipa::ToSchema;

/// A custom field.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CustomFieldJson {
    data_type: &'static str,
    name: String,
    display_name: String,
    options: Vec<String>,
    create_date_time_utc: String,
    created_by_user: String,
    modified_date_time_utc: String,
    modified_by_user: String,
}

impl From<&CustomFieldRow> for CustomFieldJson {
    fn from(row: &CustomFieldRow) -> Self {
        let FieldDefinition { name, display_name, data_type, options, .. } = row.definition.clone();
        Self {
            data_type: data_type.as_str(),
            name,
            display_name,
            options,
            create_date_time_utc: compat_time(row.created_at),
            created_by_user: author(&row.created_by),
            modified_date_time_utc: compat_time(row.modified_at),
            modified_by_user: author(&row.modified_by),
        }
    }
}

/// A field of a custom collection.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CollectionFieldJson {
    data_type: &'static str,
    name: String,
    display_name: String,
    required: bool,
    options: Vec<String>,
}

/// A custom collection.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CollectionJson {
    id: i64,
    entity_type: &'static str,
    name: String,
    fields: Vec<CollectionFieldJson>,
}

impl From<&CollectionDefinition> for CollectionJson {
    fn from(definition: &CollectionDefinition) -> Self {
        let field = |field: &FieldDefinition| CollectionFieldJson {
            data_type: field.data_type.as_str(),
            name: field.name.clone(),
            display_name: field.display_name.clone(),
            required: field.required,
            options: field.options.clone(),
        };
        let fields = definition.fields.iter().map(field).collect();
        Self { id: definition.id, entity_type: definition.entity.as_str(), name: definition.name.clone(), fields }
    }
}

/// A contact type and the base type it stands under.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ContactTypeJson {
    pub parent_type: BaseTypeName,
    #[serde(rename = "type")]
    pub name: String,
}

/// The text of a base type.
type BaseTypeName = &'static str;

/// Reads a custom field: `{name, dataType, displayName, options}`.
///
/// # Errors
/// Every problem of the body.
pub(crate) fn parse_field(value: &Value) -> Result<FieldDefinition, ApiError> {
    let mut reader = Reader::new("");
    let field = field(body::object(value)?, "", &mut reader);
    reader.finish().map_err(ApiError::invalid)?;
    Ok(field)
}

/// Reads a custom collection: `{name, fields}`.
///
/// # Errors
/// Every problem of the body.
pub(crate) fn parse_collection(value: &Value) -> Result<(String, Vec<FieldDefinition>), ApiError> {
    let map = body::object(value)?;
    let mut reader = Reader::new("");
    let name = text(map, "name", &mut reader);
    if name.is_none() {
        reader.require("name", "A name is needed.");
    }
    let mut fields = Vec::new();
    match get(map, "fields") {
        Some(Value::Array(list)) if list.len() <= limits::ENTRIES => {
            for (place, item) in list.iter().enumerate() {
                let path = format!("fields[{place}]");
                match item {
                    Value::Object(map) => fields.push(field(map, &format!("{path}."), &mut reader)),
                    _ => reader.issue(&path, IssueCode::InvalidType, "Must be an object."),
                }
            }
        }
        Some(Value::Array(_)) => reader.issue("fields", IssueCode::TooLong, "More fields than a collection may have."),
        None | Some(Value::Null) => reader.require("fields", "A collection needs at least one field."),
        Some(_) => reader.issue("fields", IssueCode::InvalidType, "Must be a list of objects."),
    }
    reader.finish().map_err(ApiError::invalid)?;
    Ok((name.unwrap_or_default(), fields))
}

/// Reads a contact type: `{parentType, type}`.
///
/// # Errors
/// Every problem of the body.
pub(crate) fn parse_type(value: &Value) -> Result<(BaseType, String), ApiError> {
    let map = body::object(value)?;
    let mut reader = Reader::new("");
    let (parent, name) = (text(map, "parentType", &mut reader), text(map, "type", &mut reader));
    let base = parent.as_deref().map(|text| BaseType::ALL.iter().find(|base| base.as_str().eq_ignore_ascii_case(text)));
    match base {
        None => reader.require("parentType", "Says which base type it is a kind of."),
        Some(None) => reader.issue("parentType", IssueCode::InvalidValue, "Not a base type."),
        Some(Some(_)) => {}
    }
    if name.is_none() {
        reader.require("type", "A name is needed.");
    }
    reader.finish().map_err(ApiError::invalid)?;
    Ok((base.flatten().copied().unwrap_or(BaseType::Household), name.unwrap_or_default()))
}

fn field(map: &Map<String, Value>, path: &str, reader: &mut Reader<'_>) -> FieldDefinition {
    let mut text = |name: &str| reader.text(&format!("{path}{name}"), get(map, name)?, limits::SHORT);
    let (name, display_name, kind) = (text("name"), text("displayName"), text("dataType"));
    if name.is_none() {
        reader.require(&format!("{path}name"), "A name is needed.");
    }
    let data_type = kind.as_deref().map_or(Some(FieldType::Text), FieldType::named);
    if data_type.is_none() {
        reader.issue(&format!("{path}dataType"), IssueCode::InvalidValue, "Not a type of custom fields.");
    }
    let required = get(map, "required").and_then(|flag| reader.boolean(&format!("{path}required"), flag));
    let options = get(map, "options").map(|list| names(&format!("{path}options"), list, reader)).unwrap_or_default();
    let name = name.unwrap_or_default();
    FieldDefinition {
        display_name: display_name.unwrap_or_else(|| name.clone()),
        name,
        data_type: data_type.unwrap_or(FieldType::Text),
        required: required.unwrap_or(false),
        options,
    }
}

fn text(map: &Map<String, Value>, name: &str, reader: &mut Reader<'_>) -> Option<String> {
    reader.text(name, get(map, name)?, limits::SHORT)
}

/// What [`parse_field`] reads.
pub(crate) fn field_schema() -> Value {
    let kinds: Vec<&str> = FieldType::ALL.iter().map(|kind| kind.as_str()).collect();
    json!({
        "type": "object",
        "required": ["name"],
        "properties": {
            "name": schema::filled_text(limits::SHORT),
            "displayName": schema::text(limits::SHORT),
            "dataType": { "type": ["string", "null"], "description": format!("One of {}.", kinds.join(", ")) },
            "required": schema::flag(),
            "options": schema::names(),
        },
    })
}

/// What [`parse_collection`] reads.
pub(crate) fn collection_schema() -> Value {
    let fields = json!({ "type": "array", "minItems": 1, "maxItems": limits::ENTRIES, "items": field_schema() });
    let properties = json!({ "name": schema::filled_text(limits::SHORT), "fields": fields });
    json!({ "type": "object", "required": ["name", "fields"], "properties": properties })
}

/// What [`parse_type`] reads.
pub(crate) fn type_schema() -> Value {
    let base = json!({ "enum": ["Household", "Organization", "Foundation"] });
    let properties = json!({ "parentType": base, "type": schema::filled_text(limits::SHORT) });
    json!({ "type": "object", "required": ["parentType", "type"], "properties": properties })
}
