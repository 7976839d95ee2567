//! What a run reports: counts per outcome and reason, durations per step, and whether everything adds up.

use crate::{Engine, EngineError, Page};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use tributary_contact::clock::Timestamp;
use tributary_contact::state::State;
use tributary_contact::{OrganizationId, RunId};
use tributary_store::{RunKind, RunOutcome, RunRow, RunState, StoreExt};

/// Rows per outcome. `received` is the sum of all others.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", default)]
#[expect(missing_docs, reason = "the names are the outcomes")]
pub struct Counts {
    pub received: i64,
    pub created: i64,
    pub merged: i64,
    pub unchanged: i64,
    pub needs_update: i64,
    pub rejected: i64,
    pub held: i64,
}

impl Counts {
    /// Rows that were decided.
    #[must_use]
    pub const fn decided(&self) -> i64 {
        self.created + self.merged + self.unchanged + self.needs_update + self.rejected
    }

    pub(super) fn add(&mut self, outcome: State, count: i64) {
        *match outcome {
            State::Created => &mut self.created,
            State::Merged => &mut self.merged,
            State::Unchanged => &mut self.unchanged,
            State::NeedsUpdate => &mut self.needs_update,
            State::Rejected => &mut self.rejected,
            State::Held => &mut self.held,
        } += count;
    }
}

/// A run as shown.
#[derive(Debug, Clone, PartialEq)]
pub struct RunView {
    /// Id.
    pub id: RunId,
    /// What started it.
    pub kind: RunKind,
    /// Where it stands.
    pub state: RunState,
    /// The due time it served.
    pub due_at: Option<Timestamp>,
    /// When it started.
    pub started_at: Timestamp,
    /// When it finished.
    pub finished_at: Option<Timestamp>,
    /// Rows per outcome.
    pub counts: Counts,
    /// Needs-update and rejected rows per reason code.
    pub reasons: BTreeMap<String, i64>,
    /// Time spent per step of the flow, in milliseconds.
    pub steps_ms: BTreeMap<String, i64>,
    /// Chunks applied.
    pub chunks: i64,
    /// Number of the policy that all its rows are decided under; 0 is the shipped one.
    pub policy: i64,
}

/// The part of a run that is stored as JSON.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Report {
    pub(super) counts: Counts,
    pub(super) reasons: BTreeMap<String, i64>,
    pub(super) steps_ms: BTreeMap<String, i64>,
    pub(super) chunks: i64,
    /// Number of the policy that all its rows are decided under; 0 is the shipped one.
    pub(super) policy: i64,
}

impl Report {
    pub(super) fn read(text: &str) -> Self {
        serde_json::from_str(text).unwrap_or_default()
    }

    pub(super) fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Takes the counts from the stored decisions, which nothing in memory can have got wrong.
    pub(super) fn count(&mut self, outcomes: &[RunOutcome]) {
        self.counts = Counts { received: self.counts.received, held: self.counts.held, ..Counts::default() };
        self.reasons.clear();
        for outcome in outcomes {
            self.counts.add(outcome.outcome, outcome.count);
            if let Some(reason) = outcome.reason {
                *self.reasons.entry(reason.as_str().to_owned()).or_default() += outcome.count;
            }
        }
    }
}

pub(super) fn view(run: &RunRow) -> RunView {
    let Report { mut counts, reasons, steps_ms, chunks, policy } = Report::read(&run.report);
    counts.received = run.received + counts.held;
    RunView {
        id: run.id,
        kind: run.kind,
        state: run.state,
        due_at: run.due_at,
        started_at: run.started_at,
        finished_at: run.finished_at,
        counts,
        reasons,
        steps_ms,
        chunks,
        policy,
    }
}

impl Engine {
    /// One run. Counts of a run that is still going on are those of its decisions so far.
    ///
    /// # Errors
    /// Any failure of the store.
    pub fn run(&self, organization: OrganizationId, id: RunId) -> Result<Option<RunView>, EngineError> {
        let found = self.parts.store.reading(|tx| {
            let Some(run) = tx.run(organization, id)? else { return Ok(None) };
            let outcomes = if run.state == RunState::Running { tx.run_outcomes(organization, id)? } else { Vec::new() };
            Ok(Some((run, outcomes)))
        })?;
        Ok(found.map(|(mut run, outcomes)| {
            if run.state == RunState::Running {
                let mut report = Report::read(&run.report);
                report.count(&outcomes);
                run.report = report.text();
            }
            view(&run)
        }))
    }

    /// Runs, newest first.
    ///
    /// # Errors
    /// Any failure of the store.
    pub fn runs(&self, organization: OrganizationId, skip: i64, take: i64) -> Result<Page<RunView>, EngineError> {
        let page = self.parts.store.reading(|tx| {
            let list = tx.runs(organization, skip, take)?.iter().map(view).collect();
            Ok(Page { list, total: tx.run_count(organization)? })
        })?;
        Ok(page)
    }

    /// Whether some process is running the organization's batch right now.
    ///
    /// # Errors
    /// Any failure of the store.
    pub fn batch_running(&self, organization: OrganizationId) -> Result<bool, EngineError> {
        let now = self.now();
        let holder = self.parts.store.reading(|tx| tx.lease_holder(organization, super::session::LEASE, now))?;
        Ok(holder.is_some())
    }
}
