//! A webhook subscription on the wire (virtuous-contract.md 5.1), both ways.

use crate::ApiError;
use crate::body;
use crate::wire::schema;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use tributary_contact::flat::{Reader, get};
use tributary_engine::{WebhookInput, compat_time};
use tributary_store::WebhookRow;

/// The documented switches, and behind them ours.
const TOGGLES: &[&str] = &[
    "contactCreate",
    "contactUpdate",
    "giftCreate",
    "giftUpdate",
    "giftDelete",
    "projectCreate",
    "projectUpdate",
    "projectDelete",
    "formSubmission",
    "contactNoteCreate",
    "contactNoteUpdate",
    "contactNoteDelete",
    "eventCreate",
    "eventUpdate",
    "eventDelete",
    "contactDelete",
];

/// Characters of an address.
const URL: usize = 2_048;
/// Characters of a secret.
const SECRET: usize = 256;
/// A shorter secret is taken, as the vendor's API does, but not without a word (webhooks.md 1.5).
const SHORT_SECRET: usize = 24;

/// Reads a subscription. `active` is on unless said otherwise, every switch is off; a body may repeat
/// what only answers hold.
///
/// # Errors
/// Every problem of the body.
pub(crate) fn parse(value: &Value) -> Result<WebhookInput, ApiError> {
    let map = body::object(value)?;
    let mut reader = Reader::new("");
    let payload_url = text(map, "payloadUrl", URL, &mut reader);
    if payload_url.is_none() {
        reader.require("payloadUrl", "Says where events are sent.");
    }
    let secret = text(map, "secret", SECRET, &mut reader);
    let active = flag(map, "active", &mut reader).unwrap_or(true);
    let mut on = |name: &&&str| flag(map, name, &mut reader) == Some(true);
    let toggles: BTreeSet<String> = TOGGLES.iter().filter(|name| on(name)).map(|name| (*name).to_owned()).collect();
    reader.finish().map_err(ApiError::invalid)?;
    Ok(WebhookInput { payload_url: payload_url.unwrap_or_default(), secret, active, toggles })
}

/// What [`parse`] reads.
pub(crate) fn input_schema() -> Value {
    let mut properties: Map<String, Value> = TOGGLES.iter().map(|name| ((*name).to_owned(), schema::flag())).collect();
    let url = schema::filled_text(URL);
    properties.insert("payloadUrl".to_owned(), url);
    properties.insert("secret".to_owned(), schema::text(SECRET));
    properties.insert("active".to_owned(), schema::flag());
    let example = json!({ "payloadUrl": "https://hooks.example.org/crm", "contactCreate": true });
    json!({ "type": "object", "required": ["payloadUrl"], "properties": properties, "example": example })
}

/// What [`show`] answers.
pub(crate) fn schema() -> Value {
    let toggles = TOGGLES.iter().map(|name| ((*name).to_owned(), json!({ "type": "boolean" })));
    let mut properties: Map<String, Value> = toggles.collect();
    let kinds = [
        ("id", json!("integer")),
        ("payloadUrl", json!("string")),
        ("secret", json!("string")),
        ("active", json!("boolean")),
        ("createDateTimeUtc", json!("string")),
        ("disabledReason", json!(["string", "null"])),
        ("failingSinceUtc", json!(["string", "null"])),
        ("failedAttempts", json!("integer")),
    ];
    properties.extend(kinds.map(|(name, kind)| (name.to_owned(), json!({ "type": kind }))));
    properties.insert("warnings".to_owned(), json!({ "type": "array", "items": { "type": "string" } }));
    let required: Vec<&String> = properties.keys().collect();
    json!({ "type": "object", "required": required, "properties": properties })
}

fn text(map: &Map<String, Value>, name: &str, limit: usize, reader: &mut Reader<'_>) -> Option<String> {
    reader.text(name, get(map, name)?, limit)
}

fn flag(map: &Map<String, Value>, name: &str, reader: &mut Reader<'_>) -> Option<bool> {
    reader.boolean(name, get(map, name)?)
}

/// The subscription with its secret, as the contract answers it, and how its deliveries fare.
pub(crate) fn show(row: &WebhookRow) -> Value {
    let mut shown = json!({
        "id": row.id.0,
        "payloadUrl": row.payload_url,
        "secret": row.secret,
        "active": row.active,
        "createDateTimeUtc": compat_time(row.created_at),
        "disabledReason": row.disabled_reason,
        "failingSinceUtc": row.failing_since.map(compat_time),
        "failedAttempts": row.failed_attempts,
        "warnings": warnings(row),
    });
    let toggles = TOGGLES.iter().map(|name| ((*name).to_owned(), Value::from(row.toggles.contains(*name))));
    shown.as_object_mut().into_iter().for_each(|map| map.extend(toggles.clone()));
    shown
}

fn warnings(row: &WebhookRow) -> Vec<&'static str> {
    let short = !row.secret.starts_with("whsec_") && row.secret.len() < SHORT_SECRET;
    short.then_some("The secret is short; 32 random bytes are safe.").into_iter().collect()
}
