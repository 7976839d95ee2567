//! Events and their deliveries.

use super::{Tx, dialect};
use crate::convert::{Column, bytes, micros};
use crate::error;
use crate::rows::{AttemptRecord, DeliveryRecord, DueDelivery, EndedDelivery, EventRecord, Present};
use crate::schema::{attempt, delivery, event};
use diesel::dsl::{count_star, min};
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use std::collections::{BTreeMap, HashMap, HashSet};
use tributary_contact::clock::Timestamp;
use tributary_contact::{ContactId, OrganizationId, WebhookId};
use tributary_store::{
    AttemptRow, ClaimedDelivery, DeliveryEnd, DeliveryResult, DeliveryRow, DeliveryTally, EventKind, EventRow,
    NewDelivery, ReadOutbox, StoreResult, WriteOutbox,
};
use uuid::Uuid;

/// Deliveries of one subscriber that may be sent now: due, not leased, and no earlier event of the same
/// contact pending. The earliest one is looked up by index rather than anti-joined, so that the plan does not
/// hang on statistics a fresh table does not have. The dialect adds how rows are locked. The parameters appear in the order of their
/// numbers, which is how SQLite counts them.
const DUE: &str = "SELECT d.event_id, d.contact_id, d.attempt, d.due_at FROM delivery d \
    WHERE d.organization_id = $1 AND d.webhook_id = $2 AND d.state = 'pending' \
    AND d.due_at <= $3 AND d.leased_until <= $3 AND d.sequence = (SELECT e.sequence FROM delivery e \
    WHERE e.organization_id = d.organization_id AND e.webhook_id = d.webhook_id AND e.contact_id = d.contact_id \
    AND e.state = 'pending' ORDER BY e.sequence LIMIT 1) ORDER BY d.due_at, d.event_id LIMIT $4";

const PENDING: &str = "pending";
const DELIVERED: &str = "delivered";
const DEAD: &str = "dead";

/// How a delivery goes on, as both dialects take it.
pub(in super::super) struct Finished {
    /// The subscriber.
    pub(in super::super) webhook: i64,
    /// The event.
    pub(in super::super) event: Vec<u8>,
    /// The attempt that was claimed.
    pub(in super::super) attempt: i32,
    /// New state.
    pub(in super::super) state: &'static str,
    /// New due time, if it changes.
    pub(in super::super) due_at: Option<i64>,
}

impl ReadOutbox for Tx<'_> {
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

    fn delivery_tally(&mut self, organization: OrganizationId, now: Timestamp) -> StoreResult<DeliveryTally> {
        let states: HashMap<String, i64> = delivery::table
            .filter(delivery::organization_id.eq(organization.0))
            .group_by(delivery::state)
            .select((delivery::state, count_star()))
            .load(&mut self.session.conn)
            .map_err(error::any)?
            .into_iter()
            .collect();
        let (due, oldest): (i64, Option<i64>) = delivery::table
            .filter(delivery::organization_id.eq(organization.0))
            .filter(delivery::state.eq(PENDING))
            .filter(delivery::due_at.le(micros(now)))
            .select((count_star(), min(delivery::due_at)))
            .first(&mut self.session.conn)
            .map_err(error::any)?;
        let count = |state: &str| states.get(state).copied().unwrap_or_default();
        let oldest_due = Column("delivery", "due_at").instant_or_none(oldest)?;
        Ok(DeliveryTally { pending: count(PENDING), due, oldest_due, dead: count(DEAD), delivered: count(DELIVERED) })
    }

    fn has_due(&mut self, organization: OrganizationId, webhook: WebhookId, now: Timestamp) -> StoreResult<bool> {
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
        Ok(found.is_some())
    }

    fn deliveries(
        &mut self,
        organization: OrganizationId,
        webhook: WebhookId,
        before: Option<Uuid>,
        limit: i64,
    ) -> StoreResult<Vec<DeliveryRow>> {
        let rows = delivery::table
            .filter(delivery::organization_id.eq(organization.0))
            .filter(delivery::webhook_id.eq(webhook.0))
            .filter(delivery::event_id.lt(before.map_or_else(|| vec![u8::MAX; 17], bytes)))
            .order(delivery::event_id.desc())
            .limit(limit)
            .select(DeliveryRecord::as_select())
            .load(&mut self.session.conn)
            .map_err(error::any)?;
        rows.into_iter().map(delivery_from).collect()
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
    fn insert_events(&mut self, organization: OrganizationId, new: &[EventRow]) -> StoreResult<()> {
        let rows: Vec<_> = new.iter().map(|row| event_record(organization, row)).collect();
        dialect::insert(self, &rows, Present::Refuse).map(|_| ())
    }

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
        let mut due = Vec::new();
        for (webhook, limit) in room.iter().filter(|(_, limit)| **limit > 0) {
            due.extend(lease_due(self, organization, *webhook, (now, until), *limit)?);
        }
        due.sort_unstable_by(|(_, left), (_, right)| {
            (left.due_at, &left.event_id).cmp(&(right.due_at, &right.event_id))
        });
        with_bodies(self, organization, due)
    }

    fn finish_deliveries(&mut self, organization: OrganizationId, results: &[DeliveryResult]) -> StoreResult<usize> {
        let finished: Vec<_> = results.iter().map(finished).collect();
        let mut ended: HashSet<_> = dialect::finish(self, organization.0, &finished)?.into_iter().collect();
        let attempts: Vec<_> = results
            .iter()
            .filter(|result| ended.remove(&ended_by(result)))
            .map(|result| attempt_record(organization, &result.attempt))
            .collect();
        dialect::insert(self, &attempts, Present::Refuse)
    }
}

/// Finds and leases what is due for one subscriber.
fn lease_due(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    webhook: WebhookId,
    (now, until): (Timestamp, Timestamp),
    limit: i64,
) -> StoreResult<Vec<(WebhookId, DueDelivery)>> {
    let due: Vec<DueDelivery> = diesel::sql_query(format!("{DUE}{}", dialect::SKIP_LOCKED))
        .bind::<BigInt, _>(organization.0)
        .bind::<BigInt, _>(webhook.0)
        .bind::<BigInt, _>(micros(now))
        .bind::<BigInt, _>(limit)
        .load(&mut tx.session.conn)
        .map_err(error::any)?;
    if due.is_empty() {
        return Ok(Vec::new());
    }
    let ids =
        due.iter().map(|row| Column("delivery", "event_id").uuid(&row.event_id)).collect::<StoreResult<Vec<_>>>()?;
    diesel::update(delivery::table)
        .filter(delivery::organization_id.eq(organization.0))
        .filter(delivery::webhook_id.eq(webhook.0))
        .filter(dialect::among_uuids!(delivery, event_id, ids))
        .set((delivery::attempt.eq(delivery::attempt + 1), delivery::leased_until.eq(micros(until))))
        .execute(&mut tx.session.conn)
        .map_err(error::any)?;
    Ok(due.into_iter().map(|row| (webhook, row)).collect())
}

fn with_bodies(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    due: Vec<(WebhookId, DueDelivery)>,
) -> StoreResult<Vec<ClaimedDelivery>> {
    if due.is_empty() {
        return Ok(Vec::new());
    }
    let id = |row: &DueDelivery| Column("delivery", "event_id").uuid(&row.event_id);
    let ids = due.iter().map(|(_, row)| id(row)).collect::<StoreResult<Vec<_>>>()?;
    let bodies: HashMap<Vec<u8>, String> = event::table
        .filter(event::organization_id.eq(organization.0))
        .filter(dialect::among_uuids!(event, id, ids))
        .select((event::id, event::body))
        .load(&mut tx.session.conn)
        .map_err(error::any)?
        .into_iter()
        .collect();
    let claimed = |(webhook, row): (WebhookId, DueDelivery)| {
        Ok(ClaimedDelivery {
            event: id(&row)?,
            webhook,
            contact: ContactId(row.contact_id),
            attempt: row.attempt.saturating_add(1),
            body: Column("delivery", "event_id").present(bodies.get(&row.event_id).cloned())?,
        })
    };
    due.into_iter().map(claimed).collect()
}

fn finished(result: &DeliveryResult) -> Finished {
    let (state, due_at) = match result.end {
        DeliveryEnd::Delivered => (DELIVERED, None),
        DeliveryEnd::Retry(at) => (PENDING, Some(micros(at))),
        DeliveryEnd::Dead => (DEAD, None),
    };
    let attempt = &result.attempt;
    Finished { webhook: attempt.webhook.0, event: bytes(attempt.event), attempt: attempt.number, state, due_at }
}

fn ended_by(result: &DeliveryResult) -> EndedDelivery {
    EndedDelivery { webhook_id: result.attempt.webhook.0, event_id: bytes(result.attempt.event) }
}

fn event_record(organization: OrganizationId, row: &EventRow) -> EventRecord {
    EventRecord {
        organization_id: organization.0,
        id: bytes(row.id),
        contact_id: row.contact.0,
        sequence: row.sequence,
        kind: row.kind.as_str().to_owned(),
        body: row.body.clone(),
        created_at: micros(row.created_at),
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

fn delivery_record(organization: OrganizationId, row: &NewDelivery) -> DeliveryRecord {
    DeliveryRecord {
        organization_id: organization.0,
        webhook_id: row.webhook.0,
        event_id: bytes(row.event),
        contact_id: row.contact.0,
        sequence: row.sequence,
        state: PENDING.to_owned(),
        attempt: 0,
        due_at: micros(row.due_at),
        leased_until: 0,
    }
}

fn delivery_from(row: DeliveryRecord) -> StoreResult<DeliveryRow> {
    Ok(DeliveryRow {
        event: Column("delivery", "event_id").uuid(&row.event_id)?,
        webhook: WebhookId(row.webhook_id),
        contact: ContactId(row.contact_id),
        state: row.state,
        attempts: row.attempt,
        due_at: Column("delivery", "due_at").instant(row.due_at)?,
    })
}

fn attempt_record(organization: OrganizationId, row: &AttemptRow) -> AttemptRecord {
    AttemptRecord {
        organization_id: organization.0,
        webhook_id: row.webhook.0,
        event_id: bytes(row.event),
        number: row.number,
        started_at: micros(row.started_at),
        duration_ms: row.duration_ms,
        status: row.status,
        outcome: row.outcome.clone(),
        response: row.response.clone(),
    }
}

fn attempt_from(row: AttemptRecord) -> StoreResult<AttemptRow> {
    Ok(AttemptRow {
        event: Column("attempt", "event_id").uuid(&row.event_id)?,
        webhook: WebhookId(row.webhook_id),
        number: row.number,
        started_at: Column("attempt", "started_at").instant(row.started_at)?,
        duration_ms: row.duration_ms,
        status: row.status,
        outcome: row.outcome,
        response: row.response,
    })
}
