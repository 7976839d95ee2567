//! The ends of claims: states, attempts, counts, and what may go next.

use super::super::{Tx, dialect};
use super::records::{attempt_record, ended_at};
use super::{DEAD, DELIVERED, PENDING};
use crate::convert::{bytes, micros};
use crate::error;
use crate::rows::{EndedDelivery, Present};
use crate::schema::{delivery, delivery_total};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use diesel::upsert::excluded;
use std::collections::{BTreeMap, HashSet};
use tributary_contact::OrganizationId;
use tributary_store::{DeliveryEnd, DeliveryResult, EventRow, StoreResult};

/// How a delivery goes on, as both dialects take it.
pub(in super::super::super) struct Finished {
    /// The subscriber.
    pub(in super::super::super) webhook: i64,
    /// The event.
    pub(in super::super::super) event: Vec<u8>,
    /// The attempt that was claimed.
    pub(in super::super::super) attempt: i32,
    /// The number of attempts that counts from now on.
    pub(in super::super::super) counted: i32,
    /// New state.
    pub(in super::super::super) state: &'static str,
    /// When it is due, or ended.
    pub(in super::super::super) due_at: i64,
}

/// The earliest open event of a contact, among the rows that were put off without ever being tried.
const NEXT: &str = "delivery.state = 'pending' AND delivery.attempt = delivery.earlier_attempts AND delivery.sequence = \
    (SELECT e.sequence FROM delivery e WHERE e.organization_id = delivery.organization_id \
    AND e.webhook_id = delivery.webhook_id AND e.contact_id = delivery.contact_id AND e.state = 'pending' \
    ORDER BY e.sequence LIMIT 1)";

pub(super) fn all(tx: &mut Tx<'_>, organization: OrganizationId, results: &[DeliveryResult]) -> StoreResult<usize> {
    let finished: Vec<_> = results.iter().map(finished).collect();
    let ended: HashSet<_> = dialect::finish(tx, organization.0, &finished)?.into_iter().collect();
    let mut seen = HashSet::new();
    let used: Vec<&DeliveryResult> = results
        .iter()
        .filter(|result| {
            ended.contains(&ended_by(result)) && seen.insert((result.attempt.webhook, result.attempt.event))
        })
        .collect();
    let sent = used.iter().filter(|result| result.end != DeliveryEnd::Released);
    let attempts: Vec<_> = sent.map(|result| attempt_record(organization, &result.attempt)).collect();
    dialect::insert(tx, &attempts, Present::Refuse)?;
    let mut of_webhook: BTreeMap<i64, Vec<&DeliveryResult>> = BTreeMap::new();
    for result in &used {
        of_webhook.entry(result.attempt.webhook.0).or_default().push(result);
    }
    for (webhook, results) in of_webhook {
        count(tx, (organization.0, webhook), &results)?;
        free(tx, (organization.0, webhook), &results)?;
    }
    Ok(used.len())
}

fn finished(result: &DeliveryResult) -> Finished {
    let attempt = &result.attempt;
    let (state, due_at, counted) = match result.end {
        DeliveryEnd::Delivered => (DELIVERED, ended_at(attempt), attempt.number),
        DeliveryEnd::Retry(at) => (PENDING, micros(at), attempt.number),
        DeliveryEnd::Dead => (DEAD, ended_at(attempt), attempt.number),
        DeliveryEnd::Released => (PENDING, micros(attempt.started_at), attempt.number - 1),
    };
    let (webhook, event) = (attempt.webhook.0, bytes(attempt.event));
    Finished { webhook, event, attempt: attempt.number, counted, state, due_at }
}

fn ended_by(result: &DeliveryResult) -> EndedDelivery {
    EndedDelivery { webhook_id: result.attempt.webhook.0, event_id: bytes(result.attempt.event) }
}

/// Adds to the count of the subscriber's deliveries.
fn count(tx: &mut Tx<'_>, (organization, webhook): (i64, i64), results: &[&DeliveryResult]) -> StoreResult<()> {
    let delivered = results.iter().filter(|result| result.end == DeliveryEnd::Delivered).count();
    if delivered == 0 {
        return Ok(());
    }
    diesel::insert_into(delivery_total::table)
        .values((
            delivery_total::organization_id.eq(organization),
            delivery_total::webhook_id.eq(webhook),
            delivery_total::delivered.eq(i64::try_from(delivered).unwrap_or_default()),
        ))
        .on_conflict((delivery_total::organization_id, delivery_total::webhook_id))
        .do_update()
        .set(delivery_total::delivered.eq(delivery_total::delivered + excluded(delivery_total::delivered)))
        .execute(&mut tx.session.conn)
        .map(|_| ())
        .map_err(error::any)
}

/// Makes the next event of each contact due whose earlier one has ended.
fn free(tx: &mut Tx<'_>, (organization, webhook): (i64, i64), results: &[&DeliveryResult]) -> StoreResult<()> {
    let over = |result: &&&DeliveryResult| {
        matches!(result.end, DeliveryEnd::Delivered | DeliveryEnd::Dead) && result.contact != EventRow::NO_CONTACT
    };
    let contacts: Vec<i64> = results.iter().filter(over).map(|result| result.contact.0).collect();
    // A time that has certainly passed, whatever the clock says of how long the attempt took.
    let begun = results.iter().filter(over).map(|result| micros(result.attempt.started_at)).max();
    let Some(now) = begun else { return Ok(()) };
    diesel::update(delivery::table)
        .filter(delivery::organization_id.eq(organization))
        .filter(delivery::webhook_id.eq(webhook))
        .filter(dialect::among!(delivery, contact_id, contacts))
        .filter(sql::<Bool>(NEXT))
        .filter(delivery::due_at.gt(now))
        .set(delivery::due_at.eq(now))
        .execute(&mut tx.session.conn)
        .map(|_| ())
        .map_err(error::any)
}
