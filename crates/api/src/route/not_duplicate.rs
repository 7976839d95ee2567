//! `/api/NotDuplicate`: what people said is not one.

pub(super) mod create;
pub(super) mod list;
pub(super) mod revoke;
