//! Changes of contacts.

use super::{Tx, dialect};
use crate::convert::{Column, bytes, micros};
use crate::error;
use crate::rows::{AuditRecord, Present};
use crate::schema::{audit, audit_chain};
use diesel::prelude::*;
use diesel::upsert::excluded;
use tributary_contact::{ContactId, OrganizationId, RunId};
use tributary_store::{AuditRow, ChainHead, ChainedRow, ReadAudit, StoreResult, WriteAudit};

impl ReadAudit for Tx<'_> {
    fn audit(&mut self, organization: OrganizationId, contact: ContactId) -> StoreResult<Vec<AuditRow>> {
        let rows = audit::table
            .filter(audit::organization_id.eq(organization.0))
            .filter(audit::contact_id.eq(contact.0))
            .order(audit::version)
            .select(AuditRecord::as_select())
            .load(&mut self.session.conn)
            .map_err(error::any)?;
        rows.into_iter().map(audit_from).collect()
    }

    fn audit_page(&mut self, organization: OrganizationId, after: i64, limit: i64) -> StoreResult<Vec<ChainedRow>> {
        let rows = audit::table
            .filter(audit::organization_id.eq(organization.0))
            .filter(audit::position.gt(after))
            .order(audit::position)
            .limit(limit)
            .select(AuditRecord::as_select())
            .load(&mut self.session.conn)
            .map_err(error::any)?;
        rows.into_iter().map(chained_from).collect()
    }

    fn audit_head(&mut self, organization: OrganizationId) -> StoreResult<ChainHead> {
        let head: Option<(i64, Vec<u8>)> = audit_chain::table
            .find(organization.0)
            .select((audit_chain::position, audit_chain::hash))
            .first(&mut self.session.conn)
            .optional()
            .map_err(error::any)?;
        Ok(head.map(|(position, hash)| ChainHead { position, hash }).unwrap_or_default())
    }
}

impl WriteAudit for Tx<'_> {
    fn insert_audit(&mut self, organization: OrganizationId, new: &[AuditRow]) -> StoreResult<()> {
        if new.is_empty() {
            return Ok(());
        }
        let mut head = lock_head(self, organization)?;
        let mut rows = Vec::with_capacity(new.len());
        for row in new {
            head.position += 1;
            head.hash = row.chained(&head.hash, organization, head.position);
            rows.push(record(organization, row, &head));
        }
        dialect::insert(self, &rows, Present::Refuse)?;
        diesel::update(audit_chain::table.find(organization.0))
            .set((audit_chain::position.eq(head.position), audit_chain::hash.eq(head.hash)))
            .execute(&mut self.session.conn)
            .map(|_| ())
            .map_err(error::any)
    }
}

/// The newest row, locked until the transaction ends: an update of nothing waits for who updates it.
fn lock_head(tx: &mut Tx<'_>, organization: OrganizationId) -> StoreResult<ChainHead> {
    let (position, hash) = diesel::insert_into(audit_chain::table)
        .values((
            audit_chain::organization_id.eq(organization.0),
            audit_chain::position.eq(0),
            audit_chain::hash.eq(Vec::<u8>::new()),
        ))
        .on_conflict(audit_chain::organization_id)
        .do_update()
        .set(audit_chain::organization_id.eq(excluded(audit_chain::organization_id)))
        .returning((audit_chain::position, audit_chain::hash))
        .get_result(&mut tx.session.conn)
        .map_err(error::any)?;
    Ok(ChainHead { position, hash })
}

/// The change of a stored row, in its place.
pub(super) fn chained_from(mut row: AuditRecord) -> StoreResult<ChainedRow> {
    let (position, hash, erased) = (row.position, row.hash.take(), row.erased.take());
    Ok(ChainedRow { position, hash, erased, row: audit_from(row)? })
}

fn record(organization: OrganizationId, row: &AuditRow, place: &ChainHead) -> AuditRecord {
    AuditRecord {
        organization_id: organization.0,
        contact_id: row.contact.0,
        version: row.version,
        at: micros(row.at),
        actor: row.actor.clone(),
        action: row.action.clone(),
        record_id: row.record.map(|id| bytes(id.0)),
        run_id: row.run.map(|id| id.0),
        changes: row.changes.clone(),
        position: place.position,
        hash: Some(place.hash.clone()),
        erased: None,
    }
}

/// The change of a stored row.
pub(super) fn audit_from(row: AuditRecord) -> StoreResult<AuditRow> {
    Ok(AuditRow {
        contact: ContactId(row.contact_id),
        version: row.version,
        at: Column("audit", "at").instant(row.at)?,
        actor: row.actor,
        action: row.action,
        record: row.record_id.map(|id| Column("audit", "record_id").record(&id)).transpose()?,
        run: row.run_id.map(RunId),
        changes: row.changes,
    })
}
