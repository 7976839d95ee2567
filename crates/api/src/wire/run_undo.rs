//! A run that is taken back, on the wire.

use serde::Serialize;
use serde_json::{Map, Value, json};
use tributary_contact::RecordId;
use tributary_contact::flat::{Reader, get, limits};
use tributary_contact::issue::{Issue, IssueCode};
use tributary_engine::{Afterwards, RunUndoView, compat_time};
use tributary_store::LeftRow;
use utoipa::ToSchema;

/// How far the undo of a run has come.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RunUndoJson {
    batch_id: i64,
    /// `running` or `done`.
    state: &'static str,
    /// Where the rows go: `review`, `hold` or `reject`.
    rows: String,
    /// Rows taken back.
    reversed: i64,
    /// Rows that stay, since a person decided about them or changed their contact since.
    kept: i64,
    /// Rows that could not be taken back.
    failed: i64,
    /// Rows that the run had not made part of any contact.
    untouched: i64,
    actor: String,
    started_at_utc: String,
    finished_at_utc: Option<String>,
}

impl From<RunUndoView> for RunUndoJson {
    fn from(view: RunUndoView) -> Self {
        let undo = view.undo;
        Self {
            batch_id: undo.run.0,
            state: if undo.finished_at.is_some() { "done" } else { "running" },
            rows: undo.afterwards,
            reversed: undo.reversed,
            kept: view.kept,
            failed: view.failed,
            untouched: undo.untouched,
            actor: undo.actor,
            started_at_utc: compat_time(undo.started_at),
            finished_at_utc: undo.finished_at.map(compat_time),
        }
    }
}

/// A row that stayed as it was.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LeftJson {
    transaction_id: RecordId,
    /// `editedSince`, `decidedSince` or `failed`.
    reason: String,
}

impl From<LeftRow> for LeftJson {
    fn from(row: LeftRow) -> Self {
        Self { transaction_id: row.transaction, reason: row.reason }
    }
}

/// Where the rows go; they wait for a person when nothing is said.
pub(crate) fn parse(map: &Map<String, Value>) -> Result<Afterwards, Vec<Issue>> {
    let mut reader = Reader::new("");
    let text = get(map, "rows").and_then(|value| reader.text("rows", value, limits::SHORT));
    let rows = text.map_or(Some(Afterwards::Review), |text| Afterwards::parse(&text.to_ascii_lowercase()));
    if rows.is_none() {
        reader.issue("rows", IssueCode::InvalidValue, "One of review, hold, reject.");
    }
    reader.finish()?;
    Ok(rows.unwrap_or(Afterwards::Review))
}

/// The body as a JSON Schema.
pub(crate) fn input_schema() -> Value {
    let texts: Vec<&str> = Afterwards::ALL.iter().map(|own| own.as_str()).collect();
    let rows = json!({
        "type": ["string", "null"], "enum": texts.into_iter().map(Value::from).chain([Value::Null]).collect::<Vec<_>>(),
        "description": "Where the rows go: to a person (when nothing is said), to the next run, or nowhere.",
    });
    json!({ "type": "object", "properties": { "rows": rows }, "example": { "rows": "hold" } })
}
