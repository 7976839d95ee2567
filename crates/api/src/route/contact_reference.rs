//! `/api/ContactReference`: what platforms call contacts (virtuous-contract.md 1.6).

pub(super) mod create;
pub(super) mod delete;
