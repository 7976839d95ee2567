//! What a lane and the database have to tell each other, in one transaction: results in, claims out.

use super::health::{self, seconds};
use super::send::Sent;
use super::{Key, blocking};
use crate::webhooks::Subscription;
use crate::{DeliverySettings, Engine, EngineError};
use chrono::TimeDelta;
use rustc_hash::FxHasher;
use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};
use std::sync::Arc;
use std::time::Duration;
use tributary_contact::clock::Timestamp;
use tributary_store::{
    AttemptRow, ClaimedDelivery, DeliveryEnd, DeliveryResult, StoreExt, StoreResult, WebhookRow, WriteTx,
};
use tributary_webhook::schedule::next_delay_of;
use tributary_webhook::send::Failure;

/// How often a database that cannot be reached is tried again, and the time between.
const PATIENCE: usize = 60;
const BETWEEN_TRIES: Duration = Duration::from_secs(1);

/// A delivery under a lease.
pub(super) struct Claim {
    pub(super) delivery: ClaimedDelivery,
    /// To be sent before this, or another worker may send it too.
    pub(super) send_before: Timestamp,
    /// Whether it probes a paused subscriber: then it is never given up.
    pub(super) probe: bool,
}

/// What a lane tells the database.
#[derive(Default)]
pub(super) struct Told {
    pub(super) sent: Vec<Sent>,
    /// Claims that were not sent.
    pub(super) unsent: Vec<Claim>,
    /// How many deliveries the lane can take.
    pub(super) room: usize,
}

/// What the database tells a lane.
pub(super) struct Given {
    /// The subscription as it is now; none when it is to be sent nothing.
    pub(super) subscription: Option<Arc<Subscription>>,
    pub(super) claims: Vec<Claim>,
}

/// Before and after: what changed about a subscription, to be logged once it is committed.
type Change = (WebhookRow, WebhookRow);

/// As [`exchange`], again and again while the database cannot be reached: what was delivered meanwhile must be
/// told, or it is sent a second time. Results that come too late are dropped by their attempt numbers.
pub(super) async fn exchange_patiently(engine: &Arc<Engine>, key: Key, told: Told) -> Result<Given, EngineError> {
    let told = Arc::new(told);
    for _ in 0..PATIENCE {
        engine.deliveries.beat(key);
        match exchange(engine, key, told.clone()).await {
            Err(EngineError::Unavailable(error)) if !engine.is_stopping() => {
                tracing::warn!(error = %error, "deliveries wait for the database");
                tokio::time::sleep(BETWEEN_TRIES).await;
            }
            done => return done,
        }
    }
    exchange(engine, key, told).await
}

/// One transaction with the database.
pub(super) async fn exchange(engine: &Arc<Engine>, key: Key, told: Arc<Told>) -> Result<Given, EngineError> {
    let engine = engine.clone();
    blocking(move || {
        let now = engine.now();
        let settings = &engine.settings().delivery;
        let results = results(&told, settings, now);
        let name = if results.is_empty() { "claim_deliveries" } else { "finish_deliveries" };
        let (change, claimed) = engine.parts.store.writing(name, |tx| {
            tx.finish_deliveries(key.0, &results)?;
            let Some(before) = tx.webhook(key.0, key.1)? else { return Ok((None, Vec::new())) };
            let mut row = note(tx, key, &before, &told.sent, (now, settings))?;
            // What cannot be signed is not claimed, since a claim counts as an attempt.
            let room = if engine.opened(key.0, before.clone()).is_ok() { told.room } else { 0 };
            let claimed = claim(tx, key, &mut row, room, (now, settings))?;
            Ok((Some((before, row)), claimed))
        })?;
        let Some((before, row)) = change else { return Ok(Given { subscription: None, claims: Vec::new() }) };
        let probe = row.paused_at.is_some();
        tell(key, &(before, row.clone()));
        let claimed_nothing = claimed.is_empty();
        let send_before = now + seconds(settings.lease_seconds.saturating_sub(settings.timeout_seconds));
        let claims = claimed.into_iter().map(|delivery| Claim { delivery, send_before, probe }).collect();
        // A paused subscription is open for its probe alone.
        let subscription = Some(row).filter(|row| row.active && (!probe || !claimed_nothing));
        let open = |row: WebhookRow| engine.opened(key.0, row).map(Arc::new);
        Ok(Given { subscription: subscription.map(open).transpose()?, claims })
    })
    .await
}

/// Notes how the subscription fared, if that changed, and makes what waits due when it is well again.
fn note(
    tx: &mut dyn WriteTx,
    (organization, webhook): Key,
    before: &WebhookRow,
    sent: &[Sent],
    (now, settings): (Timestamp, &DeliverySettings),
) -> StoreResult<WebhookRow> {
    let of_target = |sent: &&Sent| sent.url == before.payload_url;
    let attempts: Vec<_> = sent.iter().filter(of_target).map(|sent| (&sent.attempt, sent.started_at)).collect();
    let row = health::after(before, &attempts, now, settings);
    if row != *before {
        tx.note_webhook_health(organization, &row)?;
    }
    if before.paused_at.is_some() && row.paused_at.is_none() {
        tx.hasten_deliveries(organization, webhook, now)?;
    }
    Ok(row)
}

/// Claims what is due; for a paused subscription whose probe is due, the oldest event alone.
fn claim(
    tx: &mut dyn WriteTx,
    (organization, webhook): Key,
    row: &mut WebhookRow,
    room: usize,
    (now, settings): (Timestamp, &DeliverySettings),
) -> StoreResult<Vec<ClaimedDelivery>> {
    if !row.active || room == 0 {
        return Ok(Vec::new());
    }
    let until = now + seconds(settings.lease_seconds);
    if row.paused_at.is_none() {
        let room = BTreeMap::from([(webhook, i64::try_from(room).unwrap_or(i64::MAX))]);
        return tx.claim_deliveries(organization, now, until, &room);
    }
    if row.probe_at.is_some_and(|at| now < at) {
        return Ok(Vec::new());
    }
    row.probe_at = Some(now + seconds(settings.probe_seconds));
    tx.note_webhook_health(organization, row)?;
    tx.claim_probe(organization, webhook, until)
}

/// What operators hear of a change.
fn tell((organization, webhook): Key, (before, after): &Change) {
    let (organization, webhook) = (organization.0, webhook.0);
    if before.warned_at.is_none() && after.warned_at.is_some() {
        tracing::warn!(organization, webhook, "a webhook has failed for a day");
    }
    if before.paused_at.is_none() && after.paused_at.is_some() {
        metrics::counter!("tributary_webhook_pauses_total").increment(1);
        tracing::warn!(organization, webhook, "a webhook is paused; its events are kept, it is tried once a day");
    }
    if before.paused_at.is_some() && after.paused_at.is_none() {
        tracing::info!(organization, webhook, "a paused webhook works again; what was kept is sent");
    }
    if before.active && !after.active {
        tracing::warn!(organization, webhook, "a webhook is switched off: its receiver answered 410 Gone");
    }
}

fn results(told: &Told, settings: &DeliverySettings, now: Timestamp) -> Vec<DeliveryResult> {
    let sent = told.sent.iter().map(|sent| result(sent, settings, now));
    sent.chain(told.unsent.iter().map(|claim| released(claim, now))).collect()
}

fn result(sent: &Sent, settings: &DeliverySettings, now: Timestamp) -> DeliveryResult {
    let Sent { claim, started_at, attempt, .. } = sent;
    DeliveryResult {
        contact: claim.delivery.contact,
        attempt: AttemptRow {
            event: claim.delivery.event,
            webhook: claim.delivery.webhook,
            number: claim.delivery.attempt,
            started_at: *started_at,
            duration_ms: i64::try_from(attempt.duration.as_millis()).unwrap_or(i64::MAX),
            status: attempt.status.map(i32::from),
            outcome: attempt.failure.map_or("delivered", Failure::code).to_owned(),
            response: attempt.response.clone(),
        },
        end: end(sent, settings, now),
    }
}

fn released(claim: &Claim, now: Timestamp) -> DeliveryResult {
    let ClaimedDelivery { event, webhook, contact, attempt, .. } = claim.delivery;
    let attempt = AttemptRow {
        event,
        webhook,
        number: attempt,
        started_at: now,
        duration_ms: 0,
        status: None,
        outcome: String::new(),
        response: String::new(),
    };
    DeliveryResult { contact, attempt, end: DeliveryEnd::Released }
}

fn end(sent: &Sent, settings: &DeliverySettings, now: Timestamp) -> DeliveryEnd {
    if sent.attempt.succeeded() {
        return DeliveryEnd::Delivered;
    }
    let delivery = &sent.claim.delivery;
    let in_this_life = delivery.attempt - delivery.earlier_attempts;
    let delay = next_delay_of(&settings.steps, in_this_life, spread(delivery), sent.attempt.retry_after);
    match delay.and_then(|delay| TimeDelta::from_std(delay).ok()) {
        Some(delay) => DeliveryEnd::Retry(now + delay),
        None if sent.claim.probe => DeliveryEnd::Retry(now + seconds(settings.probe_seconds)),
        None => DeliveryEnd::Dead,
    }
}

/// A number in 0..1 that spreads retries. It follows from the delivery, so that a history can be played again.
fn spread(claimed: &ClaimedDelivery) -> f64 {
    let mut hasher = FxHasher::default();
    (claimed.event, claimed.webhook, claimed.attempt).hash(&mut hasher);
    let [a, b, c, d, ..] = hasher.finish().to_be_bytes();
    f64::from(u32::from_be_bytes([a, b, c, d])) / (f64::from(u32::MAX) + 1.0)
}
