//! A webhook subscription on the wire (virtuous-contract.md 5.1), both ways.

use crate::ApiError;
use crate::body;
use crate::wire::schema;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use tributary_contact::flat::{Reader, get};
use tributary_contact::issue::IssueCode;
use tributary_engine::{LONGEST_OVERLAP_SECONDS, WebhookInput, compat_time, standard_secret};
use tributary_store::{WebhookOptions, WebhookRow};

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
    "contactArchive",
    "contactMerge",
    "contactUnmerge",
    "needsUpdate",
    "transactionRejected",
];

/// Characters of an address.
const URL: usize = 2_048;
/// Characters of a secret.
const SECRET: usize = 256;
/// Characters of a header's value, and of its name.
const HEADER: usize = 1_024;
const HEADER_NAME: usize = 64;
/// How long an old secret goes on signing unless said otherwise: a day.
const OVERLAP_SECONDS: u32 = 86_400;
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
    let headers = headers(map, &mut reader);
    let options = options(map, &mut reader);
    let mut on = |name: &&&str| flag(map, name, &mut reader) == Some(true);
    let toggles: BTreeSet<String> = TOGGLES.iter().filter(|name| on(name)).map(|name| (*name).to_owned()).collect();
    reader.finish().map_err(ApiError::invalid)?;
    Ok(WebhookInput { payload_url: payload_url.unwrap_or_default(), secret, active, toggles, headers, options })
}

/// What [`parse`] reads.
pub(crate) fn input_schema() -> Value {
    let mut properties: Map<String, Value> = TOGGLES.iter().map(|name| ((*name).to_owned(), schema::flag())).collect();
    let url = schema::filled_text(URL);
    properties.insert("payloadUrl".to_owned(), url);
    properties.insert("secret".to_owned(), schema::text(SECRET));
    properties.insert("active".to_owned(), schema::flag());
    let headers = json!({ "type": "object", "additionalProperties": schema::text(HEADER) });
    properties.insert("headers".to_owned(), headers);
    properties.insert("compatSignature".to_owned(), schema::flag());
    properties.insert("compatHeader".to_owned(), schema::text(HEADER_NAME));
    properties.insert("compatEncoding".to_owned(), json!({ "enum": ["base64", "hex", "", null] }));
    properties.insert("partnerSignature".to_owned(), schema::flag());
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
        ("state", json!("string")),
        ("pausedSinceUtc", json!(["string", "null"])),
        ("nextProbeUtc", json!(["string", "null"])),
        ("standardSecret", json!(["string", "null"])),
        ("headers", json!("object")),
        ("compatSignature", json!(["boolean", "null"])),
        ("compatHeader", json!(["string", "null"])),
        ("compatEncoding", json!("string")),
        ("partnerSignature", json!("boolean")),
    ];
    properties.extend(kinds.map(|(name, kind)| (name.to_owned(), json!({ "type": kind }))));
    for name in ["warnings", "previousSecretsUntilUtc"] {
        properties.insert(name.to_owned(), json!({ "type": "array", "items": { "type": "string" } }));
    }
    let required: Vec<&String> = properties.keys().collect();
    json!({ "type": "object", "required": required, "properties": properties })
}

fn text(map: &Map<String, Value>, name: &str, limit: usize, reader: &mut Reader<'_>) -> Option<String> {
    reader.text(name, get(map, name)?, limit)
}

/// `headers`: an object of texts.
fn headers(map: &Map<String, Value>, reader: &mut Reader<'_>) -> Option<Vec<(String, String)>> {
    let Value::Object(given) = get(map, "headers")? else {
        reader.issue("headers", IssueCode::InvalidType, "Must be an object of texts.");
        return None;
    };
    let pair = |(name, value): (&String, &Value)| Some((name.clone(), reader.text(name, value, HEADER)?));
    Some(given.iter().filter_map(pair).collect())
}

/// The schemes beside the standard one; none when none of their names is given.
fn options(map: &Map<String, Value>, reader: &mut Reader<'_>) -> Option<WebhookOptions> {
    let options = WebhookOptions {
        compat: flag(map, "compatSignature", reader),
        compat_header: text(map, "compatHeader", HEADER_NAME, reader),
        compat_hex: match text(map, "compatEncoding", HEADER_NAME, reader).as_deref() {
            None | Some("base64") => false,
            Some("hex") => true,
            Some(_) => {
                reader.issue("compatEncoding", IssueCode::InvalidValue, "Must be base64 or hex.");
                false
            }
        },
        partner: flag(map, "partnerSignature", reader) == Some(true),
    };
    let names = ["compatSignature", "compatHeader", "compatEncoding", "partnerSignature"];
    names.iter().any(|name| get(map, name).is_some()).then_some(options)
}

fn flag(map: &Map<String, Value>, name: &str, reader: &mut Reader<'_>) -> Option<bool> {
    reader.boolean(name, get(map, name)?)
}

/// A rotation: the new secret, if it is given, and how long the old one goes on signing.
///
/// # Errors
/// Every problem of the body.
pub(crate) fn parse_rotation(value: &Value) -> Result<(Option<String>, u32), ApiError> {
    let map = body::object(value)?;
    let mut reader = Reader::new("");
    let secret = text(map, "secret", SECRET, &mut reader);
    let most = i64::from(LONGEST_OVERLAP_SECONDS);
    let overlap = get(map, "overlapSeconds").and_then(|value| reader.integer("overlapSeconds", value, 0..=most));
    reader.finish().map_err(ApiError::invalid)?;
    Ok((secret, overlap.and_then(|seconds| u32::try_from(seconds).ok()).unwrap_or(OVERLAP_SECONDS)))
}

/// What [`parse_rotation`] reads.
pub(crate) fn rotation_schema() -> Value {
    let seconds = schema::integer(0, i64::from(LONGEST_OVERLAP_SECONDS));
    let text = "How long the old secret goes on signing, a day unless said; 0 ends it and all older ones at once.";
    let overlap = json!({ "anyOf": [seconds], "description": text });
    json!({ "type": "object", "properties": { "secret": schema::text(SECRET), "overlapSeconds": overlap } })
}

/// The subscription with its secret, as the contract answers it, and how its deliveries fare.
pub(crate) fn show(row: &WebhookRow) -> Value {
    let mut shown = json!({
        "id": row.id.0,
        "payloadUrl": row.payload_url,
        "secret": row.secret,
        "active": row.active,
        "createDateTimeUtc": compat_time(row.created_at),
        "state": state(row),
        "disabledReason": row.disabled_reason,
        "pausedSinceUtc": row.paused_at.map(compat_time),
        "nextProbeUtc": row.probe_at.map(compat_time),
        "failingSinceUtc": row.failing_since.map(compat_time),
        "failedAttempts": row.failed_attempts,
        "previousSecretsUntilUtc": row.previous_secrets.iter().map(|old| compat_time(old.until)).collect::<Vec<_>>(),
        "standardSecret": standard_secret(&row.secret),
        "headers": serde_json::from_str::<Vec<(String, String)>>(&row.headers).unwrap_or_default().into_iter()
            .collect::<BTreeMap<_, _>>(),
        "compatSignature": row.options.compat,
        "compatHeader": row.options.compat_header,
        "compatEncoding": if row.options.compat_hex { "hex" } else { "base64" },
        "partnerSignature": row.options.partner,
        "warnings": warnings(row),
    });
    let toggles = TOGGLES.iter().map(|name| ((*name).to_owned(), Value::from(row.toggles.contains(*name))));
    shown.as_object_mut().into_iter().for_each(|map| map.extend(toggles.clone()));
    shown
}

/// `active`, `paused` by the system, or `disabled` by a person or a 410.
pub(crate) fn state(row: &WebhookRow) -> &'static str {
    match (row.active, row.paused_at) {
        (false, _) => "disabled",
        (true, Some(_)) => "paused",
        (true, None) => "active",
    }
}

fn warnings(row: &WebhookRow) -> Vec<&'static str> {
    let short = !row.secret.starts_with("whsec_") && row.secret.len() < SHORT_SECRET;
    short.then_some("The secret is short; 32 random bytes are safe.").into_iter().collect()
}
