//! Holding rows: the statement on which intake waits. It is one statement, so it needs no transaction around
//! it, and it is prepared once per connection; each round trip saved is a switch between two busy processes.

use super::bulk::SLICE;
use super::store::HoldingLedger;
use crate::error;
use crate::rows::HeldRecord;
use diesel::pg::Pg;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{Array, BigInt, Binary, Nullable, Text};
use diesel::{QueryResult, RunQueryDsl};
use tributary_store::StoreResult;

/// Rows that are there already stay and are not counted again.
const KEEP_AND_COUNT: &str = ") ON CONFLICT DO NOTHING RETURNING organization_id) \
    INSERT INTO held_tally AS t (organization_id, received) \
    SELECT organization_id, count(*) FROM new GROUP BY organization_id ORDER BY organization_id \
    ON CONFLICT (organization_id) DO UPDATE SET received = t.received + excluded.received";

/// The rows, one array per column.
struct Hold<'a> {
    organizations: Vec<i64>,
    ids: Vec<&'a [u8]>,
    received: Vec<i64>,
    sources: Vec<Option<&'a str>>,
    references: Vec<Option<&'a str>>,
    keys: Vec<Option<i64>>,
    bodies: Vec<&'a str>,
}

impl<'a> Hold<'a> {
    fn of(rows: &'a [HeldRecord]) -> Self {
        Self {
            organizations: rows.iter().map(|row| row.organization_id).collect(),
            ids: rows.iter().map(|row| row.id.as_slice()).collect(),
            received: rows.iter().map(|row| row.received_at).collect(),
            sources: rows.iter().map(|row| row.reference_source.as_deref()).collect(),
            references: rows.iter().map(|row| row.reference_id.as_deref()).collect(),
            keys: rows.iter().map(|row| row.key_id).collect(),
            bodies: rows.iter().map(|row| row.body.as_str()).collect(),
        }
    }
}

impl QueryFragment<Pg> for Hold<'_> {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        pass.push_sql(
            "WITH new AS (INSERT INTO held_transaction (organization_id, id, received_at, reference_source, \
             reference_id, key_id, body) SELECT * FROM unnest(",
        );
        pass.push_bind_param::<Array<BigInt>, _>(&self.organizations)?;
        pass.push_sql(", ");
        pass.push_bind_param::<Array<Binary>, _>(&self.ids)?;
        pass.push_sql(", ");
        pass.push_bind_param::<Array<BigInt>, _>(&self.received)?;
        pass.push_sql(", ");
        pass.push_bind_param::<Array<Nullable<Text>>, _>(&self.sources)?;
        pass.push_sql(", ");
        pass.push_bind_param::<Array<Nullable<Text>>, _>(&self.references)?;
        pass.push_sql(", ");
        pass.push_bind_param::<Array<Nullable<BigInt>>, _>(&self.keys)?;
        pass.push_sql(", ");
        pass.push_bind_param::<Array<Text>, _>(&self.bodies)?;
        pass.push_sql(KEEP_AND_COUNT);
        Ok(())
    }
}

/// The text does not depend on the rows, so it can be prepared once.
impl QueryId for Hold<'_> {
    type QueryId = Hold<'static>;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<C> RunQueryDsl<C> for Hold<'_> {}

/// Holds rows that are not held yet, and counts those; all or none.
pub(super) fn hold(ledger: &HoldingLedger, rows: &[HeldRecord]) -> StoreResult<()> {
    ledger.note(rows.len());
    if rows.len() <= SLICE {
        return ledger.alone("hold", |session| execute(&mut session.conn, rows));
    }
    ledger.writing("hold", |session| rows.chunks(SLICE).try_for_each(|slice| execute(&mut session.conn, slice)))
}

fn execute(conn: &mut super::Conn, rows: &[HeldRecord]) -> StoreResult<()> {
    Hold::of(rows).execute(conn).map(|_| ()).map_err(error::on("held_transaction"))
}
