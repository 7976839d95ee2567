//! Starting, resuming and ending a run.

use super::report::{Report, RunView, view};
use super::session::{LEASE, Session};
use crate::{Engine, EngineError, policy};
use chrono::TimeDelta;
use tributary_contact::OrganizationId;
use tributary_contact::clock::Timestamp;
use tributary_store::{
    Counter, Fence, Organization, ReadTx, RunKind, RunRow, RunState, StoreExt, StoreResult, WriteTx,
};

/// What asks for a run. All lead to the same one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Activation {
    /// A person or a script.
    Manual,
    /// The schedule.
    Scheduled {
        /// The due time to serve.
        due_at: Timestamp,
    },
    /// The tick, when it finds a run that was cut off.
    Resume,
}

/// What became of an activation.
#[derive(Debug, Clone, PartialEq)]
pub enum RunStart {
    /// The run ended.
    Finished(RunView),
    /// Another activation, here or in another process, holds the organization's batch.
    AlreadyRunning,
    /// The due time had been served meanwhile, or there was nothing to resume.
    NotDue,
    /// The process is shutting down: the run ended after a chunk and will be resumed.
    Stopped(RunView),
}

/// What the opening transaction found.
enum Opening {
    Taken,
    NotDue,
    Open(Box<(Organization, Fence, RunRow)>),
}

impl Engine {
    /// Runs the organization's batch and returns when it has ended. Single flight over all processes on
    /// the database.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] for an unknown organization, or the failure that cut the run off: it is
    /// then resumed by the next activation.
    pub fn run_batch(&self, organization: OrganizationId, activation: Activation) -> Result<RunStart, EngineError> {
        self.organization(organization)?;
        let (organization, fence, run) = match self.open_run(organization, activation)? {
            Opening::Taken => return Ok(RunStart::AlreadyRunning),
            Opening::NotDue => return Ok(RunStart::NotDue),
            Opening::Open(open) => *open,
        };
        let id = organization.id;
        let outcome = self.run_open(organization, fence.clone(), run);
        if let Err(error) = &outcome {
            tracing::error!(organization = id.0, error = %error, "the batch was cut off; it will be resumed");
            metrics::counter!("tributary_batch_failures_total").increment(1);
        }
        // After a failure the lease may be another's already; then there is nothing to give back.
        drop(self.parts.store.writing("release_batch", |tx| tx.release_lease(id, &fence)));
        outcome
    }

    fn run_open(&self, mut organization: Organization, fence: Fence, run: RunRow) -> Result<RunStart, EngineError> {
        tracing::info!(organization = organization.id.0, run = run.id.0, kind = run.kind.as_str(), "batch started");
        if !self.reindex(&mut organization, &fence, &run)? {
            return Ok(RunStart::Stopped(view(&run)));
        }
        let mut session = Session::open(self, organization, fence, run)?;
        while session.step()? {
            if self.is_stopping() {
                return Ok(RunStart::Stopped(view(&session.run)));
            }
        }
        let organization = session.organization.id;
        let finished = session.finish()?;
        self.triage_after_run(organization);
        Ok(RunStart::Finished(finished))
    }

    fn open_run(&self, organization: OrganizationId, activation: Activation) -> Result<Opening, EngineError> {
        let now = self.now();
        let holder = format!("{}/{}", self.parts.node, self.parts.ids.next());
        let until = now + TimeDelta::seconds(i64::from(self.parts.settings.batch.lease_seconds));
        let cutoff = self.parts.store.ledger().newest(organization)?;
        let opening = self.parts.store.writing("open_batch", |tx| {
            let Some(fence) = tx.acquire_lease(organization, LEASE, &holder, now, until)? else {
                return Ok(Opening::Taken);
            };
            let opened = open_under_lease(tx, organization, activation, now)?;
            let Some((organization_row, mut run)) = opened else {
                tx.release_lease(organization, &fence)?;
                return Ok(Opening::NotDue);
            };
            run.cutoff = cutoff.max(run.cutoff);
            tx.update_run(organization, &run)?;
            Ok(Opening::Open(Box::new((organization_row, fence, run))))
        })?;
        Ok(opening)
    }
}

/// A run that was cut off goes on, whatever asked; else a new one starts, unless its due time was served.
fn open_under_lease(
    tx: &mut dyn WriteTx,
    id: OrganizationId,
    activation: Activation,
    now: Timestamp,
) -> StoreResult<Option<(Organization, RunRow)>> {
    let Some(mut organization) = tx.organization(id)? else { return Ok(None) };
    let due_at = match activation {
        Activation::Scheduled { due_at } if due_at <= organization.last_due_at => return Ok(None),
        Activation::Scheduled { due_at } => Some(due_at),
        Activation::Manual | Activation::Resume => None,
    };
    if let Some(due_at) = due_at {
        organization.last_due_at = due_at;
        tx.update_organization(&organization)?;
    }
    let cut_off = tx.runs(id, 0, 1)?.into_iter().find(|run| run.state == RunState::Running);
    if let Some(run) = cut_off {
        return Ok(Some((organization, run)));
    }
    if activation == Activation::Resume {
        return Ok(None);
    }
    let run = new_run(tx, id, due_at, now)?;
    Ok(Some((organization, run)))
}

/// Number of the policy of the next run: that of a run that was cut off and will go on, or the one that holds.
pub(super) fn policy_of_next(tx: &mut dyn ReadTx, id: OrganizationId) -> StoreResult<i64> {
    let newest = tx.runs(id, 0, 1)?.into_iter().next();
    match newest.filter(|run| run.state == RunState::Running) {
        Some(cut_off) => Ok(Report::read(&cut_off.report).policy),
        None => Ok(policy::number_of(policy::in_force(tx, id)?.as_ref())),
    }
}

fn new_run(tx: &mut dyn WriteTx, id: OrganizationId, due_at: Option<Timestamp>, now: Timestamp) -> StoreResult<RunRow> {
    // What a run begins with it keeps to its end, also when it is cut off and another policy is put in force.
    let policy = policy_of_next(tx, id)?;
    let run = RunRow {
        id: tributary_contact::RunId(tx.allocate(id, Counter::Run, 1)?),
        kind: if due_at.is_some() { RunKind::Scheduled } else { RunKind::Manual },
        state: RunState::Running,
        due_at,
        started_at: now,
        finished_at: None,
        cutoff: None,
        received: 0,
        report: Report { policy, ..Report::default() }.text(),
    };
    tx.insert_run(id, &run)?;
    Ok(run)
}
