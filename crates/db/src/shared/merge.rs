//! Merges of two contacts by a person.

use super::{Tx, dialect};
use crate::convert::{Column, micros};
use crate::error;
use crate::rows::{MergeRecord, Present};
use crate::schema::{contact, contact_merge, contact_note, contact_transaction, direct_record};
use diesel::prelude::*;
use std::collections::BTreeMap;
use tributary_contact::clock::Timestamp;
use tributary_contact::{ContactId, ItemId, OrganizationId};
use tributary_store::{MergeRow, ReadMerges, RecordMove, StoreError, StoreResult, WriteMerges};
use uuid::Uuid;

impl ReadMerges for Tx<'_> {
    fn merge_of(&mut self, organization: OrganizationId, merged: ContactId) -> StoreResult<Option<MergeRow>> {
        let row = contact_merge::table
            .filter(contact_merge::organization_id.eq(organization.0))
            .filter(contact_merge::merged_id.eq(merged.0))
            .filter(contact_merge::undone_at.is_null())
            .select(MergeRecord::as_select())
            .first(&mut self.session.conn)
            .optional()
            .map_err(error::any)?;
        row.map(merge_from).transpose()
    }

    fn merges_into(&mut self, organization: OrganizationId, survivors: &[ContactId]) -> StoreResult<Vec<MergeRow>> {
        let survivors: Vec<i64> = survivors.iter().map(|id| id.0).collect();
        let rows = contact_merge::table
            .filter(contact_merge::organization_id.eq(organization.0))
            .filter(dialect::among!(contact_merge, survivor_id, survivors))
            .filter(contact_merge::undone_at.is_null())
            .order(contact_merge::id)
            .select(MergeRecord::as_select())
            .load(&mut self.session.conn)
            .map_err(error::any)?;
        rows.into_iter().map(merge_from).collect()
    }

    fn merges_taken_back(
        &mut self,
        organization: OrganizationId,
        contacts: &[ContactId],
    ) -> StoreResult<Vec<MergeRow>> {
        let contacts: Vec<i64> = contacts.iter().map(|id| id.0).collect();
        let survivor = dialect::among!(contact_merge, survivor_id, contacts.clone());
        let rows = contact_merge::table
            .filter(contact_merge::organization_id.eq(organization.0))
            .filter(contact_merge::undone_at.is_not_null())
            .filter(dialect::among!(contact_merge, merged_id, contacts).or(survivor))
            .order(contact_merge::id)
            .select(MergeRecord::as_select())
            .load(&mut self.session.conn)
            .map_err(error::any)?;
        rows.into_iter().map(merge_from).collect()
    }
}

impl WriteMerges for Tx<'_> {
    fn insert_merge(&mut self, organization: OrganizationId, new: &MergeRow) -> StoreResult<()> {
        dialect::insert(self, &[record(organization, new)], Present::Refuse).map(|_| ())
    }

    fn mark_unmerged(&mut self, organization: OrganizationId, id: i64, by: &str, at: Timestamp) -> StoreResult<()> {
        let marked = diesel::update(contact_merge::table.find((organization.0, id)))
            .filter(contact_merge::undone_at.is_null())
            .set((contact_merge::undone_by.eq(by), contact_merge::undone_at.eq(micros(at))))
            .execute(&mut self.session.conn)
            .map_err(error::any)?;
        if marked == 1 { Ok(()) } else { Err(StoreError::Conflict { what: "merge" }) }
    }

    fn set_merge_detail(&mut self, organization: OrganizationId, id: i64, detail: &str) -> StoreResult<()> {
        let set = diesel::update(contact_merge::table.find((organization.0, id)))
            .filter(contact_merge::undone_at.is_null())
            .set(contact_merge::detail.eq(detail))
            .execute(&mut self.session.conn)
            .map_err(error::any)?;
        if set == 1 { Ok(()) } else { Err(StoreError::Conflict { what: "merge" }) }
    }

    fn move_records(&mut self, organization: OrganizationId, moves: &[RecordMove]) -> StoreResult<()> {
        let mut alike: BTreeMap<_, Vec<Uuid>> = BTreeMap::new();
        for one in moves {
            let route = (one.from, one.to, one.individual, one.transaction);
            alike.entry(route).or_default().push(one.record.0);
        }
        alike.into_iter().try_for_each(|(route, records)| move_alike(self, organization, route, &records))
    }

    fn set_merged_into(
        &mut self,
        organization: OrganizationId,
        contact: ContactId,
        survivor: Option<ContactId>,
    ) -> StoreResult<()> {
        diesel::update(contact::table.find((organization.0, contact.0)))
            .set(contact::merged_into.eq(survivor.map(|id| id.0)))
            .execute(&mut self.session.conn)
            .map(|_| ())
            .map_err(error::any)
    }

    fn move_notes(
        &mut self,
        organization: OrganizationId,
        from: ContactId,
        to: ContactId,
        only: Option<&[i64]>,
    ) -> StoreResult<Vec<i64>> {
        let found: Vec<i64> = contact_note::table
            .filter(contact_note::organization_id.eq(organization.0))
            .filter(contact_note::contact_id.eq(from.0))
            .order(contact_note::id)
            .select(contact_note::id)
            .load(&mut self.session.conn)
            .map_err(error::any)?;
        let ids: Vec<i64> = found.into_iter().filter(|id| only.is_none_or(|only| only.contains(id))).collect();
        diesel::update(contact_note::table)
            .filter(contact_note::organization_id.eq(organization.0))
            .filter(dialect::among!(contact_note, id, ids.clone()))
            .set(contact_note::contact_id.eq(to.0))
            .execute(&mut self.session.conn)
            .map_err(error::any)?;
        Ok(ids)
    }
}

/// From, to, the individual there, and whether they came through the holding ledger.
type Route = (ContactId, ContactId, ItemId, bool);

/// One statement for all records that go the same way.
fn move_alike(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    (from, to, individual, transaction): Route,
    records: &[Uuid],
) -> StoreResult<()> {
    let conn = &mut tx.session.conn;
    let ids = records.to_vec();
    let moved = if transaction {
        diesel::update(contact_transaction::table)
            .filter(contact_transaction::organization_id.eq(organization.0))
            .filter(dialect::among_uuids!(contact_transaction, id, ids))
            .filter(contact_transaction::contact_id.eq(from.0))
            .set((contact_transaction::contact_id.eq(to.0), contact_transaction::individual_id.eq(individual.0)))
            .execute(conn)
    } else {
        diesel::update(direct_record::table)
            .filter(direct_record::organization_id.eq(organization.0))
            .filter(dialect::among_uuids!(direct_record, id, ids))
            .filter(direct_record::contact_id.eq(from.0))
            .set((direct_record::contact_id.eq(to.0), direct_record::individual_id.eq(individual.0)))
            .execute(conn)
    };
    if moved.map_err(error::any)? == records.len() { Ok(()) } else { Err(StoreError::Conflict { what: "contact" }) }
}

fn record(organization: OrganizationId, row: &MergeRow) -> MergeRecord {
    let (undone_by, undone_at) = row.undone.as_ref().map(|(by, at)| (by.clone(), micros(*at))).unzip();
    MergeRecord {
        organization_id: organization.0,
        id: row.id,
        survivor_id: row.survivor.0,
        merged_id: row.merged.0,
        detail: row.detail.clone(),
        actor: row.actor.clone(),
        merged_at: micros(row.merged_at),
        undone_by,
        undone_at,
    }
}

/// The merge of a stored row.
pub(super) fn merge_from(row: MergeRecord) -> StoreResult<MergeRow> {
    let column = |name| Column("contact_merge", name);
    Ok(MergeRow {
        id: row.id,
        survivor: ContactId(row.survivor_id),
        merged: ContactId(row.merged_id),
        detail: row.detail,
        actor: row.actor,
        merged_at: column("merged_at").instant(row.merged_at)?,
        undone: row.undone_by.zip(column("undone_at").instant_or_none(row.undone_at)?),
    })
}
