//! The holding ledger, as functions over a connection to where it lies.

use super::{Conn, dialect};
use crate::convert::{Column, bytes, json, micros, uuids};
use crate::error;
use crate::rows::HeldRecord;
use crate::schema::{held_tally, held_transaction as held};
use diesel::prelude::*;
use tributary_contact::{OrganizationId, RecordId, Reference};
use tributary_store::{HeldRow, LedgerTally, StoreResult};

/// The rows to be held, as stored.
pub(in super::super) fn records(rows: &[HeldRow]) -> StoreResult<Vec<HeldRecord>> {
    rows.iter().map(record).collect()
}

/// See [`tributary_store::Ledger::claim`].
pub(in super::super) fn claim(
    conn: &mut Conn,
    organization: OrganizationId,
    after: Option<RecordId>,
    up_to: RecordId,
    limit: i64,
) -> StoreResult<Vec<HeldRow>> {
    let rows = held::table
        .filter(held::organization_id.eq(organization.0))
        .filter(held::id.gt(after.map(|id| bytes(id.0)).unwrap_or_default()))
        .filter(held::id.le(bytes(up_to.0)))
        .order(held::id)
        .limit(limit)
        .select(HeldRecord::as_select())
        .load(conn)
        .map_err(error::any)?;
    rows.into_iter().map(held_from).collect()
}

/// See [`tributary_store::Ledger::newest`].
pub(in super::super) fn newest(conn: &mut Conn, organization: OrganizationId) -> StoreResult<Option<RecordId>> {
    let id: Option<Vec<u8>> = held::table
        .filter(held::organization_id.eq(organization.0))
        .order(held::id.desc())
        .select(held::id)
        .first(conn)
        .optional()
        .map_err(error::any)?;
    id.map(|id| Column("held_transaction", "id").record(&id)).transpose()
}

/// See [`tributary_store::Ledger::forget`].
pub(in super::super) fn forget(conn: &mut Conn, organization: OrganizationId, ids: &[RecordId]) -> StoreResult<()> {
    diesel::delete(held::table)
        .filter(held::organization_id.eq(organization.0))
        .filter(dialect::among_uuids!(held_transaction, id, uuids(ids)))
        .execute(conn)
        .map(|_| ())
        .map_err(error::any)
}

/// See [`tributary_store::Ledger::find`].
pub(in super::super) fn find(
    conn: &mut Conn,
    organization: OrganizationId,
    id: RecordId,
) -> StoreResult<Option<HeldRow>> {
    let row = held::table
        .find((organization.0, bytes(id.0)))
        .select(HeldRecord::as_select())
        .first(conn)
        .optional()
        .map_err(error::any)?;
    row.map(held_from).transpose()
}

/// See [`tributary_store::Ledger::find_by_reference`].
pub(in super::super) fn find_by_reference(
    conn: &mut Conn,
    organization: OrganizationId,
    reference: &Reference,
    limit: i64,
) -> StoreResult<Vec<HeldRow>> {
    let rows = held::table
        .filter(held::organization_id.eq(organization.0))
        .filter(held::reference_source.eq(&reference.source))
        .filter(held::reference_id.eq(&reference.id))
        .order(held::id.desc())
        .limit(limit)
        .select(HeldRecord::as_select())
        .load(conn)
        .map_err(error::any)?;
    rows.into_iter().map(held_from).collect()
}

/// See [`tributary_store::Ledger::tally`]; three statements, to be run in one snapshot.
pub(in super::super) fn tally(conn: &mut Conn, organization: OrganizationId) -> StoreResult<LedgerTally> {
    let received = held_tally::table
        .find(organization.0)
        .select(held_tally::received)
        .first(conn)
        .optional()
        .map_err(error::any)?;
    let rows = held::table.filter(held::organization_id.eq(organization.0));
    let held = rows.count().get_result(conn).map_err(error::any)?;
    let oldest: Option<i64> =
        rows.order(held::id).select(held::received_at).first(conn).optional().map_err(error::any)?;
    let oldest = Column("held_transaction", "received_at").instant_or_none(oldest)?;
    Ok(LedgerTally { received: received.unwrap_or_default(), held, oldest })
}

fn record(row: &HeldRow) -> StoreResult<HeldRecord> {
    let reference = row.submission.reference.as_ref();
    Ok(HeldRecord {
        organization_id: row.organization.0,
        id: bytes(row.id.0),
        received_at: micros(row.received_at),
        reference_source: reference.map(|reference| reference.source.clone()),
        reference_id: reference.map(|reference| reference.id.clone()),
        key_id: row.key_id,
        body: json(&row.submission)?,
    })
}

fn held_from(row: HeldRecord) -> StoreResult<HeldRow> {
    let column = |name| Column("held_transaction", name);
    Ok(HeldRow {
        organization: OrganizationId(row.organization_id),
        id: column("id").record(&row.id)?,
        received_at: column("received_at").instant(row.received_at)?,
        key_id: row.key_id,
        submission: column("body").json(&row.body)?,
    })
}
