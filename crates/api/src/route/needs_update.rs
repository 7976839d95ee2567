//! `/api/NeedsUpdate`: the bucket of submissions that wait for a person.

pub(super) mod get;
pub(super) mod list;
pub(super) mod resolve;
