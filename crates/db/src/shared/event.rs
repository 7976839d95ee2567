//! Events and the feed of them.

use super::{Tx, dialect};
use crate::convert::{Column, bytes, micros};
use crate::error;
use crate::rows::{EventRecord, Present};
use crate::schema::{delivery, event};
use diesel::dsl::{exists, max, not};
use diesel::prelude::*;
use tributary_contact::clock::Timestamp;
use tributary_contact::{ContactId, OrganizationId};
use tributary_store::{
    Counter, EventKey, EventKind, EventRow, FedEvent, ReadEvents, StoreResult, WriteBatch, WriteEvents,
};
use uuid::Uuid;

/// What [`EventKey`] is made of.
pub(super) type KeyColumns = (i64, Vec<u8>, i64, i64, String);

impl ReadEvents for Tx<'_> {
    fn event_page(
        &mut self,
        organization: OrganizationId,
        after: Option<Uuid>,
        limit: i64,
    ) -> StoreResult<Vec<EventRow>> {
        let rows = event::table
            .filter(event::organization_id.eq(organization.0))
            .filter(event::id.gt(after.map(bytes).unwrap_or_default()))
            .order(event::id)
            .limit(limit)
            .select(EventRecord::as_select())
            .load(&mut self.session.conn)
            .map_err(error::any)?;
        rows.into_iter().map(event_from).collect()
    }

    fn event_feed(&mut self, organization: OrganizationId, after: i64, limit: i64) -> StoreResult<Vec<FedEvent>> {
        let rows: Vec<EventRecord> = event::table
            .filter(event::organization_id.eq(organization.0))
            .filter(event::position.gt(after))
            .order(event::position)
            .limit(limit)
            .select(EventRecord::as_select())
            .load(&mut self.session.conn)
            .map_err(error::any)?;
        rows.into_iter().map(|row| Ok(FedEvent { position: row.position, event: event_from(row)? })).collect()
    }

    fn event_position(&mut self, organization: OrganizationId, id: Uuid) -> StoreResult<Option<i64>> {
        event::table
            .find((organization.0, bytes(id)))
            .select(event::position)
            .first(&mut self.session.conn)
            .optional()
            .map_err(error::any)
    }

    fn newest_position(&mut self, organization: OrganizationId) -> StoreResult<i64> {
        let newest: Option<i64> = event::table
            .filter(event::organization_id.eq(organization.0))
            .select(max(event::position))
            .first(&mut self.session.conn)
            .map_err(error::any)?;
        Ok(newest.unwrap_or_default())
    }

    fn event_key(&mut self, organization: OrganizationId, id: Uuid) -> StoreResult<Option<EventKey>> {
        let row: Option<KeyColumns> = event::table
            .find((organization.0, bytes(id)))
            .select((event::position, event::id, event::contact_id, event::sequence, event::kind))
            .first(&mut self.session.conn)
            .optional()
            .map_err(error::any)?;
        row.map(key_from).transpose()
    }
}

impl WriteEvents for Tx<'_> {
    fn insert_events(&mut self, organization: OrganizationId, new: &[EventRow]) -> StoreResult<()> {
        if new.is_empty() {
            return Ok(());
        }
        let first = self.allocate(organization, Counter::Event, i64::try_from(new.len()).unwrap_or(i64::MAX))?;
        let rows: Vec<_> =
            (first..).zip(new).map(|(position, row)| event_record(organization, position, row)).collect();
        dialect::insert(self, &rows, Present::Refuse).map(|_| ())
    }

    fn expire_events(&mut self, organization: OrganizationId, before: Timestamp, limit: i64) -> StoreResult<usize> {
        let old: Vec<Vec<u8>> = event::table
            .filter(event::organization_id.eq(organization.0))
            .filter(event::created_at.lt(micros(before)))
            .order(event::position)
            .limit(limit)
            .select(event::id)
            .load(&mut self.session.conn)
            .map_err(error::any)?;
        let ids = old.iter().map(|id| Column("event", "id").uuid(id)).collect::<StoreResult<Vec<_>>>()?;
        if ids.is_empty() {
            return Ok(0);
        }
        let given_up = diesel::update(delivery::table)
            .filter(delivery::organization_id.eq(organization.0))
            .filter(delivery::state.eq("pending"))
            .filter(dialect::among_uuids!(delivery, event_id, ids.clone()))
            .set((delivery::state.eq("dead"), delivery::leased_until.eq(0)))
            .execute(&mut self.session.conn)
            .map_err(error::any)?;
        let mine = delivery::table
            .filter(delivery::organization_id.eq(organization.0))
            .filter(delivery::event_id.eq(event::id));
        let removed = diesel::delete(event::table)
            .filter(event::organization_id.eq(organization.0))
            .filter(dialect::among_uuids!(event, id, ids))
            .filter(not(exists(mine)))
            .execute(&mut self.session.conn)
            .map_err(error::any)?;
        Ok(given_up + removed)
    }
}

fn event_record(organization: OrganizationId, position: i64, row: &EventRow) -> EventRecord {
    EventRecord {
        organization_id: organization.0,
        id: bytes(row.id),
        contact_id: row.contact.0,
        sequence: row.sequence,
        kind: row.kind.as_str().to_owned(),
        body: row.body.clone(),
        created_at: micros(row.created_at),
        position,
    }
}

fn event_from(row: EventRecord) -> StoreResult<EventRow> {
    Ok(EventRow {
        id: Column("event", "id").uuid(&row.id)?,
        contact: ContactId(row.contact_id),
        sequence: row.sequence,
        kind: Column("event", "kind").code(EventKind::parse, &row.kind)?,
        body: row.body,
        created_at: Column("event", "created_at").instant(row.created_at)?,
    })
}

pub(super) fn key_from((position, id, contact, sequence, kind): KeyColumns) -> StoreResult<EventKey> {
    Ok(EventKey {
        position,
        id: Column("event", "id").uuid(&id)?,
        contact: ContactId(contact),
        sequence,
        kind: Column("event", "kind").code(EventKind::parse, &kind)?,
    })
}
