//! How a database is opened, and what happens when it is not there or goes away.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests stop at the first surprise")]

use diesel::connection::SimpleConnection;
use diesel::{Connection, SqliteConnection};
use std::path::Path;
use tributary_contact::clock::Timestamp;
use tributary_contact::{OrganizationId, RecordId, Submission};
use tributary_db::{OpenOptions, open};
use tributary_store::{HeldRow, StoreError, StoreExt};
use tributary_testkit::pg;

fn error_of(url: &str, options: &OpenOptions) -> StoreError {
    match open(url, options) {
        Err(error) => error,
        Ok(store) => panic!("{url} opened as {}", store.backend()),
    }
}

fn sqlite_url(path: &Path) -> String {
    format!("sqlite:{}", path.display())
}

#[test]
fn only_a_scheme_names_a_database() {
    let folder = tempfile::tempdir().unwrap();
    let bare = folder.path().join("x.db");
    for url in ["", "localhost", "host=localhost dbname=tributary", "mysql://h/d", bare.to_str().unwrap()] {
        assert!(matches!(error_of(url, &OpenOptions::default()), StoreError::Url(_)), "{url}");
    }
    assert!(!bare.exists() && !Path::new("localhost").exists());
}

#[test]
fn the_folder_of_a_sqlite_file_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a/b/x.db");
    let store = open(&sqlite_url(&path), &OpenOptions::default()).unwrap();
    assert_eq!(store.backend(), "sqlite");
    assert!(path.exists() && path.with_file_name("x-held.db").exists());
}

#[test]
fn a_file_that_cannot_be_a_database_is_unavailable() {
    let folder = tempfile::tempdir().unwrap();
    let text = folder.path().join("text.db");
    std::fs::write(&text, "this is not a database, and long enough not to be taken for an empty one".repeat(99))
        .unwrap();
    for url in [sqlite_url(&text), sqlite_url(folder.path()), "sqlite:/proc/none/x.db".to_owned()] {
        assert!(matches!(error_of(&url, &OpenOptions::default()), StoreError::Unavailable(_)), "{url}");
    }
}

#[test]
fn without_migrations_nothing_is_made_and_an_old_schema_is_refused() {
    let options = OpenOptions { migrate: false, ..OpenOptions::default() };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.db");
    let refused = error_of(&sqlite_url(&path), &options);
    assert!(matches!(&refused, StoreError::Migration(names) if names.contains("core")), "{refused}");
    assert!(!path.exists());
    tributary_db::migrate(&sqlite_url(&path)).unwrap();
    open(&sqlite_url(&path), &options).unwrap();
    if let Some(database) = pg::database() {
        assert!(matches!(error_of(database.url(), &options), StoreError::Migration(_)));
    }
}

#[test]
fn an_unreachable_server_is_unavailable_and_no_file_is_made() {
    for url in ["postgres://u:secret@127.0.0.1:1/d", "postgres:///d?host=/nowhere"] {
        let error = error_of(url, &OpenOptions::default());
        assert!(matches!(error, StoreError::Unavailable(_)), "{error}");
        assert!(!format!("{error:?}").contains("secret"));
    }
    assert!(!Path::new("d").exists());
}

#[test]
fn a_server_that_is_told_to_encrypt_but_cannot_is_unavailable() {
    let Some(database) = pg::database() else { return };
    let (base, _) = database.url().split_once('?').unwrap();
    let socketless = format!("{base}?host=127.0.0.1&port=1&sslmode=require");
    assert!(matches!(error_of(&socketless, &OpenOptions::default()), StoreError::Unavailable(_)));
}

#[test]
fn the_caller_may_lend_its_runtime() {
    let Some(database) = pg::database() else { return };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let options = OpenOptions { runtime: Some(runtime.handle().clone()), ..OpenOptions::default() };
    let store = open(database.url(), &options).unwrap();
    assert_eq!(store.backend(), "postgres");
    assert_eq!(store.reading(|tx| tx.organization(OrganizationId(1))).unwrap(), None);
}

#[test]
fn a_store_may_be_dropped_inside_async_code() {
    let Some(database) = pg::database() else { return };
    let store = open(database.url(), &OpenOptions::default()).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async move { drop(store) });
}

#[test]
fn after_the_server_cuts_the_wire_the_store_recovers() {
    let Some(database) = pg::database() else { return };
    let store = open(database.url(), &OpenOptions::default()).unwrap();
    let read = || store.reading(|tx| tx.organization(OrganizationId(1)));
    read().unwrap();
    let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
        WHERE datname = current_database() AND pid <> pg_backend_pid()";
    let mut during = None;
    let broken = store.writing("cut", |tx| {
        pg::execute(database.url(), cut).unwrap();
        during = Some(tx.organizations().is_err());
        tx.organizations()
    });
    assert_eq!(during, Some(true));
    assert!(matches!(broken, Err(StoreError::Unavailable(_))), "{broken:?}");
    assert_eq!(read().unwrap(), None);
}

#[test]
fn connections_carry_the_name_of_the_program() {
    let Some(database) = pg::database() else { return };
    let _store = open(database.url(), &OpenOptions::default()).unwrap();
    _store.reading(|tx| tx.organizations()).unwrap();
    let sql = "SELECT count(*)::text FROM pg_stat_activity WHERE application_name = 'tributary' AND datname = current_database()";
    assert_eq!(pg::query(database.url(), sql).unwrap(), [["1"]]);
}

#[test]
fn a_held_row_that_cannot_be_read_holds_up_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.db");
    let store = open(&sqlite_url(&path), &OpenOptions::default()).unwrap();
    let ids = [1, 2, 3].map(|number| RecordId(uuid::Uuid::from_u128(number)));
    let organization = OrganizationId(1);
    let received_at = Timestamp::UNIX_EPOCH;
    let row = |id| HeldRow { organization, id, received_at, key_id: None, submission: Submission::default() };
    store.ledger().hold(&ids.map(row)).unwrap();
    let mut conn = SqliteConnection::establish(path.with_file_name("x-held.db").to_str().unwrap()).unwrap();
    conn.batch_execute("UPDATE held_transaction SET body = '{' WHERE hex(id) LIKE '%2'").unwrap();
    let claim = store.ledger().claim(organization, None, ids[2], 10).unwrap();
    assert_eq!(claim.rows.iter().map(|row| row.id).collect::<Vec<_>>(), [ids[0], ids[2]]);
    assert_eq!(claim.unreadable, [ids[1]]);
    assert_eq!(store.ledger().tally(organization).unwrap().held, 3);
}
