//! Request bodies: read to a limit, parsed once.

use crate::{ApiError, Problem};
use actix_web::web;
use serde_json::{Map, Value};
use tributary_contact::issue::{Issue, IssueCode};

/// Bytes of a body with one record.
pub(crate) const SINGLE: usize = 256 * 1024;
/// Bytes of a batch (virtuous-contract.md 1.2: 5 MB).
pub(crate) const BATCH: usize = 5_000_000;
/// Items of a batch (virtuous-contract.md 1.2).
pub(crate) const BATCH_ITEMS: usize = 1_000;

/// Reads a JSON body.
///
/// # Errors
/// 413 above the limit, 400 without a body or with broken JSON.
pub(crate) async fn json(payload: web::Payload, limit: usize) -> Result<Value, ApiError> {
    let bytes = match payload.to_bytes_limited(limit).await {
        Ok(Ok(bytes)) => bytes,
        Ok(Err(_broken_off)) => return Err(ApiError::bad_request("The body ended too early.")),
        Err(_too_long) => {
            return Err(ApiError::new(Problem::TooLarge).say(format!("The body has more than {limit} bytes.")));
        }
    };
    parse(&bytes)
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
