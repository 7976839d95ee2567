//! `/api/Webhook`: subscriptions (virtuous-contract.md 1.9 and 5.1).

pub(super) mod active;
pub(super) mod create;
pub(super) mod delete;
pub(super) mod get;
pub(super) mod list;
pub(super) mod update;
