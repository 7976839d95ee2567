//! A batch run on the wire.

use serde::Serialize;
use std::collections::BTreeMap;
use tributary_engine::{Counts, RunView, compat_time, policy_name};
use utoipa::ToSchema;

/// A run with its report.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RunJson {
    id: i64,
    kind: &'static str,
    state: &'static str,
    due_at_utc: Option<String>,
    started_at_utc: String,
    finished_at_utc: Option<String>,
    counts: Counts,
    reasons: BTreeMap<String, i64>,
    steps_ms: BTreeMap<String, i64>,
    chunks: i64,
    /// Name of the policy that all its rows are decided under.
    policy: String,
}

impl From<RunView> for RunJson {
    fn from(run: RunView) -> Self {
        Self {
            id: run.id.0,
            kind: run.kind.as_str(),
            state: run.state.as_str(),
            due_at_utc: run.due_at.map(compat_time),
            started_at_utc: compat_time(run.started_at),
            finished_at_utc: run.finished_at.map(compat_time),
            counts: run.counts,
            reasons: run.reasons,
            steps_ms: run.steps_ms,
            chunks: run.chunks,
            policy: policy_name(run.policy),
        }
    }
}
