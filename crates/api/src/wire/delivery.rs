//! Deliveries, attempts and pings on the wire.

use serde::Serialize;
use tributary_engine::{DeliveryView, PingOutcome, compat_time};
use tributary_store::{AttemptRow, DeliveryRow};
use utoipa::ToSchema;
use uuid::Uuid;

/// A delivery as listed.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DeliveryJson {
    /// The event, which is the `webhook-id` of every attempt.
    event_id: Uuid,
    /// The contact it tells of, if it does.
    contact_id: Option<i64>,
    /// `pending`, `delivered` or `dead`.
    state: String,
    /// Attempts so far.
    attempts: i32,
    /// When it is due, while it is pending.
    due_at_utc: Option<String>,
    /// When it ended, once it did.
    ended_at_utc: Option<String>,
}

impl From<&DeliveryRow> for DeliveryJson {
    fn from(row: &DeliveryRow) -> Self {
        let pending = row.state == "pending";
        Self {
            event_id: row.event,
            contact_id: Some(row.contact.0).filter(|id| *id != 0),
            state: row.state.clone(),
            attempts: row.attempts,
            due_at_utc: pending.then(|| compat_time(row.due_at)),
            ended_at_utc: (!pending).then(|| compat_time(row.due_at)),
        }
    }
}

/// A page of deliveries.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DeliveryPageJson {
    /// Deliveries, newest event first.
    pub(crate) list: Vec<DeliveryJson>,
    /// The value of `before` for the page that follows; null at the end.
    pub(crate) next: Option<Uuid>,
}

/// A delivery with every attempt.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DeliveryDetailJson {
    #[serde(flatten)]
    delivery: DeliveryJson,
    /// Attempts, first to last.
    attempt_list: Vec<AttemptJson>,
}

impl From<&DeliveryView> for DeliveryDetailJson {
    fn from(view: &DeliveryView) -> Self {
        let attempt_list = view.attempts.iter().map(AttemptJson::from).collect();
        Self { delivery: DeliveryJson::from(&view.delivery), attempt_list }
    }
}

/// An attempt.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AttemptJson {
    /// Its number.
    number: i32,
    /// When it began.
    started_at_utc: String,
    /// How long it took, in milliseconds.
    duration_ms: i64,
    /// Status of the answer, if one came.
    status: Option<i32>,
    /// `delivered`, or why it failed.
    outcome: String,
    /// The start of the answer, at most 16 KiB.
    response: String,
}

impl From<&AttemptRow> for AttemptJson {
    fn from(row: &AttemptRow) -> Self {
        Self {
            number: row.number,
            started_at_utc: compat_time(row.started_at),
            duration_ms: row.duration_ms,
            status: row.status,
            outcome: row.outcome.clone(),
            response: row.response.clone(),
        }
    }
}

/// What came of a ping.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PingJson {
    /// The `webhook-id` it had.
    event_id: Uuid,
    /// Whether the receiver took it.
    delivered: bool,
    /// `delivered`, or why it failed.
    outcome: &'static str,
    /// Status of the answer, if one came.
    status: Option<u16>,
    /// How long it took, in milliseconds.
    duration_ms: i64,
    /// The start of the answer, at most 16 KiB.
    response: String,
    /// Whether a paused subscription goes on because of it.
    resumed: bool,
}

impl From<PingOutcome> for PingJson {
    fn from(outcome: PingOutcome) -> Self {
        let attempt = outcome.attempt;
        Self {
            event_id: outcome.id,
            delivered: attempt.succeeded(),
            outcome: attempt.failure.map_or("delivered", |failure| failure.code()),
            status: attempt.status,
            duration_ms: i64::try_from(attempt.duration.as_millis()).unwrap_or(i64::MAX),
            response: attempt.response,
            resumed: outcome.resumed,
        }
    }
}
