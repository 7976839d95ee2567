//! Deliveries of events: read, inserted, made due, removed. Claims stand in `claim`, their ends in `finish`.

mod claim;
mod finish;
mod records;

pub(in super::super) use finish::Finished;

use super::{Tx, dialect};
use crate::convert::{Column, bytes, micros};
use crate::error;
use crate::rows::{AttemptRecord, DeliveryRecord, Present};
use crate::schema::{attempt, delivery, delivery_total};
use diesel::dsl::{count_star, sql};
use diesel::prelude::*;
use diesel::sql_types::Bool;
use records::{attempt_from, delivery_from, delivery_record};
use std::collections::{BTreeMap, HashMap};
use tributary_contact::clock::Timestamp;
use tributary_contact::{OrganizationId, WebhookId};
use tributary_store::{
    AttemptRow, ClaimedDelivery, DeliveryFilter, DeliveryResult, DeliveryRow, DeliveryTally, EventKey, NewDelivery,
    ReadOutbox, StoreResult, WriteOutbox,
};
use uuid::Uuid;

const PENDING: &str = "pending";
const DELIVERED: &str = "delivered";
const DEAD: &str = "dead";

impl ReadOutbox for Tx<'_> {
    fn delivery_tally(&mut self, organization: OrganizationId, now: Timestamp) -> StoreResult<DeliveryTally> {
        let open: HashMap<String, i64> = delivery::table
            .filter(delivery::organization_id.eq(organization.0))
            .filter(delivery::state.eq_any([PENDING, DEAD]))
            .group_by(delivery::state)
            .select((delivery::state, count_star()))
            .load(&mut self.session.conn)
            .map_err(error::any)?
            .into_iter()
            .collect();
        let due = delivery::table
            .filter(delivery::organization_id.eq(organization.0))
            .filter(delivery::state.eq(PENDING))
            .filter(delivery::due_at.le(micros(now)))
            .select(count_star())
            .first(&mut self.session.conn)
            .map_err(error::any)?;
        let count = |state: &str| open.get(state).copied().unwrap_or_default();
        let delivered = delivered_in_all(self, organization)?;
        Ok(DeliveryTally { pending: count(PENDING), due, dead: count(DEAD), delivered })
    }

    fn oldest_due(
        &mut self,
        organization: OrganizationId,
        webhook: WebhookId,
        now: Timestamp,
    ) -> StoreResult<Option<Timestamp>> {
        let found: Option<i64> = delivery::table
            .filter(delivery::organization_id.eq(organization.0))
            .filter(delivery::state.eq(PENDING))
            .filter(delivery::webhook_id.eq(webhook.0))
            .filter(delivery::due_at.le(micros(now)))
            .filter(delivery::leased_until.le(micros(now)))
            .order(delivery::due_at)
            .select(delivery::due_at)
            .first(&mut self.session.conn)
            .optional()
            .map_err(error::any)?;
        Column("delivery", "due_at").instant_or_none(found)
    }

    fn deliveries(
        &mut self,
        organization: OrganizationId,
        webhook: WebhookId,
        filter: DeliveryFilter,
        before: Option<Uuid>,
        limit: i64,
    ) -> StoreResult<Vec<DeliveryRow>> {
        let rows = delivery::table
            .filter(delivery::organization_id.eq(organization.0))
            .filter(delivery::webhook_id.eq(webhook.0))
            .filter(delivery::event_id.lt(before.map_or_else(|| vec![u8::MAX; 17], bytes)))
            .filter(sql::<Bool>(condition(filter)))
            .order(delivery::event_id.desc())
            .limit(limit)
            .select(DeliveryRecord::as_select())
            .load(&mut self.session.conn)
            .map_err(error::any)?;
        rows.into_iter().map(delivery_from).collect()
    }

    fn delivered_webhooks(&mut self, organization: OrganizationId) -> StoreResult<Vec<WebhookId>> {
        let ids: Vec<i64> = delivery_total::table
            .filter(delivery_total::organization_id.eq(organization.0))
            .select(delivery_total::webhook_id)
            .load(&mut self.session.conn)
            .map_err(error::any)?;
        Ok(ids.into_iter().map(WebhookId).collect())
    }

    fn delivery(
        &mut self,
        organization: OrganizationId,
        webhook: WebhookId,
        event: Uuid,
    ) -> StoreResult<Option<DeliveryRow>> {
        let row = delivery::table
            .find((organization.0, webhook.0, bytes(event)))
            .select(DeliveryRecord::as_select())
            .first(&mut self.session.conn)
            .optional()
            .map_err(error::any)?;
        row.map(delivery_from).transpose()
    }

    fn attempts(
        &mut self,
        organization: OrganizationId,
        event: Uuid,
        webhook: WebhookId,
    ) -> StoreResult<Vec<AttemptRow>> {
        let rows = attempt::table
            .filter(attempt::organization_id.eq(organization.0))
            .filter(attempt::webhook_id.eq(webhook.0))
            .filter(attempt::event_id.eq(bytes(event)))
            .order(attempt::number)
            .select(AttemptRecord::as_select())
            .load(&mut self.session.conn)
            .map_err(error::any)?;
        rows.into_iter().map(attempt_from).collect()
    }
}

impl WriteOutbox for Tx<'_> {
    fn insert_deliveries(&mut self, organization: OrganizationId, new: &[NewDelivery]) -> StoreResult<()> {
        let rows: Vec<_> = new.iter().map(|row| delivery_record(organization, row)).collect();
        dialect::insert(self, &rows, Present::Refuse).map(|_| ())
    }

    fn claim_deliveries(
        &mut self,
        organization: OrganizationId,
        now: Timestamp,
        until: Timestamp,
        room: &BTreeMap<WebhookId, i64>,
    ) -> StoreResult<Vec<ClaimedDelivery>> {
        claim::due(self, organization, (now, until), room)
    }

    fn claim_probe(
        &mut self,
        organization: OrganizationId,
        webhook: WebhookId,
        until: Timestamp,
    ) -> StoreResult<Vec<ClaimedDelivery>> {
        claim::oldest(self, organization, webhook, until)
    }

    fn finish_deliveries(&mut self, organization: OrganizationId, results: &[DeliveryResult]) -> StoreResult<usize> {
        finish::all(self, organization, results)
    }

    fn hasten_deliveries(
        &mut self,
        organization: OrganizationId,
        webhook: WebhookId,
        now: Timestamp,
    ) -> StoreResult<usize> {
        diesel::update(delivery::table)
            .filter(delivery::organization_id.eq(organization.0))
            .filter(delivery::webhook_id.eq(webhook.0))
            .filter(delivery::state.eq(PENDING))
            .filter(delivery::due_at.gt(micros(now)))
            .filter(delivery::leased_until.le(micros(now)))
            .set(delivery::due_at.eq(micros(now)))
            .execute(&mut self.session.conn)
            .map_err(error::any)
    }

    fn renew_deliveries(
        &mut self,
        organization: OrganizationId,
        webhook: WebhookId,
        events: &[EventKey],
        now: Timestamp,
    ) -> StoreResult<usize> {
        let ids: Vec<Uuid> = events.iter().map(|event| event.id).collect();
        let renewed = diesel::update(delivery::table)
            .filter(delivery::organization_id.eq(organization.0))
            .filter(delivery::webhook_id.eq(webhook.0))
            .filter(dialect::among_uuids!(delivery, event_id, ids))
            // what is under way is not sent twice
            .filter(delivery::leased_until.le(micros(now)))
            .set((
                delivery::state.eq(PENDING),
                delivery::due_at.eq(micros(now)),
                delivery::leased_until.eq(0),
                delivery::earlier_attempts.eq(delivery::attempt),
            ))
            .execute(&mut self.session.conn)
            .map_err(error::any)?;
        let new = |event: &EventKey| NewDelivery {
            event: event.id,
            webhook,
            contact: event.contact,
            sequence: event.sequence,
            due_at: now,
        };
        let missing: Vec<_> = events.iter().map(|event| delivery_record(organization, &new(event))).collect();
        Ok(renewed + dialect::insert(self, &missing, Present::Keep)?)
    }

    fn remove_deliveries(
        &mut self,
        organization: OrganizationId,
        webhook: WebhookId,
        before: Timestamp,
        limit: i64,
    ) -> StoreResult<usize> {
        let mut events: Vec<Uuid> = Vec::new();
        for state in [DELIVERED, DEAD] {
            let ended: Vec<Vec<u8>> = delivery::table
                .filter(delivery::organization_id.eq(organization.0))
                .filter(delivery::state.eq(state))
                .filter(delivery::webhook_id.eq(webhook.0))
                .filter(delivery::due_at.lt(micros(before)))
                .order(delivery::due_at)
                .limit(limit)
                .select(delivery::event_id)
                .load(&mut self.session.conn)
                .map_err(error::any)?;
            for id in ended {
                events.push(Column("delivery", "event_id").uuid(&id)?);
            }
        }
        events.truncate(usize::try_from(limit).unwrap_or_default());
        diesel::delete(attempt::table)
            .filter(attempt::organization_id.eq(organization.0))
            .filter(attempt::webhook_id.eq(webhook.0))
            .filter(dialect::among_uuids!(attempt, event_id, events.clone()))
            .execute(&mut self.session.conn)
            .map_err(error::any)?;
        diesel::delete(delivery::table)
            .filter(delivery::organization_id.eq(organization.0))
            .filter(delivery::webhook_id.eq(webhook.0))
            .filter(dialect::among_uuids!(delivery, event_id, events))
            .execute(&mut self.session.conn)
            .map_err(error::any)
    }
}

/// Literals, since a partial index is used for a condition that implies its own as it stands there.
const fn condition(filter: DeliveryFilter) -> &'static str {
    match filter {
        DeliveryFilter::All => "1 = 1",
        DeliveryFilter::Pending => "state <> 'delivered' AND state = 'pending'",
        DeliveryFilter::Dead => "state <> 'delivered' AND state = 'dead'",
    }
}

fn delivered_in_all(tx: &mut Tx<'_>, organization: OrganizationId) -> StoreResult<i64> {
    let totals: Vec<i64> = delivery_total::table
        .filter(delivery_total::organization_id.eq(organization.0))
        .select(delivery_total::delivered)
        .load(&mut tx.session.conn)
        .map_err(error::any)?;
    Ok(totals.into_iter().sum())
}
