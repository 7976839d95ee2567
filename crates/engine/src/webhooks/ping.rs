//! A ping: a signed request on demand that shows whether a receiver takes what it is sent.

use crate::deliver::{blocking, headers, well};
use crate::{Engine, EngineError};
use bytes::Bytes;
use chrono::SecondsFormat;
use serde_json::json;
use std::sync::Arc;
use tributary_contact::{OrganizationId, WebhookId};
use tributary_webhook::send::{Attempt, OutgoingRequest};
use uuid::Uuid;

/// What came of a ping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PingOutcome {
    /// The `webhook-id` it had.
    pub id: Uuid,
    /// What came of it.
    pub attempt: Attempt,
    /// Whether a paused subscription goes on because of it.
    pub resumed: bool,
}

impl Engine {
    /// Sends a `ping` at once, whatever the subscription's state. It is no event: it has no order, is not recorded
    /// and not retried. A receiver that takes it ends a pause.
    ///
    /// # Errors
    /// [`EngineError::NotFound`], or any failure of the store.
    pub async fn ping_webhook(
        self: &Arc<Self>,
        org: OrganizationId,
        id: WebhookId,
    ) -> Result<PingOutcome, EngineError> {
        let engine = self.clone();
        let (subscription, organization) = blocking(move || {
            let row = engine.webhook(org, id)?.ok_or(EngineError::NotFound)?;
            Ok((engine.opened(org, row)?, engine.organization(org)?))
        })
        .await?;
        let (ping, at) = (self.parts.ids.next(), self.now());
        let body = json!({
            "type": "ping",
            "timestamp": at.to_rfc3339_opts(SecondsFormat::Millis, true),
            "event": "Ping",
            "eventId": ping,
            "eventDateTimeUtc": crate::compat_time(at),
            "organization": {"id": organization.id, "name": organization.name},
        });
        let body = Bytes::from(body.to_string());
        let headers = headers(&self.settings().delivery, &subscription, (&ping.to_string(), 1), (&body, at));
        let headers = headers.ok_or_else(|| EngineError::conflict("The subscription's secret cannot sign."))?;
        let url = subscription.row.payload_url.clone();
        let attempt = self.parts.sender.send(OutgoingRequest { url, headers, body }).await;
        let resumed = attempt.succeeded() && subscription.row.paused_at.is_some();
        if resumed {
            let engine = self.clone();
            blocking(move || engine.resume_webhook(org, id)).await?;
        }
        Ok(PingOutcome { id: ping, attempt, resumed })
    }

    fn resume_webhook(&self, org: OrganizationId, id: WebhookId) -> Result<(), EngineError> {
        self.change_webhook(org, id, |tx, row| {
            well(row);
            tx.hasten_deliveries(org, id, self.now())?;
            Ok(())
        })
        .map(drop)
    }
}
