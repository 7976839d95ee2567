//! Labels of contacts: tags and organization groups.

use super::{Tx, dialect};
use crate::convert::{Column, micros};
use crate::error;
use crate::prepared::prepared;
use crate::rows::{ContactLabelRecord, Counted, FoundContact, LabelRecord, Present};
use crate::schema::{contact_label, label};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use tributary_contact::{ContactId, OrganizationId};
use tributary_store::{
    ContactLabelRow, ContactOrder, LabelFilter, LabelKind, LabelRow, LabelledContacts, ReadLabels, StoreResult,
    WriteLabels,
};

/// The contacts of a label that lists show.
const LABELLED: &str = "FROM contact_label AS l JOIN contact AS c \
    ON c.organization_id = l.organization_id AND c.id = l.contact_id \
    WHERE l.organization_id = $1 AND l.kind = $2 AND l.label_id = $3 AND NOT c.archived AND c.merged_into IS NULL";

/// A pattern that finds a part of a text in lower case, whatever signs are in it.
fn containing(part: &str) -> String {
    let escaped = part.to_lowercase().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    format!("%{escaped}%")
}

impl ReadLabels for Tx<'_> {
    fn label_page(
        &mut self,
        organization: OrganizationId,
        filter: LabelFilter<'_>,
        skip: i64,
        take: i64,
    ) -> StoreResult<Vec<LabelRow>> {
        let rows = label::table
            .filter(label::organization_id.eq(organization.0))
            .filter(label::kind.eq(filter.kind.as_str()))
            .filter(label::folded.like(containing(filter.part)).escape('\\'))
            .order(sql::<Text>(dialect::FOLDED_IN_BINARY))
            .limit(take)
            .offset(skip)
            .select(LabelRecord::as_select())
            .load(&mut self.session.conn)
            .map_err(error::any)?;
        rows.into_iter().map(label_from).collect()
    }

    fn label_count(&mut self, organization: OrganizationId, filter: LabelFilter<'_>) -> StoreResult<i64> {
        label::table
            .filter(label::organization_id.eq(organization.0))
            .filter(label::kind.eq(filter.kind.as_str()))
            .filter(label::folded.like(containing(filter.part)).escape('\\'))
            .count()
            .get_result(&mut self.session.conn)
            .map_err(error::any)
    }

    fn labels(&mut self, organization: OrganizationId, kind: LabelKind, ids: &[i64]) -> StoreResult<Vec<LabelRow>> {
        let rows = label::table
            .filter(label::organization_id.eq(organization.0))
            .filter(label::kind.eq(kind.as_str()))
            .filter(dialect::among!(label, id, ids))
            .order(label::id)
            .select(LabelRecord::as_select())
            .load(&mut self.session.conn)
            .map_err(error::any)?;
        rows.into_iter().map(label_from).collect()
    }

    fn labels_named(
        &mut self,
        organization: OrganizationId,
        kind: LabelKind,
        names: &[String],
    ) -> StoreResult<Vec<LabelRow>> {
        let folded: Vec<String> = names.iter().map(|name| name.to_lowercase()).collect();
        let rows = label::table
            .filter(label::organization_id.eq(organization.0))
            .filter(label::kind.eq(kind.as_str()))
            .filter(dialect::among_texts!(label, folded, folded))
            .order(label::id)
            .select(LabelRecord::as_select())
            .load(&mut self.session.conn)
            .map_err(error::any)?;
        rows.into_iter().map(label_from).collect()
    }

    fn labels_of(
        &mut self,
        organization: OrganizationId,
        kind: LabelKind,
        contact: ContactId,
    ) -> StoreResult<Vec<ContactLabelRow>> {
        let rows = contact_label::table
            .filter(contact_label::organization_id.eq(organization.0))
            .filter(contact_label::contact_id.eq(contact.0))
            .filter(contact_label::kind.eq(kind.as_str()))
            .order(contact_label::label_id)
            .select(ContactLabelRecord::as_select())
            .load(&mut self.session.conn)
            .map_err(error::any)?;
        rows.into_iter().map(contact_label_from).collect()
    }

    fn contact_label(
        &mut self,
        organization: OrganizationId,
        kind: LabelKind,
        id: i64,
    ) -> StoreResult<Option<ContactLabelRow>> {
        let row = contact_label::table
            .filter(contact_label::organization_id.eq(organization.0))
            .filter(contact_label::kind.eq(kind.as_str()))
            .filter(contact_label::id.eq(id))
            .select(ContactLabelRecord::as_select())
            .first(&mut self.session.conn)
            .optional()
            .map_err(error::any)?;
        row.map(contact_label_from).transpose()
    }

    fn label_size(&mut self, organization: OrganizationId, kind: LabelKind, label: i64) -> StoreResult<i64> {
        contact_label::table
            .filter(contact_label::organization_id.eq(organization.0))
            .filter(contact_label::kind.eq(kind.as_str()))
            .filter(contact_label::label_id.eq(label))
            .count()
            .get_result(&mut self.session.conn)
            .map_err(error::any)
    }

    fn labelled_contacts(
        &mut self,
        organization: OrganizationId,
        wanted: LabelledContacts<'_>,
        skip: i64,
        take: i64,
    ) -> StoreResult<(Vec<ContactId>, i64)> {
        let name = dialect::CONTACT_NAME;
        // Without a part to look for, no name is read out of a contact.
        let named =
            if wanted.part.is_empty() { String::from("$4 <> ''") } else { format!("{name} LIKE $4 ESCAPE '\\'") };
        let by = match wanted.order {
            ContactOrder::Id => "c.id",
            ContactOrder::Name => name,
            ContactOrder::CreatedAt => "c.created_at",
        };
        let way = if wanted.descending { "DESC" } else { "ASC" };
        let page = format!("SELECT c.id {LABELLED} AND {named} ORDER BY {by} {way}, c.id {way} LIMIT $5 OFFSET $6");
        let found: Vec<FoundContact> = prepared(page)
            .bind::<BigInt, _>(organization.0)
            .bind::<Text, _>(wanted.kind.as_str())
            .bind::<BigInt, _>(wanted.label)
            .bind::<Text, _>(containing(wanted.part))
            .bind::<BigInt, _>(take)
            .bind::<BigInt, _>(skip)
            .load(&mut self.session.conn)
            .map_err(error::any)?;
        let counted: Counted = prepared(format!("SELECT count(*) AS count {LABELLED} AND {named}"))
            .bind::<BigInt, _>(organization.0)
            .bind::<Text, _>(wanted.kind.as_str())
            .bind::<BigInt, _>(wanted.label)
            .bind::<Text, _>(containing(wanted.part))
            .get_result(&mut self.session.conn)
            .map_err(error::any)?;
        Ok((found.into_iter().map(|row| ContactId(row.id)).collect(), counted.count))
    }
}

impl WriteLabels for Tx<'_> {
    fn insert_labels(&mut self, organization: OrganizationId, kind: LabelKind, new: &[LabelRow]) -> StoreResult<()> {
        let record = |row: &LabelRow| LabelRecord {
            organization_id: organization.0,
            kind: kind.as_str().to_owned(),
            id: row.id,
            name: row.name.clone(),
            folded: row.name.to_lowercase(),
            parent: row.parent.clone(),
            created_at: micros(row.created_at),
            created_by: row.created_by.clone(),
        };
        dialect::insert(self, &new.iter().map(record).collect::<Vec<_>>(), Present::Refuse).map(|_| ())
    }

    fn add_contact_labels(
        &mut self,
        organization: OrganizationId,
        kind: LabelKind,
        new: &[ContactLabelRow],
    ) -> StoreResult<()> {
        let record = |row: &ContactLabelRow| ContactLabelRecord {
            organization_id: organization.0,
            kind: kind.as_str().to_owned(),
            label_id: row.label,
            contact_id: row.contact.0,
            id: row.id,
            created_at: micros(row.created_at),
            created_by: row.created_by.clone(),
        };
        dialect::insert(self, &new.iter().map(record).collect::<Vec<_>>(), Present::Keep).map(|_| ())
    }

    fn remove_contact_labels(
        &mut self,
        organization: OrganizationId,
        kind: LabelKind,
        gone: &[(i64, ContactId)],
    ) -> StoreResult<()> {
        // Staff and undo take labels away, a few at a time: one statement each.
        gone.iter().try_for_each(|(label, contact)| {
            diesel::delete(contact_label::table.find((organization.0, kind.as_str(), *label, contact.0)))
                .execute(&mut self.session.conn)
                .map(|_| ())
                .map_err(error::any)
        })
    }
}

fn label_from(row: LabelRecord) -> StoreResult<LabelRow> {
    Ok(LabelRow {
        id: row.id,
        name: row.name,
        parent: row.parent,
        created_at: Column("label", "created_at").instant(row.created_at)?,
        created_by: row.created_by,
    })
}

fn contact_label_from(row: ContactLabelRecord) -> StoreResult<ContactLabelRow> {
    Ok(ContactLabelRow {
        id: row.id,
        label: row.label_id,
        contact: ContactId(row.contact_id),
        created_at: Column("contact_label", "created_at").instant(row.created_at)?,
        created_by: row.created_by,
    })
}
