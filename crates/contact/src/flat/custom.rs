//! Values of custom fields, checked against what the organization defines. A name that it does not define is kept as
//! it comes (virtuous-contract.md 1.1.2: an unknown name is accepted).

use super::lists;
use super::reader::Reader;
use crate::issue::{Issue, IssueCode};
use crate::model::{CollectionDefinition, CustomData, CustomObject, CustomValue, Entity, FieldDefinition, FieldType};
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
    for custom in lists::named_values(path, value, reader) {
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
pub(super) fn sorted_custom_fields(
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

/// Reads entries of the custom collections of one entity: a defined one in the spelling and the form of its definition.
pub fn custom_objects(
    path: &str,
    value: &Value,
    (entity, defined): (Entity, &[CollectionDefinition]),
    reader: &mut Reader<'_>,
) -> Vec<CustomObject> {
    let entries = lists::custom_objects(path, value, reader).into_iter();
    entries
        .map(|(path, entry)| {
            let definition = collection(defined, entity, &entry.name);
            settled(&path, entry, definition, reader)
        })
        .collect()
}

/// Reads the entries of a flat body, where those of the contact and of its individual stand together. One of a
/// collection that is defined for individuals only goes to the individual, every other one to the contact.
pub(super) fn sorted_custom_objects(
    path: &str,
    value: &Value,
    defined: &[CollectionDefinition],
    individual: &mut CustomData,
    reader: &mut Reader<'_>,
) -> Vec<CustomObject> {
    let mut contact = Vec::new();
    for (path, entry) in lists::custom_objects(path, value, reader) {
        let of_contact = collection(defined, Entity::Contact, &entry.name);
        let of_individual = collection(defined, Entity::Individual, &entry.name).filter(|_| of_contact.is_none());
        let own = settled(&path, entry, of_contact.or(of_individual), reader);
        if of_individual.is_some() { individual.objects.push(own) } else { contact.push(own) }
    }
    contact
}

fn collection<'a>(defined: &'a [CollectionDefinition], entity: Entity, name: &str) -> Option<&'a CollectionDefinition> {
    let named = |own: &&CollectionDefinition| own.entity == entity && own.name.to_lowercase() == name.to_lowercase();
    defined.iter().find(named)
}

/// The entry as its collection defines it; what cannot be is noted.
fn settled(
    path: &str,
    entry: CustomObject,
    definition: Option<&CollectionDefinition>,
    reader: &mut Reader<'_>,
) -> CustomObject {
    let Some(definition) = definition else { return entry };
    match definition.checked(&format!("{path}.fields"), &entry.fields) {
        Ok(fields) => CustomObject { name: definition.name.clone(), fields, ..entry },
        Err(issues) => {
            issues.iter().for_each(|issue| reader.issue(&issue.field, issue.code, &issue.message));
            entry
        }
    }
}

impl CollectionDefinition {
    /// The values of an entry in the form of their types, in the order of the definition; names that it does not
    /// define come last, as they are.
    ///
    /// # Errors
    /// Every value of another type, as `path.name`.
    pub fn checked(&self, path: &str, values: &[CustomValue]) -> Result<Vec<CustomValue>, Vec<Issue>> {
        let (mut fields, mut issues) = (Vec::new(), Vec::new());
        for field in &self.fields {
            let Some(given) = values.iter().find(|value| field.is_named(&value.name)) else { continue };
            match field.canonical(&given.value) {
                Some(value) => fields.push(CustomValue { name: field.name.clone(), value }),
                None => {
                    issues.push(Issue::new(format!("{path}.{}", field.name), IssueCode::InvalidValue, field.wants()))
                }
            }
        }
        let defined = |name: &str| self.fields.iter().any(|field| field.is_named(name));
        fields.extend(values.iter().filter(|value| !defined(&value.name)).cloned());
        if issues.is_empty() { Ok(fields) } else { Err(issues) }
    }
}

/// The name in its defined spelling; as it is when nobody defined it.
#[must_use]
pub fn defined_name((entity, defined): (Entity, CustomFields<'_>), name: &str) -> String {
    find(defined, entity, name).map_or_else(|| name.to_owned(), |definition| definition.name.clone())
}

fn find<'a>(defined: CustomFields<'a>, entity: Entity, name: &str) -> Option<&'a FieldDefinition> {
    let named = |(of, definition): &&(Entity, FieldDefinition)| *of == entity && definition.is_named(name);
    defined.iter().find(named).map(|(_, definition)| definition)
}

fn checked(path: &str, definition: &FieldDefinition, custom: &CustomValue, reader: &mut Reader<'_>) -> Option<String> {
    let value = definition.canonical(&custom.value);
    if value.is_none() {
        reader.issue(&format!("{path}.{}", definition.name), IssueCode::InvalidValue, definition.wants());
    }
    value
}

impl FieldDefinition {
    /// Whether this is its name, in any letter case.
    #[must_use]
    pub fn is_named(&self, name: &str) -> bool {
        self.name.to_lowercase() == name.to_lowercase()
    }

    /// What its values have to be, in a sentence.
    #[must_use]
    pub const fn wants(&self) -> &'static str {
        match self.data_type {
            FieldType::Number => "Must be a number.",
            FieldType::Date => "Must be a date.",
            FieldType::Boolean => "Must be true or false.",
            FieldType::Dropdown => "Must be one of the options of the field.",
            FieldType::Text => "Must be a text.",
        }
    }

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
#[must_use]
pub fn date(text: &str) -> Option<NaiveDate> {
    let day = text.get(..10).filter(|_| text.as_bytes().get(10).is_none_or(|sign| matches!(sign, b'T' | b' ')));
    let iso = day.and_then(|day| NaiveDate::parse_from_str(day, "%Y-%m-%d").ok());
    let american = || NaiveDate::parse_from_str(text, "%m/%d/%Y").ok();
    let with_time = || NaiveDateTime::parse_from_str(text, "%m/%d/%Y %H:%M:%S").ok().map(|at| at.date());
    iso.or_else(american).or_else(with_time)
}
