//! Checks the signatures that `sign` makes, for `webhook verify`, the demo's receiver and the tests.
//! Signatures are compared in constant time.

use crate::secret::Secret;
use crate::sign::{Encoding, PARTNER_PREFIX, STANDARD_VERSION, compat_mac, partner_mac, standard_mac};
use hmac::Mac;

/// Seconds a timestamp may be off, either way, before the libraries of Standard Webhooks refuse it.
pub const TOLERANCE_SECS: u64 = 300;

/// The three headers a receiver checks, as they arrived.
#[derive(Debug, Clone, Copy)]
pub struct SignatureHeaders<'a> {
    /// `webhook-id` (`X-Webhook-ID` in the partner scheme, which does not sign it).
    pub id: &'a str,
    /// `webhook-timestamp` or `X-Webhook-Timestamp`: Unix seconds.
    pub timestamp: &'a str,
    /// `webhook-signature` or `X-Webhook-Signature`.
    pub signature: &'a str,
}

/// Why a delivery is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VerifyError {
    /// Not a count of seconds.
    #[error("the timestamp is not a number of seconds")]
    Timestamp,
    /// Older than the tolerance.
    #[error("the timestamp is too old")]
    TooOld,
    /// Newer than the tolerance.
    #[error("the timestamp is too far in the future")]
    TooNew,
    /// No signature fits.
    #[error("no signature fits")]
    Signature,
}

/// Accepts a delivery when any `v1` entry fits and the timestamp is within `tolerance_secs` of `now_secs`.
/// Entries of other versions are skipped, as the specification asks.
///
/// # Errors
/// See [`VerifyError`].
pub fn verify_standard(
    secret: &Secret,
    headers: &SignatureHeaders<'_>,
    body: &[u8],
    now_secs: i64,
    tolerance_secs: u64,
) -> Result<(), VerifyError> {
    check_time(headers.timestamp, now_secs, tolerance_secs)?;
    let mac = standard_mac(secret, headers.id, headers.timestamp, body);
    let fits = headers
        .signature
        .split_ascii_whitespace()
        .filter_map(|entry| entry.split_once(','))
        .filter(|(version, _)| *version == STANDARD_VERSION)
        .filter_map(|(_, text)| Encoding::Base64.decode(text))
        .any(|signature| mac.clone().verify_slice(&signature).is_ok());
    if fits { Ok(()) } else { Err(VerifyError::Signature) }
}

/// Accepts a delivery whose body-only signature fits. That scheme has no timestamp, so it knows no replay.
///
/// # Errors
/// [`VerifyError::Signature`].
pub fn verify_compat(secret: &Secret, signature: &str, body: &[u8], encoding: Encoding) -> Result<(), VerifyError> {
    let signature = encoding.decode(signature).ok_or(VerifyError::Signature)?;
    compat_mac(secret, body).verify_slice(&signature).map_err(|_| VerifyError::Signature)
}

/// Accepts a delivery in the partner scheme, with the same rule for the timestamp as [`verify_standard`].
///
/// # Errors
/// See [`VerifyError`].
pub fn verify_partner(
    secret: &Secret,
    headers: &SignatureHeaders<'_>,
    body: &[u8],
    now_secs: i64,
    tolerance_secs: u64,
) -> Result<(), VerifyError> {
    check_time(headers.timestamp, now_secs, tolerance_secs)?;
    let signature = headers
        .signature
        .strip_prefix(PARTNER_PREFIX)
        .and_then(|text| Encoding::Hex.decode(text))
        .ok_or(VerifyError::Signature)?;
    partner_mac(secret, headers.timestamp, body).verify_slice(&signature).map_err(|_| VerifyError::Signature)
}

fn check_time(timestamp: &str, now_secs: i64, tolerance_secs: u64) -> Result<(), VerifyError> {
    let sent: i64 = timestamp.parse().map_err(|_| VerifyError::Timestamp)?;
    match now_secs.abs_diff(sent) > tolerance_secs {
        true if sent < now_secs => Err(VerifyError::TooOld),
        true => Err(VerifyError::TooNew),
        false => Ok(()),
    }
}
