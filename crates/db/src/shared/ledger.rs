//! The verbs of the holding ledger.

use super::super::HoldingLedger;
use super::{Conn, dialect};
use crate::convert::{Column, bytes, json, micros, uuids};
use crate::error;
use crate::rows::HeldRecord;
use crate::schema::{held_tally, held_transaction as held};
use diesel::prelude::*;
use tributary_contact::{OrganizationId, RecordId, Reference};
use tributary_store::{Claim, HeldRow, Ledger, LedgerTally, StoreError, StoreResult};

impl Ledger for HoldingLedger {
    fn hold(&self, rows: &[HeldRow]) -> StoreResult<()> {
        let records = rows.iter().map(record).collect::<StoreResult<Vec<_>>>()?;
        if records.is_empty() {
            return Ok(());
        }
        dialect::hold(self, &records)
    }

    fn claim(
        &self,
        organization: OrganizationId,
        after: Option<RecordId>,
        up_to: RecordId,
        limit: i64,
    ) -> StoreResult<Claim> {
        let rows = self.reading(|session| {
            held::table
                .filter(held::organization_id.eq(organization.0))
                .filter(held::id.gt(after.map(|id| bytes(id.0)).unwrap_or_default()))
                .filter(held::id.le(bytes(up_to.0)))
                .order(held::id)
                .limit(limit)
                .select(HeldRecord::as_select())
                .load(&mut session.conn)
                .map_err(error::any)
        })?;
        claimed(rows)
    }

    fn newest(&self, organization: OrganizationId) -> StoreResult<Option<RecordId>> {
        let id: Option<Vec<u8>> = self.reading(|session| {
            held::table
                .filter(held::organization_id.eq(organization.0))
                .order(held::id.desc())
                .select(held::id)
                .first(&mut session.conn)
                .optional()
                .map_err(error::any)
        })?;
        id.map(|id| Column("held_transaction", "id").record(&id)).transpose()
    }

    fn forget(&self, organization: OrganizationId, ids: &[RecordId]) -> StoreResult<()> {
        self.writing("forget", |session| {
            diesel::delete(held::table)
                .filter(held::organization_id.eq(organization.0))
                .filter(dialect::among_uuids!(held_transaction, id, uuids(ids)))
                .execute(&mut session.conn)
                .map(|_| ())
                .map_err(error::any)
        })
    }

    fn find(&self, organization: OrganizationId, id: RecordId) -> StoreResult<Option<HeldRow>> {
        let row = self.reading(|session| {
            held::table
                .find((organization.0, bytes(id.0)))
                .select(HeldRecord::as_select())
                .first(&mut session.conn)
                .optional()
                .map_err(error::any)
        })?;
        row.map(held_from).transpose()
    }

    fn find_by_reference(
        &self,
        organization: OrganizationId,
        reference: &Reference,
        limit: i64,
    ) -> StoreResult<Vec<HeldRow>> {
        let rows = self.reading(|session| {
            held::table
                .filter(held::organization_id.eq(organization.0))
                .filter(held::reference_source.eq(&reference.source))
                .filter(held::reference_id.eq(&reference.id))
                .order(held::id.desc())
                .limit(limit)
                .select(HeldRecord::as_select())
                .load(&mut session.conn)
                .map_err(error::any)
        })?;
        rows.into_iter().map(held_from).collect()
    }

    fn tally(&self, organization: OrganizationId) -> StoreResult<LedgerTally> {
        self.snapshot(|session| tally(&mut session.conn, organization))
    }
}

/// Three statements, to be run in one snapshot.
fn tally(conn: &mut Conn, organization: OrganizationId) -> StoreResult<LedgerTally> {
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

/// Rows that cannot be read hold up no other.
fn claimed(rows: Vec<HeldRecord>) -> StoreResult<Claim> {
    let mut claim = Claim::default();
    for row in rows {
        let id = Column("held_transaction", "id").record(&row.id)?;
        match held_from(row) {
            Ok(row) => claim.rows.push(row),
            Err(StoreError::Corrupt { .. }) => claim.unreadable.push(id),
            Err(other) => return Err(other),
        }
    }
    Ok(claim)
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
