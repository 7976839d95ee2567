//! What was and will be delivered to a subscriber, with every attempt.

use crate::{Engine, EngineError};
use tributary_contact::{OrganizationId, WebhookId};
use tributary_store::{AttemptRow, DeliveryFilter, DeliveryRow, StoreExt};
use uuid::Uuid;

/// Deliveries of one page at most.
pub const PAGE_AT_MOST: i64 = 1_000;

/// A delivery with its attempts, first to last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryView {
    /// The delivery.
    pub delivery: DeliveryRow,
    /// Its attempts.
    pub attempts: Vec<AttemptRow>,
}

impl Engine {
    /// Deliveries to a subscriber, newest event first, from before an event on.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] for an unknown subscription, or any failure of the store.
    pub fn webhook_deliveries(
        &self,
        org: OrganizationId,
        id: WebhookId,
        filter: DeliveryFilter,
        before: Option<Uuid>,
        limit: i64,
    ) -> Result<Vec<DeliveryRow>, EngineError> {
        let rows = self.parts.store.reading(|tx| {
            if tx.webhook(org, id)?.is_none() {
                return Ok(None);
            }
            tx.deliveries(org, id, filter, before, limit.clamp(0, PAGE_AT_MOST)).map(Some)
        })?;
        rows.ok_or(EngineError::NotFound)
    }

    /// One delivery with its attempts.
    ///
    /// # Errors
    /// Any failure of the store.
    pub fn webhook_delivery(
        &self,
        org: OrganizationId,
        id: WebhookId,
        event: Uuid,
    ) -> Result<Option<DeliveryView>, EngineError> {
        let view = self.parts.store.reading(|tx| {
            let Some(delivery) = tx.delivery(org, id, event)? else { return Ok(None) };
            Ok(Some(DeliveryView { delivery, attempts: tx.attempts(org, event, id)? }))
        })?;
        Ok(view)
    }
}
