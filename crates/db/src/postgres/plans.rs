//! Plans of the hot queries on PostgreSQL, as generic plans: those must hold whatever the parameters.

#![allow(clippy::unwrap_used, reason = "tests stop at the first surprise")]

use super::connect::{Driver, session};
use super::settings::Settings;
use super::shared::Tx;
use super::store::HoldingLedger;
use super::{Conn, Session, State};
use crate::plans::{self, Hot, Recorder};
use crate::pool::Pool;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;
use std::sync::Arc;
use std::time::Duration;
use tributary_testkit::pg::{TestDatabase, migrated};

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    #[diesel(column_name = "QUERY PLAN")]
    line: String,
}

fn database() -> Option<(TestDatabase, Settings, Driver)> {
    let database = migrated("tributary", |url| drop(super::migrate(url).unwrap()))?;
    tributary_testkit::pg::execute(database.url(), ROWS).unwrap();
    let settings = Settings::parse(database.url()).unwrap();
    Some((database, settings, Driver::new(None).unwrap()))
}

fn recorded(settings: &Settings, driver: &Driver, recorder: &Recorder) -> Session {
    let mut session = session(settings, driver.handle(), &Arc::default()).unwrap();
    session.conn.set_instrumentation(recorder.listener());
    session
}

/// Some rows of one organization in every large table, and statistics about them.
const ROWS: &str = "
    INSERT INTO contact SELECT 1, g, 1, 1, '{}', NULL, false, 0, 0 FROM generate_series(1, 20000) AS g;
    INSERT INTO contact_reference SELECT 1, 'a', g::text, g FROM generate_series(1, 20000) AS g;
    INSERT INTO match_key SELECT 1, g / 3, g FROM generate_series(1, 20000) AS g;
    INSERT INTO direct_record SELECT 1, decode(md5(g::text), 'hex'), 'load', g, 1, 1, 0, '{}' FROM generate_series(1, 20000) AS g;
    INSERT INTO contact_transaction SELECT 1, decode(md5(g::text), 'hex'), 0, 'a', g::text, NULL, '{}',
        CASE g % 4 WHEN 0 THEN 'held' WHEN 1 THEN 'needs_update' ELSE 'created' END, NULL, NULL,
        CASE WHEN g % 4 > 1 THEN g END, 1, 1, 1, 0 FROM generate_series(1, 20000) AS g;
    INSERT INTO decision SELECT 1, decode(md5(g::text), 'hex'), 1, g / 1000, 'created', NULL, NULL, g, 1, 1, '{}', '1', 'batch', 0, NULL
        FROM generate_series(1, 20000) AS g;
    INSERT INTO transaction_correction SELECT 1, decode(md5(g::text), 'hex'), 2, 'a', g::text, '{}' FROM generate_series(1, 20000) AS g;
    INSERT INTO event SELECT 1, decode(md5(g::text), 'hex'), g, 1, 'contactCreate', '{}', 0, g FROM generate_series(1, 20000) AS g;
    INSERT INTO delivery SELECT 1, g % 3, decode(md5(g::text), 'hex'), g / 4, g,
        CASE g % 4 WHEN 0 THEN 'pending' ELSE 'delivered' END, 1, g, 0, 0 FROM generate_series(1, 20000) AS g;
    INSERT INTO audit SELECT 1, g, 1, 0, '', '', NULL, NULL, '', g FROM generate_series(1, 20000) AS g;
    INSERT INTO contact_follow SELECT 1, 'user:' || g % 500, 1 + g / 500, 0 FROM generate_series(1, 20000) AS g;
    INSERT INTO contact_position SELECT 1, g, 1, g * 1000, g * 1000 FROM generate_series(1, 20000) AS g;
    INSERT INTO contact_facts SELECT 1, g, false, 0, g, 'x' FROM generate_series(1, 20000) AS g;
    INSERT INTO search_word SELECT 1, md5(g::text) FROM generate_series(1, 20000) AS g;
    INSERT INTO held_transaction SELECT 1, decode(md5(g::text), 'hex'), 0, 'a', g::text, 1, '{}' FROM generate_series(1, 20000) AS g;
    INSERT INTO held_tally VALUES (1, 20000);
    ANALYZE;";

/// Reading a table whole is switched off: what remains shows whether an index can be used at all.
fn explain(conn: &mut Conn, sql: &str) -> String {
    // An insert of many rows looks nothing up, and the types of its arrays cannot be told from its text.
    if sql.starts_with("INSERT INTO") && sql.contains("SELECT * FROM unnest(") {
        return String::new();
    }
    let parameters = (1..).take_while(|number| sql.contains(&format!("${number}"))).count();
    let nulls = vec!["NULL"; parameters].join(", ");
    let call = if nulls.is_empty() { String::new() } else { format!(" ({nulls})") };
    conn.batch_execute(&format!("PREPARE hot AS {sql}")).unwrap();
    let lines: Vec<Line> = diesel::sql_query(format!("EXPLAIN (COSTS OFF) EXECUTE hot{call}")).load(conn).unwrap();
    conn.batch_execute("DEALLOCATE hot").unwrap();
    lines.into_iter().map(|line| line.line + "\n").collect()
}

fn check<F>(conn: &mut Conn, hot: &Hot<F>, recorder: &Recorder) {
    let statements = recorder.take();
    let plan: String = statements.iter().map(|sql| explain(conn, sql)).collect();
    plans::check(hot, &statements, &plan, "Seq Scan", |line| {
        let condition = line.trim().strip_prefix("Index Cond: ").unwrap_or_default();
        condition.contains("organization_id") && !condition.contains(" AND ")
    });
}

fn explaining(settings: &Settings, driver: &Driver) -> Conn {
    let mut session = session(settings, driver.handle(), &Arc::default()).unwrap();
    session.conn.batch_execute("SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off").unwrap();
    session.conn
}

#[test]
fn hot_queries_of_the_main_tables_use_their_indexes() {
    let Some((_database, settings, driver)) = database() else { return };
    let recorder = Recorder::default();
    let (mut session, state) = (recorded(&settings, &driver, &recorder), State::default());
    let mut conn = explaining(&settings, &driver);
    for hot in plans::MAIN.iter().chain(plans::WAITING) {
        recorder.take();
        (hot.run)(&mut Tx { session: &mut session, state: &state });
        check(&mut conn, hot, &recorder);
    }
}

#[test]
fn hot_queries_of_the_ledger_use_their_indexes() {
    let Some((_database, settings, driver)) = database() else { return };
    let (recorder, driver) = (Recorder::default(), Arc::new(driver));
    let opener = {
        let (settings, driver, recorder) = (settings.clone(), Arc::clone(&driver), recorder.clone());
        Box::new(move || Ok(recorded(&settings, &driver, &recorder)))
    };
    let ledger = HoldingLedger::new(Arc::new(Pool::new(1, Duration::from_secs(5), opener)), Arc::default());
    let mut conn = explaining(&settings, &driver);
    for hot in plans::LEDGER {
        recorder.take();
        (hot.run)(&ledger);
        check(&mut conn, hot, &recorder);
    }
}
