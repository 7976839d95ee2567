//! What people said is not one.

use super::{Tx, dialect};
use crate::convert::{Column, bytes, micros};
use crate::error;
use crate::rows::{NotDuplicateRecord, Present};
use crate::schema::not_duplicate as n;
use diesel::prelude::*;
use tributary_contact::clock::Timestamp;
use tributary_contact::{ContactId, OrganizationId, Reference};
use tributary_store::{NotDuplicateRow, Other, ReadNotDuplicates, StoreError, StoreResult, WriteNotDuplicates};

type Said<'a> = n::BoxedQuery<'a, super::super::Db>;

fn said(organization: OrganizationId, contact: Option<ContactId>) -> Said<'static> {
    let all = n::table.filter(n::organization_id.eq(organization.0)).into_boxed();
    match contact {
        Some(contact) => {
            all.filter(n::contact_id.eq(contact.0).or(n::other_contact_id.assume_not_null().eq(contact.0)))
        }
        None => all,
    }
}

impl ReadNotDuplicates for Tx<'_> {
    fn not_duplicate_page(
        &mut self,
        organization: OrganizationId,
        contact: Option<ContactId>,
        skip: i64,
        take: i64,
    ) -> StoreResult<Vec<NotDuplicateRow>> {
        let rows = said(organization, contact)
            .order(n::id)
            .offset(skip)
            .limit(take)
            .select(NotDuplicateRecord::as_select())
            .load(&mut self.session.conn)
            .map_err(error::any)?;
        rows.into_iter().map(row_from).collect()
    }

    fn not_duplicate_count(&mut self, organization: OrganizationId, contact: Option<ContactId>) -> StoreResult<i64> {
        said(organization, contact).count().get_result(&mut self.session.conn).map_err(error::any)
    }

    fn not_duplicates(&mut self, organization: OrganizationId) -> StoreResult<Vec<NotDuplicateRow>> {
        let rows = said(organization, None)
            .filter(n::revoked_at.is_null())
            .order(n::id)
            .select(NotDuplicateRecord::as_select())
            .load(&mut self.session.conn)
            .map_err(error::any)?;
        rows.into_iter().map(row_from).collect()
    }
}

impl WriteNotDuplicates for Tx<'_> {
    fn insert_not_duplicates(&mut self, organization: OrganizationId, new: &[NotDuplicateRow]) -> StoreResult<()> {
        let rows: Vec<_> = new.iter().map(|row| record(organization, row)).collect();
        dialect::insert(self, &rows, Present::Refuse).map(|_| ())
    }

    fn revoke_not_duplicate(
        &mut self,
        organization: OrganizationId,
        id: i64,
        by: &str,
        at: Timestamp,
    ) -> StoreResult<bool> {
        diesel::update(n::table.find((organization.0, id)))
            .filter(n::revoked_at.is_null())
            .set((n::revoked_by.eq(by), n::revoked_at.eq(micros(at))))
            .execute(&mut self.session.conn)
            .map(|revoked| revoked == 1)
            .map_err(error::any)
    }
}

fn record(organization: OrganizationId, row: &NotDuplicateRow) -> NotDuplicateRecord {
    let (contact_known, other_known) = row.known.unzip();
    let (revoked_by, revoked_at) = row.revoked.as_ref().map(|(by, at)| (by.clone(), micros(*at))).unzip();
    let mut stored = NotDuplicateRecord {
        organization_id: organization.0,
        id: row.id,
        contact_id: row.contact.0,
        other_contact_id: None,
        reference_source: None,
        reference_id: None,
        transaction_id: None,
        contact_known,
        other_known,
        note: row.note.clone(),
        actor: row.actor.clone(),
        created_at: micros(row.created_at),
        revoked_by,
        revoked_at,
    };
    match &row.other {
        Other::Contact(other) => stored.other_contact_id = Some(other.0),
        Other::Reference(Reference { source, id }) => {
            (stored.reference_source, stored.reference_id) = (Some(source.clone()), Some(id.clone()));
        }
        Other::Transaction(id) => stored.transaction_id = Some(bytes(id.0)),
    }
    stored
}

fn row_from(row: NotDuplicateRecord) -> StoreResult<NotDuplicateRow> {
    let column = |name| Column("not_duplicate", name);
    let reference = row.reference_source.zip(row.reference_id).map(|(source, id)| Reference { source, id });
    let transaction = row.transaction_id.map(|id| column("transaction_id").record(&id)).transpose()?;
    let contact = row.other_contact_id.map(|id| Other::Contact(ContactId(id)));
    let other = contact.or(reference.map(Other::Reference)).or(transaction.map(Other::Transaction));
    Ok(NotDuplicateRow {
        id: row.id,
        contact: ContactId(row.contact_id),
        other: other.ok_or(StoreError::Corrupt {
            table: "not_duplicate",
            column: "other_contact_id",
            source: "it is not said what the contact is not".into(),
        })?,
        known: row.contact_known.zip(row.other_known),
        note: row.note,
        actor: row.actor,
        created_at: column("created_at").instant(row.created_at)?,
        revoked: row.revoked_by.zip(column("revoked_at").instant_or_none(row.revoked_at)?),
    })
}
