//! The API in process: real engine, real SQLite file, clock and ids that the tests decide.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests stop at the first surprise")]

mod access;
mod batch;
mod bucket;
mod contact;
mod contact_create;
mod decision_replay;
mod explanation;
mod gift;
mod health;
mod history;
mod key;
mod limits;
mod merge;
mod needs_update;
mod not_duplicate;
mod once;
mod openapi;
mod organization;
mod policy;
mod query;
mod records;
mod server;
mod submit;
mod submit_batch;
mod support;
mod token;
mod transaction;
mod webhook;
