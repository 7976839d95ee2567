//! Pairs of contacts that may be one, and the scans that find them.

use super::contact::numbers;
use super::{Tx, dialect};
use crate::convert::{Column, micros};
use crate::error;
use crate::rows::{PairRecord, Present, ScanRecord};
use crate::schema::{contact, duplicate_pair as p, duplicate_scan as s};
use diesel::dsl::{count_star, max, sql};
use diesel::prelude::*;
use diesel::sql_types::Bool;
use tributary_contact::clock::Timestamp;
use tributary_contact::{ContactId, OrganizationId};
use tributary_store::{
    DuplicatePairRow, DuplicateScanRow, PairBand, PairClosed, PairFilter, ReadDuplicates, StoreError, StoreResult,
    WriteDuplicates,
};

type Pairs<'a> = p::BoxedQuery<'a, super::super::Db>;

fn selected(organization: OrganizationId, filter: PairFilter) -> Pairs<'static> {
    let all = p::table.filter(p::organization_id.eq(organization.0)).into_boxed();
    // Literals, for the partial index.
    let state = if filter.closed { "closed_at IS NOT NULL" } else { "closed_at IS NULL" };
    let mut rows = all.filter(sql::<Bool>(&format!("duplicate_pair.{state}")));
    if let Some(band) = filter.band {
        rows = rows.filter(p::band.eq(band.as_str()));
    }
    if let Some(contact) = filter.contact {
        rows = rows.filter(p::contact_id.eq(contact.0).or(p::other_contact_id.eq(contact.0)));
    }
    rows
}

impl ReadDuplicates for Tx<'_> {
    fn newest_duplicate_scan(&mut self, organization: OrganizationId) -> StoreResult<Option<DuplicateScanRow>> {
        let row = s::table
            .filter(s::organization_id.eq(organization.0))
            .order(s::id.desc())
            .select(ScanRecord::as_select())
            .first(&mut self.session.conn)
            .optional()
            .map_err(error::any)?;
        row.map(scan_from).transpose()
    }

    fn open_duplicate_scan(&mut self, organization: OrganizationId) -> StoreResult<Option<DuplicateScanRow>> {
        let row = s::table
            .filter(s::organization_id.eq(organization.0))
            .filter(sql::<Bool>("duplicate_scan.state = 'running'"))
            .order(s::id)
            .select(ScanRecord::as_select())
            .first(&mut self.session.conn)
            .optional()
            .map_err(error::any)?;
        row.map(scan_from).transpose()
    }

    fn contacts_in_all(&mut self, organization: OrganizationId) -> StoreResult<(i64, Option<ContactId>)> {
        let (count, newest): (i64, Option<i64>) = contact::table
            .filter(contact::organization_id.eq(organization.0))
            .filter(contact::merged_into.is_null())
            .select((count_star(), max(contact::id)))
            .first(&mut self.session.conn)
            .map_err(error::any)?;
        Ok((count, newest.map(ContactId)))
    }

    fn contacts_between(
        &mut self,
        organization: OrganizationId,
        after: ContactId,
        up_to: ContactId,
        limit: i64,
    ) -> StoreResult<Vec<ContactId>> {
        let ids: Vec<i64> = contact::table
            .filter(contact::organization_id.eq(organization.0))
            .filter(contact::id.gt(after.0))
            .filter(contact::id.le(up_to.0))
            .filter(contact::merged_into.is_null())
            .order(contact::id)
            .limit(limit)
            .select(contact::id)
            .load(&mut self.session.conn)
            .map_err(error::any)?;
        Ok(ids.into_iter().map(ContactId).collect())
    }

    fn duplicate_pairs_of(
        &mut self,
        organization: OrganizationId,
        contacts: &[ContactId],
    ) -> StoreResult<Vec<DuplicatePairRow>> {
        // Two statements rather than one with OR: each goes along its own index.
        let mut rows: Vec<PairRecord> = p::table
            .filter(p::organization_id.eq(organization.0))
            .filter(dialect::among!(duplicate_pair, contact_id, numbers(contacts)))
            .select(PairRecord::as_select())
            .load(&mut self.session.conn)
            .map_err(error::any)?;
        let others: Vec<PairRecord> = p::table
            .filter(p::organization_id.eq(organization.0))
            .filter(dialect::among!(duplicate_pair, other_contact_id, numbers(contacts)))
            .select(PairRecord::as_select())
            .load(&mut self.session.conn)
            .map_err(error::any)?;
        rows.extend(others);
        rows.sort_unstable_by_key(|row| (row.contact_id, row.other_contact_id));
        rows.dedup_by_key(|row| (row.contact_id, row.other_contact_id));
        rows.into_iter().map(pair_from).collect()
    }

    fn duplicate_pair_page(
        &mut self,
        organization: OrganizationId,
        filter: PairFilter,
        skip: i64,
        take: i64,
    ) -> StoreResult<Vec<DuplicatePairRow>> {
        let rows = selected(organization, filter)
            .order((p::score.desc(), p::contact_id.desc(), p::other_contact_id.desc()))
            .offset(skip)
            .limit(take)
            .select(PairRecord::as_select())
            .load(&mut self.session.conn)
            .map_err(error::any)?;
        rows.into_iter().map(pair_from).collect()
    }

    fn duplicate_pair_count(&mut self, organization: OrganizationId, filter: PairFilter) -> StoreResult<i64> {
        selected(organization, filter).count().get_result(&mut self.session.conn).map_err(error::any)
    }
}

impl WriteDuplicates for Tx<'_> {
    fn insert_duplicate_scan(&mut self, organization: OrganizationId, new: &DuplicateScanRow) -> StoreResult<()> {
        dialect::insert(self, &[scan_record(organization, new)], Present::Refuse).map(|_| ())
    }

    fn update_duplicate_scan(&mut self, organization: OrganizationId, changed: &DuplicateScanRow) -> StoreResult<()> {
        let row = scan_record(organization, changed);
        let updated = diesel::update(s::table.find((organization.0, changed.id)))
            .set((
                s::state.eq(row.state),
                s::position.eq(row.position),
                s::contacts.eq(row.contacts),
                s::finished_at.eq(row.finished_at),
            ))
            .execute(&mut self.session.conn)
            .map_err(error::any)?;
        if updated == 1 { Ok(()) } else { Err(StoreError::Conflict { what: "duplicate_scan" }) }
    }

    fn replace_duplicate_pairs(
        &mut self,
        organization: OrganizationId,
        contacts: &[ContactId],
        pairs: &[DuplicatePairRow],
    ) -> StoreResult<()> {
        diesel::delete(p::table)
            .filter(p::organization_id.eq(organization.0))
            .filter(dialect::among!(duplicate_pair, contact_id, numbers(contacts)))
            .execute(&mut self.session.conn)
            .map_err(error::any)?;
        diesel::delete(p::table)
            .filter(p::organization_id.eq(organization.0))
            .filter(dialect::among!(duplicate_pair, other_contact_id, numbers(contacts)))
            .execute(&mut self.session.conn)
            .map_err(error::any)?;
        let rows: Vec<_> = pairs.iter().map(|pair| pair_record(organization, pair)).collect();
        dialect::insert(self, &rows, Present::Refuse).map(|_| ())
    }

    fn close_duplicate_pairs(
        &mut self,
        organization: OrganizationId,
        contacts: &[ContactId],
        reason: PairClosed,
        at: Timestamp,
    ) -> StoreResult<()> {
        let closed = (p::closed_reason.eq(reason.as_str()), p::closed_at.eq(micros(at)));
        diesel::update(p::table)
            .filter(p::organization_id.eq(organization.0))
            .filter(dialect::among!(duplicate_pair, contact_id, numbers(contacts)))
            .filter(p::closed_at.is_null())
            .set(closed)
            .execute(&mut self.session.conn)
            .map_err(error::any)?;
        diesel::update(p::table)
            .filter(p::organization_id.eq(organization.0))
            .filter(dialect::among!(duplicate_pair, other_contact_id, numbers(contacts)))
            .filter(p::closed_at.is_null())
            .set(closed)
            .execute(&mut self.session.conn)
            .map(|_| ())
            .map_err(error::any)
    }

    fn close_duplicate_pair(
        &mut self,
        organization: OrganizationId,
        (contact, other): (ContactId, ContactId),
        reason: PairClosed,
        at: Timestamp,
    ) -> StoreResult<()> {
        diesel::update(p::table.find((organization.0, contact.0, other.0)))
            .filter(p::closed_at.is_null())
            .set((p::closed_reason.eq(reason.as_str()), p::closed_at.eq(micros(at))))
            .execute(&mut self.session.conn)
            .map(|_| ())
            .map_err(error::any)
    }

    fn close_duplicate_pairs_before(
        &mut self,
        organization: OrganizationId,
        scan: i64,
        reason: PairClosed,
        at: Timestamp,
    ) -> StoreResult<()> {
        diesel::update(p::table)
            .filter(p::organization_id.eq(organization.0))
            .filter(sql::<Bool>("duplicate_pair.closed_at IS NULL"))
            .filter(p::scan_id.lt(scan))
            .set((p::closed_reason.eq(reason.as_str()), p::closed_at.eq(micros(at))))
            .execute(&mut self.session.conn)
            .map(|_| ())
            .map_err(error::any)
    }
}

fn scan_record(organization: OrganizationId, row: &DuplicateScanRow) -> ScanRecord {
    ScanRecord {
        organization_id: organization.0,
        id: row.id,
        state: if row.finished_at.is_some() { "done" } else { "running" }.to_owned(),
        position: row.position.0,
        last_contact: row.last_contact.0,
        contacts: row.contacts,
        total: row.total,
        weights_version: row.weights_version.clone(),
        actor: row.actor.clone(),
        started_at: micros(row.started_at),
        finished_at: row.finished_at.map(micros),
    }
}

fn scan_from(row: ScanRecord) -> StoreResult<DuplicateScanRow> {
    let column = |name| Column("duplicate_scan", name);
    Ok(DuplicateScanRow {
        id: row.id,
        position: ContactId(row.position),
        last_contact: ContactId(row.last_contact),
        contacts: row.contacts,
        total: row.total,
        weights_version: row.weights_version,
        actor: row.actor,
        started_at: column("started_at").instant(row.started_at)?,
        finished_at: column("finished_at").instant_or_none(row.finished_at)?,
    })
}

fn pair_record(organization: OrganizationId, row: &DuplicatePairRow) -> PairRecord {
    let (closed_reason, closed_at) = row.closed.map(|(why, at)| (why.as_str().to_owned(), micros(at))).unzip();
    PairRecord {
        organization_id: organization.0,
        contact_id: row.contact.0,
        other_contact_id: row.other.0,
        score: row.score,
        band: row.band.as_str().to_owned(),
        explanation: row.explanation.clone(),
        weights_version: row.weights_version.clone(),
        scan_id: row.scan,
        found_at: micros(row.found_at),
        closed_reason,
        closed_at,
    }
}

fn pair_from(row: PairRecord) -> StoreResult<DuplicatePairRow> {
    let column = |name| Column("duplicate_pair", name);
    let reason = column("closed_reason").code_or_none(PairClosed::parse, row.closed_reason.as_deref())?;
    Ok(DuplicatePairRow {
        contact: ContactId(row.contact_id),
        other: ContactId(row.other_contact_id),
        score: row.score,
        band: column("band").code(PairBand::parse, &row.band)?,
        explanation: row.explanation,
        weights_version: row.weights_version,
        scan: row.scan_id,
        found_at: column("found_at").instant(row.found_at)?,
        closed: reason.zip(column("closed_at").instant_or_none(row.closed_at)?),
    })
}
