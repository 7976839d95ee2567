//! A pooled connection, and a transaction on it.

use crate::error;
use crate::meter::Meter;
use crate::pool::Pooled;
use diesel::connection::SimpleConnection;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tributary_store::{StoreError, StoreResult};

/// How often the body of a transaction runs at most.
const ATTEMPTS: u32 = 8;

/// A connection with its meter.
pub(crate) struct Session<C> {
    /// The connection.
    pub(crate) conn: C,
    /// Counts its statements.
    pub(crate) meter: Arc<Meter>,
    /// Set when the connection is not to be used again, also by whoever drives it from outside.
    pub(crate) broken: Arc<AtomicBool>,
}

impl<C: SimpleConnection> Session<C> {
    /// Runs the body between `begin` and a commit. Rolls back when the body fails, and also when it
    /// returns `Ok` although one of its statements had failed: PostgreSQL would silently drop the rest.
    pub(crate) fn transaction<T>(
        &mut self,
        begin: &str,
        body: impl FnOnce(&mut Self) -> StoreResult<T>,
    ) -> StoreResult<T> {
        self.meter.begin();
        self.conn.batch_execute(begin).map_err(error::any).inspect_err(|failure| self.note(failure))?;
        let done = body(self).and_then(|value| self.commit().map(|()| value));
        if let Err(failure) = &done {
            self.note(failure);
            if self.conn.batch_execute("ROLLBACK").is_err() {
                self.broken.store(true, Ordering::Relaxed);
            }
        }
        done
    }

    /// Runs a body that needs no transaction around its single statement.
    pub(crate) fn single<T>(&mut self, body: impl FnOnce(&mut Self) -> StoreResult<T>) -> StoreResult<T> {
        body(self).inspect_err(|failure| self.note(failure))
    }

    fn commit(&mut self) -> StoreResult<()> {
        if self.meter.failed() {
            return Err(StoreError::Other("a statement of the transaction had failed".into()));
        }
        self.conn.batch_execute("COMMIT").map_err(error::any)
    }

    fn note(&self, failure: &StoreError) {
        if matches!(failure, StoreError::Unavailable(_)) {
            self.broken.store(true, Ordering::Relaxed);
        }
    }
}

impl<C> Pooled for Session<C> {
    fn usable(&self) -> bool {
        !self.broken.load(Ordering::Relaxed)
    }
}

/// Runs a transaction again while the database says that it lost a race.
pub(crate) fn with_retries(name: &'static str, mut run: impl FnMut() -> StoreResult<()>) -> StoreResult<()> {
    for attempt in 1..ATTEMPTS {
        match run() {
            Err(StoreError::Busy(_)) => {
                tracing::debug!(db.write = name, db.attempt = attempt, "transaction runs again")
            }
            done => return done,
        }
    }
    run()
}
