//! Claims: which deliveries may be sent now, and their leases.

use super::super::{Tx, dialect};
use crate::convert::{Column, micros};
use crate::error;
use crate::rows::{DueDelivery, PutOff};
use crate::schema::{delivery, event};
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use std::collections::{BTreeMap, HashMap};
use tributary_contact::clock::Timestamp;
use tributary_contact::{ContactId, OrganizationId, WebhookId};
use tributary_store::{ClaimedDelivery, StoreResult};
use uuid::Uuid;

/// Due deliveries of one subscriber that are not leased, and when each is free to go: 0 for the earliest one that
/// is open for its contact, otherwise when that one is due or its lease is over. The earliest one is looked up
/// by index for each row, so that the plan does not hang on statistics a fresh table does not have. The dialect
/// says which of two numbers is greater, and how rows are locked. The parameters appear in the order of their
/// numbers, which is how SQLite counts them.
fn due_sql() -> String {
    format!(
        "SELECT d.event_id, d.contact_id, d.attempt, d.earlier_attempts, d.due_at, \
        (SELECT CASE WHEN e.sequence = d.sequence THEN 0 ELSE {}(e.due_at, e.leased_until) END FROM delivery e \
        WHERE e.organization_id = d.organization_id AND e.webhook_id = d.webhook_id AND e.contact_id = d.contact_id \
        AND e.state = 'pending' ORDER BY e.sequence LIMIT 1) AS free_at \
        FROM delivery d WHERE d.organization_id = $1 AND d.webhook_id = $2 AND d.state = 'pending' \
        AND d.due_at <= $3 AND d.leased_until <= $3 ORDER BY d.due_at, d.event_id LIMIT $4{}",
        dialect::GREATER,
        dialect::SKIP_LOCKED
    )
}

/// The event that waits longest for a subscriber, whenever it is due.
fn oldest_sql() -> String {
    format!(
        "SELECT d.event_id, d.contact_id, d.attempt, d.earlier_attempts, d.due_at, CAST(0 AS BIGINT) AS free_at \
        FROM delivery d WHERE d.organization_id = $1 AND d.webhook_id = $2 AND d.state <> 'delivered' \
        AND d.state = 'pending' ORDER BY d.event_id LIMIT 1{}",
        dialect::SKIP_LOCKED
    )
}

/// How often rows that have to wait are put off before a claim is content with what it has. Each time they leave
/// the range that is read, so the next claim gets further.
const LOOKS: usize = 8;
/// Rows that one look reads at least, so that many that have to wait do not hide one that can go.
const LOOK_AT: i64 = 256;

/// A lane of the claim: whose deliveries, and from when to when they are leased.
#[derive(Clone, Copy)]
struct Lane {
    organization: OrganizationId,
    webhook: WebhookId,
    now: Timestamp,
    until: Timestamp,
}

pub(super) fn due(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    (now, until): (Timestamp, Timestamp),
    room: &BTreeMap<WebhookId, i64>,
) -> StoreResult<Vec<ClaimedDelivery>> {
    let mut due = Vec::new();
    for (webhook, limit) in room.iter().filter(|(_, limit)| **limit > 0) {
        let lane = Lane { organization, webhook: *webhook, now, until };
        due.extend(lease_due(tx, lane, *limit)?.into_iter().map(|row| (*webhook, row)));
    }
    due.sort_unstable_by(|(_, left), (_, right)| (left.due_at, &left.event_id).cmp(&(right.due_at, &right.event_id)));
    with_bodies(tx, organization, due)
}

pub(super) fn oldest(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    webhook: WebhookId,
    until: Timestamp,
) -> StoreResult<Vec<ClaimedDelivery>> {
    let found: Vec<DueDelivery> = diesel::sql_query(oldest_sql())
        .bind::<BigInt, _>(organization.0)
        .bind::<BigInt, _>(webhook.0)
        .load(&mut tx.session.conn)
        .map_err(error::any)?;
    lease(tx, Lane { organization, webhook, now: until, until }, &found)?;
    with_bodies(tx, organization, found.into_iter().map(|row| (webhook, row)).collect())
}

/// Finds and leases what is due, and puts off what has to wait for an earlier event of its contact.
fn lease_due(tx: &mut Tx<'_>, lane: Lane, limit: i64) -> StoreResult<Vec<DueDelivery>> {
    let mut claimed = Vec::new();
    let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
    for _ in 0..LOOKS {
        let found = look(tx, lane, limit.max(LOOK_AT))?;
        let all = i64::try_from(found.len()).is_ok_and(|found| found < limit.max(LOOK_AT));
        let (free, waiting): (Vec<_>, Vec<_>) = found.into_iter().partition(|row| row.free_at == 0);
        let free: Vec<_> = free.into_iter().take(wanted - claimed.len()).collect();
        lease(tx, lane, &free)?;
        put_off(tx, lane, &waiting)?;
        claimed.extend(free);
        if all || waiting.is_empty() || claimed.len() >= wanted {
            break;
        }
    }
    Ok(claimed)
}

fn look(tx: &mut Tx<'_>, lane: Lane, limit: i64) -> StoreResult<Vec<DueDelivery>> {
    diesel::sql_query(due_sql())
        .bind::<BigInt, _>(lane.organization.0)
        .bind::<BigInt, _>(lane.webhook.0)
        .bind::<BigInt, _>(micros(lane.now))
        .bind::<BigInt, _>(limit)
        .load(&mut tx.session.conn)
        .map_err(error::any)
}

fn lease(tx: &mut Tx<'_>, lane: Lane, rows: &[DueDelivery]) -> StoreResult<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let ids = rows.iter().map(event_id).collect::<StoreResult<Vec<_>>>()?;
    diesel::update(delivery::table)
        .filter(delivery::organization_id.eq(lane.organization.0))
        .filter(delivery::webhook_id.eq(lane.webhook.0))
        .filter(dialect::among_uuids!(delivery, event_id, ids))
        .set((delivery::attempt.eq(delivery::attempt + 1), delivery::leased_until.eq(micros(lane.until))))
        .execute(&mut tx.session.conn)
        .map(|_| ())
        .map_err(error::any)
}

/// What waits is due again when the earlier event is, at the latest when a lease from now would be over. When
/// that event ends sooner, what waits for it is made due there.
fn put_off(tx: &mut Tx<'_>, lane: Lane, waiting: &[DueDelivery]) -> StoreResult<()> {
    let to = |free_at: i64| if free_at > micros(lane.now) { free_at } else { micros(lane.until) };
    let off: Vec<_> =
        waiting.iter().map(|row| PutOff { event_id: row.event_id.clone(), due_at: to(row.free_at) }).collect();
    dialect::put_off(tx, (lane.organization.0, lane.webhook.0), &off)
}

fn event_id(row: &DueDelivery) -> StoreResult<Uuid> {
    Column("delivery", "event_id").uuid(&row.event_id)
}

fn with_bodies(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    due: Vec<(WebhookId, DueDelivery)>,
) -> StoreResult<Vec<ClaimedDelivery>> {
    if due.is_empty() {
        return Ok(Vec::new());
    }
    let ids = due.iter().map(|(_, row)| event_id(row)).collect::<StoreResult<Vec<_>>>()?;
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
            event: event_id(&row)?,
            webhook,
            contact: ContactId(row.contact_id),
            attempt: row.attempt.saturating_add(1),
            earlier_attempts: row.earlier_attempts,
            body: Column("delivery", "event_id").present(bodies.get(&row.event_id).cloned())?,
        })
    };
    due.into_iter().map(claimed).collect()
}
