//! Statistics for tables that grow faster than autovacuum looks. It comes by once a minute; a table loaded
//! since then is planned for as if it were nearly empty, and one look-up reads all of it.

use super::Conn;
use diesel::connection::SimpleConnection;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// Rows after which a table is looked at first; then at each fourfold.
const FIRST: usize = 2_000;
const FACTOR: usize = 4;

/// Rows that this process inserted per table.
#[derive(Debug, Default)]
pub(crate) struct Growth(Mutex<HashMap<&'static str, Table>>);

#[derive(Debug)]
struct Table {
    rows: usize,
    next: usize,
}

impl Growth {
    /// Notes rows of a table.
    pub(super) fn note(&self, table: &'static str, rows: usize) {
        let mut tables = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        tables.entry(table).or_insert(Table { rows: 0, next: FIRST }).rows += rows;
    }

    /// Analyses the tables that have grown enough. Outside any transaction; a failure costs nothing but speed.
    pub(super) fn analyse(&self, conn: &mut Conn) {
        let tables = self.due().join(", ");
        if tables.is_empty() {
            return;
        }
        if let Err(error) = conn.batch_execute(&format!("ANALYZE (SKIP_LOCKED) {tables}")) {
            tracing::debug!(db.tables = tables, db.error = %error, "tables could not be analysed");
        }
    }

    fn due(&self) -> Vec<&'static str> {
        let mut tables = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut due = Vec::new();
        for (name, table) in tables.iter_mut().filter(|(_, table)| table.rows >= table.next) {
            table.next = table.rows.saturating_mul(FACTOR);
            due.push(*name);
        }
        due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_due_at_two_thousand_rows_and_at_each_fourfold() {
        let growth = Growth::default();
        let due: Vec<usize> = (1..=50)
            .filter(|_| {
                growth.note("contact", 1_000);
                !growth.due().is_empty()
            })
            .collect();
        assert_eq!(due, [2, 8, 32]);
    }
}
