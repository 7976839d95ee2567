//! A gift as it is read (virtuous-contract.md 1.10), and the bodies it comes in.

use super::schema;
use serde_json::{Map, Value, json};
use tributary_contact::flat::limits;
use tributary_contact::{Field, Gift};
use tributary_engine::{GiftView, compat_time, money};

/// The gift with what it was sent with, under the names that gifts are read by.
pub(crate) fn show(view: &GiftView) -> Value {
    let mut map = read_names(&view.gift);
    let contact = &view.contact;
    let own = json!({
        "id": view.number,
        "transactionSource": view.gift.source,
        "transactionId": view.gift.id,
        "contactId": contact.id.0,
        "contactName": contact.golden.field(Field::Name),
        "contactUrl": format!("/api/Contact/{}", contact.id),
        "giftType": view.gift.kind,
        "giftTypeFormatted": view.gift.kind,
        "giftDate": format!("{}T00:00:00", view.gift.date),
        "giftDateFormatted": view.gift.date.format("%-m/%-d/%Y").to_string(),
        "amount": Value::from(view.gift.amount.to_string()),
        "amountFormatted": money(view.gift.amount),
        "exchangeRate": view.gift.exchange_rate.map(|rate| rate.to_string()),
        "giftUrl": format!("/api/Gift/{}", view.number),
        "createDateTimeUtc": compat_time(view.received_at),
        "createdByUser": "API",
        "modifiedDateTimeUtc": compat_time(view.received_at),
        "modifiedByUser": "API",
    });
    if let Value::Object(own) = own {
        map.extend(own);
    }
    Value::Object(map)
}

/// What was sent, with the lists under their names on the reading side; those are never absent.
fn read_names(gift: &Gift) -> Map<String, Value> {
    let mut map = Map::new();
    for (name, value) in &gift.payload {
        let name = match name.to_ascii_lowercase().as_str() {
            "designations" => "giftDesignations",
            "premiums" => "giftPremiums",
            "transactionsource" | "transactionid" | "amount" | "giftdate" | "gifttype" | "exchangerate" => continue,
            _ => name,
        };
        map.insert(name.to_owned(), value.clone());
    }
    for list in ["giftDesignations", "giftPremiums", "pledgePayments", "recurringGiftPayments"] {
        map.entry(list).or_insert_with(|| json!([]));
    }
    map
}

/// A gift as [`show`] makes it.
pub(crate) fn read_schema() -> Value {
    json!({
        "type": "object",
        "required": ["id", "transactionSource", "transactionId", "contactId", "giftType", "giftDate", "amount"],
        "description": "Beside these keys everything that the gift was sent with.",
        "properties": {
            "id": { "type": "integer" },
            "transactionSource": { "type": "string" },
            "transactionId": { "type": "string" },
            "contactId": { "type": "integer" },
            "contactName": { "type": ["string", "null"] },
            "giftType": { "type": "string" },
            "giftDate": { "type": "string" },
            "amount": { "type": "string", "description": "Exact, in the currency of the gift." },
            "amountFormatted": { "type": "string" },
        },
        "additionalProperties": true,
    })
}

/// What `POST /api/v2/Gift/Transaction` reads.
pub(crate) fn input_schema() -> Value {
    with_required(&["transactionSource", "transactionId", "giftDate", "amount", "contact"])
}

fn with_required(names: &[&str]) -> Value {
    let amount = json!({ "anyOf": [{ "type": "number" }, { "type": "string", "pattern": "[0-9]" }] });
    let date = json!({ "type": "string", "pattern": "[0-9]", "description": "2026-11-23, with or without a time, or 11/23/2026." });
    let own =
        |name: &str, filled: Value, given: Value| (name.to_owned(), if names.contains(&name) { filled } else { given });
    let reference = || schema::text(limits::REFERENCE);
    let properties = [
        own("transactionSource", schema::filled_text(limits::REFERENCE), reference()),
        own("transactionId", schema::filled_text(limits::REFERENCE), reference()),
        own("giftDate", date, json!({ "type": ["string", "null"] })),
        own("giftType", Value::Null, schema::text(limits::SHORT)),
        own("amount", amount, Value::Null),
        own("currencyCode", Value::Null, json!({ "type": ["string", "null"], "description": "Three letters." })),
        own("contact", contact(), Value::Null),
    ];
    let properties: Map<String, Value> = properties.into_iter().collect();
    json!({ "type": "object", "required": names, "properties": properties, "additionalProperties": true })
}

/// The contact of a gift, by its number or by what is known of it.
fn contact() -> Value {
    let texts = ["firstname", "lastname", "name", "email", "phone", "referenceId"];
    let said = texts.map(schema::with_filled).into_iter();
    let by_number = json!({ "required": ["id"], "properties": { "id": schema::id() } });
    json!({
        "type": "object",
        "description": "Matched like a contact transaction; with `id` it is that contact, and nothing is matched.",
        "anyOf": said.chain([by_number]).collect::<Vec<_>>(),
    })
}

/// What `POST /api/v2/Gift/Transactions` reads. The source, the date and the type of the envelope stand for gifts that
/// have none.
pub(crate) fn batch_schema() -> Value {
    let envelope = json!({
        "required": ["transactionSource", "defaultGiftDate", "transactions"],
        "properties": {
            "transactionSource": schema::filled_text(limits::REFERENCE),
            "defaultGiftDate": { "type": "string", "pattern": "[0-9]" },
            "transactions": gifts(with_required(&["transactionId", "amount", "contact"])),
        },
    });
    let each = json!({
        "required": ["transactions"],
        "properties": { "transactions": gifts(json!({ "$ref": "#/components/schemas/GiftTransaction" })) },
    });
    json!({
        "type": "object",
        "anyOf": [envelope, each],
        "properties": {
            "transactionSource": schema::text(limits::REFERENCE),
            "createImport": schema::flag(),
            "importName": schema::text(limits::NAME),
            "batch": schema::text(limits::NAME),
            "defaultGiftDate": { "type": ["string", "null"] },
            "defaultGiftType": schema::text(limits::SHORT),
        },
        "additionalProperties": true,
    })
}

fn gifts(gift: Value) -> Value {
    json!({ "type": "array", "maxItems": 1_000, "items": gift })
}
