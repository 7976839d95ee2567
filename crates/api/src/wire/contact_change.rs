//! Bodies that change a contact or an individual (virtuous-contract.md 1.1.2, 1.3): an omitted value stays, `null` and
//! blank take it away. Where the settings ask for strict replacement, an omitted value is taken away too.

use super::contact_create::table::{self, CONTACT, INDIVIDUAL, Slot, Table};
use super::contact_create::{individual::methods, methods_schema};
use super::schema;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use tributary_contact::flat::{self, Reader, get, limits};
use tributary_contact::issue::{Issue, IssueCode};
use tributary_contact::{ContactId, Edits, Entity, Field, Rank, Submission};
use tributary_engine::Catalogue;

/// What a body says, and how many of its fields meant nothing.
pub(crate) type Read<T> = Result<(T, usize), Vec<Issue>>;

/// Reads `PUT /api/Contact/{contactId}`.
///
/// # Errors
/// Every problem of the body.
pub(crate) fn contact(body: &Map<String, Value>, strict: bool, catalogue: &Catalogue) -> Read<Submission> {
    let mut reader = Reader::new("");
    let mut said = values(CONTACT, body, strict, &mut reader);
    said.contact_type = contact_type(body, catalogue, &mut reader);
    if let Some(value) = get(body, "customFields") {
        said.custom_fields = custom_fields(value, (Entity::Contact, catalogue.fields()), &mut reader);
    }
    if let Some(value) = get(body, "customCollections") {
        let defined = (Entity::Contact, catalogue.collections.as_slice());
        said.custom_objects = flat::custom_objects("customCollections", value, defined, &mut reader);
    }
    let unknown = reader.finish()?.len();
    Ok((said, unknown))
}

/// Reads `PUT /api/ContactIndividual/{id}`.
///
/// # Errors
/// Every problem of the body.
pub(crate) fn individual(body: &Map<String, Value>, strict: bool, catalogue: &Catalogue) -> Read<Submission> {
    let mut reader = Reader::new("");
    let said = person(body, (strict, catalogue), &mut reader);
    let unknown = reader.finish()?.len();
    Ok((said, unknown))
}

/// A new individual of a contact.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct NewIndividual {
    /// The contact.
    pub contact: ContactId,
    /// What is said of the individual.
    pub said: Submission,
}

/// Reads `POST /api/ContactIndividual`. An individual needs a first or a last name.
///
/// # Errors
/// Every problem of the body.
pub(crate) fn new_individual(body: &Map<String, Value>, catalogue: &Catalogue) -> Read<NewIndividual> {
    let mut reader = Reader::new("");
    let contact = contact_id(body, &mut reader);
    let mut said = person(body, (false, catalogue), &mut reader);
    said.cleared.clear();
    said.methods = methods(body, &mut reader);
    if said.field(Field::FirstName).or(said.field(Field::LastName)).is_none() {
        reader.require("firstName", "Needs a first or a last name.");
    }
    let unknown = reader.finish()?.len();
    Ok((NewIndividual { contact: contact.unwrap_or(ContactId(0)), said }, unknown))
}

/// The contact that a body is about.
pub(crate) fn contact_id(body: &Map<String, Value>, reader: &mut Reader<'_>) -> Option<ContactId> {
    let id = get(body, "contactId").and_then(|value| reader.integer("contactId", value, 1..=i64::MAX));
    if id.is_none() {
        reader.require("contactId", "Says which contact is meant.");
    }
    id.map(ContactId)
}

fn person(body: &Map<String, Value>, (strict, catalogue): (bool, &Catalogue), reader: &mut Reader<'_>) -> Submission {
    let mut said = values(INDIVIDUAL, body, strict, reader);
    flat::check_birthday(&said, reader);
    said.edits = Edits { rank: rank(body, reader), ..Edits::default() };
    if let Some(value) = get(body, "customFields") {
        said.individual_custom.fields = custom_fields(value, (Entity::Individual, catalogue.fields()), reader);
    }
    if let Some(value) = get(body, "customCollections") {
        let defined = (Entity::Individual, catalogue.collections.as_slice());
        said.individual_custom.objects = flat::custom_objects("customCollections", value, defined, reader);
    }
    said
}

fn rank(body: &Map<String, Value>, reader: &mut Reader<'_>) -> Option<Rank> {
    let mut says = |name| get(body, name).and_then(|value| reader.boolean(name, value)) == Some(true);
    match (says("setAsPrimary"), says("setAsSecondary")) {
        (true, _) => Some(Rank::Primary),
        (false, true) => Some(Rank::Secondary),
        (false, false) => None,
    }
}

/// Fields of a table that are set and cleared.
fn values(table: Table, body: &Map<String, Value>, strict: bool, reader: &mut Reader<'_>) -> Submission {
    let mut said = Submission::default();
    for (name, value) in body {
        match table::find(table, name) {
            Some((_, slot)) if is_blank(value) => said.cleared.extend(slot.field()),
            Some((path, slot)) => slot.take(path, value, &mut said.fields, reader),
            None if OTHER.iter().any(|known| known.eq_ignore_ascii_case(name)) => {}
            None => reader.unknown(name),
        }
    }
    if strict {
        let fields = table.iter().filter(|(name, _)| get(body, name).is_none()).filter_map(|(_, slot)| slot.field());
        said.cleared.extend(fields.filter(|field| !is_kept(*field)));
    }
    said
}

/// Documented names that other code reads.
const OTHER: &[&str] = &["contactId", "setAsPrimary", "setAsSecondary", "customCollections"];

/// What a strict replacement never takes away: the contract's own update bodies do not have it.
const fn is_kept(field: Field) -> bool {
    matches!(field, Field::OriginSegmentCode)
}

/// `null`, and a text without anything in it.
pub(super) fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => flat::clean(text).is_empty(),
        _ => false,
    }
}

fn contact_type(
    body: &Map<String, Value>,
    catalogue: &Catalogue,
    reader: &mut Reader<'_>,
) -> Option<tributary_contact::ContactType> {
    let text = reader.text("contactType", get(body, "contactType")?, limits::SHORT)?;
    let found = flat::contact_type(&text, catalogue.types());
    if found.is_none() {
        reader.issue("contactType", IssueCode::InvalidValue, "Not a contact type of this organization.");
    }
    found
}

/// A list of `{name, value}` or a map. A blank value is kept, since it takes the field away.
fn custom_fields(
    value: &Value,
    defined: (Entity, flat::CustomFields<'_>),
    reader: &mut Reader<'_>,
) -> BTreeMap<String, String> {
    let mut fields = blank_names(value, defined);
    fields.extend(flat::custom_fields("customFields", value, defined, reader));
    fields
}

fn blank_names(value: &Value, defined: (Entity, flat::CustomFields<'_>)) -> BTreeMap<String, String> {
    let named = |name: &str| (flat::defined_name(defined, &flat::clean(name)), String::new());
    match value {
        Value::Object(map) => map.iter().filter(|(_, value)| is_blank(value)).map(|(name, _)| named(name)).collect(),
        Value::Array(list) => {
            let pairs = list.iter().filter_map(Value::as_object).filter_map(|map| {
                let name = get(map, "name")?.as_str()?;
                get(map, "value").is_some_and(is_blank).then(|| named(name))
            });
            pairs.collect()
        }
        _ => BTreeMap::new(),
    }
}

fn shape(table: Table, more: &[(&str, Value)], required: &[&str]) -> Value {
    let own = table.iter().filter_map(|(name, slot)| Some(((*name).to_owned(), of(*slot)?)));
    let properties: Map<String, Value> =
        own.chain(more.iter().map(|(name, shape)| ((*name).to_owned(), shape.clone()))).collect();
    json!({
        "type": "object",
        "description": "An omitted value stays, null and an empty text take it away.",
        "required": required,
        "properties": properties,
    })
}

fn of(slot: Slot) -> Option<Value> {
    match slot {
        Slot::Text(_, limit) => Some(schema::text(limit)),
        Slot::Number(_, from, to) => Some(schema::integer(from, to)),
        Slot::Flag(_) => Some(schema::flag()),
        Slot::Elsewhere => None,
    }
}

/// The body of `PUT /api/Contact/{contactId}`.
pub(crate) fn contact_schema() -> Value {
    let more = [
        ("contactType", schema::contact_type()),
        ("customFields", schema::named_values()),
        ("customCollections", schema::objects()),
    ];
    shape(CONTACT, &more, &[])
}

/// The body of `PUT /api/ContactIndividual/{id}`.
pub(crate) fn individual_schema() -> Value {
    shape(INDIVIDUAL, &person_more(), &[])
}

/// The body of `POST /api/ContactIndividual`.
pub(crate) fn new_individual_schema() -> Value {
    let mut more = person_more();
    more.push(("contactId", schema::id()));
    more.push(("contactMethods", methods_schema()));
    let mut shape = shape(INDIVIDUAL, &more, &["contactId"]);
    if let Some(map) = shape.as_object_mut() {
        map.insert("anyOf".to_owned(), ["firstName", "lastName"].map(schema::with_filled).into_iter().collect());
    }
    shape
}

fn person_more() -> Vec<(&'static str, Value)> {
    vec![
        ("setAsPrimary", schema::flag()),
        ("setAsSecondary", schema::flag()),
        ("customFields", schema::named_values()),
        ("customCollections", schema::objects()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &Value, strict: bool) -> Submission {
        contact(body.as_object().unwrap(), strict, &Catalogue::default()).unwrap().0
    }

    #[test]
    fn omitted_stays_and_null_or_blank_clears() {
        let said = read(&json!({ "name": "Bellford Fund", "website": null, "description": " ", "tags": ["x"] }), false);
        assert_eq!(said.fields, [(Field::Name, "Bellford Fund".to_owned())].into());
        assert_eq!(said.cleared, [Field::Website, Field::Description].into());
        assert!(said.tags.is_empty());
    }

    #[test]
    fn strict_replacement_clears_what_is_omitted() {
        let said = read(&json!({ "name": "Bellford Fund" }), true);
        assert!(said.cleared.contains(&Field::MaritalStatus) && !said.cleared.contains(&Field::Name));
    }

    #[test]
    fn a_blank_custom_field_is_one_to_be_cleared_in_both_shapes() {
        for fields in
            [json!({ "a": "", "b": "1" }), json!([{ "name": "a", "value": null }, { "name": "b", "value": 1 }])]
        {
            let said = read(&json!({ "customFields": fields }), false);
            assert_eq!(said.custom_fields, [("a".to_owned(), String::new()), ("b".to_owned(), "1".to_owned())].into());
        }
    }

    #[test]
    fn a_new_individual_needs_a_contact_and_a_name() {
        let issues =
            new_individual(json!({ "firstName": " " }).as_object().unwrap(), &Catalogue::default()).unwrap_err();
        let fields: Vec<&str> = issues.iter().map(|issue| issue.field.as_str()).collect();
        assert_eq!(fields, ["contactId", "firstName"]);
    }
}
