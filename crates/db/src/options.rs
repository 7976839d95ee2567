//! How a database is opened.

use tokio::runtime::Handle;

/// Settings of [`crate::open`].
#[derive(Debug, Clone)]
pub struct OpenOptions {
    /// The runtime that drives PostgreSQL's sockets; it must be a multi-threaded one. None: the store
    /// makes a small one of its own. SQLite needs none.
    pub runtime: Option<Handle>,
    /// Connections: on SQLite readers beside the one writer of each file, on PostgreSQL all of them.
    pub readers: u32,
    /// Whether pending migrations are applied; otherwise a schema that is not up to date is an error.
    pub migrate: bool,
}

impl Default for OpenOptions {
    fn default() -> Self {
        Self { runtime: None, readers: 8, migrate: true }
    }
}
