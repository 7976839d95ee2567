//! The shapes on the wire. They never leave this crate.

pub(crate) mod author;
pub(crate) mod contact_change;
pub(crate) mod contact_create;
pub(crate) mod contact_list_item;
pub(crate) mod date_time;
pub(crate) mod definition;
pub(crate) mod delivery;
pub(crate) mod event;
pub(crate) mod follow;
pub(crate) mod full_contact;
pub(crate) mod gauges;
pub(crate) mod gift;
pub(crate) mod item_change;
pub(crate) mod key;
pub(crate) mod label;
pub(crate) mod note;
pub(crate) mod page;
pub(crate) mod proximity;
pub(crate) mod query;
pub(crate) mod replay;
pub(crate) mod run;
pub(crate) mod schema;
pub(crate) mod search;
pub(crate) mod token;
pub(crate) mod transaction;
pub(crate) mod webhook;
