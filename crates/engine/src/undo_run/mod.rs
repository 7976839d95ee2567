//! A run taken back: every row that it made part of a contact leaves it again, unless a person decided about it or
//! changed its contact since. Done in chunks under the lease of the batch, so it never meets one, and taken up again
//! where it was cut off.

mod chunk;

use crate::change::Actor;
use crate::{Engine, EngineError, Page, Progress};
use chrono::TimeDelta;
use chunk::Undoing;
use tributary_contact::state::{Reason, State};
use tributary_contact::{OrganizationId, RecordId, RunId};
use tributary_store::{Fence, LeftRow, Organization, ReadTx, RunState, RunUndoRow, StoreExt, StoreResult};

/// Code of a row about whose contact a person said something since.
const EDITED: &str = "editedSince";
/// Code of a row whose content was erased since.
const ERASED: &str = "erased";
/// Code of a row that was decided again since.
const DECIDED: &str = "decidedSince";
/// Code of a row that could not be taken back; the log has the cause.
const FAILED: &str = "failed";

/// Where the rows of a run that is taken back go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Afterwards {
    /// They wait for a person.
    Review,
    /// The next run decides them again.
    Hold,
    /// They become part of nothing.
    Reject,
}

impl Afterwards {
    /// Every one.
    pub const ALL: &'static [Self] = &[Self::Review, Self::Hold, Self::Reject];

    /// Stable text.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Review => "review",
            Self::Hold => "hold",
            Self::Reject => "reject",
        }
    }

    /// The one whose text this is.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|own| own.as_str() == text)
    }

    const fn state(self) -> (State, Option<Reason>) {
        match self {
            Self::Review => (State::NeedsUpdate, Some(Reason::Undone)),
            Self::Hold => (State::Held, None),
            Self::Reject => (State::Rejected, Some(Reason::RejectedByStaff)),
        }
    }
}

/// How far the undo of a run has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunUndoView {
    /// How far.
    pub undo: RunUndoRow,
    /// Rows that stay, since a person decided about them or changed their contact.
    pub kept: i64,
    /// Rows that could not be taken back.
    pub failed: i64,
}

/// What became of the request to take a run back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UndoStart {
    /// Every row was dealt with.
    Finished(RunUndoView),
    /// A batch, or another undo, is under way.
    Busy,
    /// The process is shutting down: the rest is done later.
    Stopped(RunUndoView),
}

impl Engine {
    /// Takes a run back, or goes on with it where it was cut off; it returns when it has ended.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] for an unknown run; [`EngineError::Conflict`] when the run is not finished or was taken
    /// back already; the failure that cut it off.
    pub fn undo_run(
        &self,
        org: OrganizationId,
        run: RunId,
        afterwards: Afterwards,
        actor: &Actor,
    ) -> Result<UndoStart, EngineError> {
        let organization = self.organization(org)?;
        let Some(fence) = self.lease_of_batch(org, "open_undo")? else { return Ok(UndoStart::Busy) };
        let outcome = self.open_undo(org, run, afterwards, actor).and_then(|row| self.go_on(organization, &fence, row));
        drop(self.parts.store.writing("release_batch", |tx| tx.release_lease(org, &fence)));
        outcome
    }

    /// Goes on with an undo that was cut off; none when there is none.
    ///
    /// # Errors
    /// The failure that cut it off again.
    pub(crate) fn resume_undo(&self, organization: &Organization) -> Result<Option<UndoStart>, EngineError> {
        let org = organization.id;
        if self.parts.store.reading(|tx| tx.open_run_undos(org))?.is_empty() {
            return Ok(None);
        }
        let Some(fence) = self.lease_of_batch(org, "open_undo")? else { return Ok(None) };
        let open = self.parts.store.reading(|tx| tx.open_run_undos(org)).map_err(EngineError::from);
        let outcome = open.and_then(|open| {
            let row = open.into_iter().next();
            row.map(|row| self.go_on(organization.clone(), &fence, row)).transpose()
        });
        drop(self.parts.store.writing("release_batch", |tx| tx.release_lease(org, &fence)));
        outcome
    }

    /// How far the undo of a run has come.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] when nobody asked for it.
    pub fn run_undo(&self, org: OrganizationId, run: RunId) -> Result<RunUndoView, EngineError> {
        let found = self.parts.store.reading(|tx| {
            let Some(row) = tx.run_undo(org, run)? else { return Ok(None) };
            view(tx, org, row).map(Some)
        })?;
        found.ok_or(EngineError::NotFound)
    }

    /// A page of the rows that stayed as they were: kept ones, or failed ones.
    ///
    /// # Errors
    /// Any failure of the store.
    pub fn run_undo_left(
        &self,
        org: OrganizationId,
        run: RunId,
        failed: bool,
        skip: i64,
        take: i64,
    ) -> Result<Page<LeftRow>, EngineError> {
        Ok(self.parts.store.reading(|tx| {
            let list = tx.left_rows(org, run, failed, skip, take)?;
            Ok(Page { list, total: tx.left_count(org, run, failed)? })
        })?)
    }

    /// The lease of the batch for something else that must not meet one; none while another holds it.
    pub(crate) fn lease_of_batch(&self, org: OrganizationId, name: &'static str) -> Result<Option<Fence>, EngineError> {
        let now = self.now();
        let holder = format!("{}/{}", self.parts.node, self.parts.ids.next());
        let until = now + TimeDelta::seconds(i64::from(self.parts.settings.batch.lease_seconds));
        Ok(self.parts.store.writing(name, |tx| tx.acquire_lease(org, crate::batch::LEASE, &holder, now, until))?)
    }

    fn open_undo(
        &self,
        org: OrganizationId,
        run: RunId,
        afterwards: Afterwards,
        actor: &Actor,
    ) -> Result<RunUndoRow, EngineError> {
        let started_at = self.now();
        self.transact("open_undo", |tx| {
            let found = tx.run(org, run)?.ok_or(EngineError::NotFound)?;
            if let Some(row) = tx.run_undo(org, run)? {
                let again = || EngineError::conflict("The run was taken back already.");
                return row.finished_at.is_none().then_some(row).ok_or_else(again);
            }
            let open = tx.runs(org, 0, 1)?.iter().any(|latest| latest.state == RunState::Running);
            if open || found.state == RunState::Running {
                return Err(EngineError::conflict("A run of this organization is not finished; let it end first."));
            }
            let row = RunUndoRow {
                run,
                afterwards: afterwards.as_str().to_owned(),
                position: None,
                reversed: 0,
                untouched: 0,
                actor: actor.to_string(),
                started_at,
                finished_at: None,
            };
            tx.insert_run_undo(org, &row)?;
            Ok(row)
        })
    }

    fn go_on(&self, organization: Organization, fence: &Fence, row: RunUndoRow) -> Result<UndoStart, EngineError> {
        let org = organization.id;
        let threads = self.settings().batch.threads;
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().map_err(EngineError::internal)?;
        let afterwards = Afterwards::parse(&row.afterwards).unwrap_or(Afterwards::Review);
        let all = self.parts.store.reading(|tx| tx.run_rows(org, row.run))?;
        let rest: Vec<RecordId> = all.into_iter().filter(|id| row.position.is_none_or(|done| *id > done)).collect();
        let total = rest.len() as u64;
        let mut undoing = Undoing { engine: self, organization, fence: fence.clone(), row, afterwards, pool };
        let mut done = 0;
        for chunk in rest.chunks(self.settings().batch.chunk_rows.max(1)) {
            if self.is_stopping() {
                return undoing.view().map(UndoStart::Stopped);
            }
            undoing.take_back(chunk)?;
            done += chunk.len() as u64;
            self.settings().probe.at("undone")?;
            self.tell_progress(Progress { organization: org, stage: "undo", done, total });
        }
        undoing.finish()?;
        undoing.view().map(UndoStart::Finished)
    }
}

fn view(tx: &mut dyn ReadTx, org: OrganizationId, undo: RunUndoRow) -> StoreResult<RunUndoView> {
    let (kept, failed) = (tx.left_count(org, undo.run, false)?, tx.left_count(org, undo.run, true)?);
    Ok(RunUndoView { undo, kept, failed })
}
