//! Opening a SQLite file, with the settings that every connection needs.

use super::{Conn, Session};
use crate::error;
use crate::meter::Meter;
use diesel::connection::SimpleConnection;
use diesel::{Connection, QueryResult};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::{Duration, Instant};
use tributary_store::{StoreError, StoreResult};

/// Another process (the command line beside a server) may hold the write lock for a chunk of a batch.
const BUSY_TIMEOUT: &str = "PRAGMA busy_timeout = 15000;";
/// How long a process waits for others to let a new file be switched to the write-ahead log, and between tries.
const SWITCH_PATIENCE: Duration = Duration::from_secs(15);
const SWITCH_PAUSE: Duration = Duration::from_millis(5);
/// `FULL`: what was accepted must survive a power cut. The write-ahead log may grow to 80 MB before it is
/// copied back; with SQLite's 4 MB a batch spends most of its time copying.
const WRITER: &str = "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
    PRAGMA wal_autocheckpoint = 20000; PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY;";
/// The ledger's log is copied back at 16 MB: a flush of a log that is written over again takes half the time of one
/// of a log that grows, and intake waits for flushes.
const HOLDER: &str = "PRAGMA wal_autocheckpoint = 4000;";
const READER: &str = "PRAGMA query_only = ON; PRAGMA cache_size = -16384; PRAGMA temp_store = MEMORY;";

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Reading and writing.
    Write,
    /// The same, of the ledger.
    Hold,
    /// Reading only; refuses to write.
    Read,
}

/// A connection to a file; a writer makes the file if it does not exist.
pub(super) fn connect(path: &Path, purpose: Purpose) -> StoreResult<Conn> {
    let name = path.to_str().ok_or_else(|| StoreError::Url("the path is not UTF-8".to_owned()))?;
    if purpose == Purpose::Read && !path.exists() {
        return Err(StoreError::Unavailable(Some("the file does not exist".into())));
    }
    let mut conn = Conn::establish(name).map_err(|error| StoreError::Unavailable(Some(error.into())))?;
    prepare(&mut conn, purpose).map_err(|error| StoreError::Unavailable(Some(error.into())))?;
    Ok(conn)
}

fn prepare(conn: &mut Conn, purpose: Purpose) -> QueryResult<()> {
    conn.batch_execute(BUSY_TIMEOUT)?;
    match purpose {
        Purpose::Write | Purpose::Hold => {
            use_write_ahead_log(conn)?;
            conn.batch_execute(WRITER)?;
            if purpose == Purpose::Hold { conn.batch_execute(HOLDER) } else { Ok(()) }
        }
        Purpose::Read => conn.batch_execute(READER),
    }
}

/// A new file is switched to the write-ahead log once, by whoever comes first. SQLite does not wait there as its
/// busy timeout says, but refuses at once while another process is at the file: so the waiting is ours.
#[expect(clippy::disallowed_methods, reason = "SQLite offers nothing to wait on here")]
fn use_write_ahead_log(conn: &mut Conn) -> QueryResult<()> {
    let given_up = Instant::now() + SWITCH_PATIENCE;
    loop {
        match conn.batch_execute("PRAGMA journal_mode = WAL;") {
            Err(error) if error::is_busy(&error) && Instant::now() < given_up => std::thread::sleep(SWITCH_PAUSE),
            ended => return ended,
        }
    }
}

/// A pooled connection to a file, whose statements are added to the total.
pub(super) fn session(path: &Path, purpose: Purpose, total: &Arc<AtomicU64>) -> StoreResult<Session> {
    let mut conn = connect(path, purpose)?;
    let meter = Meter::new(total);
    conn.set_instrumentation(meter.listener());
    Ok(Session { conn, meter, broken: Arc::default() })
}
