//! Secrets at rest: sealed with ChaCha20-Poly1305 under a key of the instance, so that a copy of the database
//! alone signs nothing. A sealed text names its key, so that keys can be replaced.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use sha2::{Digest, Sha256};
use std::fmt;

/// Start of every sealed text.
pub const PREFIX: &str = "sealed1:";

/// Bytes of a key.
const KEY_BYTES: usize = 32;
/// Bytes that tell which key sealed a text.
const NAME_BYTES: usize = 4;

/// Keys of an instance: the first one seals, each of them opens. Its debug form shows nothing of them.
#[derive(Clone, Default)]
pub struct SealKeys(Vec<[u8; KEY_BYTES]>);

/// A key that cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be 32 bytes in Base64, as `openssl rand -base64 32` prints them")]
pub struct InvalidKey;

/// Why a text cannot be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// None of the keys sealed it.
    #[error("the secret was sealed with a key that is not in webhook.secret_keys")]
    UnknownKey,
    /// Changed since it was sealed, or moved from another place.
    #[error("the sealed secret is damaged")]
    Damaged,
}

impl SealKeys {
    /// Reads keys, each 32 bytes in Base64; the first one seals.
    ///
    /// # Errors
    /// When one of them is something else.
    pub fn parse<T: AsRef<str>>(texts: &[T]) -> Result<Self, InvalidKey> {
        let key = |text: &T| {
            let bytes = STANDARD.decode(text.as_ref().trim()).map_err(|_| InvalidKey)?;
            <[u8; KEY_BYTES]>::try_from(bytes).map_err(|_| InvalidKey)
        };
        texts.iter().map(key).collect::<Result<_, _>>().map(Self)
    }

    /// Whether there is no key: then texts are kept as they are.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Seals a text for one place (such as a row's identity), where alone it opens again. Without a key the text
    /// stays as it is. `random` must fill the whole slice from a cryptographic source.
    ///
    /// # Errors
    /// None in practice: the cipher takes every text.
    pub fn seal(&self, place: &str, text: &str, random: &mut dyn FnMut(&mut [u8])) -> Result<String, OpenError> {
        let Some(key) = self.0.first() else { return Ok(text.to_owned()) };
        let mut nonce = [0; NONCE_LEN];
        random(&mut nonce);
        let mut sealed = text.as_bytes().to_vec();
        cipher(key)?
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(place), &mut sealed)
            .map_err(|_| OpenError::Damaged)?;
        Ok(format!("{PREFIX}{}", STANDARD.encode([&name(key)[..], &nonce, &sealed].concat())))
    }

    /// The text that was sealed for this place. A text that is not sealed is handed back as it is.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub fn open(&self, place: &str, stored: &str) -> Result<String, OpenError> {
        let Some(encoded) = stored.strip_prefix(PREFIX) else { return Ok(stored.to_owned()) };
        let bytes = STANDARD.decode(encoded).map_err(|_| OpenError::Damaged)?;
        let (named, rest) = bytes.split_first_chunk::<NAME_BYTES>().ok_or(OpenError::Damaged)?;
        let (nonce, sealed) = rest.split_first_chunk::<NONCE_LEN>().ok_or(OpenError::Damaged)?;
        let key = self.0.iter().find(|key| name(key) == *named).ok_or(OpenError::UnknownKey)?;
        let mut sealed = sealed.to_vec();
        let text = cipher(key)?
            .open_in_place(Nonce::assume_unique_for_key(*nonce), Aad::from(place), &mut sealed)
            .map_err(|_| OpenError::Damaged)?;
        String::from_utf8(text.to_vec()).map_err(|_| OpenError::Damaged)
    }

    /// Whether a stored text is as [`SealKeys::seal`] would leave it now: sealed under the first key, or plain
    /// where there is none.
    #[must_use]
    pub fn is_current(&self, stored: &str) -> bool {
        let by_first = |key: &[u8; KEY_BYTES]| {
            let encoded = stored.strip_prefix(PREFIX)?;
            let bytes = STANDARD.decode(encoded).ok()?;
            Some(bytes.starts_with(&name(key)))
        };
        self.0.first().is_none_or(|key| by_first(key).unwrap_or(false))
    }
}

/// Whether a stored text is sealed.
#[must_use]
pub fn is_sealed(stored: &str) -> bool {
    stored.starts_with(PREFIX)
}

impl fmt::Debug for SealKeys {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "SealKeys({} hidden)", self.0.len())
    }
}

fn cipher(key: &[u8; KEY_BYTES]) -> Result<LessSafeKey, OpenError> {
    UnboundKey::new(&CHACHA20_POLY1305, key).map(LessSafeKey::new).map_err(|_| OpenError::Damaged)
}

/// The start of a digest of the key: tells keys apart and nothing about them.
fn name(key: &[u8; KEY_BYTES]) -> [u8; NAME_BYTES] {
    let digest = Sha256::digest(key);
    let mut name = [0; NAME_BYTES];
    name.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
    name
}
