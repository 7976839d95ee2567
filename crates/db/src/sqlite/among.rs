//! `column IN (list)` with the list as one JSON value, so that the statement is the same for any length of it, and
//! its prepared form is kept: raw SQL inside a query has diesel prepare it each time.

use diesel::QueryResult;
use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping};
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{Bool, Text};
use diesel::sqlite::Sqlite;

/// Whether the column is in the list.
#[derive(Clone, QueryId)]
pub(crate) struct Among<Column, Item> {
    column: Column,
    _item: Item,
    list: List,
}

/// A JSON array; a value of the statement, and no part of its text.
#[derive(Clone, QueryId)]
struct List(String);

/// Each value as it stands.
#[derive(Clone, Copy, QueryId)]
pub(crate) struct Plain;

/// Each value as bytes, from its hexadecimal form.
#[derive(Clone, Copy, QueryId)]
pub(crate) struct Hex;

/// What is compared with the column, of each value of the array.
pub(crate) trait Item {
    const SQL: &'static str;
}

impl Item for Plain {
    const SQL: &'static str = "value";
}

impl Item for Hex {
    const SQL: &'static str = "unhex(value)";
}

/// Whether the column is in the JSON array.
pub(crate) fn among<Column, I: Item>(column: Column, item: I, list: String) -> Among<Column, I> {
    Among { column, _item: item, list: List(list) }
}

impl<Column: Expression, I> Expression for Among<Column, I> {
    type SqlType = Bool;
}

impl<Column: ValidGrouping<By>, I, By> ValidGrouping<By> for Among<Column, I> {
    type IsAggregate = Column::IsAggregate;
}

impl<Column: AppearsOnTable<From>, I, From> AppearsOnTable<From> for Among<Column, I> {}

impl<Column: SelectableExpression<From>, I, From> SelectableExpression<From> for Among<Column, I> {}

impl<Column: QueryFragment<Sqlite>, I: Item> QueryFragment<Sqlite> for Among<Column, I> {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        self.column.walk_ast(pass.reborrow())?;
        pass.push_sql(" IN (SELECT ");
        pass.push_sql(I::SQL);
        pass.push_sql(" FROM json_each(");
        pass.push_bind_param::<Text, _>(&self.list.0)?;
        pass.push_sql("))");
        Ok(())
    }
}
