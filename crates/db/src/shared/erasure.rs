//! Erasures, their tombstones, and the traces that contacts have left.

use super::audit::chained_from;
use super::contact::numbers;
use super::erase;
use super::event::event_from;
use super::merge::merge_from;
use super::{Tx, dialect};
use crate::convert::{Column, bytes, micros};
use crate::error;
use crate::rows::{AuditRecord, ErasureRecord, EventRecord, MergeRecord, Present, SaltRecord, TombstoneRecord};
use crate::schema::{audit, contact_merge as m, erasure as e, erasure_salt, event, tombstone as t};
use diesel::prelude::*;
use tributary_contact::clock::Timestamp;
use tributary_contact::{ContactId, OrganizationId, RecordId};
use tributary_store::{
    ChainedRow, ErasureRow, EventRow, Gone, MergeRow, ReadErasures, StoreResult, TombstoneKind, TombstoneRow,
    WriteErasures,
};
use uuid::Uuid;

impl ReadErasures for Tx<'_> {
    fn erasure_salt(&mut self, organization: OrganizationId) -> StoreResult<Option<Vec<u8>>> {
        erasure_salt::table
            .find(organization.0)
            .select(erasure_salt::salt)
            .first(&mut self.session.conn)
            .optional()
            .map_err(error::any)
    }

    fn erasure(&mut self, organization: OrganizationId, id: i64) -> StoreResult<Option<ErasureRow>> {
        let row = e::table
            .find((organization.0, id))
            .select(ErasureRecord::as_select())
            .first(&mut self.session.conn)
            .optional()
            .map_err(error::any)?;
        row.map(erasure_from).transpose()
    }

    fn erasure_page(&mut self, organization: OrganizationId, skip: i64, take: i64) -> StoreResult<Vec<ErasureRow>> {
        let rows = e::table
            .filter(e::organization_id.eq(organization.0))
            .order(e::id.desc())
            .offset(skip)
            .limit(take)
            .select(ErasureRecord::as_select())
            .load(&mut self.session.conn)
            .map_err(error::any)?;
        rows.into_iter().map(erasure_from).collect()
    }

    fn erasure_count(&mut self, organization: OrganizationId) -> StoreResult<i64> {
        e::table
            .filter(e::organization_id.eq(organization.0))
            .count()
            .get_result(&mut self.session.conn)
            .map_err(error::any)
    }

    fn tombstones(&mut self, organization: OrganizationId, hashes: &[Uuid]) -> StoreResult<Vec<TombstoneRow>> {
        let hashes = hashes.to_vec();
        let rows = t::table
            .filter(t::organization_id.eq(organization.0))
            .filter(dialect::among_uuids!(tombstone, hash, hashes))
            .order((t::hash, t::erasure_id))
            .select(TombstoneRecord::as_select())
            .load(&mut self.session.conn)
            .map_err(error::any)?;
        rows.into_iter().map(tombstone_from).collect()
    }

    fn merges_about(&mut self, organization: OrganizationId, contacts: &[ContactId]) -> StoreResult<Vec<MergeRow>> {
        let mut rows: Vec<MergeRecord> = m::table
            .filter(m::organization_id.eq(organization.0))
            .filter(dialect::among!(contact_merge, survivor_id, numbers(contacts)))
            .select(MergeRecord::as_select())
            .load(&mut self.session.conn)
            .map_err(error::any)?;
        let away: Vec<MergeRecord> = m::table
            .filter(m::organization_id.eq(organization.0))
            .filter(dialect::among!(contact_merge, merged_id, numbers(contacts)))
            .select(MergeRecord::as_select())
            .load(&mut self.session.conn)
            .map_err(error::any)?;
        rows.extend(away);
        rows.sort_unstable_by_key(|row| row.id);
        rows.dedup_by_key(|row| row.id);
        rows.into_iter().map(merge_from).collect()
    }

    fn events_about(&mut self, organization: OrganizationId, contacts: &[ContactId]) -> StoreResult<Vec<EventRow>> {
        let rows = event::table
            .filter(event::organization_id.eq(organization.0))
            .filter(dialect::among!(event, contact_id, numbers(contacts)))
            .order(event::id)
            .select(EventRecord::as_select())
            .load(&mut self.session.conn)
            .map_err(error::any)?;
        rows.into_iter().map(event_from).collect()
    }

    fn events_about_nobody(&mut self, organization: OrganizationId, at: &[Timestamp]) -> StoreResult<Vec<EventRow>> {
        let instants: Vec<i64> = at.iter().map(|at| micros(*at)).collect();
        let rows = event::table
            .filter(event::organization_id.eq(organization.0))
            .filter(event::contact_id.eq(EventRow::NO_CONTACT.0))
            .filter(dialect::among!(event, created_at, instants))
            .order(event::id)
            .select(EventRecord::as_select())
            .load(&mut self.session.conn)
            .map_err(error::any)?;
        rows.into_iter().map(event_from).collect()
    }

    fn audit_about(&mut self, organization: OrganizationId, contacts: &[ContactId]) -> StoreResult<Vec<ChainedRow>> {
        let rows = audit::table
            .filter(audit::organization_id.eq(organization.0))
            .filter(dialect::among!(audit, contact_id, numbers(contacts)))
            .order(audit::position)
            .select(AuditRecord::as_select())
            .load(&mut self.session.conn)
            .map_err(error::any)?;
        rows.into_iter().map(chained_from).collect()
    }
}

impl WriteErasures for Tx<'_> {
    fn put_erasure_salt(&mut self, organization: OrganizationId, salt: &[u8]) -> StoreResult<()> {
        let row = SaltRecord { organization_id: organization.0, salt: salt.to_vec() };
        dialect::insert(self, &[row], Present::Keep).map(|_| ())
    }

    fn insert_erasure(&mut self, organization: OrganizationId, new: &ErasureRow) -> StoreResult<()> {
        dialect::insert(self, &[record(organization, new)], Present::Refuse).map(|_| ())
    }

    fn insert_tombstones(&mut self, organization: OrganizationId, new: &[TombstoneRow]) -> StoreResult<()> {
        let row = |own: &TombstoneRow| TombstoneRecord {
            organization_id: organization.0,
            hash: bytes(own.hash),
            erasure_id: own.erasure,
            kind: own.kind.as_str().to_owned(),
        };
        dialect::insert(self, &new.iter().map(row).collect::<Vec<_>>(), Present::Keep).map(|_| ())
    }

    fn lift_tombstones(&mut self, organization: OrganizationId, id: i64, by: &str, at: Timestamp) -> StoreResult<bool> {
        let lifted = diesel::update(e::table.find((organization.0, id)))
            .filter(e::lifted_at.is_null())
            .set((e::lifted_by.eq(by), e::lifted_at.eq(micros(at))))
            .execute(&mut self.session.conn)
            .map_err(error::any)?;
        let own = t::table.filter(t::organization_id.eq(organization.0)).filter(t::erasure_id.eq(id));
        diesel::delete(own).execute(&mut self.session.conn).map_err(error::any)?;
        Ok(lifted == 1)
    }

    fn erase_transactions(&mut self, organization: OrganizationId, ids: &[RecordId], at: Timestamp) -> StoreResult<()> {
        erase::transactions(self, organization, ids, at)
    }

    fn erase_audit(&mut self, organization: OrganizationId, rows: &[(i64, Vec<u8>)]) -> StoreResult<()> {
        erase::audit(self, organization, rows)
    }

    fn erase_events(&mut self, organization: OrganizationId, bodies: &[(Uuid, String)]) -> StoreResult<()> {
        erase::events(self, organization, bodies)
    }

    fn erase_beside(&mut self, organization: OrganizationId, gone: &Gone<'_>) -> StoreResult<()> {
        erase::of_contacts(self, organization, gone)?;
        erase::suggestions(self, organization, gone)?;
        erase::not_duplicates(self, organization, gone)?;
        erase::gifts_and_words(self, organization, gone)?;
        erase::answers(self, organization, gone)
    }
}

fn record(organization: OrganizationId, row: &ErasureRow) -> ErasureRecord {
    let (lifted_by, lifted_at) = row.lifted.as_ref().map(|(by, at)| (by.clone(), micros(*at))).unzip();
    ErasureRecord {
        organization_id: organization.0,
        id: row.id,
        contact_id: row.contact.0,
        reason: row.reason.clone(),
        detail: row.detail.clone(),
        actor: row.actor.clone(),
        erased_at: micros(row.erased_at),
        lifted_by,
        lifted_at,
    }
}

fn erasure_from(row: ErasureRecord) -> StoreResult<ErasureRow> {
    let column = |name| Column("erasure", name);
    Ok(ErasureRow {
        id: row.id,
        contact: ContactId(row.contact_id),
        reason: row.reason,
        detail: row.detail,
        actor: row.actor,
        erased_at: column("erased_at").instant(row.erased_at)?,
        lifted: row.lifted_by.zip(column("lifted_at").instant_or_none(row.lifted_at)?),
    })
}

fn tombstone_from(row: TombstoneRecord) -> StoreResult<TombstoneRow> {
    let column = |name| Column("tombstone", name);
    Ok(TombstoneRow {
        hash: column("hash").uuid(&row.hash)?,
        kind: column("kind").code(TombstoneKind::parse, &row.kind)?,
        erasure: row.erasure_id,
    })
}
