//! Bodies that add or change a contact method or an address (virtuous-contract.md 1.4, 1.5).

use super::contact_change::{Read, contact_id, is_blank};
use super::contact_create::individual::label;
use super::schema;
use serde_json::{Map, Value, json};
use tributary_contact::flat::{self, Reader, get, limits};
use tributary_contact::issue::IssueCode;
use tributary_contact::{Address, ContactId, Degrees, ItemField, ItemId, Method, MethodKind};
use tributary_engine::ItemValues;

/// A method for an individual.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct NewMethod {
    /// The individual.
    pub individual: ItemId,
    /// The method.
    pub method: Method,
}

/// Reads `POST /api/ContactMethod`.
///
/// # Errors
/// Every problem of the body.
pub(crate) fn new_method(body: &Map<String, Value>) -> Read<NewMethod> {
    let mut reader = Reader::new("");
    let name = "contactIndividualId";
    let individual = get(body, name).and_then(|value| reader.integer(name, value, 1..=i64::MAX));
    if individual.is_none() {
        reader.require(name, "Says whose method it is.");
    }
    let label = label("type", get(body, "type"), &mut reader).unwrap_or_default().to_owned();
    let value = get(body, "value").and_then(|value| reader.text("value", value, limits::NAME));
    if value.is_none() {
        reader.require("value", "A value is needed.");
    }
    let flag = |name: &str, reader: &mut Reader<'_>| reader.boolean(name, get(body, name)?);
    let opted_in = flag("isOptedIn", &mut reader);
    let primary = flag("setAsPrimary", &mut reader).unwrap_or(false);
    let method = Method { label, value: value.unwrap_or_default(), opted_in, primary };
    check_email(&method, &mut reader);
    note_unknown(body, &[name, "type", "value", "isOptedIn", "setAsPrimary"], &mut reader);
    let unknown = reader.finish()?.len();
    Ok((NewMethod { individual: ItemId(individual.unwrap_or_default()), method }, unknown))
}

/// Reads `PUT /api/ContactMethod/{id}`, given the type that the method has now. A method cannot lose its type or value.
///
/// # Errors
/// Every problem of the body.
pub(crate) fn method(body: &Map<String, Value>, present: &Method) -> Read<ItemValues> {
    let mut reader = Reader::new("");
    let mut values = ItemValues::default();
    let mut changed = present.clone();
    if let Some(value) = get(body, "type") {
        changed.label = label("type", Some(value), &mut reader).unwrap_or_default().to_owned();
        values.set.insert(ItemField::Label, changed.label.clone());
    }
    if let Some(value) = get(body, "value") {
        match reader.text("value", value, limits::NAME) {
            Some(text) => changed.value = text,
            None => reader.require("value", "A value is needed."),
        }
        values.set.insert(ItemField::Value, changed.value.clone());
    }
    check_email(&changed, &mut reader);
    put_flag(body, "isOptedIn", ItemField::OptedIn, &mut values, &mut reader);
    put_primary(body, &mut values, &mut reader);
    note_unknown(body, &["type", "value", "isOptedIn", "setAsPrimary"], &mut reader);
    let unknown = reader.finish()?.len();
    Ok((values, unknown))
}

fn check_email(method: &Method, reader: &mut Reader<'_>) {
    if method.kind() == MethodKind::Email && !method.value.is_empty() && !flat::is_email(&method.value) {
        reader.issue("value", IssueCode::InvalidFormat, "Not an e-mail address.");
    }
}

fn put_flag(body: &Map<String, Value>, name: &str, field: ItemField, values: &mut ItemValues, reader: &mut Reader<'_>) {
    if let Some(flag) = get(body, name).and_then(|value| reader.boolean(name, value)) {
        values.set.insert(field, flag.to_string());
    }
}

/// Only another item becoming primary ends that an item is.
fn put_primary(body: &Map<String, Value>, values: &mut ItemValues, reader: &mut Reader<'_>) {
    if get(body, "setAsPrimary").and_then(|value| reader.boolean("setAsPrimary", value)) == Some(true) {
        values.set.insert(ItemField::Primary, "true".to_owned());
    }
}

fn note_unknown(body: &Map<String, Value>, known: &[&str], reader: &mut Reader<'_>) {
    let is_known = |name: &String| known.iter().any(|known| known.eq_ignore_ascii_case(name));
    body.keys().filter(|name| !is_known(name)).for_each(|name| reader.unknown(name));
}

/// How a part of an address is read.
#[derive(Debug, Clone, Copy)]
enum Part {
    Text(usize),
    Number(i64),
    Degrees,
}

/// Parts of an address: documented names, where they go. The names of `POST /api/Contact` are taken too.
const PARTS: &[(&[&str], ItemField, Part)] = &[
    (&["label"], ItemField::Label, Part::Text(limits::SHORT)),
    (&["address1"], ItemField::Address1, Part::Text(limits::NAME)),
    (&["address2"], ItemField::Address2, Part::Text(limits::NAME)),
    (&["city"], ItemField::City, Part::Text(limits::SHORT)),
    (&["state", "stateCode"], ItemField::State, Part::Text(limits::SHORT)),
    (&["postal"], ItemField::Postal, Part::Text(limits::CODE)),
    (&["country", "countryCode"], ItemField::Country, Part::Text(limits::SHORT)),
    (&["startMonth"], ItemField::StartMonth, Part::Number(12)),
    (&["startDay"], ItemField::StartDay, Part::Number(31)),
    (&["endMonth"], ItemField::EndMonth, Part::Number(12)),
    (&["endDay"], ItemField::EndDay, Part::Number(31)),
    (&["latitude"], ItemField::Latitude, Part::Degrees),
    (&["longitude"], ItemField::Longitude, Part::Degrees),
];

/// Parts of which an address needs one.
const LINES: [&str; 6] = ["address1", "address2", "city", "state", "postal", "country"];

/// An address for a contact.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct NewAddress {
    /// The contact.
    pub contact: ContactId,
    /// The address.
    pub address: Address,
}

/// Reads `POST /api/ContactAddress`.
///
/// # Errors
/// Every problem of the body.
pub(crate) fn new_address(body: &Map<String, Value>) -> Read<NewAddress> {
    let mut reader = Reader::new("");
    let contact = contact_id(body, &mut reader);
    let values = parts(body, false, &mut reader);
    let mut address = Address::default();
    let mut edit = tributary_contact::ItemEdit::new(ItemId(0), tributary_contact::Item::Individual);
    edit.values = values.set;
    edit.change_address(&mut address);
    address.primary = edit.says(ItemField::Primary);
    if address.is_empty() {
        reader.require("address1", "An address needs at least one line.");
    }
    let unknown = reader.finish()?.len();
    Ok((NewAddress { contact: contact.unwrap_or(ContactId(0)), address }, unknown))
}

/// Reads `PUT /api/ContactAddress/{id}`: an omitted part stays, `null` and blank take it away.
///
/// # Errors
/// Every problem of the body.
pub(crate) fn address(body: &Map<String, Value>, strict: bool) -> Read<ItemValues> {
    let mut reader = Reader::new("");
    let values = parts(body, strict, &mut reader);
    let unknown = reader.finish()?.len();
    Ok((values, unknown))
}

fn parts(body: &Map<String, Value>, strict: bool, reader: &mut Reader<'_>) -> ItemValues {
    let mut values = ItemValues::default();
    for (names, field, part) in PARTS {
        let mut all = names.iter().filter_map(|name| Some((*name, get(body, name)?)));
        let given = all.next();
        // Of two names of a part the first one counts; the other one has to make sense all the same.
        all.for_each(|(name, value)| drop(part.read(name, value, reader)));
        match given {
            Some((_, value)) if is_blank(value) => drop(values.cleared.insert(*field)),
            Some((name, value)) => {
                values.set.extend(part.read(name, value, reader).map(|text| (*field, text)));
            }
            // No body of the contract has coordinates, so their absence says nothing.
            None if strict && !matches!(part, Part::Degrees) => drop(values.cleared.insert(*field)),
            None => {}
        }
    }
    put_primary(body, &mut values, reader);
    let mut known: Vec<&str> = PARTS.iter().flat_map(|(names, ..)| names.iter().copied()).collect();
    known.extend(["contactId", "setAsPrimary"]);
    note_unknown(body, &known, reader);
    values
}

impl Part {
    fn read(self, name: &str, value: &Value, reader: &mut Reader<'_>) -> Option<String> {
        match self {
            Self::Text(limit) => reader.text(name, value, limit),
            Self::Number(most) => reader.integer(name, value, 1..=most).map(|number| number.to_string()),
            Self::Degrees => {
                let text = reader.text(name, value, limits::SHORT)?;
                let known = Degrees::parse(&text).is_some();
                if !known {
                    reader.issue(name, IssueCode::InvalidValue, "Not a number of degrees.");
                }
                known.then_some(text)
            }
        }
    }

    fn schema(self) -> Value {
        match self {
            Self::Text(limit) => schema::text(limit),
            Self::Number(most) => schema::integer(1, most),
            Self::Degrees => json!({ "type": ["number", "string", "null"] }),
        }
    }
}

/// The body of `POST /api/ContactMethod`, and, without the individual, of the PUT.
pub(crate) fn method_schema(new: bool) -> Value {
    let mut properties = json!({
        "type": { "type": "string", "description": "A type of contact method, in any letter case." },
        "value": schema::filled_text(limits::NAME),
        "isOptedIn": schema::flag(),
        "setAsPrimary": schema::flag(),
    });
    if let Some(map) = properties.as_object_mut().filter(|_| new) {
        map.insert("contactIndividualId".to_owned(), schema::id());
    }
    let required: &[&str] = if new { &["contactIndividualId", "type", "value"] } else { &[] };
    json!({ "type": "object", "required": required, "properties": properties })
}

/// The body of `POST /api/ContactAddress`, and, without the contact, of the PUT.
pub(crate) fn address_schema(new: bool) -> Value {
    let parts = PARTS.iter().flat_map(|(names, _, part)| names.iter().map(|name| ((*name).to_owned(), part.schema())));
    let mut properties: Map<String, Value> = parts.collect();
    properties.insert("setAsPrimary".to_owned(), schema::flag());
    if new {
        properties.insert("contactId".to_owned(), schema::id());
    }
    let required: &[&str] = if new { &["contactId"] } else { &[] };
    let mut shape = json!({ "type": "object", "required": required, "properties": properties });
    if let Some(map) = shape.as_object_mut().filter(|_| new) {
        map.insert("anyOf".to_owned(), LINES.map(schema::with_filled).into_iter().collect());
    }
    shape
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields<T: std::fmt::Debug>(read: Read<T>) -> Vec<String> {
        read.unwrap_err().into_iter().map(|issue| format!("{} {}", issue.field, issue.code)).collect()
    }

    #[test]
    fn every_problem_of_a_method_is_named() {
        let body = json!({ "type": "Pigeon", "isOptedIn": "perhaps" });
        let read = new_method(body.as_object().unwrap());
        let wanted =
            ["contactIndividualId REQUIRED", "type INVALID_VALUE", "value REQUIRED", "isOptedIn INVALID_VALUE"];
        let mut found = fields(read);
        found.sort();
        let mut wanted = wanted.map(str::to_owned);
        wanted.sort();
        assert_eq!(found, wanted);
    }

    #[test]
    fn an_address_keeps_what_is_omitted_and_loses_what_is_null() {
        let body = json!({ "city": "Bellford", "state": null, "startMonth": "6", "setAsPrimary": true });
        let (values, unknown) = address(body.as_object().unwrap(), false).unwrap();
        assert_eq!(values.cleared, [ItemField::State].into());
        assert_eq!(
            values.set.keys().copied().collect::<Vec<_>>(),
            [ItemField::Primary, ItemField::City, ItemField::StartMonth]
        );
        assert_eq!(unknown, 0);
    }

    #[test]
    fn an_address_needs_a_line_and_a_contact() {
        let read = new_address(json!({ "label": "Home" }).as_object().unwrap());
        assert_eq!(fields(read), ["contactId REQUIRED", "address1 REQUIRED"]);
    }
}
