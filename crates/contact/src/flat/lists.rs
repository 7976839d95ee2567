//! The fields of the flat body that are lists or maps.

use super::reader::{Reader, get};
use super::table::limits;
use crate::issue::IssueCode;
use crate::model::{CustomObject, CustomValue};
use serde_json::{Map, Value};
use std::slice;

/// What is kept of a volunteer attendance (virtuous-contract.md 1.2), in its order.
pub(super) const VOLUNTEER_FIELDS: [&str; 4] = [OPPORTUNITY_ID, OPPORTUNITY, "date", "hours"];
/// The opportunity by name: the name of the object it becomes.
pub(super) const OPPORTUNITY: &str = "volunteerOpportunityName";
const OPPORTUNITY_ID: &str = "volunteerOpportunityId";

/// Names: one text with `;` between them, or a list of texts.
pub fn names(path: &str, value: &Value, reader: &mut Reader<'_>) -> Vec<String> {
    let Value::Array(list) = value else {
        let Some(joined) = reader.text(path, value, usize::MAX) else { return Vec::new() };
        let parts: Vec<Value> = joined.split(';').map(Value::from).collect();
        return texts(path, &parts, reader);
    };
    texts(path, list, reader)
}

fn texts(path: &str, list: &[Value], reader: &mut Reader<'_>) -> Vec<String> {
    let names: Vec<String> = list.iter().filter_map(|name| reader.text(path, name, limits::SHORT)).collect();
    bounded(path, names, reader)
}

/// The list, unless it has too many entries.
fn bounded<T>(path: &str, list: Vec<T>, reader: &mut Reader<'_>) -> Vec<T> {
    if list.len() > limits::ENTRIES {
        reader.issue(path, IssueCode::TooLong, &format!("At most {} entries.", limits::ENTRIES));
        return Vec::new();
    }
    list
}

/// Named values: a map, or a list of `{name, value}`. Blank ones are left out.
pub fn named_values(path: &str, value: &Value, reader: &mut Reader<'_>) -> Vec<CustomValue> {
    let pairs: Vec<(&str, &Value)> = match value {
        Value::Object(map) => map.iter().map(|(name, value)| (name.as_str(), value)).collect(),
        Value::Array(list) => list.iter().filter_map(name_and_value).collect(),
        _ => return not_a_list(path, value, "Must be an object of names and values.", reader),
    };
    let values = pairs.into_iter().filter_map(|(name, value)| named_value(path, name, value, reader)).collect();
    bounded(path, values, reader)
}

fn name_and_value(value: &Value) -> Option<(&str, &Value)> {
    let map = value.as_object()?;
    Some((get(map, "name")?.as_str()?, get(map, "value")?))
}

fn named_value(path: &str, name: &str, value: &Value, reader: &mut Reader<'_>) -> Option<CustomValue> {
    let name = reader.text(path, &Value::from(name), limits::SHORT)?;
    let value = reader.any_text(&format!("{path}.{name}"), value, limits::VALUE)?;
    Some(CustomValue { name, value })
}

/// Custom objects: a list of `{name, fields}`, or one of them. Each with its path.
pub(super) fn custom_objects(path: &str, value: &Value, reader: &mut Reader<'_>) -> Vec<(String, CustomObject)> {
    each_object(path, value, reader, |path, map, reader| {
        let name_path = format!("{path}.name");
        let name = get(map, "name").and_then(|name| reader.text(&name_path, name, limits::SHORT));
        if name.is_none() {
            reader.require(&name_path, "The name of the custom collection.");
        }
        let fields = get(map, "fields").map(|fields| named_values(&format!("{path}.fields"), fields, reader));
        let entry = CustomObject { instance: None, name: name?, fields: fields.unwrap_or_default() };
        Some((path.to_owned(), entry))
    })
}

/// Volunteer attendances: a list, or one of them. Named after the opportunity.
pub(super) fn volunteer_attendances(path: &str, value: &Value, reader: &mut Reader<'_>) -> Vec<CustomObject> {
    each_object(path, value, reader, |path, map, reader| {
        let fields: Vec<CustomValue> =
            VOLUNTEER_FIELDS.iter().filter_map(|name| volunteer_field(path, name, map, reader)).collect();
        let named = |wanted: &str| fields.iter().find(|field| field.name == wanted).map(|field| field.value.clone());
        let name = named(OPPORTUNITY).or_else(|| named(OPPORTUNITY_ID));
        if name.is_none() && !fields.is_empty() {
            reader.require(&format!("{path}.{OPPORTUNITY}"), "The opportunity by name or id.");
        }
        Some(CustomObject { instance: None, name: name?, fields })
    })
}

fn volunteer_field(path: &str, name: &str, map: &Map<String, Value>, reader: &mut Reader<'_>) -> Option<CustomValue> {
    let value = reader.text(&format!("{path}.{name}"), get(map, name)?, limits::NAME)?;
    Some(CustomValue { name: name.to_owned(), value })
}

/// Reads each object of a list under its indexed path.
fn each_object<T>(
    path: &str,
    value: &Value,
    reader: &mut Reader<'_>,
    read: impl Fn(&str, &Map<String, Value>, &mut Reader<'_>) -> Option<T>,
) -> Vec<T> {
    let list = match value {
        Value::Array(list) => list.as_slice(),
        Value::Object(_) => slice::from_ref(value),
        _ => return not_a_list(path, value, "Must be a list of objects.", reader),
    };
    let mut found = Vec::new();
    for (index, item) in list.iter().enumerate() {
        let path = format!("{path}[{index}]");
        match item {
            Value::Object(map) => found.extend(read(&path, map, reader)),
            Value::Null => {}
            _ => reader.issue(&path, IssueCode::InvalidType, "Must be an object."),
        }
    }
    bounded(path, found, reader)
}

/// A scalar where a list or map belongs: nothing if blank, a problem otherwise.
fn not_a_list<T>(path: &str, value: &Value, message: &str, reader: &mut Reader<'_>) -> Vec<T> {
    if reader.text(path, value, usize::MAX).is_some() {
        reader.issue(path, IssueCode::InvalidType, message);
    }
    Vec::new()
}
