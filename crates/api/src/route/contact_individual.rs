//! `/api/ContactIndividual`: the people of contacts (virtuous-contract.md 1.3).

pub(super) mod avatar;
pub(super) mod by_contact;
pub(super) mod create;
pub(super) mod delete;
pub(super) mod email_list;
pub(super) mod find;
pub(super) mod get;
pub(super) mod put_avatar;
pub(super) mod query;
pub(super) mod query_options;
pub(super) mod update;

pub(super) use super::contact_method::found;
