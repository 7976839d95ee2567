//! `/api/Duplicates`: pairs of contacts on file that may be one.

pub(super) mod list;
pub(super) mod scan;
pub(super) mod scanned;
