//! One attempt: sign with the secrets that are live now, send the stored bytes.

use super::exchange::Claim;
use crate::webhooks::Subscription;
use crate::{DeliverySettings, Engine};
use bytes::Bytes;
use std::time::Duration;
use tributary_contact::clock::Timestamp;
use tributary_store::ClaimedDelivery;
use tributary_webhook::send::{Attempt, Failure, OutgoingRequest};
use tributary_webhook::sign::Encoding;
use tributary_webhook::{Compat, SignedDelivery, delivery_headers};

/// A delivery that was sent.
pub(super) struct Sent {
    pub(super) claim: Claim,
    /// Where to: what an earlier target answered says nothing about the present one.
    pub(super) url: String,
    pub(super) started_at: Timestamp,
    pub(super) attempt: Attempt,
}

/// Sends one.
pub(super) async fn send(engine: &Engine, subscription: &Subscription, claim: Claim) -> Sent {
    let started_at = engine.now();
    let url = subscription.row.payload_url.clone();
    let attempt = match request(engine.settings(), subscription, &claim.delivery, started_at) {
        Some(request) => engine.parts.sender.send(request).await,
        None => unsendable(),
    };
    let outcome = attempt.failure.map_or("delivered", Failure::code);
    metrics::counter!("tributary_delivery_attempts_total", "outcome" => outcome).increment(1);
    metrics::histogram!("tributary_delivery_seconds").record(attempt.duration.as_secs_f64());
    Sent { claim, url, started_at, attempt }
}

/// What is sent for a delivery at a time; none when the subscription has no secret that can sign.
fn request(
    settings: &crate::Settings,
    subscription: &Subscription,
    claimed: &ClaimedDelivery,
    at: Timestamp,
) -> Option<OutgoingRequest> {
    let event = claimed.event.to_string();
    let body = Bytes::from(claimed.body.clone());
    let headers = headers(&settings.delivery, subscription, (&event, claimed.attempt), (&body, at))?;
    Some(OutgoingRequest { url: subscription.row.payload_url.clone(), headers, body })
}

/// Headers of an attempt (event id and number) for a body at a time: the subscriber's own first, then those
/// that sign.
pub(crate) fn headers(
    settings: &DeliverySettings,
    subscription: &Subscription,
    (event, attempt): (&str, i32),
    (body, at): (&[u8], Timestamp),
) -> Option<Vec<(String, String)>> {
    let secrets = subscription.live_secrets(at);
    let options = &subscription.row.options;
    let compat = Compat {
        header: options.compat_header.as_deref().unwrap_or(Compat::default().header),
        encoding: if options.compat_hex { Encoding::Hex } else { Encoding::Base64 },
    };
    if secrets.is_empty() {
        return None;
    }
    let mut headers = subscription.headers.clone();
    headers.extend(delivery_headers(&SignedDelivery {
        secrets: &secrets,
        event_id: event,
        timestamp_secs: at.timestamp(),
        attempt,
        body,
        compat: options.compat.unwrap_or(settings.compat_header).then_some(compat),
        partner: options.partner,
    }));
    Some(headers)
}

const fn unsendable() -> Attempt {
    Attempt {
        status: None,
        response: String::new(),
        retry_after: None,
        failure: Some(Failure::InvalidRequest),
        duration: Duration::ZERO,
    }
}
