//! Plans of the hot queries on PostgreSQL, as generic plans: those must hold whatever the parameters.

#![allow(clippy::unwrap_used, reason = "tests stop at the first surprise")]

use super::connect::{Driver, session};
use super::settings::Settings;
use super::shared::Tx;
use super::store::HoldingLedger;
use super::{Conn, Session};
use crate::marks::Marks;
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
    let database = migrated(|url| drop(super::migrate(url).unwrap()))?;
    let settings = Settings::parse(database.url()).unwrap();
    Some((database, settings, Driver::new(None).unwrap()))
}

fn recorded(settings: &Settings, driver: &Driver, recorder: &Recorder) -> Session {
    let mut session = session(settings, driver.handle(), &Arc::default()).unwrap();
    session.conn.set_instrumentation(recorder.listener());
    session
}

/// The tables are empty, so reading them whole would be cheapest: that is switched off, and what remains
/// shows whether an index can be used at all.
fn explain(conn: &mut Conn, sql: &str) -> String {
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
    plans::check(hot.name, &statements, &plan, hot.indexes, "Seq Scan");
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
    let (mut session, marks) = (recorded(&settings, &driver, &recorder), Marks::default());
    let mut conn = explaining(&settings, &driver);
    for hot in plans::MAIN {
        recorder.take();
        (hot.run)(&mut Tx { session: &mut session, marks: &marks });
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
    let ledger = HoldingLedger::new(Arc::new(Pool::new(1, Duration::from_secs(5), opener)));
    let mut conn = explaining(&settings, &driver);
    for hot in plans::LEDGER {
        recorder.take();
        (hot.run)(&ledger);
        check(&mut conn, hot, &recorder);
    }
}
