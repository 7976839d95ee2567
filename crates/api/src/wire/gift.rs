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
    let amount = json!({ "type": ["string", "number"], "description": "Above zero, at most four decimal places." });
    json!({
        "type": "object",
        "required": ["transactionSource", "transactionId", "giftDate", "amount", "contact"],
        "properties": {
            "transactionSource": schema::text(limits::REFERENCE),
            "transactionId": schema::text(limits::REFERENCE),
            "giftDate": { "type": "string", "description": "2026-11-23, with or without a time, or 11/23/2026." },
            "giftType": schema::text(limits::SHORT),
            "amount": amount,
            "currencyCode": { "type": ["string", "null"], "description": "Three letters." },
            "contact": {
                "type": "object",
                "description": "Matched like a contact transaction; with `id` it is that contact, and nothing is matched.",
            },
        },
        "additionalProperties": true,
    })
}

/// What `POST /api/v2/Gift/Transactions` reads.
pub(crate) fn batch_schema() -> Value {
    json!({
        "type": "object",
        "required": ["transactions"],
        "properties": {
            "transactionSource": schema::text(limits::REFERENCE),
            "transactions": { "type": "array", "items": { "type": "object" } },
            "createImport": schema::flag(),
            "importName": schema::text(limits::NAME),
            "batch": schema::text(limits::NAME),
            "defaultGiftDate": { "type": ["string", "null"] },
            "defaultGiftType": schema::text(limits::SHORT),
        },
        "additionalProperties": true,
    })
}
