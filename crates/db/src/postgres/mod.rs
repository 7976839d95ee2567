//! PostgreSQL 15 and later, over the pure Rust wire protocol: neither libpq nor OpenSSL is needed.

mod bulk;
mod connect;
mod dialect;
mod growth;
mod hold;
#[cfg(test)]
mod plans;
mod settings;
mod store;

#[path = "../shared/mod.rs"]
#[expect(clippy::duplicate_mod, reason = "the same query text, compiled for this connection type")]
mod shared;

pub(crate) use store::{HoldingLedger, PostgresStore, migrate, pending, revert};

use crate::marks::Marks;
use diesel::QueryResult;

/// The connection type: asynchronous underneath, synchronous to its users.
pub(crate) type Conn = diesel_async::async_connection_wrapper::AsyncConnectionWrapper<diesel_async::AsyncPgConnection>;
/// The backend type.
pub(crate) type Db = diesel::pg::Pg;
/// A pooled connection.
pub(crate) type Session = crate::session::Session<Conn>;

/// What the store remembers between transactions.
#[derive(Debug, Default)]
pub(crate) struct State {
    /// Numbers given out by this process.
    pub(crate) marks: Marks,
    /// Rows inserted by this process.
    pub(crate) growth: growth::Growth,
}

/// A row that can be inserted.
pub(crate) trait Insert: Sized {
    /// Its table.
    const TABLE: &'static str;
    /// Its columns, in the order of the parameters.
    const COLUMNS: &'static [&'static str];
    /// Runs a statement that takes one array per column.
    fn execute(rows: &[Self], sql: String, conn: &mut Conn) -> QueryResult<usize>;
}
