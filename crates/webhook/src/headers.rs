//! The headers of a delivery, and which ones a subscriber may add.

use crate::secret::Secret;
use crate::sign::{Encoding, sign_compat, sign_partner, signature_header};
use reqwest::header::{HeaderName, HeaderValue};

/// Default name of the body-only signature's header. Virtuous does not document the name; their
/// documentation supposes this one.
pub const COMPAT_HEADER: &str = "X-Virtuous-Signature";

/// Headers that belong to the connection or to the delivery itself.
const RESERVED: [&str; 7] = ["host", "connection", "transfer-encoding", "te", "upgrade", "user-agent", "keep-alive"];
const RESERVED_PREFIXES: [&str; 5] = ["content-", "proxy-", "webhook-", "x-webhook-", "tributary-"];

/// The body-only signature beside the standard one.
#[derive(Debug, Clone, Copy)]
pub struct Compat<'a> {
    /// Name of the header.
    pub header: &'a str,
    /// Form of the signature.
    pub encoding: Encoding,
}

impl Default for Compat<'_> {
    fn default() -> Self {
        Self { header: COMPAT_HEADER, encoding: Encoding::default() }
    }
}

/// What is signed and sent in one attempt.
#[derive(Debug, Clone, Copy)]
pub struct SignedDelivery<'a> {
    /// Secrets that are live at the time of sending, newest first.
    pub secrets: &'a [Secret],
    /// Id of the event: a lower-case UUID, the same for every endpoint, retry and replay. No dot in it.
    pub event_id: &'a str,
    /// Unix seconds of this attempt.
    pub timestamp_secs: i64,
    /// Number of this attempt, from 1.
    pub attempt: i32,
    /// The stored bytes of the event.
    pub body: &'a [u8],
    /// The body-only signature, where it is switched on.
    pub compat: Option<Compat<'a>>,
    /// Whether the partner scheme is sent too.
    pub partner: bool,
}

/// All headers of one attempt, in lower case but for the configured compat name. The compat and partner
/// schemes have room for one signature, so the newest secret signs those.
#[must_use]
pub fn delivery_headers(delivery: &SignedDelivery<'_>) -> Vec<(String, String)> {
    let SignedDelivery { secrets, event_id, timestamp_secs, body, .. } = *delivery;
    let mut headers = vec![
        pair("content-type", "application/json".to_owned()),
        pair("webhook-id", event_id.to_owned()),
        pair("webhook-timestamp", timestamp_secs.to_string()),
        pair("webhook-signature", signature_header(secrets, event_id, timestamp_secs, body)),
        pair("tributary-attempt", delivery.attempt.to_string()),
    ];
    if let (Some(compat), Some(newest)) = (delivery.compat, secrets.first()) {
        headers.push(pair(compat.header, sign_compat(newest, body, compat.encoding)));
    }
    if let (true, Some(newest)) = (delivery.partner, secrets.first()) {
        headers.push(pair("x-webhook-id", event_id.to_owned()));
        headers.push(pair("x-webhook-timestamp", timestamp_secs.to_string()));
        headers.push(pair("x-webhook-signature", sign_partner(newest, timestamp_secs, body)));
    }
    headers
}

/// Whether a subscriber may add this header to its deliveries: sendable, and none that the connection, the
/// signatures or this product own. `compat_header` is the name in use for the body-only signature.
#[must_use]
pub fn custom_header_allowed(name: &str, value: &str, compat_header: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let reserved = RESERVED.contains(&lower.as_str())
        || RESERVED_PREFIXES.iter().any(|prefix| lower.starts_with(prefix))
        || lower == compat_header.to_ascii_lowercase();
    !reserved && HeaderName::from_bytes(lower.as_bytes()).is_ok() && HeaderValue::from_str(value).is_ok()
}

fn pair(name: &str, value: String) -> (String, String) {
    (name.to_owned(), value)
}
