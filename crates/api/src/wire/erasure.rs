//! Erasures on the wire.

use super::schema;
use serde::Serialize;
use serde_json::{Map, Value, json};
use tributary_contact::RecordId;
use tributary_contact::flat::{Reader, get};
use tributary_contact::issue::Issue;
use tributary_engine::{EraseCounts, Erasure, compat_time};
use utoipa::ToSchema;

/// Characters of a reason.
const REASON: usize = 1_000;

/// An erasure, and the tombstone that it left.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ErasureJson {
    id: i64,
    contact_id: i64,
    /// Contacts that had been merged into it and went with it.
    merged_contact_ids: Vec<i64>,
    reason: String,
    actor: String,
    erased_at_utc: String,
    counts: CountsJson,
    /// Submissions that share something with it and may be about somebody else: they wait as before.
    left_transaction_ids: Vec<RecordId>,
    /// Who lifted the tombstone; null while it stands.
    lifted_by: Option<String>,
    lifted_at_utc: Option<String>,
}

/// What was erased.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct CountsJson {
    /// Submissions that had become part of the contact.
    transactions: usize,
    /// Submissions about it that waited or were refused.
    loose_transactions: usize,
    /// Records that had come directly.
    direct_records: usize,
    /// Changes in the audit.
    changes: usize,
    events: usize,
    /// Hashes of the tombstone.
    hashes: usize,
}

impl From<EraseCounts> for CountsJson {
    fn from(counts: EraseCounts) -> Self {
        let EraseCounts { transactions, loose_transactions, direct_records, changes, events, hashes } = counts;
        Self { transactions, loose_transactions, direct_records, changes, events, hashes }
    }
}

impl From<Erasure> for ErasureJson {
    fn from(erasure: Erasure) -> Self {
        let Erasure { row, merged, counts, left } = erasure;
        let (lifted_by, lifted_at) = row.lifted.unzip();
        Self {
            id: row.id,
            contact_id: row.contact.0,
            merged_contact_ids: merged.into_iter().map(|id| id.0).collect(),
            reason: row.reason,
            actor: row.actor,
            erased_at_utc: compat_time(row.erased_at),
            counts: counts.into(),
            left_transaction_ids: left,
            lifted_by,
            lifted_at_utc: lifted_at.map(compat_time),
        }
    }
}

/// Why it is erased.
pub(crate) fn parse(map: &Map<String, Value>) -> Result<String, Vec<Issue>> {
    let mut reader = Reader::new("");
    let reason = get(map, "reason").and_then(|value| reader.text("reason", value, REASON));
    if reason.is_none() {
        reader.require("reason", "Says why it is erased.");
    }
    reader.finish()?;
    Ok(reason.unwrap_or_default())
}

/// The body as a JSON Schema.
pub(crate) fn input_schema() -> Value {
    json!({
        "type": "object",
        "required": ["reason"],
        "properties": { "reason": schema::filled_text(REASON) },
        "example": { "reason": "Asked for by letter of 3 November 2026." },
    })
}
