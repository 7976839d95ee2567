//! The body of `POST /api/Contact` as a JSON Schema, from the tables that it is read by.

use super::table::{CONTACT, INDIVIDUAL, Slot, Table};
use super::{address, individual};
use crate::wire::schema::{contact_type, flag, integer, named_values, names, objects, text, with_both, with_filled};
use serde_json::{Map, Value, json};
use tributary_contact::flat::limits;

/// The schema.
pub(crate) fn schema() -> Value {
    let mut properties = scalars(CONTACT);
    let further = [
        ("contactType", contact_type()),
        ("referenceSource", text(limits::REFERENCE)),
        ("referenceId", text(limits::REFERENCE)),
        ("contactReferences", list(&reference())),
        ("isArchived", flag()),
        ("address", json!({ "anyOf": [address::schema(), { "type": "null" }] })),
        ("contactAddresses", list(&address::schema())),
        ("contactIndividuals", list(&person())),
        ("tags", names()),
        ("customFields", named_values()),
        ("customCollections", objects()),
    ];
    properties.extend(further.map(|(name, schema)| (name.to_owned(), schema)));
    let text = "A household needs an individual with a first or last name, anything else a name.";
    json!({
        "type": "object",
        "description": text,
        "properties": properties,
        "allOf": pair("referenceSource", "referenceId"),
        "anyOf": [household(), organization()],
        "example": example(),
    })
}

/// A list of objects, in which nulls are passed over.
fn list(object: &Value) -> Value {
    let items = json!({ "anyOf": [object, { "type": "null" }] });
    json!({ "type": ["array", "null"], "maxItems": limits::ENTRIES, "items": items })
}

/// Two members that are both blank, or neither.
fn pair(one: &str, other: &str) -> Value {
    json!([with_both(one, other), with_both(other, one)])
}

fn household() -> Value {
    let named = json!({ "type": "object", "anyOf": [with_filled("firstName"), with_filled("lastName")] });
    let items = json!({ "anyOf": [named, { "type": "null" }] });
    let people = json!({ "type": "array", "items": items, "contains": { "type": "object" } });
    json!({ "required": ["contactIndividuals"], "properties": { "contactIndividuals": people } })
}

fn organization() -> Value {
    let mut named = with_filled("name");
    if let Some(properties) = named.get_mut("properties").and_then(Value::as_object_mut) {
        properties.insert("contactType".to_owned(), json!({ "not": { "enum": ["Household"] } }));
    }
    json!({ "allOf": [named, with_filled("contactType")] })
}

fn scalars(table: Table) -> Map<String, Value> {
    let schema = |slot: Slot| match slot {
        Slot::Text(_, limit) => Some(text(limit)),
        Slot::Number(_, from, to) => Some(integer(from, to)),
        Slot::Flag(_) => Some(flag()),
        Slot::Elsewhere => None,
    };
    table.iter().filter_map(|(name, slot)| Some(((*name).to_owned(), schema(*slot)?))).collect()
}

fn reference() -> Value {
    let part = text(limits::REFERENCE);
    json!({ "type": "object", "properties": { "source": part, "id": part }, "allOf": pair("source", "id") })
}

fn person() -> Value {
    let mut properties = scalars(INDIVIDUAL);
    properties.insert("isPrimary".to_owned(), flag());
    properties.insert("isSecondary".to_owned(), flag());
    properties.insert("customFields".to_owned(), named_values());
    properties.insert("customCollections".to_owned(), objects());
    properties.insert("contactMethods".to_owned(), methods_schema());
    json!({ "type": "object", "properties": properties })
}

/// A list of contact methods.
pub(crate) fn methods_schema() -> Value {
    list(&method())
}

fn method() -> Value {
    json!({
        "type": "object",
        "required": ["type"],
        "properties": {
            "type": { "type": "string", "enum": individual::METHOD_TYPES },
            "value": text(limits::NAME),
            "isOptedIn": flag(),
            "isPrimary": flag(),
        },
    })
}

fn example() -> Value {
    json!({
        "contactType": "Household", "referenceSource": "Harbor Giving", "referenceId": "hg-50021",
        "contactAddresses": [{
            "label": "Home", "address1": "18 Quarry Ln", "city": "Bellford", "stateCode": "OH", "postal": "44090",
            "countryCode": "US", "isPrimary": true,
        }],
        "contactIndividuals": [{
            "firstName": "Odalys", "lastName": "Trent", "isPrimary": true,
            "contactMethods": [{
                "type": "Home Email", "value": "odalys.trent@example.org", "isOptedIn": true, "isPrimary": true,
            }],
        }],
        "customFields": { "shirtSize": "M" },
    })
}
