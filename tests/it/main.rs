//! End to end: the real binary, real HTTP, real databases, one story per module.
//!
//! A story for both databases runs on SQLite always and on PostgreSQL where its server programs are
//! installed. What cannot run here prints a line that begins with `SKIPPED`; it fails instead where
//! TRIBUTARY_REQUIRE_POSTGRES=1, TRIBUTARY_REQUIRE_PYTHON=1 or TRIBUTARY_REQUIRE_BROWSER=1 says that it must run
//! (as in CI).
//! TRIBUTARY_BIN names another binary than the one built beside these tests. TRIBUTARY_CRASH_CHANGES=20000 makes the
//! loop of kills while events are delivered as long as that.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests stop at the first surprise"
)]

#[macro_use]
mod support;

mod console;
mod contract;
mod demo;
mod faults_delivery;
mod kill_batch;
mod kill_delivery;
mod kill_intake;
mod main_story;
mod pains;
mod partner_story;
mod rules;
mod same_decisions;
mod schemathesis;
mod stock_client;
mod two_processes;
