//! The SQLite store: pools, transactions, migrations and backup.

use super::connect::{Purpose, connect, session};
use super::shared::Tx;
use super::{Conn, Db, Session, State};
use crate::error;
use crate::migrations::{self, Part, SQLITE, Selected};
use crate::options::OpenOptions;
use crate::pool::{Opener, Pool};
use crate::prepared::prepared;
use crate::session::with_retries;
use crate::target::ledger_path;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tributary_store::{Ledger, ReadBody, Stamp, Store, StoreError, StoreResult, WriteBody};

/// How long a verb waits for a connection of this process.
const PATIENCE: Duration = Duration::from_secs(60);
/// Readers of the ledger: polls and the claim of the batch.
const LEDGER_READERS: u32 = 2;

/// A main file and its ledger.
pub(crate) struct SqliteStore {
    path: PathBuf,
    writer: Pool<Session>,
    readers: Pool<Session>,
    ledger: HoldingLedger,
    state: State,
    statements: Arc<AtomicU64>,
    watch: Mutex<Watch>,
}

/// The connection that sees what others commit. What it calls the state of the file means nothing to another one.
#[derive(Default)]
struct Watch {
    session: Option<Session>,
    opened: u64,
}

#[derive(QueryableByName)]
struct Version {
    #[diesel(sql_type = BigInt)]
    data_version: i64,
}

/// The ledger file.
pub(crate) struct HoldingLedger {
    writer: Pool<Session>,
    readers: Pool<Session>,
}

impl SqliteStore {
    /// Opens both files.
    pub(crate) fn open(path: PathBuf, options: &OpenOptions) -> StoreResult<Self> {
        let pending = if options.migrate { migrate(&path).map(|_| Vec::new()) } else { pending(&path) }?;
        if !pending.is_empty() {
            return Err(migrations::outdated(&pending));
        }
        let statements = Arc::new(AtomicU64::new(0));
        let pool = |path: &Path, purpose, limit| Pool::new(limit, PATIENCE, opener(path, purpose, &statements));
        let held = ledger_path(&path);
        let ledger = HoldingLedger::new(pool(&held, Purpose::Hold, 1), pool(&held, Purpose::Read, LEDGER_READERS));
        Ok(Self {
            writer: pool(&path, Purpose::Write, 1),
            readers: pool(&path, Purpose::Read, options.readers),
            ledger,
            state: State::default(),
            statements,
            watch: Mutex::default(),
            path,
        })
    }
}

impl Store for SqliteStore {
    fn read(&self, body: ReadBody<'_>) -> StoreResult<()> {
        self.readers
            .with(|session| session.transaction("BEGIN", |session| body(&mut Tx { session, state: &self.state })))
    }

    fn glance(&self, body: ReadBody<'_>) -> StoreResult<bool> {
        let looked =
            self.readers.try_with(|session| session.single(|session| body(&mut Tx { session, state: &self.state })));
        looked.map_or(Ok(false), |done| done.map(|()| true))
    }

    fn stamp(&self) -> Option<Stamp> {
        let mut watch = self.watch.try_lock().ok()?;
        if watch.session.is_none() {
            watch.session = Some(session(&self.path, Purpose::Read, &self.statements).ok()?);
            watch.opened += 1;
        }
        let conn = &mut watch.session.as_mut()?.conn;
        match prepared("PRAGMA data_version").get_result::<Version>(conn) {
            Ok(version) => Some(Stamp(watch.opened, version.data_version)),
            Err(_) => {
                watch.session = None;
                None
            }
        }
    }

    fn write(&self, name: &'static str, body: WriteBody<'_>) -> StoreResult<()> {
        self.writer.with(|session| {
            with_retries(name, || {
                session.transaction("BEGIN IMMEDIATE", |session| body(&mut Tx { session, state: &self.state }))
            })
        })
    }

    fn ledger(&self) -> &dyn Ledger {
        &self.ledger
    }

    fn statement_count(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }

    fn backend(&self) -> &'static str {
        "sqlite"
    }

    /// Copies the ledger and then the main file, while nothing can be moved from one to the other.
    fn backup(&self, path: &Path) -> StoreResult<()> {
        self.writer.with(|session| {
            session.transaction("BEGIN IMMEDIATE", |_| {
                copy(&ledger_path(&self.path), &ledger_path(path))?;
                copy(&self.path, path)
            })
        })
    }
}

impl HoldingLedger {
    /// A ledger reached through these.
    pub(super) fn new(writer: Pool<Session>, readers: Pool<Session>) -> Self {
        Self { writer, readers }
    }

    /// Runs a body of one statement.
    pub(super) fn reading<T>(&self, body: impl FnOnce(&mut Session) -> StoreResult<T>) -> StoreResult<T> {
        self.readers.with(|session| session.single(body))
    }

    /// Runs a body in one snapshot.
    pub(super) fn snapshot<T>(&self, body: impl FnOnce(&mut Session) -> StoreResult<T>) -> StoreResult<T> {
        self.readers.with(|session| session.transaction("BEGIN", body))
    }

    /// Runs a body in a write transaction.
    pub(super) fn writing(
        &self,
        name: &'static str,
        body: impl Fn(&mut Session) -> StoreResult<()>,
    ) -> StoreResult<()> {
        self.writer.with(|session| with_retries(name, || session.transaction("BEGIN IMMEDIATE", &body)))
    }
}

/// Makes the files and their folder, applies pending migrations and hands their names back.
pub(crate) fn migrate(path: &Path) -> StoreResult<Vec<String>> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(|error| StoreError::Unavailable(Some(error.into())))?;
    }
    each_file(path, |file, part| {
        let mut conn = connect(file, Purpose::Write)?;
        locked(&mut conn, |conn| migrations::apply::<Db>(conn, Selected(SQLITE, part)))
    })
}

/// Names of the migrations that are not applied yet.
pub(crate) fn pending(path: &Path) -> StoreResult<Vec<String>> {
    each_file(path, |file, part| {
        let source = Selected(SQLITE, part);
        if !file.exists() {
            return migrations::names::<Db>(&source).map_err(migrations::failed);
        }
        let mut conn = connect(file, Purpose::Write)?;
        migrations::pending::<Db>(&mut conn, source).map_err(migrations::failed)
    })
}

/// Takes back all migrations.
pub(crate) fn revert(path: &Path) -> StoreResult<Vec<String>> {
    each_file(path, |file, part| {
        let mut conn = connect(file, Purpose::Write)?;
        locked(&mut conn, |conn| migrations::revert::<Db>(conn, Selected(SQLITE, part)))
    })
}

fn each_file(path: &Path, run: impl Fn(&Path, Part) -> StoreResult<Vec<String>>) -> StoreResult<Vec<String>> {
    let mut names = run(path, Part::Main)?;
    names.extend(run(&ledger_path(path), Part::Ledger)?);
    Ok(names)
}

/// Runs under the write lock, so that two processes do not apply the same migration.
fn locked<T>(conn: &mut Conn, run: impl FnOnce(&mut Conn) -> diesel::migration::Result<T>) -> StoreResult<T> {
    conn.immediate_transaction(run).map_err(migrations::failed)
}

fn opener(path: &Path, purpose: Purpose, statements: &Arc<AtomicU64>) -> Opener<Session> {
    let (path, statements) = (path.to_owned(), Arc::clone(statements));
    Box::new(move || session(&path, purpose, &statements))
}

/// A consistent copy of one file. An existing target is refused by SQLite.
fn copy(from: &Path, to: &Path) -> StoreResult<()> {
    let to = to.to_str().ok_or(StoreError::Unsupported("the path of a backup must be UTF-8"))?;
    let mut conn = connect(from, Purpose::Write)?;
    conn.batch_execute("PRAGMA wal_autocheckpoint = 0").map_err(error::any)?;
    diesel::sql_query("VACUUM INTO $1").bind::<Text, _>(to).execute(&mut conn).map(|_| ()).map_err(error::any)
}
