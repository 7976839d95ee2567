//! Ids in paths. What cannot be an id names nothing: 404 rather than 400.

use crate::{ApiError, Problem};
use tributary_contact::{ContactId, ItemId, RecordId, RunId, WebhookId};
use uuid::Uuid;

fn number(text: &str) -> Result<i64, ApiError> {
    text.parse().map_err(|_| ApiError::new(Problem::NotFound))
}

/// The contact that a path names.
pub(super) fn contact(text: &str) -> Result<ContactId, ApiError> {
    number(text).map(ContactId)
}

/// The individual, method or address that a path names.
pub(super) fn item(text: &str) -> Result<ItemId, ApiError> {
    number(text).map(ItemId)
}

/// The batch run that a path names.
pub(super) fn run(text: &str) -> Result<RunId, ApiError> {
    number(text).map(RunId)
}

/// The API key that a path names.
pub(super) fn key(text: &str) -> Result<i64, ApiError> {
    number(text)
}

/// The subscription that a path names.
pub(super) fn webhook(text: &str) -> Result<WebhookId, ApiError> {
    number(text).map(WebhookId)
}

/// The transaction that a path names.
pub(super) fn transaction(text: &str) -> Result<RecordId, ApiError> {
    Uuid::parse_str(text).map(RecordId).map_err(|_| ApiError::new(Problem::NotFound))
}

/// The event that a path names.
pub(super) fn event(text: &str) -> Result<Uuid, ApiError> {
    Uuid::parse_str(text).map_err(|_| ApiError::new(Problem::NotFound))
}
