//! JSON Schemas of bodies that are read leniently, made from the tables that they are read by. A value
//! of another kind than the documented one is named where it is understood (virtuous-contract.md 1.0).

use serde_json::{Map, Value, json};
use tributary_contact::Field;
use tributary_contact::flat::{self, Kind, limits};

/// A character that is left when a text was cleaned (`flat::clean`): no white space, nothing invisible.
const VISIBLE: &str = r"[^\u0000-\u0020\u007f-\u00a0\u1680\u2000-\u200b\u2028\u2029\u202f\u205f\u3000\ufeff]";
/// Nothing but others.
const BLANK: &str = r"^[\u0000-\u0020\u007f-\u00a0\u1680\u2000-\u200b\u2028\u2029\u202f\u205f\u3000\ufeff]*$";
/// Others and digits.
const DIGITS: &str = r"^[0-9\u0000-\u0020\u007f-\u00a0\u1680\u2000-\u200b\u2028\u2029\u202f\u205f\u3000\ufeff]*$";
/// A value of a query that is not blank: there white space alone is passed over.
pub(crate) const FILLED: &str = r"[^\u0009-\u000d\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]";

/// A text of at most so many characters; numbers, yes and no are taken as their text.
pub(crate) fn text(limit: usize) -> Value {
    json!({ "type": ["string", "number", "boolean", "null"], "maxLength": limit })
}

/// As [`text`], but not blank.
pub(crate) fn filled_text(limit: usize) -> Value {
    json!({ "type": ["string", "number", "boolean"], "maxLength": limit, "pattern": VISIBLE })
}

/// What counts as absent.
pub(crate) fn blank() -> Value {
    json!({ "type": ["string", "null"], "pattern": BLANK })
}

/// An object in which this member is not blank.
pub(crate) fn with_filled(name: &str) -> Value {
    let filled = json!({ "type": ["string", "number", "boolean"], "pattern": VISIBLE });
    json!({ "required": [name], "properties": { name: filled } })
}

/// An object in which the one member is not blank only when the other one is not either.
pub(crate) fn with_both(name: &str, other: &str) -> Value {
    json!({ "anyOf": [with_filled(other), { "properties": { name: blank() } }] })
}

/// An integer between two bounds, as a number or as text.
pub(crate) fn integer(from: i64, to: i64) -> Value {
    json!({ "anyOf": [
        { "type": "integer", "minimum": from, "maximum": to },
        { "type": "string", "pattern": DIGITS, "description": "The same as text; empty means absent." },
        { "type": "null" },
    ] })
}

/// The number of a record that must be named.
pub(crate) fn id() -> Value {
    json!({ "anyOf": [
        { "type": "integer", "minimum": 1, "maximum": i64::MAX },
        { "type": "string", "pattern": "^0*[1-9][0-9]{0,17}$", "description": "The same as text." },
    ] })
}

/// Yes or no, also as text or number.
pub(crate) fn flag() -> Value {
    json!({ "enum": [true, false, "true", "false", "1", "0", 1, 0, "yes", "no", "y", "n", "", null] })
}

/// Names: one text with semicolons, or a list.
pub(crate) fn names() -> Value {
    json!({ "anyOf": [
        { "type": "array", "maxItems": limits::ENTRIES, "items": text(limits::SHORT) },
        { "type": ["string", "number", "boolean", "null"], "description": "Names parted by semicolons." },
    ] })
}

/// Values by name: a map, or a list of `{name, value}`.
pub(crate) fn named_values() -> Value {
    json!({ "anyOf": [given_values(), blank()] })
}

/// As [`named_values`], but there.
pub(crate) fn given_values() -> Value {
    json!({ "anyOf": [
        { "type": "object", "description": "Values by name." },
        { "type": "array", "description": "Objects with name and value." },
    ] })
}

/// Named objects: a list of `{name, fields}`.
pub(crate) fn objects() -> Value {
    list_of(&json!({
        "type": "object",
        "required": ["name"],
        "properties": { "name": filled_text(limits::SHORT), "fields": named_values() },
    }))
}

/// A list of objects, or one of them. Nulls are passed over.
fn list_of(object: &Value) -> Value {
    let items = json!({ "anyOf": [object, { "type": "null" }] });
    json!({ "anyOf": [{ "type": "array", "maxItems": limits::ENTRIES, "items": items }, object, blank()] })
}

fn attendances() -> Value {
    let (id, name) = ("volunteerOpportunityId", "volunteerOpportunityName");
    let names = [id, name, "date", "hours"];
    let properties: Map<String, Value> = names.iter().map(|name| ((*name).to_owned(), text(limits::NAME))).collect();
    let nothing = json!({ "properties": { "date": blank(), "hours": blank() } });
    let rule = json!([with_filled(id), with_filled(name), nothing]);
    list_of(&json!({ "type": "object", "properties": properties, "anyOf": rule }))
}

/// A base type, or one of the organization's own.
pub(crate) fn contact_type() -> Value {
    let text = "Household, Organization, Foundation, or a type of the organization below one of them.";
    json!({ "type": ["string", "number", "boolean", "null"], "maxLength": limits::SHORT, "description": text })
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
        Kind::Instant => json!({
            "anyOf": [{ "type": "string", "format": "date-time" }, blank()],
            "description": "When the data changed on the sender's side. Counts where a policy or another sender goes by time.",
        }),
        Kind::Fields => json!({
            "type": ["array", "string", "null"], "maxItems": limits::ENTRIES,
            "items": { "anyOf": [{ "type": "string", "enum": Field::ALL }, blank()] },
            "description": "Fields that have no value any more. Heard of sources that a policy lets clear them; a blank never clears.",
        }),
    }
}

/// Members of which one at least says something.
const SAYING: [&str; 12] = [
    "referenceId",
    "name",
    "firstName",
    "lastName",
    "email",
    "phone",
    "address1",
    "address2",
    "city",
    "state",
    "postal",
    "country",
];

/// The flat body of a submission (virtuous-contract.md 1.2).
pub(crate) fn contact_transaction() -> Value {
    flat_body(&[with_both("referenceId", "referenceSource")])
}

fn flat_body(rules: &[Value]) -> Value {
    let properties: Map<String, Value> = flat::fields().map(|(name, kind)| (name.to_owned(), of(kind))).collect();
    json!({
        "type": "object",
        "description": "A contact as a partner knows it. Needs a name, an e-mail, a phone, an address or a reference.",
        "properties": properties,
        "anyOf": SAYING.map(with_filled),
        "allOf": rules,
        "example": example(),
    })
}

/// The body of a batch. Its source stands for items that have none.
pub(crate) fn contact_batch() -> Value {
    let contacts = |item: Value| json!({ "type": "array", "maxItems": 1_000, "items": item });
    let of_one_source = json!({
        "required": ["referenceSource", "contacts"],
        "properties": {
            "referenceSource": filled_text(limits::REFERENCE),
            "contacts": contacts(flat_body(&[])),
        },
    });
    let of_any = json!({
        "required": ["contacts"],
        "properties": { "contacts": contacts(json!({ "$ref": "#/components/schemas/ContactTransaction" })) },
    });
    json!({
        "type": "object",
        "properties": { "referenceSource": text(limits::REFERENCE) },
        "anyOf": [of_one_source, of_any],
        "example": { "referenceSource": "Harbor Giving", "contacts": [{ "referenceId": "hg-50022", "lastName": "Lund" }] },
    })
}

/// How a person decides a row of the bucket.
pub(crate) fn resolution() -> Value {
    let id = json!({ "type": "integer", "minimum": 1, "maximum": i64::MAX });
    let contact = json!({
        "description": "The corrected submission.",
        "anyOf": [{ "$ref": "#/components/schemas/ContactTransaction" }, { "type": "null" }],
    });
    let keep = json!({
        "type": ["object", "null"],
        "description": "Whose value to keep, by `field` of the differences; it is locked then like any direct change.",
        "additionalProperties": { "type": "string", "enum": ["incoming", "onFile"] },
    });
    let rule = |action: &str, needed: &[&str], members: Value| {
        let needed: Vec<&str> = ["action"].into_iter().chain(needed.iter().copied()).collect();
        let mut properties = json!({ "action": { "const": action } });
        if let (Some(all), Value::Object(members)) = (properties.as_object_mut(), members) {
            all.extend(members);
        }
        json!({ "type": "object", "required": needed, "properties": properties })
    };
    json!({
        "anyOf": [
            rule("merge", &["contactId"], json!({ "contactId": id, "individualId": integer(1, i64::MAX), "keep": keep })),
            rule("addIndividual", &["contactId"], json!({ "contactId": id })),
            rule("create", &[], json!({})),
            rule("retry", &[], json!({ "contact": contact })),
            rule("reject", &[], json!({})),
        ],
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
