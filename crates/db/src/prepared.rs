//! Statements written as SQL text whose prepared form the connection keeps. `diesel::sql_query` has the database
//! parse and plan its text each time.

use diesel::backend::Backend;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::serialize::ToSql;
use diesel::sql_types::{HasSqlType, Untyped};
use std::borrow::Cow;
use std::marker::PhantomData;

/// A statement and its values; rows are read by the names of their columns.
pub(crate) struct Prepared<Values> {
    sql: Cow<'static, str>,
    values: Values,
}

/// The values so far, and one more.
pub(crate) struct And<Values, Type, Value>(Values, Value, PhantomData<Type>);

/// A statement with parameters `$1`, `$2`, ... Its text must be one of few: each is kept as long as the connection.
pub(crate) fn prepared(sql: impl Into<Cow<'static, str>>) -> Prepared<()> {
    Prepared { sql: sql.into(), values: () }
}

impl<Values> Prepared<Values> {
    /// Gives the next parameter its value.
    pub(crate) fn bind<Type, Value>(self, value: Value) -> Prepared<And<Values, Type, Value>> {
        Prepared { sql: self.sql, values: And(self.values, value, PhantomData) }
    }
}

impl<Values, DB: Backend> QueryFragment<DB> for Prepared<Values>
where
    Values: QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.values.walk_ast(pass.reborrow())?;
        pass.push_sql(&self.sql);
        Ok(())
    }
}

impl<Values, Type, Value, DB> QueryFragment<DB> for And<Values, Type, Value>
where
    Values: QueryFragment<DB>,
    Value: ToSql<Type, DB>,
    DB: Backend + HasSqlType<Type>,
{
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.0.walk_ast(pass.reborrow())?;
        pass.push_bind_param_value_only(&self.1)
    }
}

/// Known by its text.
impl<Values> QueryId for Prepared<Values> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Values> Query for Prepared<Values> {
    type SqlType = Untyped;
}

impl<Values, Conn> RunQueryDsl<Conn> for Prepared<Values> {}
