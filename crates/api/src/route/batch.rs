//! `/api/Batch`: batch runs.

pub(super) mod get;
pub(super) mod list;
pub(super) mod replay;
pub(super) mod run;
pub(super) mod undo;
pub(super) mod undone;
