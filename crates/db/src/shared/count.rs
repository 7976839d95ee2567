//! Requests of the running hour, and limits other than the configured one.

use super::Conn;
use crate::error;
use crate::schema::{request_count as count, request_limit as limit};
use diesel::prelude::*;
use tributary_contact::OrganizationId;
use tributary_store::StoreResult;

/// Limits by key.
pub(super) fn limits(conn: &mut Conn, organization: OrganizationId) -> StoreResult<Vec<(i64, i64)>> {
    limit::table
        .filter(limit::organization_id.eq(organization.0))
        .order(limit::key_id)
        .select((limit::key_id, limit::per_hour))
        .load(conn)
        .map_err(error::any)
}

/// Sets a limit, or takes it away.
pub(super) fn set_limit(
    conn: &mut Conn,
    organization: OrganizationId,
    key_id: i64,
    per_hour: Option<i64>,
) -> StoreResult<()> {
    let Some(per_hour) = per_hour else {
        let row = limit::table.find((organization.0, key_id));
        return diesel::delete(row).execute(conn).map(|_| ()).map_err(error::any);
    };
    let values = (limit::organization_id.eq(organization.0), limit::key_id.eq(key_id), limit::per_hour.eq(per_hour));
    diesel::insert_into(limit::table)
        .values(values)
        .on_conflict((limit::organization_id, limit::key_id))
        .do_update()
        .set(limit::per_hour.eq(per_hour))
        .execute(conn)
        .map(|_| ())
        .map_err(error::on("request_limit"))
}

/// Adds to the hour, or begins a new one. The update is one statement, so that no process loses what another one
/// adds; a late flush of an hour that is over is dropped.
pub(super) fn add(
    conn: &mut Conn,
    organization: OrganizationId,
    key_id: i64,
    (hour, requests): (i64, i64),
) -> StoreResult<i64> {
    let row = count::table.find((organization.0, key_id));
    diesel::update(row.filter(count::hour.lt(hour)))
        .set((count::hour.eq(hour), count::requests.eq(0)))
        .execute(conn)
        .map_err(error::any)?;
    let values = (
        count::organization_id.eq(organization.0),
        count::key_id.eq(key_id),
        count::hour.eq(hour),
        count::requests.eq(0),
    );
    diesel::insert_into(count::table).values(values).on_conflict_do_nothing().execute(conn).map_err(error::any)?;
    diesel::update(row.filter(count::hour.eq(hour)))
        .set(count::requests.eq(count::requests + requests))
        .returning(count::requests)
        .get_result(conn)
        .optional()
        .map(Option::unwrap_or_default)
        .map_err(error::any)
}
