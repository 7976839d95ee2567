//! Signatures of a delivery: Standard Webhooks, the body-only form and the partner form. All HMAC-SHA256.

use crate::secret::Secret;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

/// Version mark of the Standard Webhooks scheme with a shared secret.
pub const STANDARD_VERSION: &str = "v1";

/// Start of the value in the partner scheme.
pub const PARTNER_PREFIX: &str = "sha256=";

/// Text form of a body-only signature.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Encoding {
    /// Standard alphabet with padding: what Virtuous' help centre describes.
    #[default]
    Base64,
    /// Lower-case hexadecimal: what one of Virtuous' samples compares with.
    Hex,
}

impl Encoding {
    fn encode(self, signature: &[u8]) -> String {
        match self {
            Self::Base64 => STANDARD.encode(signature),
            Self::Hex => hex::encode(signature),
        }
    }

    /// The bytes behind a signature's text; none when it is not in this form.
    pub(crate) fn decode(self, text: &str) -> Option<Vec<u8>> {
        match self {
            Self::Base64 => STANDARD.decode(text).ok(),
            Self::Hex => hex::decode(text).ok(),
        }
    }
}

/// Signs in the Standard Webhooks scheme: `v1,` and Base64 over `id.timestamp.body`.
/// `timestamp_secs` is the Unix time of this attempt.
#[must_use]
pub fn sign_standard(secret: &Secret, id: &str, timestamp_secs: i64, body: &[u8]) -> String {
    let signature = standard_mac(secret, id, &timestamp_secs.to_string(), body).finalize().into_bytes();
    format!("{STANDARD_VERSION},{}", STANDARD.encode(signature))
}

/// The whole `webhook-signature` value: one entry per live secret, newest first, parted by exactly one
/// space, since the Python verifier breaks on two.
#[must_use]
pub fn signature_header(secrets: &[Secret], id: &str, timestamp_secs: i64, body: &[u8]) -> String {
    let entries: Vec<String> = secrets.iter().map(|secret| sign_standard(secret, id, timestamp_secs, body)).collect();
    entries.join(" ")
}

/// Signs the body alone, keyed with the whole text of the secret, as Virtuous does.
#[must_use]
pub fn sign_compat(secret: &Secret, body: &[u8], encoding: Encoding) -> String {
    encoding.encode(&compat_mac(secret, body).finalize().into_bytes())
}

/// Signs in the partner scheme: `sha256=` and hexadecimal over `timestamp.body`, keyed with the whole text.
#[must_use]
pub fn sign_partner(secret: &Secret, timestamp_secs: i64, body: &[u8]) -> String {
    let signature = partner_mac(secret, &timestamp_secs.to_string(), body).finalize().into_bytes();
    format!("{PARTNER_PREFIX}{}", hex::encode(signature))
}

pub(crate) fn standard_mac(secret: &Secret, id: &str, timestamp: &str, body: &[u8]) -> Hmac<Sha256> {
    mac(secret.standard_key(), &[id.as_bytes(), b".", timestamp.as_bytes(), b".", body])
}

pub(crate) fn compat_mac(secret: &Secret, body: &[u8]) -> Hmac<Sha256> {
    mac(secret.compat_key(), &[body])
}

pub(crate) fn partner_mac(secret: &Secret, timestamp: &str, body: &[u8]) -> Hmac<Sha256> {
    mac(secret.compat_key(), &[timestamp.as_bytes(), b".", body])
}

fn mac(key: &[u8], parts: &[&[u8]]) -> Hmac<Sha256> {
    #[expect(clippy::expect_used, reason = "HMAC is defined for keys of every length")]
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("a key of any length");
    parts.iter().for_each(|part| mac.update(part));
    mac
}
