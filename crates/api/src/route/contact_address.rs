//! `/api/ContactAddress`: addresses of contacts (virtuous-contract.md 1.5).

pub(super) mod archive;
pub(super) mod by_contact;
pub(super) mod create;
pub(super) mod delete;
pub(super) mod get;
pub(super) mod unarchive;
pub(super) mod update;

pub(super) use super::contact_method::found;
