//! What people put in place of what was sent. A transaction's own row is never changed by it.

use super::record::transaction_from;
use super::{Tx, dialect};
use crate::convert::{Column, bytes, json, uuids};
use crate::error;
use crate::rows::{CorrectionRecord, Present, TransactionRecord};
use crate::schema::{contact_transaction as t, transaction_correction as c};
use diesel::prelude::*;
use std::collections::BTreeMap;
use tributary_contact::{OrganizationId, RecordId, Reference};
use tributary_store::{CorrectionRow, ReadCorrections, StoreError, StoreResult, TransactionRow, WriteCorrections};

impl ReadCorrections for Tx<'_> {
    fn corrections(&mut self, organization: OrganizationId, ids: &[RecordId]) -> StoreResult<Vec<CorrectionRow>> {
        corrections(self, organization, ids)?.into_iter().map(correction_from).collect()
    }
}

impl WriteCorrections for Tx<'_> {
    fn insert_corrections(&mut self, organization: OrganizationId, new: &[CorrectionRow]) -> StoreResult<()> {
        let rows = new.iter().map(|row| record(organization, row)).collect::<StoreResult<Vec<_>>>()?;
        dialect::insert(self, &rows, Present::Refuse)?;
        rows.iter().try_for_each(|row| put_in_force(self, row))
    }
}

/// Rows as the domain sees them, with the content that counts: as sent, or as corrected last.
pub(super) fn transactions_from(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    rows: Vec<TransactionRecord>,
) -> StoreResult<Vec<TransactionRow>> {
    let bodies = in_force(tx, organization, &rows)?;
    rows.into_iter().map(|row| transaction_from(&row, bodies.get(&row.id).map(String::as_str))).collect()
}

/// The contents that count in place of what was sent, by transaction. Nothing is asked when no row is corrected.
pub(super) fn in_force(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    rows: &[TransactionRecord],
) -> StoreResult<BTreeMap<Vec<u8>, String>> {
    let corrected: BTreeMap<_, _> = rows.iter().filter_map(|row| Some((&row.id, row.corrected?))).collect();
    if corrected.is_empty() {
        return Ok(BTreeMap::new());
    }
    let id = |id: &&Vec<u8>| Column("contact_transaction", "id").record(id);
    let ids = corrected.keys().map(id).collect::<StoreResult<Vec<_>>>()?;
    let found = corrections(tx, organization, &ids)?.into_iter();
    let counts = found.filter(|row| corrected.get(&row.transaction_id) == Some(&row.number));
    Ok(counts.map(|row| (row.transaction_id, row.body)).collect())
}

/// Transactions that were ever corrected to this reference, newest first.
pub(super) fn corrected_to(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    reference: &Reference,
    limit: i64,
) -> StoreResult<Vec<TransactionRecord>> {
    let ids: Vec<Vec<u8>> = c::table
        .filter(c::organization_id.eq(organization.0))
        .filter(c::reference_source.eq(&reference.source))
        .filter(c::reference_id.eq(&reference.id))
        .order(c::transaction_id.desc())
        .limit(limit)
        .select(c::transaction_id)
        .load(&mut tx.session.conn)
        .map_err(error::any)?;
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let ids = ids.iter().map(|id| Column("transaction_correction", "transaction_id").record(id));
    let ids = ids.collect::<StoreResult<Vec<_>>>()?;
    t::table
        .filter(t::organization_id.eq(organization.0))
        .filter(dialect::among_uuids!(contact_transaction, id, uuids(&ids)))
        .select(TransactionRecord::as_select())
        .load(&mut tx.session.conn)
        .map_err(error::any)
}

fn corrections(tx: &mut Tx<'_>, organization: OrganizationId, ids: &[RecordId]) -> StoreResult<Vec<CorrectionRecord>> {
    // Sorted here: asked for in order, PostgreSQL would rather read all corrections of the organization.
    let mut rows: Vec<CorrectionRecord> = c::table
        .filter(c::organization_id.eq(organization.0))
        .filter(dialect::among_uuids!(transaction_correction, transaction_id, uuids(ids)))
        .select(CorrectionRecord::as_select())
        .load(&mut tx.session.conn)
        .map_err(error::any)?;
    rows.sort_unstable_by(|a, b| (&a.transaction_id, a.number).cmp(&(&b.transaction_id, b.number)));
    Ok(rows)
}

fn put_in_force(tx: &mut Tx<'_>, row: &CorrectionRecord) -> StoreResult<()> {
    let changed = diesel::update(t::table.find((row.organization_id, &row.transaction_id)))
        .set(t::corrected.eq(row.number))
        .execute(&mut tx.session.conn)
        .map_err(error::any)?;
    if changed == 1 { Ok(()) } else { Err(StoreError::Conflict { what: "transaction" }) }
}

fn record(organization: OrganizationId, row: &CorrectionRow) -> StoreResult<CorrectionRecord> {
    let (source, id) = row.submission.reference.clone().map(|own| (own.source, own.id)).unzip();
    Ok(CorrectionRecord {
        organization_id: organization.0,
        transaction_id: bytes(row.transaction.0),
        number: row.number,
        reference_source: source,
        reference_id: id,
        body: json(&row.submission)?,
    })
}

fn correction_from(row: CorrectionRecord) -> StoreResult<CorrectionRow> {
    let column = |name| Column("transaction_correction", name);
    Ok(CorrectionRow {
        transaction: column("transaction_id").record(&row.transaction_id)?,
        number: row.number,
        submission: column("body").json(&row.body)?,
    })
}
