//! Plans of the hot queries on SQLite.

#![allow(clippy::unwrap_used, reason = "tests stop at the first surprise")]

use super::connect::{Purpose, connect, session};
use super::shared::Tx;
use super::store::{HoldingLedger, migrate};
use super::{Conn, Session, State};
use crate::plans::{self, Hot, Recorder};
use crate::pool::Pool;
use crate::target::ledger_path;
use diesel::prelude::*;
use diesel::sql_types::Text;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

#[derive(QueryableByName)]
struct Step {
    #[diesel(sql_type = Text)]
    detail: String,
}

fn migrated() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.db");
    migrate(&path).unwrap();
    (folder, path)
}

fn recorded(path: &Path, recorder: &Recorder) -> Session {
    let mut session = session(path, Purpose::Write, &Arc::default()).unwrap();
    session.conn.set_instrumentation(recorder.listener());
    session
}

/// SQLite names a primary key by its table, or as an automatic index; this brings both to one name.
fn explain(conn: &mut Conn, sql: &str) -> String {
    let steps: Vec<Step> = diesel::sql_query(format!("EXPLAIN QUERY PLAN {sql}")).load(conn).unwrap();
    steps.into_iter().map(|step| named(&step.detail) + "\n").collect()
}

fn named(step: &str) -> String {
    let alias = |name: &str| match name {
        "m" | "c" => "match_key".to_owned(),
        "r" => "contact_reference".to_owned(),
        other => other.to_owned(),
    };
    let table = step.split(' ').nth(1).map(alias).unwrap_or_default();
    let step = step.replace("USING PRIMARY KEY", &format!("USING {table}_pkey"));
    step.replace(&format!("sqlite_autoindex_{table}_1"), &format!("{table}_pkey"))
}

/// A scan of `json_each` is a scan of the keys that were asked for, not of a table.
fn plan_of(path: &Path, statements: &[String]) -> String {
    let mut conn = connect(path, Purpose::Write).unwrap();
    let plans = statements.iter().map(|sql| explain(&mut conn, sql));
    plans.collect::<String>().replace("SCAN json_each", "keys").replace("SCAN k VIRTUAL", "keys")
}

fn check<F>(path: &Path, hot: &Hot<F>, recorder: &Recorder) {
    let statements = recorder.take();
    let plan = plan_of(path, &statements);
    plans::check(hot, &statements, &plan, "SCAN", |line| line.ends_with("(organization_id=?)"));
}

#[test]
fn hot_queries_of_the_main_file_use_their_indexes() {
    let (_folder, path) = migrated();
    let recorder = Recorder::default();
    let (mut session, state) = (recorded(&path, &recorder), State::default());
    for hot in plans::MAIN.iter().chain(plans::WAITING) {
        recorder.take();
        (hot.run)(&mut Tx { session: &mut session, state: &state });
        check(&path, hot, &recorder);
    }
}

#[test]
fn hot_queries_of_the_ledger_use_their_indexes() {
    let (_folder, path) = migrated();
    let path = ledger_path(&path);
    let recorder = Recorder::default();
    let pool = || {
        let (path, recorder) = (path.clone(), recorder.clone());
        Pool::new(1, Duration::from_secs(5), Box::new(move || Ok(recorded(&path, &recorder))))
    };
    let ledger = HoldingLedger::new(pool(), pool());
    for hot in plans::LEDGER {
        recorder.take();
        (hot.run)(&ledger);
        check(&path, hot, &recorder);
    }
}
