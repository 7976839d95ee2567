//! Values of custom fields, checked against what the organization defines. A name that it does not define is kept as
//! it comes (virtuous-contract.md 1.1.2: an unknown name is accepted).

use super::lists::named_values;
use super::reader::Reader;
use crate::issue::IssueCode;
use crate::model::{CustomData, CustomValue, Entity, FieldDefinition, FieldType};
use chrono::{NaiveDate, NaiveDateTime};
use rust_decimal::Decimal;
use serde_json::Value;
use std::collections::BTreeMap;
use std::str::FromStr;

/// The custom fields of an organization, each with what it belongs to.
pub type CustomFields<'a> = &'a [(Entity, FieldDefinition)];

/// Reads the custom fields of one entity: names in their defined spelling, values in the form of their type.
pub fn custom_fields(
    path: &str,
    value: &Value,
    (entity, defined): (Entity, CustomFields<'_>),
    reader: &mut Reader<'_>,
) -> BTreeMap<String, String> {
    let mut values = BTreeMap::new();
    for custom in named_values(path, value, reader) {
        let (name, value) = match find(defined, entity, &custom.name) {
            Some(definition) => (definition.name.clone(), checked(path, definition, &custom, reader)),
            None => (custom.name, Some(custom.value)),
        };
        if let Some(value) = value {
            values.entry(name).or_insert(value);
        }
    }
    values
}

/// Reads the custom fields of a flat body, where those of the contact and of its individual stand together. A name
/// that is defined for individuals only goes to the individual, every other one to the contact.
pub fn sorted_custom_fields(
    path: &str,
    value: &Value,
    defined: CustomFields<'_>,
    individual: &mut CustomData,
    reader: &mut Reader<'_>,
) -> BTreeMap<String, String> {
    let mut contact = custom_fields(path, value, (Entity::Contact, defined), reader);
    if !defined.iter().any(|(entity, _)| *entity == Entity::Individual) {
        return contact;
    }
    let names: Vec<String> = contact.keys().cloned().collect();
    for name in names.iter().filter(|name| find(defined, Entity::Contact, name).is_none()) {
        let Some(definition) = find(defined, Entity::Individual, name) else { continue };
        let Some(value) = contact.remove(name) else { continue };
        let custom = CustomValue { name: definition.name.clone(), value };
        let value = checked(path, definition, &custom, reader);
        individual.fields.extend(value.map(|value| (custom.name, value)));
    }
    contact
}

fn find<'a>(defined: CustomFields<'a>, entity: Entity, name: &str) -> Option<&'a FieldDefinition> {
    let named = |definition: &FieldDefinition| definition.name.to_lowercase() == name.to_lowercase();
    defined.iter().find(|(of, definition)| *of == entity && named(definition)).map(|(_, definition)| definition)
}

fn checked(path: &str, definition: &FieldDefinition, custom: &CustomValue, reader: &mut Reader<'_>) -> Option<String> {
    let value = definition.canonical(&custom.value);
    if value.is_none() {
        let message = match definition.data_type {
            FieldType::Number => "Must be a number.",
            FieldType::Date => "Must be a date.",
            FieldType::Boolean => "Must be true or false.",
            FieldType::Dropdown => "Must be one of the options of the field.",
            FieldType::Text => "Must be a text.",
        };
        reader.issue(&format!("{path}.{}", definition.name), IssueCode::InvalidValue, message);
    }
    value
}

impl FieldDefinition {
    /// The value in the form of the field's type: a number without noise, a date as `2026-11-23`, `true` or `false`,
    /// an option in its defined spelling. None when the text is no such value.
    #[must_use]
    pub fn canonical(&self, text: &str) -> Option<String> {
        let text = text.trim();
        match self.data_type {
            FieldType::Text => Some(text.to_owned()),
            FieldType::Number => Decimal::from_str(text).ok().map(|number| number.normalize().to_string()),
            FieldType::Date => date(text).map(|day| day.to_string()),
            FieldType::Boolean => match text.to_ascii_lowercase().as_str() {
                "true" | "1" | "yes" | "y" => Some("true".to_owned()),
                "false" | "0" | "no" | "n" => Some("false".to_owned()),
                _ => None,
            },
            FieldType::Dropdown => {
                self.options.iter().find(|option| option.to_lowercase() == text.to_lowercase()).cloned()
            }
        }
    }
}

/// A day as clients write it (virtuous-contract.md 4.3): `2026-11-23`, with or without a time, or `11/23/2026`.
pub(super) fn date(text: &str) -> Option<NaiveDate> {
    let day = text.get(..10).filter(|_| text.as_bytes().get(10).is_none_or(|sign| matches!(sign, b'T' | b' ')));
    let iso = day.and_then(|day| NaiveDate::parse_from_str(day, "%Y-%m-%d").ok());
    let american = || NaiveDate::parse_from_str(text, "%m/%d/%Y").ok();
    let with_time = || NaiveDateTime::parse_from_str(text, "%m/%d/%Y %H:%M:%S").ok().map(|at| at.date());
    iso.or_else(american).or_else(with_time)
}
