//! Claims: which deliveries may be sent now, and their leases.

use super::super::{Tx, dialect};
use crate::convert::{Column, micros};
use crate::error;
use crate::prepared::prepared;
use crate::rows::DueDelivery;
use crate::schema::{delivery, event};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use std::collections::{BTreeMap, HashMap};
use tributary_contact::clock::Timestamp;
use tributary_contact::{ContactId, OrganizationId, WebhookId};
use tributary_store::{ClaimedDelivery, StoreResult};
use uuid::Uuid;

/// Due deliveries of one subscriber that are not leased, each with the number of the open one before it of its
/// contact. That one is looked up by index for each row, so that the plan does not hang on statistics a fresh table
/// does not have. The dialect says how rows are locked. The parameters appear in the order of their numbers, which
/// is how SQLite counts them.
fn due_sql() -> String {
    format!(
        "SELECT d.event_id, d.contact_id, d.sequence, d.attempt, d.earlier_attempts, \
        (SELECT e.sequence FROM delivery e WHERE e.organization_id = d.organization_id \
        AND e.webhook_id = d.webhook_id AND e.contact_id = d.contact_id AND e.sequence < d.sequence \
        AND e.state = 'pending' ORDER BY e.sequence DESC LIMIT 1) AS behind \
        FROM delivery d WHERE d.organization_id = $1 AND d.webhook_id = $2 AND d.state = 'pending' \
        AND d.due_at <= $3 AND d.leased_until <= $3 ORDER BY d.due_at, d.event_id LIMIT $4{}",
        dialect::SKIP_LOCKED
    )
}

/// The event that waits longest for a subscriber, whenever it is due.
fn oldest_sql() -> String {
    format!(
        "SELECT d.event_id, d.contact_id, d.sequence, d.attempt, d.earlier_attempts, CAST(NULL AS BIGINT) AS behind \
        FROM delivery d WHERE d.organization_id = $1 AND d.webhook_id = $2 AND d.state <> 'delivered' \
        AND d.state = 'pending' ORDER BY d.event_id LIMIT 1{}",
        dialect::SKIP_LOCKED
    )
}

/// When the earliest open event of a row's contact is free to go: when it is due, or its lease is over.
fn free_sql() -> String {
    format!(
        "(SELECT {}(e.due_at, e.leased_until) FROM delivery e WHERE e.organization_id = delivery.organization_id \
        AND e.webhook_id = delivery.webhook_id AND e.contact_id = delivery.contact_id AND e.state = 'pending' \
        ORDER BY e.sequence LIMIT 1)",
        dialect::GREATER
    )
}

/// How often rows that have to wait are put off before a claim is content with what it has. Each time they leave
/// the range that is read, so the next claim gets further.
const LOOKS: usize = 8;
/// Rows that a further look reads at least, so that many that have to wait do not hide one that can go.
const LOOK_AT: i64 = 256;
/// Events of one contact that are claimed one behind the other, so that each does not take a claim of its own. Not
/// more, so that one contact does not fill the room of the others.
const CHAIN: usize = 8;

/// A lane of the claim: whose deliveries, and from when to when they are leased.
#[derive(Clone, Copy)]
struct Lane {
    organization: OrganizationId,
    webhook: WebhookId,
    now: Timestamp,
    until: Timestamp,
}

/// Where an event stands in the chain of its contact, and in the order of what is claimed.
#[derive(Clone, Copy)]
struct Link {
    length: usize,
    place: usize,
}

/// The last claimed event of each contact, by its number.
type Chains = HashMap<i64, (i64, Link)>;

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
    with_bodies(tx, organization, due)
}

pub(super) fn oldest(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    webhook: WebhookId,
    until: Timestamp,
) -> StoreResult<Vec<ClaimedDelivery>> {
    let found: Vec<DueDelivery> = prepared(oldest_sql())
        .bind::<BigInt, _>(organization.0)
        .bind::<BigInt, _>(webhook.0)
        .load(&mut tx.session.conn)
        .map_err(error::any)?;
    lease(tx, Lane { organization, webhook, now: until, until }, &found)?;
    with_bodies(tx, organization, found.into_iter().map(|row| (webhook, row)).collect())
}

/// Finds and leases what is due, and puts off what has to wait for an earlier event of its contact.
fn lease_due(tx: &mut Tx<'_>, lane: Lane, limit: i64) -> StoreResult<Vec<DueDelivery>> {
    let (mut claimed, mut chains) = (Vec::new(), Chains::new());
    let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
    let mut reach = limit;
    for _ in 0..LOOKS {
        let found = look(tx, lane, reach)?;
        let all = i64::try_from(found.len()).is_ok_and(|found| found < reach);
        let (mut free, waiting) = parted(found, &chains);
        free.truncate(wanted - claimed.len());
        chains.extend(free.iter().map(|(link, row)| (row.contact_id, (row.sequence, Link { place: 0, ..*link }))));
        let free: Vec<_> = free.into_iter().map(|(_, row)| row).collect();
        lease(tx, lane, &free)?;
        put_off(tx, lane, &waiting)?;
        claimed.extend(free);
        if all || waiting.is_empty() || claimed.len() >= wanted {
            break;
        }
        reach = limit.max(LOOK_AT);
    }
    Ok(claimed)
}

/// What is free to go, in an order in which no event stands before an earlier one of its contact, each with its
/// place in the chain; and what has to wait. Free is an event with no open one before it, or with one that is free
/// or claimed already.
fn parted(found: Vec<DueDelivery>, claimed: &Chains) -> (Vec<(Link, DueDelivery)>, Vec<DueDelivery>) {
    let mut rows: Vec<(usize, DueDelivery)> = found.into_iter().enumerate().collect();
    rows.sort_unstable_by_key(|(_, row)| (row.contact_id, row.sequence));
    let (mut chains, mut free, mut waiting) = (claimed.clone(), Vec::new(), Vec::new());
    for (place, row) in rows {
        let before = chains.get(&row.contact_id).filter(|(number, _)| row.behind == Some(*number));
        let link = match (row.behind, before) {
            (None, _) => Link { length: 1, place },
            (Some(_), Some((_, end))) if end.length < CHAIN => {
                Link { length: end.length + 1, place: place.max(end.place) }
            }
            _ => {
                waiting.push(row);
                continue;
            }
        };
        chains.insert(row.contact_id, (row.sequence, link));
        free.push((link, row));
    }
    free.sort_by_key(|(link, row)| (link.place, row.sequence));
    (free, waiting)
}

fn look(tx: &mut Tx<'_>, lane: Lane, limit: i64) -> StoreResult<Vec<DueDelivery>> {
    prepared(due_sql())
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

/// What waits is due again when the earlier event is, and not before a lease from now would be over. When that
/// event ends sooner, what waits for it is made due there.
fn put_off(tx: &mut Tx<'_>, lane: Lane, waiting: &[DueDelivery]) -> StoreResult<()> {
    if waiting.is_empty() {
        return Ok(());
    }
    let ids = waiting.iter().map(event_id).collect::<StoreResult<Vec<_>>>()?;
    let later = sql::<BigInt>(&format!("{}(", dialect::GREATER))
        .bind::<BigInt, _>(micros(lane.until))
        .sql(&format!(", {})", free_sql()));
    diesel::update(delivery::table)
        .filter(delivery::organization_id.eq(lane.organization.0))
        .filter(delivery::webhook_id.eq(lane.webhook.0))
        .filter(dialect::among_uuids!(delivery, event_id, ids))
        .filter(delivery::state.eq("pending"))
        .set(delivery::due_at.eq(later))
        .execute(&mut tx.session.conn)
        .map(|_| ())
        .map_err(error::any)
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
