//! Opening a SQLite file, with the settings that every connection needs.

use super::{Conn, Session};
use crate::meter::Meter;
use diesel::Connection;
use diesel::connection::SimpleConnection;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use tributary_store::{StoreError, StoreResult};

/// Another process (the command line beside a server) may hold the write lock for a chunk of a batch.
const BUSY_TIMEOUT: &str = "PRAGMA busy_timeout = 15000;";
/// `FULL`: what was accepted must survive a power cut. The write-ahead log may grow to 80 MB before it is
/// copied back; with SQLite's 4 MB a batch spends most of its time copying.
const WRITER: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
    PRAGMA wal_autocheckpoint = 20000; PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY;";
const READER: &str = "PRAGMA query_only = ON; PRAGMA cache_size = -16384; PRAGMA temp_store = MEMORY;";

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Reading and writing.
    Write,
    /// Reading only; refuses to write.
    Read,
}

/// A connection to a file; a writer makes the file if it does not exist.
pub(super) fn connect(path: &Path, purpose: Purpose) -> StoreResult<Conn> {
    let name = path.to_str().ok_or_else(|| StoreError::Url("the path is not UTF-8".to_owned()))?;
    if purpose == Purpose::Read && !path.exists() {
        return Err(StoreError::Unavailable(Some("the file does not exist".into())));
    }
    let settings = match purpose {
        Purpose::Write => WRITER,
        Purpose::Read => READER,
    };
    let mut conn = Conn::establish(name).map_err(|error| StoreError::Unavailable(Some(error.into())))?;
    conn.batch_execute(BUSY_TIMEOUT)
        .and_then(|()| conn.batch_execute(settings))
        .map_err(|error| StoreError::Unavailable(Some(error.into())))?;
    Ok(conn)
}

/// A pooled connection to a file, whose statements are added to the total.
pub(super) fn session(path: &Path, purpose: Purpose, total: &Arc<AtomicU64>) -> StoreResult<Session> {
    let mut conn = connect(path, purpose)?;
    let meter = Meter::new(total);
    conn.set_instrumentation(meter.listener());
    Ok(Session { conn, meter, broken: Arc::default() })
}
