//! `/api/NeedsUpdate`: the bucket of submissions that wait for a person.

pub(super) mod ask;
pub(super) mod assign;
pub(super) mod counts;
pub(super) mod get;
pub(super) mod list;
pub(super) mod resolve;
pub(super) mod resolve_many;
pub(super) mod triage;
