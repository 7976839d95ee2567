//! Entries of custom collections of a contact (virtuous-contract.md 1.1).

pub(super) mod create;
pub(super) mod delete;
pub(super) mod update;

use crate::{ApiError, body};
use serde_json::Value;
use tributary_contact::CustomValue;
use tributary_contact::flat::{Reader, get, named_values};

/// The values of an entry: `{fields: [{name, value}]}`.
fn parse(value: &Value) -> Result<Vec<CustomValue>, ApiError> {
    let map = body::object(value)?;
    let mut reader = Reader::new("");
    let fields = get(map, "fields").map(|fields| named_values("fields", fields, &mut reader)).unwrap_or_default();
    if fields.is_empty() {
        reader.require("fields", "Values are needed.");
    }
    reader.finish().map_err(ApiError::invalid)?;
    Ok(fields)
}
