//! "Not a duplicate" on the wire.

use super::schema;
use serde::Serialize;
use serde_json::{Map, Value, json};
use tributary_contact::flat::{Reader, get, limits};
use tributary_contact::issue::{Issue, IssueCode};
use tributary_contact::{ContactId, RecordId};
use tributary_engine::{NotDuplicate, NotThis, compat_time};
use tributary_store::{NotDuplicateRow, Other};
use utoipa::ToSchema;
use uuid::Uuid;

/// What somebody said is not one.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NotDuplicateJson {
    id: i64,
    contact_id: i64,
    other_contact_id: Option<i64>,
    reference_source: Option<String>,
    reference_id: Option<String>,
    transaction_id: Option<RecordId>,
    until_more_is_known: bool,
    note: Option<String>,
    actor: String,
    created_at_utc: String,
    revoked_by: Option<String>,
    revoked_at_utc: Option<String>,
}

impl From<NotDuplicateRow> for NotDuplicateJson {
    fn from(row: NotDuplicateRow) -> Self {
        let (revoked_by, revoked_at) = row.revoked.unzip();
        let mut json = Self {
            id: row.id,
            contact_id: row.contact.0,
            other_contact_id: None,
            reference_source: None,
            reference_id: None,
            transaction_id: None,
            until_more_is_known: row.known.is_some(),
            note: row.note,
            actor: row.actor,
            created_at_utc: compat_time(row.created_at),
            revoked_by,
            revoked_at_utc: revoked_at.map(compat_time),
        };
        match row.other {
            Other::Contact(other) => json.other_contact_id = Some(other.0),
            Other::Reference(reference) => {
                (json.reference_source, json.reference_id) = (Some(reference.source), Some(reference.id));
            }
            Other::Transaction(id) => json.transaction_id = Some(id),
        }
        json
    }
}

/// What is said.
pub(crate) fn parse(map: &Map<String, Value>) -> Result<NotDuplicate, Vec<Issue>> {
    let mut reader = Reader::new("");
    let contact = contact(map, "contactId", &mut reader);
    if contact.is_none() {
        reader.require("contactId", "Says which contact is meant.");
    }
    let other = contact_or_transaction(map, &mut reader);
    let until = get(map, "untilMoreIsKnown").and_then(|value| reader.boolean("untilMoreIsKnown", value));
    let note = get(map, "note").and_then(|value| reader.text("note", value, limits::VALUE));
    reader.finish()?;
    let contact = contact.unwrap_or(ContactId(0));
    let other = other.unwrap_or(NotThis::Contact(contact));
    Ok(NotDuplicate { contact, other, until_more_is_known: until.unwrap_or(false), note })
}

fn contact(map: &Map<String, Value>, name: &str, reader: &mut Reader<'_>) -> Option<ContactId> {
    reader.integer(name, get(map, name)?, 1..=i64::MAX).map(ContactId)
}

fn contact_or_transaction(map: &Map<String, Value>, reader: &mut Reader<'_>) -> Option<NotThis> {
    let other = contact(map, "otherContactId", reader).map(NotThis::Contact);
    let text = get(map, "transactionId").and_then(|value| reader.text("transactionId", value, limits::SHORT));
    match (other, text) {
        (Some(_), Some(_)) => {
            reader.issue("transactionId", IssueCode::InvalidValue, "Either this or otherContactId.");
            None
        }
        (None, None) => {
            reader.require("otherContactId", "Says what the contact is not: this or transactionId.");
            None
        }
        (None, Some(text)) => {
            let id = Uuid::parse_str(&text).ok();
            if id.is_none() {
                reader.issue("transactionId", IssueCode::InvalidFormat, "Not an id of a submission.");
            }
            id.map(|id| NotThis::Transaction(RecordId(id)))
        }
        (other, None) => other,
    }
}

/// The body as a JSON Schema.
pub(crate) fn input_schema() -> Value {
    let named = |name: &str, id: Value, other: &str| json!({ "required": [name], "properties": { name: id, other: schema::blank() } });
    json!({
        "type": "object",
        "required": ["contactId"],
        "properties": {
            "contactId": schema::id(),
            "otherContactId": schema::integer(1, i64::MAX),
            "transactionId": {
                "type": ["string", "null"], "format": "uuid",
                "description": "A submission, in the place of otherContactId. When it has a reference, every submission of the reference.",
            },
            "untilMoreIsKnown": schema::flag(),
            "note": schema::text(limits::VALUE),
        },
        "oneOf": [
            named("otherContactId", schema::id(), "transactionId"),
            named("transactionId", json!({ "type": "string", "format": "uuid" }), "otherContactId"),
        ],
        "example": { "contactId": 70114, "otherContactId": 70115, "note": "Father and son." },
    })
}
