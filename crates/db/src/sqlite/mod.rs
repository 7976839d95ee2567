//! SQLite: one file for the main database and one for the holding ledger, each with one writer and a
//! pool of readers, so that intake does not wait for a batch.

mod among;
mod bulk;
mod connect;
mod dialect;
#[cfg(test)]
mod plans;
mod store;

// The same text is compiled again inside `postgres`.
#[path = "../shared/mod.rs"]
mod shared;

pub(crate) use store::{HoldingLedger, SqliteStore, migrate, pending, revert};

use crate::marks::Marks;
use crate::rows::Present;
use diesel::QueryResult;

/// The connection type.
pub(crate) type Conn = diesel::SqliteConnection;
/// The backend type.
pub(crate) type Db = diesel::sqlite::Sqlite;
/// A pooled connection.
pub(crate) type Session = crate::session::Session<Conn>;

/// What the store remembers between transactions.
#[derive(Debug, Default)]
pub(crate) struct State {
    /// Numbers given out by this process.
    pub(crate) marks: Marks,
}

/// A row that can be inserted.
pub(crate) trait Insert {
    /// Its table.
    const TABLE: &'static str;
    /// Inserts it by a cached statement; how many rows were inserted comes back.
    fn insert(&self, conn: &mut Conn, present: Present) -> QueryResult<usize>;
}
