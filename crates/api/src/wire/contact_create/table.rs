//! The fields of the body of `POST /api/Contact`, by the object they stand in, and how each is read.

use serde_json::{Map, Value};
use std::collections::BTreeMap;
use tributary_contact::Field;
use tributary_contact::flat::{Reader, get, limits};
use tributary_contact::issue::IssueCode;

/// How a field is read, and where it goes.
#[derive(Debug, Clone, Copy)]
pub(super) enum Slot {
    /// A text of at most so many characters.
    Text(Field, usize),
    /// An integer between two bounds.
    Number(Field, i64, i64),
    /// Yes or no.
    Flag(Field),
    /// Known, but read by other code or of no use here.
    Elsewhere,
}

pub(super) type Table = &'static [(&'static str, Slot)];

const NAME: usize = limits::NAME;
const SHORT: usize = limits::SHORT;

/// Fields of the contact.
pub(super) const CONTACT: Table = &[
    ("contactType", Slot::Elsewhere),
    ("referenceSource", Slot::Elsewhere),
    ("referenceId", Slot::Elsewhere),
    ("contactReferences", Slot::Elsewhere),
    ("name", Slot::Text(Field::Name, NAME)),
    ("informalName", Slot::Text(Field::InformalName, NAME)),
    ("description", Slot::Text(Field::Description, limits::VALUE)),
    ("website", Slot::Text(Field::Website, NAME)),
    ("maritalStatus", Slot::Text(Field::MaritalStatus, SHORT)),
    ("anniversaryMonth", Slot::Number(Field::AnniversaryMonth, 1, 12)),
    ("anniversaryDay", Slot::Number(Field::AnniversaryDay, 1, 31)),
    ("anniversaryYear", Slot::Number(Field::AnniversaryYear, 1850, 2100)),
    ("originSegmentId", Slot::Number(Field::OriginSegmentId, 0, i64::MAX)),
    ("originSegmentCode", Slot::Text(Field::OriginSegmentCode, SHORT)),
    ("isPrivate", Slot::Flag(Field::IsPrivate)),
    ("isArchived", Slot::Elsewhere),
    ("contactAddresses", Slot::Elsewhere),
    ("address", Slot::Elsewhere),
    ("contactIndividuals", Slot::Elsewhere),
    ("tags", Slot::Elsewhere),
    ("customFields", Slot::Elsewhere),
    ("customCollections", Slot::Elsewhere),
];

/// Fields of an individual.
pub(super) const INDIVIDUAL: Table = &[
    ("prefix", Slot::Text(Field::Prefix, SHORT)),
    ("firstName", Slot::Text(Field::FirstName, NAME)),
    ("middleName", Slot::Text(Field::MiddleName, NAME)),
    ("lastName", Slot::Text(Field::LastName, NAME)),
    ("suffix", Slot::Text(Field::Suffix, SHORT)),
    ("gender", Slot::Text(Field::Gender, limits::CODE)),
    ("birthMonth", Slot::Number(Field::BirthMonth, 1, 12)),
    ("birthDay", Slot::Number(Field::BirthDay, 1, 31)),
    ("birthYear", Slot::Number(Field::BirthYear, 1850, 2100)),
    ("approximateAge", Slot::Number(Field::ApproximateAge, 0, 150)),
    ("passion", Slot::Text(Field::Passion, limits::VALUE)),
    ("isDeceased", Slot::Flag(Field::IsDeceased)),
    ("isPrimary", Slot::Elsewhere),
    ("isSecondary", Slot::Elsewhere),
    ("contactMethods", Slot::Elsewhere),
    ("customFields", Slot::Elsewhere),
];

/// The entry of this name in any letter case, under its documented spelling.
pub(super) fn find(table: Table, name: &str) -> Option<(&'static str, Slot)> {
    table.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).copied()
}

impl Slot {
    /// Reads a value into its field.
    pub(super) fn take(self, path: &str, value: &Value, fields: &mut BTreeMap<Field, String>, reader: &mut Reader<'_>) {
        let read = match self {
            Self::Text(field, limit) => reader.text(path, value, limit).map(|text| (field, text)),
            Self::Number(field, from, to) => {
                reader.integer(path, value, from..=to).map(|number| (field, number.to_string()))
            }
            Self::Flag(field) => reader.boolean(path, value).map(|flag| (field, flag.to_string())),
            Self::Elsewhere => None,
        };
        if let Some((field, text)) = read {
            fields.entry(field).or_insert(text);
        }
    }
}

/// The objects of a list, with their places. Nulls are passed over.
pub(super) fn objects<'v>(
    map: &'v Map<String, Value>,
    name: &str,
    reader: &mut Reader<'_>,
) -> Vec<(usize, &'v Map<String, Value>)> {
    let list = match get(map, name) {
        None | Some(Value::Null) => return Vec::new(),
        Some(Value::Array(list)) if list.len() <= limits::ENTRIES => list,
        Some(Value::Array(_)) => {
            reader.issue(name, IssueCode::TooLong, &format!("At most {} entries.", limits::ENTRIES));
            return Vec::new();
        }
        Some(_) => {
            reader.issue(name, IssueCode::InvalidType, "Must be a list of objects.");
            return Vec::new();
        }
    };
    let mut found = Vec::with_capacity(list.len());
    for (place, item) in list.iter().enumerate() {
        match item {
            Value::Object(map) => found.push((place, map)),
            Value::Null => {}
            _ => reader.issue(&format!("{name}[{place}]"), IssueCode::InvalidType, "Must be an object."),
        }
    }
    found
}
