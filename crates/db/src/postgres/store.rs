//! The PostgreSQL store: one pool, transactions and migrations.

use super::connect::{Driver, connect, session};
use super::settings::Settings;
use super::shared::Tx;
use super::{Conn, Db, Insert, Session, State};
use crate::error;
use crate::migrations::{self, POSTGRES, Part, Selected};
use crate::options::OpenOptions;
use crate::pool::Pool;
use crate::rows::HeldRecord;
use crate::session::with_retries;
use diesel::connection::SimpleConnection;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;
use tributary_store::{Ledger, ReadBody, Store, StoreError, StoreResult, WriteBody};

/// How long a verb waits for a connection of this process.
const PATIENCE: Duration = Duration::from_secs(60);
/// One snapshot for all statements of a read.
const READ: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
/// Enough for writes: leases, expected versions and expected states are checked by each verb.
const WRITE: &str = "BEGIN ISOLATION LEVEL READ COMMITTED";
/// Keeps two processes from migrating at once. The number means nothing.
const LOCK: &str = "SELECT pg_advisory_lock(7318349394)";

/// A PostgreSQL database.
pub(crate) struct PostgresStore {
    pool: Arc<Pool<Session>>,
    ledger: HoldingLedger,
    state: Arc<State>,
    statements: Arc<AtomicU64>,
    /// Last, so that the connections end before what drives them.
    _driver: Driver,
}

/// The ledger's tables, reached through the store's pool.
pub(crate) struct HoldingLedger {
    pool: Arc<Pool<Session>>,
    state: Arc<State>,
}

impl PostgresStore {
    /// Connects, and checks the schema.
    pub(crate) fn open(url: &str, options: &OpenOptions) -> StoreResult<Self> {
        let settings = Settings::parse(url)?;
        let driver = Driver::new(options.runtime.clone())?;
        prepare(&settings, &driver, options.migrate)?;
        let statements = Arc::new(AtomicU64::new(0));
        let (handle, total) = (driver.handle().clone(), Arc::clone(&statements));
        let opener = Box::new(move || session(&settings, &handle, &total));
        let pool = Arc::new(Pool::new(options.readers, PATIENCE, opener));
        let state = Arc::new(State::default());
        let ledger = HoldingLedger::new(Arc::clone(&pool), Arc::clone(&state));
        Ok(Self { pool, ledger, state, statements, _driver: driver })
    }
}

impl Store for PostgresStore {
    fn read(&self, body: ReadBody<'_>) -> StoreResult<()> {
        self.pool.with(|session| session.transaction(READ, |session| body(&mut Tx { session, state: &self.state })))
    }

    fn write(&self, name: &'static str, body: WriteBody<'_>) -> StoreResult<()> {
        self.pool.with(|session| {
            with_retries(name, || session.transaction(WRITE, |session| body(&mut Tx { session, state: &self.state })))?;
            self.state.growth.analyse(&mut session.conn);
            Ok(())
        })
    }

    fn ledger(&self) -> &dyn Ledger {
        &self.ledger
    }

    fn statement_count(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }

    fn backend(&self) -> &'static str {
        "postgres"
    }

    fn backup(&self, _path: &Path) -> StoreResult<()> {
        Err(StoreError::Unsupported("use pg_dump to back up a PostgreSQL database"))
    }
}

impl HoldingLedger {
    /// A ledger reached through this pool.
    pub(super) fn new(pool: Arc<Pool<Session>>, state: Arc<State>) -> Self {
        Self { pool, state }
    }

    /// Notes rows that are being held.
    pub(super) fn note(&self, rows: usize) {
        self.state.growth.note(HeldRecord::TABLE, rows);
    }

    /// Runs a body of one statement.
    pub(super) fn reading<T>(&self, body: impl FnOnce(&mut Session) -> StoreResult<T>) -> StoreResult<T> {
        self.pool.with(|session| session.single(body))
    }

    /// Runs a body in one snapshot.
    pub(super) fn snapshot<T>(&self, body: impl FnOnce(&mut Session) -> StoreResult<T>) -> StoreResult<T> {
        self.pool.with(|session| session.transaction(READ, body))
    }

    /// Runs a body of one statement that writes: a transaction of its own.
    pub(super) fn alone(&self, name: &'static str, body: impl Fn(&mut Session) -> StoreResult<()>) -> StoreResult<()> {
        self.pool.with(|session| {
            with_retries(name, || session.single(&body))?;
            self.state.growth.analyse(&mut session.conn);
            Ok(())
        })
    }

    /// Runs a body in a write transaction.
    pub(super) fn writing(
        &self,
        name: &'static str,
        body: impl Fn(&mut Session) -> StoreResult<()>,
    ) -> StoreResult<()> {
        self.pool.with(|session| {
            with_retries(name, || session.transaction(WRITE, &body))?;
            self.state.growth.analyse(&mut session.conn);
            Ok(())
        })
    }
}

/// Applies pending migrations and hands their names back.
pub(crate) fn migrate(url: &str) -> StoreResult<Vec<String>> {
    with_url(url, |conn| locked(conn, |conn| migrations::apply::<Db>(conn, source())))
}

/// Names of the migrations that are not applied yet.
pub(crate) fn pending(url: &str) -> StoreResult<Vec<String>> {
    with_url(url, |conn| migrations::pending::<Db>(conn, source()).map_err(migrations::failed))
}

/// Takes back all migrations.
pub(crate) fn revert(url: &str) -> StoreResult<Vec<String>> {
    with_url(url, |conn| locked(conn, |conn| migrations::revert::<Db>(conn, source())))
}

fn source() -> Selected {
    Selected(POSTGRES, Part::Whole)
}

/// Brings the schema up to date, or fails when it is not and may not be.
fn prepare(settings: &Settings, driver: &Driver, migrate: bool) -> StoreResult<()> {
    let mut conn = connect(settings, driver.handle(), &Arc::new(AtomicBool::new(false)))?;
    let pending = migrations::pending::<Db>(&mut conn, source()).map_err(migrations::failed)?;
    match pending.is_empty() {
        true => Ok(()),
        false if migrate => locked(&mut conn, |conn| migrations::apply::<Db>(conn, source())).map(|_| ()),
        false => Err(migrations::outdated(&pending)),
    }
}

fn with_url<T>(url: &str, run: impl FnOnce(&mut Conn) -> StoreResult<T>) -> StoreResult<T> {
    let settings = Settings::parse(url)?;
    let driver = Driver::new(None)?;
    let mut conn = connect(&settings, driver.handle(), &Arc::new(AtomicBool::new(false)))?;
    run(&mut conn)
}

/// Runs under a lock that ends with the connection.
fn locked<T>(conn: &mut Conn, run: impl FnOnce(&mut Conn) -> diesel::migration::Result<T>) -> StoreResult<T> {
    conn.batch_execute(LOCK).map_err(error::any)?;
    run(conn).map_err(migrations::failed)
}
