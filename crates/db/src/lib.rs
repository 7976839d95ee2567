//! The two diesel backends behind the storage port, and the migrations.
//!
//! Query text that both databases understand stands once, in `shared/`, and is compiled twice: inside
//! `sqlite` and inside `postgres`, each with its own connection type. What differs is in the `dialect`
//! of each. Only this crate knows SQL.

mod convert;
mod error;
mod marks;
mod meter;
mod migrations;
mod options;
#[cfg(test)]
mod plans;
mod pool;
mod postgres;
mod prepared;
mod rows;
mod schema;
mod session;
mod sqlite;
mod target;

pub use options::OpenOptions;

use std::sync::Arc;
use target::Target;
use tributary_store::{Store, StoreResult};

/// Opens the database that the URL names: `sqlite:path`, `sqlite://path`, `postgres://…` or `postgresql://…`.
/// A SQLite file and its folder are made when they do not exist and migrations may be applied.
///
/// # Errors
/// [`tributary_store::StoreError::Url`] when the URL names no database, `Unavailable` when it cannot be
/// reached, `Migration` when the schema is not up to date and cannot or may not be brought up to date.
pub fn open(url: &str, options: &OpenOptions) -> StoreResult<Arc<dyn Store>> {
    match Target::parse(url)? {
        Target::Sqlite(path) => Ok(Arc::new(sqlite::SqliteStore::open(path, options)?)),
        Target::Postgres(url) => Ok(Arc::new(postgres::PostgresStore::open(&url, options)?)),
    }
}

/// Applies pending migrations and hands their names back, in order.
///
/// # Errors
/// As [`open`].
pub fn migrate(url: &str) -> StoreResult<Vec<String>> {
    match Target::parse(url)? {
        Target::Sqlite(path) => sqlite::migrate(&path),
        Target::Postgres(url) => postgres::migrate(&url),
    }
}

/// Names of the migrations that are not applied yet, in order. A missing SQLite file is not made.
///
/// # Errors
/// As [`open`].
pub fn pending(url: &str) -> StoreResult<Vec<String>> {
    match Target::parse(url)? {
        Target::Sqlite(path) => sqlite::pending(&path),
        Target::Postgres(url) => postgres::pending(&url),
    }
}

/// Takes back every migration, newest first, and hands their names back. All data goes with them.
///
/// # Errors
/// As [`open`].
pub fn revert(url: &str) -> StoreResult<Vec<String>> {
    match Target::parse(url)? {
        Target::Sqlite(path) => sqlite::revert(&path),
        Target::Postgres(url) => postgres::revert(&url),
    }
}
