//! One round of deliveries to one subscription.

use super::{DeliverOutcome, blocking};
use crate::{Engine, EngineError};
use bytes::Bytes;
use chrono::TimeDelta;
use rustc_hash::FxHasher;
use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};
use std::sync::Arc;
use tokio::task::JoinSet;
use tributary_contact::OrganizationId;
use tributary_contact::clock::Timestamp;
use tributary_store::{AttemptRow, ClaimedDelivery, DeliveryEnd, DeliveryResult, StoreExt, WebhookRow};
use tributary_webhook::schedule::next_delay_of;
use tributary_webhook::send::{Attempt, Failure, OutgoingRequest};
use tributary_webhook::{Compat, Secret, SignedDelivery, delivery_headers};

/// A subscription of an organization.
#[derive(Clone)]
pub(super) struct Lane {
    pub(super) organization: OrganizationId,
    pub(super) webhook: WebhookRow,
}

/// A delivery that was sent.
struct Sent {
    claimed: ClaimedDelivery,
    started_at: Timestamp,
    attempt: Attempt,
}

impl Lane {
    pub(super) async fn round(&self, engine: &Arc<Engine>) -> Result<DeliverOutcome, EngineError> {
        let claimed = self.claim(engine).await?;
        if claimed.is_empty() {
            return Ok(DeliverOutcome::default());
        }
        let mut sending = JoinSet::new();
        for delivery in claimed {
            let (engine, webhook) = (engine.clone(), self.webhook.clone());
            sending.spawn(async move { send(&engine, &webhook, delivery).await });
        }
        let sent = sending.join_all().await;
        let outcome = DeliverOutcome {
            attempts: sent.len(),
            delivered: sent.iter().filter(|sent| sent.attempt.succeeded()).count(),
        };
        self.record(engine, sent).await?;
        Ok(outcome)
    }

    async fn claim(&self, engine: &Arc<Engine>) -> Result<Vec<ClaimedDelivery>, EngineError> {
        let (engine, organization, webhook) = (engine.clone(), self.organization, self.webhook.id);
        blocking(move || {
            let settings = &engine.settings().delivery;
            let now = engine.now();
            let until = now + TimeDelta::seconds(i64::from(settings.lease_seconds));
            let room = BTreeMap::from([(webhook, i64::try_from(settings.in_flight).unwrap_or(1))]);
            let claim = engine
                .parts
                .store
                .writing("claim_deliveries", |tx| tx.claim_deliveries(organization, now, until, &room))?;
            Ok(claim)
        })
        .await
    }

    async fn record(&self, engine: &Arc<Engine>, sent: Vec<Sent>) -> Result<(), EngineError> {
        let (lane, engine) = (self.clone(), engine.clone());
        blocking(move || {
            let steps = &engine.settings().delivery.steps;
            let results: Vec<_> = sent.iter().map(|sent| result(sent, steps, engine.now())).collect();
            let webhook = health(&lane.webhook, &sent);
            engine.parts.store.writing("finish_deliveries", |tx| {
                tx.finish_deliveries(lane.organization, &results)?;
                lane.note_health(tx, &webhook)
            })?;
            Ok(())
        })
        .await
    }

    fn note_health(
        &self,
        tx: &mut dyn tributary_store::WriteTx,
        seen: &WebhookRow,
    ) -> tributary_store::StoreResult<()> {
        if *seen == self.webhook { Ok(()) } else { tx.note_webhook_health(self.organization, seen) }
    }
}

async fn send(engine: &Arc<Engine>, webhook: &WebhookRow, claimed: ClaimedDelivery) -> Sent {
    let started_at = engine.now();
    let attempt = match request(engine, webhook, &claimed, started_at) {
        Some(request) => engine.parts.sender.send(request).await,
        None => Attempt {
            status: None,
            response: String::new(),
            retry_after: None,
            failure: Some(Failure::InvalidRequest),
            duration: std::time::Duration::ZERO,
        },
    };
    let outcome = attempt.failure.map_or("delivered", Failure::code);
    metrics::counter!("tributary_delivery_attempts_total", "outcome" => outcome).increment(1);
    metrics::histogram!("tributary_delivery_seconds").record(attempt.duration.as_secs_f64());
    Sent { claimed, started_at, attempt }
}

/// Signed now, with the secret that is live now; the body is the stored one.
fn request(engine: &Engine, webhook: &WebhookRow, claimed: &ClaimedDelivery, at: Timestamp) -> Option<OutgoingRequest> {
    let secret = Secret::parse(&webhook.secret).ok()?;
    let headers = delivery_headers(&SignedDelivery {
        secrets: std::slice::from_ref(&secret),
        event_id: &claimed.event.to_string(),
        timestamp_secs: at.timestamp(),
        attempt: claimed.attempt,
        body: claimed.body.as_bytes(),
        compat: engine.settings().delivery.compat_header.then(Compat::default),
        partner: false,
    });
    Some(OutgoingRequest { url: webhook.payload_url.clone(), headers, body: Bytes::from(claimed.body.clone()) })
}

fn result(sent: &Sent, steps: &[u64], now: Timestamp) -> DeliveryResult {
    let Sent { claimed, started_at, attempt } = sent;
    DeliveryResult {
        attempt: AttemptRow {
            event: claimed.event,
            webhook: claimed.webhook,
            number: claimed.attempt,
            started_at: *started_at,
            duration_ms: i64::try_from(attempt.duration.as_millis()).unwrap_or(i64::MAX),
            status: attempt.status.map(i32::from),
            outcome: attempt.failure.map_or("delivered", Failure::code).to_owned(),
            response: attempt.response.clone(),
        },
        end: end(sent, steps, now),
    }
}

fn end(sent: &Sent, steps: &[u64], now: Timestamp) -> DeliveryEnd {
    if sent.attempt.succeeded() {
        return DeliveryEnd::Delivered;
    }
    let delay = next_delay_of(steps, sent.claimed.attempt, spread(&sent.claimed), sent.attempt.retry_after);
    let due = delay.and_then(|delay| TimeDelta::from_std(delay).ok()).map(|delay| now + delay);
    due.map_or(DeliveryEnd::Dead, DeliveryEnd::Retry)
}

/// The subscription's health after these attempts: any success ends a row of failures, 410 switches off.
fn health(webhook: &WebhookRow, sent: &[Sent]) -> WebhookRow {
    let mut after = webhook.clone();
    let failed: Vec<&Sent> = sent.iter().filter(|sent| !sent.attempt.succeeded()).collect();
    if failed.len() < sent.len() {
        (after.failing_since, after.failed_attempts) = (None, 0);
    } else {
        after.failing_since = after.failing_since.or_else(|| failed.first().map(|sent| sent.started_at));
        after.failed_attempts += i64::try_from(failed.len()).unwrap_or(0);
    }
    if failed.iter().any(|sent| sent.attempt.status == Some(410)) {
        after.active = false;
        after.disabled_reason = Some("gone".to_owned());
    }
    after
}

/// A number in 0..1 that spreads retries. It follows from the delivery, so that a history can be played again.
fn spread(claimed: &ClaimedDelivery) -> f64 {
    let mut hasher = FxHasher::default();
    (claimed.event, claimed.webhook, claimed.attempt).hash(&mut hasher);
    let [a, b, c, d, ..] = hasher.finish().to_be_bytes();
    f64::from(u32::from_be_bytes([a, b, c, d])) / (f64::from(u32::MAX) + 1.0)
}
