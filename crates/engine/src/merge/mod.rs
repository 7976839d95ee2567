//! Merge of two contacts by a person, and its way back.
//!
//! The survivor gets the records of the other one and is folded again; the other one keeps its number, shows what it
//! was and names the survivor. What was moved is written down, so that it can be taken back whatever happened since:
//! a record goes back from wherever later merges have carried it.

mod follow;
mod merging;
mod plan;
mod unmerge;

pub(crate) use follow::{followed, survivor_of, survivors};
pub use merging::{MergeRequest, MergeView};
pub(crate) use plan::by_individual;
pub use unmerge::{Leftover, LeftoverKind, UnmergeView};

use crate::EngineError;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use tributary_contact::{ItemId, OrganizationId, RecordId, RecordKind, SourceRecord};
use tributary_store::{MergeRow, RunState, StoreResult, WriteTx};

/// What has to be put back when a merge is taken back.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Detail {
    /// Who of the merged contact is whom of the survivor.
    people: Vec<(ItemId, ItemId)>,
    /// The records that moved, each with the individual it spoke of before.
    moved: Vec<(RecordId, ItemId)>,
    /// Records that the merge itself made: what a person chose.
    edits: Vec<RecordId>,
    /// Notes that moved.
    notes: Vec<i64>,
}

impl Detail {
    fn of(merge: &MergeRow) -> Result<Self, EngineError> {
        serde_json::from_str(&merge.detail).map_err(EngineError::internal)
    }

    fn text(&self) -> Result<String, EngineError> {
        serde_json::to_string(self).map_err(EngineError::internal)
    }
}

fn is_transaction(record: &SourceRecord) -> bool {
    record.kind == RecordKind::Transaction
}

/// Those of the records that a run brought which is still open: it counts people when it closes.
fn of_open_run<'r>(
    tx: &mut dyn WriteTx,
    org: OrganizationId,
    records: &'r [SourceRecord],
) -> StoreResult<Vec<&'r SourceRecord>> {
    let open: Vec<_> = tx.runs(org, 0, 1)?.into_iter().filter(|run| run.state == RunState::Running).collect();
    let Some(run) = open.first().map(|run| run.id) else { return Ok(Vec::new()) };
    let ids: Vec<RecordId> = records.iter().filter(|record| is_transaction(record)).map(|record| record.id).collect();
    let rows = tx.transactions(org, &ids)?;
    let own: BTreeSet<RecordId> = rows.iter().filter(|row| row.run == Some(run)).map(|row| row.id).collect();
    Ok(records.iter().filter(|record| own.contains(&record.id)).collect())
}
