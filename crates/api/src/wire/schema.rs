//! JSON Schemas of bodies that are read leniently, made from the tables that they are read by. A value
//! of another kind than the documented one is named where it is understood (virtuous-contract.md 1.0).

use serde_json::{Map, Value, json};
use tributary_contact::flat::{self, Kind, limits};

/// A text of at most so many characters; numbers, yes and no are taken as their text.
pub(crate) fn text(limit: usize) -> Value {
    json!({ "type": ["string", "number", "boolean", "null"], "maxLength": limit })
}

/// An integer between two bounds, as a number or as text.
pub(crate) fn integer(from: i64, to: i64) -> Value {
    json!({ "anyOf": [
        { "type": "integer", "minimum": from, "maximum": to },
        { "type": "string", "pattern": "^[0-9]*$", "description": "The same as text; empty means absent." },
        { "type": "null" },
    ] })
}

/// Yes or no, also as text or number.
pub(crate) fn flag() -> Value {
    json!({ "enum": [true, false, "true", "false", "1", "0", 1, 0, "yes", "no", "y", "n", "", null] })
}

/// Names: one text with semicolons, or a list.
fn names() -> Value {
    json!({ "anyOf": [
        { "type": ["string", "null"], "description": "Names parted by semicolons." },
        { "type": "array", "maxItems": limits::ENTRIES, "items": text(limits::SHORT) },
    ] })
}

/// Values by name: a map, or a list of `{name, value}`.
pub(crate) fn named_values() -> Value {
    let value = json!({ "type": ["string", "number", "boolean", "null"], "maxLength": limits::VALUE });
    json!({ "anyOf": [
        { "type": "object", "maxProperties": limits::ENTRIES, "additionalProperties": value },
        { "type": "array", "maxItems": limits::ENTRIES, "items": {
            "type": "object",
            "properties": { "name": text(limits::SHORT), "value": value },
        } },
        { "type": "null" },
    ] })
}

/// Named objects: a list of `{name, fields}`.
pub(crate) fn objects() -> Value {
    let object = json!({
        "type": "object",
        "required": ["name"],
        "properties": { "name": text(limits::SHORT), "fields": named_values() },
    });
    json!({ "anyOf": [{ "type": "array", "maxItems": limits::ENTRIES, "items": object }, { "type": "null" }] })
}

fn attendances() -> Value {
    let names = ["volunteerOpportunityId", "volunteerOpportunityName", "date", "hours"];
    let properties: Map<String, Value> = names.iter().map(|name| ((*name).to_owned(), text(limits::NAME))).collect();
    let one = json!({ "type": "object", "properties": properties });
    json!({ "anyOf": [{ "type": "array", "maxItems": limits::ENTRIES, "items": one }, { "type": "null" }] })
}

/// A base type, or one of the organization's own.
pub(crate) fn contact_type() -> Value {
    let text = "Household, Organization, Foundation, or a type of the organization below one of them.";
    json!({ "type": ["string", "null"], "maxLength": limits::SHORT, "description": text })
}

/// An e-mail address.
pub(crate) fn email() -> Value {
    json!({ "type": ["string", "null"], "maxLength": limits::EMAIL, "description": "An e-mail address." })
}

fn of(kind: Kind) -> Value {
    match kind {
        Kind::Text(limit) => text(limit),
        Kind::Email => email(),
        Kind::EmailType | Kind::PhoneType => json!({ "type": ["string", "null"], "maxLength": limits::SHORT }),
        Kind::Number(from, to) => integer(from, to),
        Kind::Flag => flag(),
        Kind::ContactType => contact_type(),
        Kind::Names => names(),
        Kind::NamedValues => named_values(),
        Kind::Objects => objects(),
        Kind::Attendances => attendances(),
    }
}

/// The flat body of a submission (virtuous-contract.md 1.2).
pub(crate) fn contact_transaction() -> Value {
    let properties: Map<String, Value> = flat::fields().map(|(name, kind)| (name.to_owned(), of(kind))).collect();
    json!({
        "type": "object",
        "description": "A contact as a partner knows it. Needs a name, an e-mail, a phone, an address or a reference.",
        "properties": properties,
        "example": example(),
    })
}

/// The body of a batch.
pub(crate) fn contact_batch() -> Value {
    json!({
        "type": "object",
        "required": ["contacts"],
        "properties": {
            "referenceSource": text(limits::REFERENCE),
            "contacts": {
                "type": "array",
                "items": { "$ref": "#/components/schemas/ContactTransaction" },
            },
        },
        "example": { "referenceSource": "Harbor Giving", "contacts": [{ "referenceId": "hg-50022", "lastName": "Lund" }] },
    })
}

/// How a person decides a row of the bucket.
pub(crate) fn resolution() -> Value {
    let contact = json!({
        "description": "On retry: the corrected submission.",
        "anyOf": [{ "$ref": "#/components/schemas/ContactTransaction" }, { "type": "null" }],
    });
    json!({
        "type": "object",
        "required": ["action"],
        "properties": {
            "action": { "type": "string", "enum": ["merge", "addIndividual", "create", "retry", "reject"] },
            "contactId": integer(1, i64::MAX),
            "individualId": integer(1, i64::MAX),
            "contact": contact,
        },
        "example": { "action": "merge", "contactId": 1834 },
    })
}

fn example() -> Value {
    json!({
        "referenceSource": "Harbor Giving", "referenceId": "hg-50022", "contactType": "Household",
        "title": "Dr", "firstName": "Ines", "lastName": "Okafor-Lund",
        "emailType": "Home Email", "email": "ines.lund@example.org",
        "phoneType": "Mobile Phone", "phone": "(555) 010-4477",
        "address1": "402 Tannery Rd", "city": "Bellford", "state": "OH", "postal": "44090", "country": "US",
        "tags": "Spring Gala;Monthly", "emailLists": ["Newsletter"], "customFields": { "shirtSize": "M" },
    })
}
