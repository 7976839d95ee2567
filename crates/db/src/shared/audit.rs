//! Changes of contacts.

use super::{Tx, dialect};
use crate::convert::{Column, bytes, micros};
use crate::error;
use crate::rows::{AuditRecord, Present};
use crate::schema::audit;
use diesel::prelude::*;
use tributary_contact::{ContactId, OrganizationId, RunId};
use tributary_store::{AuditRow, ReadAudit, StoreResult, WriteAudit};

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
}

impl WriteAudit for Tx<'_> {
    fn insert_audit(&mut self, organization: OrganizationId, new: &[AuditRow]) -> StoreResult<()> {
        let rows: Vec<_> = new.iter().map(|row| record(organization, row)).collect();
        dialect::insert(self, &rows, Present::Refuse).map(|_| ())
    }
}

fn record(organization: OrganizationId, row: &AuditRow) -> AuditRecord {
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
