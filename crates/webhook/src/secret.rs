//! Signing secrets: one string that serves the verifiers of every scheme, each with its own key.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::fmt;
use std::ops::RangeInclusive;

/// Start of a secret in Standard Webhooks form.
pub const PREFIX: &str = "whsec_";

/// Bytes a Standard Webhooks key may have (specification 1.0.0).
pub const KEY_BYTES: RangeInclusive<usize> = 24..=64;

/// How many secrets of one subscription may sign at once while they are rotated.
pub const MAX_LIVE_SECRETS: usize = 3;

/// Bytes of a key that is made here.
const GENERATED_BYTES: usize = 32;

/// A signing secret. Its debug form shows nothing of it.
#[derive(Clone)]
pub struct Secret {
    text: String,
    key: Vec<u8>,
}

/// Why a secret is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SecretError {
    /// No text at all.
    #[error("the secret is empty")]
    Empty,
    /// `whsec_` followed by something else than a key.
    #[error("a secret that starts with whsec_ must go on with padded Base64 of 24 to 64 bytes")]
    NotAKey,
}

impl Secret {
    /// Reads a secret as a subscriber gave it. `whsec_` announces a Base64 key; any other text is a plain
    /// secret, as the Virtuous contract allows every string.
    ///
    /// # Errors
    /// Empty text, or `whsec_` without padded Base64 of 24 to 64 bytes behind it.
    pub fn parse(text: &str) -> Result<Self, SecretError> {
        let key = match text.strip_prefix(PREFIX) {
            _ if text.is_empty() => return Err(SecretError::Empty),
            Some(encoded) => decode_key(encoded)?,
            None => text.as_bytes().to_vec(),
        };
        Ok(Self { text: text.to_owned(), key })
    }

    /// Makes a new secret of 32 bytes. `random` must fill the whole slice from a cryptographic source.
    pub fn generate(random: &mut dyn FnMut(&mut [u8])) -> Self {
        let mut key = vec![0; GENERATED_BYTES];
        random(&mut key);
        Self { text: standard_text(&key), key }
    }

    /// The secret as given or shown. For storage and the one showing; never for logs.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.text
    }

    /// Key of the Standard Webhooks scheme: the decoded bytes of a `whsec_` secret, else the text's bytes.
    #[must_use]
    pub fn standard_key(&self) -> &[u8] {
        &self.key
    }

    /// Key of the body-only and partner schemes: the bytes of the whole text, `whsec_` included.
    #[must_use]
    pub fn compat_key(&self) -> &[u8] {
        self.text.as_bytes()
    }

    /// The `whsec_` text to give to a Standard Webhooks library; for a plain secret its bytes in Base64.
    #[must_use]
    pub fn standard_form(&self) -> String {
        standard_text(&self.key)
    }

    /// Whether the key is shorter than Standard Webhooks asks for: accepted, but worth a warning.
    #[must_use]
    pub fn is_short(&self) -> bool {
        self.key.len() < *KEY_BYTES.start()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret(hidden)")
    }
}

fn decode_key(encoded: &str) -> Result<Vec<u8>, SecretError> {
    let key = STANDARD.decode(encoded).map_err(|_| SecretError::NotAKey)?;
    if KEY_BYTES.contains(&key.len()) { Ok(key) } else { Err(SecretError::NotAKey) }
}

fn standard_text(key: &[u8]) -> String {
    format!("{PREFIX}{}", STANDARD.encode(key))
}
