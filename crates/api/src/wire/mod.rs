//! The shapes on the wire. They never leave this crate.

pub(crate) mod contact_create;
pub(crate) mod full_contact;
pub(crate) mod gauges;
pub(crate) mod page;
pub(crate) mod run;
pub(crate) mod schema;
pub(crate) mod transaction;
pub(crate) mod webhook;
