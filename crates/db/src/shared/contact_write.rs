//! Writes about contacts, their source records and their indexes.

use super::{Tx, dialect};
use crate::convert::{bytes, json, micros, uuids};
use crate::error;
use crate::rows::{ContactRecord, DirectRecord, KeyRecord, Present, ReferenceRecord};
use crate::schema::{contact, direct_record, match_key, term_count};
use diesel::prelude::*;
use std::collections::HashMap;
use tributary_contact::policy::Policy;
use tributary_contact::{ContactId, OrganizationId, RecordId};
use tributary_store::{
    AssignedRecord, ContactUpdate, KeyEntry, NewContact, ReferenceEntry, StoreError, StoreResult, WriteContacts,
};

/// A changed contact as both dialects take it.
pub(in super::super) struct Change {
    /// The contact.
    pub(in super::super) id: i64,
    /// Version it must have.
    pub(in super::super) expected: i64,
    /// Version it gets.
    pub(in super::super) version: i64,
    /// Number of its latest event.
    pub(in super::super) sequence: i64,
    /// The record as JSON.
    pub(in super::super) record: String,
    /// When, in microseconds.
    pub(in super::super) modified_at: i64,
}

impl WriteContacts for Tx<'_> {
    fn insert_contacts(&mut self, organization: OrganizationId, new: &[NewContact]) -> StoreResult<()> {
        let rows = new.iter().map(|row| contact_record(organization, row)).collect::<StoreResult<Vec<_>>>()?;
        dialect::insert(self, &rows, Present::Refuse).map(|_| ())
    }

    fn update_contacts(&mut self, organization: OrganizationId, changed: &[ContactUpdate]) -> StoreResult<()> {
        let changes = changed.iter().map(change).collect::<StoreResult<Vec<_>>>()?;
        let updated = dialect::update_contacts(self, organization.0, &changes)?;
        all_or_conflict(updated, changed.len(), "contact")
    }

    fn delete_contacts(&mut self, organization: OrganizationId, gone: &[(ContactId, i64)]) -> StoreResult<()> {
        let deleted = dialect::delete_contacts(self, organization.0, gone)?;
        all_or_conflict(deleted, gone.len(), "contact")
    }

    fn set_archived(&mut self, organization: OrganizationId, contact: ContactId, archived: bool) -> StoreResult<()> {
        diesel::update(contact::table.find((organization.0, contact.0)))
            .set(contact::archived.eq(archived))
            .execute(&mut self.session.conn)
            .map(|_| ())
            .map_err(error::any)
    }

    fn insert_direct_records(&mut self, organization: OrganizationId, new: &[AssignedRecord]) -> StoreResult<()> {
        let rows = new.iter().map(|row| direct_row(organization, row)).collect::<StoreResult<Vec<_>>>()?;
        dialect::insert(self, &rows, Present::Refuse).map(|_| ())
    }

    fn delete_direct_records(&mut self, organization: OrganizationId, ids: &[RecordId]) -> StoreResult<()> {
        diesel::delete(direct_record::table)
            .filter(direct_record::organization_id.eq(organization.0))
            .filter(dialect::among_uuids!(direct_record, id, uuids(ids)))
            .execute(&mut self.session.conn)
            .map(|_| ())
            .map_err(error::any)
    }

    fn add_references(&mut self, organization: OrganizationId, new: &[ReferenceEntry]) -> StoreResult<()> {
        let rows: Vec<_> = new.iter().map(|entry| reference_record(organization, entry)).collect();
        let added = dialect::insert(self, &rows, Present::Keep)?;
        if added == new.len() { Ok(()) } else { check_references(self, organization, new) }
    }

    fn remove_references(&mut self, organization: OrganizationId, gone: &[ReferenceEntry]) -> StoreResult<()> {
        dialect::delete_references(self, organization.0, gone)
    }

    fn add_keys(&mut self, organization: OrganizationId, new: &[KeyEntry]) -> StoreResult<()> {
        let mut rows: Vec<_> = new.iter().map(|entry| key_record(organization, *entry)).collect();
        rows.sort_unstable_by_key(|row| (row.key, row.contact_id));
        dialect::insert(self, &rows, Present::Keep).map(|_| ())
    }

    fn remove_keys(&mut self, organization: OrganizationId, gone: &[KeyEntry]) -> StoreResult<()> {
        dialect::delete_keys(self, organization.0, gone)
    }

    fn clear_index(&mut self, organization: OrganizationId) -> StoreResult<()> {
        let conn = &mut self.session.conn;
        let keys = diesel::delete(match_key::table).filter(match_key::organization_id.eq(organization.0)).execute(conn);
        let terms =
            diesel::delete(term_count::table).filter(term_count::organization_id.eq(organization.0)).execute(conn);
        keys.and(terms).map(|_| ()).map_err(error::any)
    }

    fn add_terms(&mut self, organization: OrganizationId, deltas: &[(i64, i64)]) -> StoreResult<()> {
        // In order of the hash, so that two writers never wait for each other.
        let mut ordered: Vec<_> = deltas.iter().copied().filter(|(_, delta)| *delta != 0).collect();
        ordered.sort_unstable();
        dialect::add_terms(self, organization.0, &ordered)?;
        let lowered: Vec<i64> = ordered.iter().filter(|(_, delta)| *delta < 0).map(|(term, _)| *term).collect();
        if lowered.is_empty() { Ok(()) } else { delete_empty_terms(self, organization, lowered) }
    }
}

fn delete_empty_terms(tx: &mut Tx<'_>, organization: OrganizationId, terms: Vec<i64>) -> StoreResult<()> {
    diesel::delete(term_count::table)
        .filter(term_count::organization_id.eq(organization.0))
        .filter(dialect::among!(term_count, term, terms))
        .filter(term_count::total.le(0))
        .execute(&mut tx.session.conn)
        .map(|_| ())
        .map_err(error::any)
}

/// A reference that was there already must be the same contact's.
fn check_references(tx: &mut Tx<'_>, organization: OrganizationId, new: &[ReferenceEntry]) -> StoreResult<()> {
    let references = new.iter().map(|entry| &entry.reference).collect();
    let stored = dialect::contacts_by_reference(tx, organization.0, &references)?;
    let holders: HashMap<_, _> = stored.into_iter().map(|entry| (entry.reference, entry.contact)).collect();
    let holder = |entry: &ReferenceEntry| holders.get(&entry.reference).copied();
    match new.iter().map(|entry| (entry.contact, holder(entry))).find(|(own, holder)| *holder != Some(*own)) {
        None => Ok(()),
        Some((_, Some(contact))) => Err(StoreError::ReferenceTaken { contact }),
        Some((_, None)) => Err(StoreError::Conflict { what: "reference" }),
    }
}

fn all_or_conflict(done: usize, wanted: usize, what: &'static str) -> StoreResult<()> {
    if done == wanted { Ok(()) } else { Err(StoreError::Conflict { what }) }
}

fn contact_record(organization: OrganizationId, new: &NewContact) -> StoreResult<ContactRecord> {
    Ok(ContactRecord {
        organization_id: organization.0,
        id: new.id.0,
        version: new.version,
        sequence: new.sequence,
        record: json(&new.golden)?,
        merged_into: None,
        archived: false,
        created_at: micros(new.created_at),
        modified_at: micros(new.created_at),
    })
}

fn change(changed: &ContactUpdate) -> StoreResult<Change> {
    Ok(Change {
        id: changed.id.0,
        expected: changed.expected_version,
        version: changed.version,
        sequence: changed.sequence,
        record: json(&changed.golden)?,
        modified_at: micros(changed.modified_at),
    })
}

fn direct_row(organization: OrganizationId, new: &AssignedRecord) -> StoreResult<DirectRecord> {
    Ok(DirectRecord {
        organization_id: organization.0,
        id: bytes(new.record.id.0),
        kind: new.record.kind.as_str().to_owned(),
        contact_id: new.contact.0,
        individual_id: new.record.individual.0,
        first_item: new.record.first_item.0,
        received_at: micros(new.record.received_at),
        body: json(&new.record.submission)?,
        policy: new.record.policy.as_ref().map_or(Policy::SHIPPED, |policy| policy.number()),
        refolded_policy: None,
    })
}

fn reference_record(organization: OrganizationId, entry: &ReferenceEntry) -> ReferenceRecord {
    ReferenceRecord {
        organization_id: organization.0,
        source: entry.reference.source.clone(),
        id: entry.reference.id.clone(),
        contact_id: entry.contact.0,
    }
}

fn key_record(organization: OrganizationId, entry: KeyEntry) -> KeyRecord {
    KeyRecord { organization_id: organization.0, key: entry.key, contact_id: entry.contact.0 }
}
