//! Runs that are taken back.

use crate::StoreResult;
use tributary_contact::clock::Timestamp;
use tributary_contact::{OrganizationId, RecordId, RunId};

/// A run that is taken back, and how far that has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunUndoRow {
    /// The run.
    pub run: RunId,
    /// Where its rows go: `review`, `hold` or `reject`.
    pub afterwards: String,
    /// The last row that is dealt with.
    pub position: Option<RecordId>,
    /// Rows taken back.
    pub reversed: i64,
    /// Rows that the run had not made part of any contact.
    pub untouched: i64,
    /// Who takes it back.
    pub actor: String,
    /// Since when.
    pub started_at: Timestamp,
    /// When every row was dealt with; none while that goes on.
    pub finished_at: Option<Timestamp>,
}

/// A row that stays as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftRow {
    /// The row.
    pub transaction: RecordId,
    /// Whether it failed, rather than being kept.
    pub failed: bool,
    /// Stable code that says why.
    pub reason: String,
}

/// Reads about runs that are taken back.
pub trait ReadRunUndos {
    /// How far the undo of a run has come; none when nobody asked for it.
    ///
    /// # Errors
    /// Any failure of the store.
    fn run_undo(&mut self, organization: OrganizationId, run: RunId) -> StoreResult<Option<RunUndoRow>>;
    /// The undos that are not finished, in order of the runs.
    ///
    /// # Errors
    /// Any failure of the store.
    fn open_run_undos(&mut self, organization: OrganizationId) -> StoreResult<Vec<RunUndoRow>>;
    /// The rows about which a run decided, as far as its decisions were not taken back, by id.
    ///
    /// # Errors
    /// Any failure of the store.
    fn run_rows(&mut self, organization: OrganizationId, run: RunId) -> StoreResult<Vec<RecordId>>;
    /// A page of the rows that stay as they are, by id: kept ones, or failed ones.
    ///
    /// # Errors
    /// Any failure of the store.
    fn left_rows(
        &mut self,
        organization: OrganizationId,
        run: RunId,
        failed: bool,
        skip: i64,
        take: i64,
    ) -> StoreResult<Vec<LeftRow>>;
    /// How many of them there are.
    ///
    /// # Errors
    /// Any failure of the store.
    fn left_count(&mut self, organization: OrganizationId, run: RunId, failed: bool) -> StoreResult<i64>;
}

/// Writes about runs that are taken back.
pub trait WriteRunUndos {
    /// Stores the beginning of an undo.
    ///
    /// # Errors
    /// [`crate::StoreError::Conflict`] when there is one of the run.
    fn insert_run_undo(&mut self, organization: OrganizationId, new: &RunUndoRow) -> StoreResult<()>;
    /// Stores how far it has come.
    ///
    /// # Errors
    /// [`crate::StoreError::Conflict`] when there is none of the run.
    fn update_run_undo(&mut self, organization: OrganizationId, changed: &RunUndoRow) -> StoreResult<()>;
    /// Stores rows that stay as they are.
    ///
    /// # Errors
    /// Any failure of the store.
    fn insert_left_rows(&mut self, organization: OrganizationId, run: RunId, new: &[LeftRow]) -> StoreResult<()>;
}
