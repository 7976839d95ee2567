//! Requests that are to have one effect however often they are sent.

use super::Conn;
use crate::convert::{Column, bytes, micros};
use crate::error;
use crate::rows::OnceRecord;
use crate::schema::request_once as once;
use diesel::prelude::*;
use tributary_contact::OrganizationId;
use tributary_contact::clock::Timestamp;
use tributary_store::{OnceRow, StoreResult};

/// One of them.
pub(super) fn find(
    conn: &mut Conn,
    organization: OrganizationId,
    key_id: i64,
    token: &str,
) -> StoreResult<Option<OnceRow>> {
    let row = once::table
        .find((organization.0, key_id, token))
        .select(OnceRecord::as_select())
        .first(conn)
        .optional()
        .map_err(error::any)?;
    row.map(from).transpose()
}

/// What changed of it.
pub(super) fn update(conn: &mut Conn, organization: OrganizationId, changed: &OnceRow) -> StoreResult<()> {
    diesel::update(once::table.find((organization.0, changed.key_id, &changed.token)))
        .set((
            once::begun_at.eq(micros(changed.begun_at)),
            once::effect.eq(changed.effect),
            once::answer.eq(&changed.answer),
        ))
        .execute(conn)
        .map(|_| ())
        .map_err(error::any)
}

/// Forgets one.
pub(super) fn delete(conn: &mut Conn, organization: OrganizationId, key_id: i64, token: &str) -> StoreResult<()> {
    diesel::delete(once::table.find((organization.0, key_id, token))).execute(conn).map(|_| ()).map_err(error::any)
}

/// Forgets those whose time is over.
pub(super) fn delete_expired(conn: &mut Conn, organization: OrganizationId, now: Timestamp) -> StoreResult<()> {
    let over = once::table.filter(once::organization_id.eq(organization.0)).filter(once::expires_at.le(micros(now)));
    diesel::delete(over).execute(conn).map(|_| ()).map_err(error::any)
}

/// The row of one.
pub(super) fn record(organization: OrganizationId, row: &OnceRow) -> OnceRecord {
    OnceRecord {
        organization_id: organization.0,
        key_id: row.key_id,
        token: row.token.clone(),
        fingerprint: row.fingerprint.clone(),
        seed: bytes(row.seed),
        begun_at: micros(row.begun_at),
        expires_at: micros(row.expires_at),
        effect: row.effect,
        answer: row.answer.clone(),
    }
}

fn from(row: OnceRecord) -> StoreResult<OnceRow> {
    let column = |name| Column("request_once", name);
    Ok(OnceRow {
        key_id: row.key_id,
        token: row.token,
        fingerprint: row.fingerprint,
        seed: column("seed").record(&row.seed)?.0,
        begun_at: column("begun_at").instant(row.begun_at)?,
        expires_at: column("expires_at").instant(row.expires_at)?,
        effect: row.effect,
        answer: row.answer,
    })
}
