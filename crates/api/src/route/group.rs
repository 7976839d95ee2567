//! `/api/OrganizationGroup`: groups of contacts.

pub(super) mod by_contact;
pub(super) mod contacts;
pub(super) mod create;
pub(super) mod get;
pub(super) mod list;
pub(super) mod put_contact;
pub(super) mod remove_contact;
