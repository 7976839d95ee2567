//! One suite for every backend of the storage port: what is true on SQLite is true on PostgreSQL.
//!
//! Each case is a function over a fixture; `cases!` makes a test of it per backend. PostgreSQL's are
//! skipped with a line when it is not installed.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests stop at the first surprise"
)]

macro_rules! cases {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $(#[test]
            fn $name() {
                super::$name(&crate::fixture::sqlite());
            })+
        }
        mod postgres {
            $(#[test]
            fn $name() {
                if let Some(fixture) = crate::fixture::postgres() {
                    super::$name(&fixture);
                }
            })+
        }
    };
}

mod access;
mod audit;
mod batch;
mod beside;
mod bulk;
mod concurrency;
mod contact;
mod definition;
mod duplicate;
mod erasure;
mod event;
mod fixture;
mod gift;
mod index;
mod label;
mod ledger;
mod matcher;
mod merge;
mod not_duplicate;
mod note;
mod outbox;
mod policy;
mod query;
mod replay;
mod review;
mod run_undo;
mod snapshot;
mod suggestion;
mod transaction;
mod user;
mod webhook;
