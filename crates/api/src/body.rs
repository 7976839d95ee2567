//! Request bodies: read to a limit, parsed once.

use crate::{ApiError, ApiState, Problem};
use actix_web::web;
use serde_json::{Map, Value};
use tributary_contact::flat::{Reader, get, limits};
use tributary_contact::issue::{Issue, IssueCode};

/// Which limit of bytes holds for a body.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Size {
    /// One record.
    Single,
    /// A batch (virtuous-contract.md 1.2: 5 MB).
    Batch,
    /// A picture.
    Image,
}

/// A body with one record.
pub(crate) const SINGLE: Size = Size::Single;
/// A picture.
pub(crate) const IMAGE: Size = Size::Image;
/// A batch.
pub(crate) const BATCH: Size = Size::Batch;

/// Reads a JSON body.
///
/// # Errors
/// 413 above the limit, 400 without a body or with broken JSON.
pub(crate) async fn json(api: &ApiState, payload: web::Payload, size: Size) -> Result<Value, ApiError> {
    parse(&bytes(api, payload, size).await?)
}

/// Reads a JSON body that may be missing: nothing is an object without members.
///
/// # Errors
/// 413 above the limit, 400 with broken JSON.
pub(crate) async fn json_if_any(api: &ApiState, payload: web::Payload) -> Result<Value, ApiError> {
    let bytes = bytes(api, payload, SINGLE).await?;
    let body = if bytes.trim_ascii().is_empty() { Value::Null } else { parse(&bytes)? };
    Ok(if body.is_null() { Value::Object(Map::new()) } else { body })
}

/// Reads a body.
///
/// # Errors
/// 413 above the limit, 400 when it breaks off.
pub(crate) async fn bytes(api: &ApiState, payload: web::Payload, size: Size) -> Result<web::Bytes, ApiError> {
    let limit = api.bytes(size);
    match payload.to_bytes_limited(limit).await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(_broken_off)) => Err(ApiError::bad_request("The body ended too early.")),
        Err(_too_long) => Err(ApiError::new(Problem::TooLarge).say(format!("The body has more than {limit} bytes."))),
    }
}

/// The reason in the body of an archiving, which need not have one: `archiveReason`, or `reason` as one client sends
/// it (virtuous-contract.md 1.1).
///
/// # Errors
/// 413 above the limit, 400 for broken JSON.
pub(crate) async fn archive_reason(api: &ApiState, payload: web::Payload) -> Result<Option<String>, ApiError> {
    let bytes = bytes(api, payload, SINGLE).await?;
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
