//! `/api/Webhook`: subscriptions (virtuous-contract.md 1.9 and 5.1).

pub(super) mod active;
pub(super) mod create;
pub(super) mod delete;
pub(super) mod deliveries;
pub(super) mod delivery;
pub(super) mod get;
pub(super) mod list;
pub(super) mod ping;
pub(super) mod replay;
pub(super) mod replays;
pub(super) mod rotate_secret;
pub(super) mod update;
