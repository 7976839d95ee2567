//! The use cases against a real store, with a clock and ids that the tests decide.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs,
    reason = "tests stop at the first surprise"
)]

mod audit;
mod batch;
mod bucket;
mod decision_replay;
mod deliver;
mod deliver_events;
mod deliver_loop;
mod deliver_pause;
mod deliver_replay;
mod deliver_secrets;
mod edits;
mod history;
mod laws;
mod matcher;
mod merge;
mod merge_laws;
mod not_duplicate;
mod policy;
mod privacy;
mod privacy_story;
mod query;
mod reindex;
mod review;
mod scan;
mod schedule;
mod suggestion;
mod triage;
mod undo_run;
mod users;
mod world;
