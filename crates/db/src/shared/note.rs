//! Notes about contacts.

use super::{Tx, dialect};
use crate::convert::{Column, micros};
use crate::error;
use crate::rows::{NoteRecord, Present};
use crate::schema::contact_note;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use tributary_contact::{ContactId, OrganizationId};
use tributary_store::{NoteOrder, NoteRow, NotesOf, ReadNotes, StoreResult, WriteNotes};

impl ReadNotes for Tx<'_> {
    fn note(&mut self, organization: OrganizationId, id: i64) -> StoreResult<Option<NoteRow>> {
        let row = contact_note::table
            .find((organization.0, id))
            .select(NoteRecord::as_select())
            .first(&mut self.session.conn)
            .optional()
            .map_err(error::any)?;
        row.map(note_from).transpose()
    }

    fn note_page(
        &mut self,
        organization: OrganizationId,
        wanted: NotesOf,
        skip: i64,
        take: i64,
    ) -> StoreResult<Vec<NoteRow>> {
        let by = match wanted.order {
            NoteOrder::Id => "id",
            NoteOrder::NoteAt => "note_at",
            NoteOrder::CreatedAt => "created_at",
            NoteOrder::ModifiedAt => "modified_at",
        };
        let way = if wanted.descending { "DESC" } else { "ASC" };
        let mut notes = contact_note::table
            .filter(contact_note::organization_id.eq(organization.0))
            .filter(contact_note::contact_id.eq(wanted.contact.0))
            .into_boxed();
        if wanted.important {
            notes = notes.filter(contact_note::important.eq(true));
        }
        let rows = notes
            .order(sql::<BigInt>(&format!("{by} {way}, id {way}")))
            .limit(take)
            .offset(skip)
            .select(NoteRecord::as_select())
            .load(&mut self.session.conn)
            .map_err(error::any)?;
        rows.into_iter().map(note_from).collect()
    }

    fn notes(&mut self, organization: OrganizationId, ids: &[i64]) -> StoreResult<Vec<NoteRow>> {
        let rows = contact_note::table
            .filter(contact_note::organization_id.eq(organization.0))
            .filter(dialect::among!(contact_note, id, ids))
            .order(contact_note::id)
            .select(NoteRecord::as_select())
            .load(&mut self.session.conn)
            .map_err(error::any)?;
        rows.into_iter().map(note_from).collect()
    }

    fn notes_after(&mut self, organization: OrganizationId, after: i64, limit: i64) -> StoreResult<Vec<NoteRow>> {
        let rows = contact_note::table
            .filter(contact_note::organization_id.eq(organization.0))
            .filter(contact_note::id.gt(after))
            .order(contact_note::id)
            .limit(limit)
            .select(NoteRecord::as_select())
            .load(&mut self.session.conn)
            .map_err(error::any)?;
        rows.into_iter().map(note_from).collect()
    }

    fn note_count(&mut self, organization: OrganizationId, wanted: NotesOf) -> StoreResult<i64> {
        let mut notes = contact_note::table
            .filter(contact_note::organization_id.eq(organization.0))
            .filter(contact_note::contact_id.eq(wanted.contact.0))
            .into_boxed();
        if wanted.important {
            notes = notes.filter(contact_note::important.eq(true));
        }
        notes.count().get_result(&mut self.session.conn).map_err(error::any)
    }
}

impl WriteNotes for Tx<'_> {
    fn insert_notes(&mut self, organization: OrganizationId, new: &[NoteRow]) -> StoreResult<()> {
        let rows: Vec<_> = new.iter().map(|row| note_record(organization, row)).collect();
        dialect::insert(self, &rows, Present::Refuse).map(|_| ())
    }

    fn update_note(&mut self, organization: OrganizationId, changed: &NoteRow) -> StoreResult<bool> {
        diesel::update(contact_note::table.find((organization.0, changed.id)))
            .set((
                contact_note::kind.eq(&changed.kind),
                contact_note::note.eq(&changed.note),
                contact_note::note_at.eq(micros(changed.note_at)),
                contact_note::important.eq(changed.important),
                contact_note::private.eq(changed.private),
                contact_note::time_spent.eq(&changed.time_spent),
                contact_note::modified_at.eq(micros(changed.modified_at)),
                contact_note::modified_by.eq(&changed.modified_by),
            ))
            .execute(&mut self.session.conn)
            .map(|updated| updated == 1)
            .map_err(error::any)
    }

    fn delete_note(&mut self, organization: OrganizationId, id: i64) -> StoreResult<bool> {
        diesel::delete(contact_note::table.find((organization.0, id)))
            .execute(&mut self.session.conn)
            .map(|deleted| deleted == 1)
            .map_err(error::any)
    }
}

fn note_record(organization: OrganizationId, row: &NoteRow) -> NoteRecord {
    NoteRecord {
        organization_id: organization.0,
        id: row.id,
        contact_id: row.contact.0,
        kind: row.kind.clone(),
        note: row.note.clone(),
        note_at: micros(row.note_at),
        important: row.important,
        private: row.private,
        time_spent: row.time_spent.clone(),
        created_at: micros(row.created_at),
        created_by: row.created_by.clone(),
        modified_at: micros(row.modified_at),
        modified_by: row.modified_by.clone(),
    }
}

fn note_from(row: NoteRecord) -> StoreResult<NoteRow> {
    let column = |name| Column("contact_note", name);
    Ok(NoteRow {
        id: row.id,
        contact: ContactId(row.contact_id),
        kind: row.kind,
        note: row.note,
        note_at: column("note_at").instant(row.note_at)?,
        important: row.important,
        private: row.private,
        time_spent: row.time_spent,
        created_at: column("created_at").instant(row.created_at)?,
        created_by: row.created_by,
        modified_at: column("modified_at").instant(row.modified_at)?,
        modified_by: row.modified_by,
    })
}
