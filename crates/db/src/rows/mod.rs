//! The rows as stored, one struct per table, and how each backend inserts many of them.
//!
//! The macro is the one list of a table's columns: from it follow the selection, SQLite's prepared
//! single-row insert and PostgreSQL's `unnest` of one array per column.

mod access;
mod contact;
mod delivery;
mod found;
mod golden;
mod intake;
mod records;

pub(crate) use access::*;
pub(crate) use contact::*;
pub(crate) use delivery::*;
pub(crate) use found::*;
pub(crate) use golden::*;
pub(crate) use intake::*;
pub(crate) use records::*;

use diesel::prelude::*;
use diesel::query_builder::QueryId;

/// What an insert does with a row whose key is there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Present {
    /// Fails.
    Refuse,
    /// Leaves the stored row as it is.
    Keep,
}

/// SQLite's insert of one row, kept if it is there already. Its text does not depend on the row, so that it is
/// built and prepared once per connection; diesel's own insert is built anew for every row.
struct One<'a, R, const KEEP: bool>(&'a R);

impl<R: 'static, const KEEP: bool> QueryId for One<'_, R, KEEP> {
    type QueryId = One<'static, R, KEEP>;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<R, const KEEP: bool> RunQueryDsl<crate::sqlite::Conn> for One<'_, R, KEEP> {}

macro_rules! row {
    ($(#[$meta:meta])* $name:ident in $table:ident { $($field:ident: $rust:ty as $sql:ty),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Queryable, QueryableByName, Selectable, Insertable)]
        #[diesel(table_name = $table, treat_none_as_default_value = false)]
        pub(crate) struct $name {
            $(pub(crate) $field: $rust,)+
        }

        impl crate::sqlite::Insert for $name {
            const TABLE: &'static str = stringify!($table);

            fn insert(&self, conn: &mut crate::sqlite::Conn, present: Present) -> QueryResult<usize> {
                match present {
                    Present::Refuse => One::<_, false>(self).execute(conn),
                    Present::Keep => One::<_, true>(self).execute(conn),
                }
            }
        }

        impl<const KEEP: bool> QueryFragment<Sqlite> for One<'_, $name, KEEP> {
            fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
                pass.push_sql(concat!("INSERT INTO ", stringify!($table)));
                let (mut columns, mut values) = (" (", ") VALUES (");
                $(
                    pass.push_sql(std::mem::replace(&mut columns, ", "));
                    pass.push_sql(stringify!($field));
                )+
                $(
                    pass.push_sql(std::mem::replace(&mut values, ", "));
                    pass.push_bind_param::<$sql, _>(&self.0.$field)?;
                )+
                pass.push_sql(if KEEP { ") ON CONFLICT DO NOTHING" } else { ")" });
                Ok(())
            }
        }

        impl crate::postgres::Insert for $name {
            const TABLE: &'static str = stringify!($table);
            const COLUMNS: &'static [&'static str] = &[$(stringify!($field)),+];

            fn execute(rows: &[Self], sql: String, conn: &mut crate::postgres::Conn) -> QueryResult<usize> {
                crate::prepared::prepared(sql)
                    $(.bind::<Array<$sql>, _>(rows.iter().map(|row| &row.$field).collect::<Vec<_>>()))+
                    .execute(conn)
            }
        }
    };
}
use row;
