//! The body of `POST /api/Contact` as a JSON Schema, from the tables that it is read by.

use super::table::{CONTACT, INDIVIDUAL, Slot, Table};
use super::{address, individual};
use crate::wire::schema::{contact_type, flag, integer, named_values, objects, text};
use serde_json::{Map, Value, json};
use tributary_contact::flat::limits;

/// The schema.
pub(crate) fn schema() -> Value {
    let list = |item: Value| json!({ "type": ["array", "null"], "maxItems": limits::ENTRIES, "items": item });
    let mut properties = scalars(CONTACT);
    properties.insert("contactType".to_owned(), contact_type());
    properties.insert("referenceSource".to_owned(), text(limits::REFERENCE));
    properties.insert("referenceId".to_owned(), text(limits::REFERENCE));
    properties.insert("contactReferences".to_owned(), list(reference()));
    properties.insert("isArchived".to_owned(), flag());
    properties.insert("address".to_owned(), json!({ "anyOf": [address::schema(), { "type": "null" }] }));
    properties.insert("contactAddresses".to_owned(), list(address::schema()));
    properties.insert("contactIndividuals".to_owned(), list(person()));
    properties.insert("tags".to_owned(), json!({ "type": ["array", "string", "null"], "items": text(limits::SHORT) }));
    properties.insert("customFields".to_owned(), named_values());
    properties.insert("customCollections".to_owned(), objects());
    let text = "A household needs an individual with a first or last name, anything else a name.";
    json!({ "type": "object", "description": text, "properties": properties, "example": example() })
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
    json!({ "type": "object", "properties": { "source": text(limits::REFERENCE), "id": text(limits::REFERENCE) } })
}

fn person() -> Value {
    let mut properties = scalars(INDIVIDUAL);
    properties.insert("isPrimary".to_owned(), flag());
    properties.insert("isSecondary".to_owned(), flag());
    properties.insert("customFields".to_owned(), named_values());
    let methods = json!({ "type": ["array", "null"], "maxItems": limits::ENTRIES, "items": method() });
    properties.insert("contactMethods".to_owned(), methods);
    json!({ "type": "object", "properties": properties })
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
