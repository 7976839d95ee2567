//! Events and the feed of them.

use super::{Tx, dialect};
use crate::convert::{Column, bytes, micros};
use crate::error;
use crate::rows::{EventRecord, Present};
use crate::schema::{delivery, event};
use diesel::dsl::max;
use diesel::prelude::*;
use std::collections::HashSet;
use tributary_contact::clock::Timestamp;
use tributary_contact::{ContactId, OrganizationId, WebhookId};
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

impl Tx<'_> {
    /// Ids from the beginning of the feed up to the first event that is not older. Not a condition of the statement:
    /// with nothing that old it would read the whole feed.
    fn oldest_events(
        &mut self,
        organization: OrganizationId,
        before: Timestamp,
        limit: i64,
    ) -> StoreResult<Vec<Vec<u8>>> {
        let first: Vec<(Vec<u8>, i64)> = event::table
            .filter(event::organization_id.eq(organization.0))
            .order(event::position)
            .limit(limit)
            .select((event::id, event::created_at))
            .load(&mut self.session.conn)
            .map_err(error::any)?;
        Ok(first.into_iter().take_while(|(_, at)| *at < micros(before)).map(|(id, _)| id).collect())
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

    fn expire_events(
        &mut self,
        organization: OrganizationId,
        webhooks: &[WebhookId],
        before: Timestamp,
        limit: i64,
    ) -> StoreResult<usize> {
        let old = self.oldest_events(organization, before, limit)?;
        let ids = uuids(&old)?;
        if ids.is_empty() {
            return Ok(0);
        }
        let (mut given_up, mut needed) = (0, HashSet::new());
        for webhook in webhooks {
            given_up += give_up(self, organization, *webhook, &ids)?;
            needed.extend(referred_to(self, organization, *webhook, &ids)?);
        }
        let free: Vec<Vec<u8>> = old.into_iter().filter(|id| !needed.contains(id)).collect();
        let free = uuids(&free)?;
        let removed = diesel::delete(event::table)
            .filter(event::organization_id.eq(organization.0))
            .filter(dialect::among_uuids!(event, id, free))
            .execute(&mut self.session.conn)
            .map_err(error::any)?;
        Ok(given_up + removed)
    }
}

fn uuids(ids: &[Vec<u8>]) -> StoreResult<Vec<Uuid>> {
    ids.iter().map(|id| Column("event", "id").uuid(id)).collect()
}

/// Gives up what still waits for a subscriber.
fn give_up(tx: &mut Tx<'_>, organization: OrganizationId, webhook: WebhookId, events: &[Uuid]) -> StoreResult<usize> {
    let ids = events.to_vec();
    diesel::update(delivery::table)
        .filter(delivery::organization_id.eq(organization.0))
        .filter(delivery::webhook_id.eq(webhook.0))
        .filter(dialect::among_uuids!(delivery, event_id, ids))
        .filter(delivery::state.eq("pending"))
        .set((delivery::state.eq("dead"), delivery::leased_until.eq(0)))
        .execute(&mut tx.session.conn)
        .map_err(error::any)
}

/// Which of the events a subscriber's deliveries refer to.
fn referred_to(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    webhook: WebhookId,
    events: &[Uuid],
) -> StoreResult<Vec<Vec<u8>>> {
    let ids = events.to_vec();
    delivery::table
        .filter(delivery::organization_id.eq(organization.0))
        .filter(delivery::webhook_id.eq(webhook.0))
        .filter(dialect::among_uuids!(delivery, event_id, ids))
        .select(delivery::event_id)
        .load(&mut tx.session.conn)
        .map_err(error::any)
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
