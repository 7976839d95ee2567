//! `tributary openapi`: prints the description of the HTTP API, which a server also answers under
//! `/openapi.json`.

use std::io::{Write, stdout};

/// Prints the document: one JSON object, with `--json` and without.
pub fn run() -> anyhow::Result<()> {
    Ok(stdout().lock().write_all(tributary_api::openapi_json().as_bytes())?)
}
