//! Between rows of deliveries and attempts and their records.

use super::PENDING;
use crate::convert::{Column, bytes, micros};
use crate::rows::{AttemptRecord, DeliveryRecord};
use tributary_contact::{ContactId, OrganizationId, WebhookId};
use tributary_store::{AttemptRow, DeliveryRow, NewDelivery, StoreResult};

pub(super) fn delivery_record(organization: OrganizationId, row: &NewDelivery) -> DeliveryRecord {
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
        earlier_attempts: 0,
    }
}

pub(super) fn delivery_from(row: DeliveryRecord) -> StoreResult<DeliveryRow> {
    Ok(DeliveryRow {
        event: Column("delivery", "event_id").uuid(&row.event_id)?,
        webhook: WebhookId(row.webhook_id),
        contact: ContactId(row.contact_id),
        state: row.state,
        attempts: row.attempt,
        due_at: Column("delivery", "due_at").instant(row.due_at)?,
    })
}

/// When an attempt was over, in microseconds.
pub(super) fn ended_at(attempt: &AttemptRow) -> i64 {
    micros(attempt.started_at).saturating_add(attempt.duration_ms.saturating_mul(1_000))
}

pub(super) fn attempt_record(organization: OrganizationId, row: &AttemptRow) -> AttemptRecord {
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

pub(super) fn attempt_from(row: AttemptRecord) -> StoreResult<AttemptRow> {
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
