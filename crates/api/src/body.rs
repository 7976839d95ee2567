//! Request bodies: read to a limit, parsed once.

use crate::{ApiError, Problem};
use actix_web::web;
use serde_json::{Map, Value};
use tributary_contact::flat::{Reader, get, limits};
use tributary_contact::issue::{Issue, IssueCode};

/// Bytes of a body with one record.
pub(crate) const SINGLE: usize = 256 * 1024;
/// Bytes of a picture.
pub(crate) const IMAGE: usize = 1_000_000;
/// Bytes of a batch (virtuous-contract.md 1.2: 5 MB).
pub(crate) const BATCH: usize = 5_000_000;
/// Items of a batch (virtuous-contract.md 1.2).
pub(crate) const BATCH_ITEMS: usize = 1_000;

/// Reads a JSON body.
///
/// # Errors
/// 413 above the limit, 400 without a body or with broken JSON.
pub(crate) async fn json(payload: web::Payload, limit: usize) -> Result<Value, ApiError> {
    parse(&bytes(payload, limit).await?)
}

/// Reads a body as it is.
///
/// # Errors
/// 413 above the limit.
pub(crate) async fn bytes(payload: web::Payload, limit: usize) -> Result<Vec<u8>, ApiError> {
    match payload.to_bytes_limited(limit).await {
        Ok(Ok(bytes)) => Ok(bytes.to_vec()),
        Ok(Err(_broken_off)) => Err(ApiError::bad_request("The body ended too early.")),
        Err(_too_long) => Err(ApiError::new(Problem::TooLarge).say(format!("The body has more than {limit} bytes."))),
    }
}

/// The reason in the body of an archiving, which need not have one: `archiveReason`, or `reason` as one client sends
/// it (virtuous-contract.md 1.1).
///
/// # Errors
/// 413 above the limit, 400 for broken JSON.
pub(crate) async fn archive_reason(payload: web::Payload) -> Result<Option<String>, ApiError> {
    let bytes = bytes(payload, SINGLE).await?;
    if bytes.trim_ascii().is_empty() {
        return Ok(None);
    }
    let body = parse(&bytes)?;
    if body.is_null() {
        return Ok(None);
    }
    let mut reader = Reader::new("");
    let map = object(&body)?;
    let named = ["archiveReason", "reason"].into_iter().find_map(|name| Some((name, get(map, name)?)));
    let reason = named.and_then(|(name, value)| reader.text(name, value, limits::VALUE));
    reader.finish().map_err(ApiError::invalid)?;
    Ok(reason)
}

fn parse(bytes: &[u8]) -> Result<Value, ApiError> {
    if bytes.trim_ascii().is_empty() {
        return Err(ApiError::bad_request("The argument cannot be null"));
    }
    serde_json::from_slice(bytes).map_err(|error| {
        // The parser's own text can quote the body.
        let place = format!("The body is not JSON: line {}, column {}.", error.line(), error.column());
        ApiError::bad_request(place)
    })
}

/// The members of a body that must be an object.
///
/// # Errors
/// 400 for anything else.
pub(crate) fn object(body: &Value) -> Result<&Map<String, Value>, ApiError> {
    let not_one = || ApiError::invalid(vec![Issue::new("", IssueCode::InvalidType, "Not a JSON object.")]);
    body.as_object().ok_or_else(not_one)
}
