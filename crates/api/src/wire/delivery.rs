//! Deliveries, attempts, pings and replays on the wire.

use serde_json::{Value, json};
use tributary_engine::{DeliveryView, PingOutcome, compat_time};
use tributary_store::{AttemptRow, DeliveryRow, ReplayRow};

/// A delivery as listed.
pub(crate) fn delivery(row: &DeliveryRow) -> Value {
    let pending = row.state == "pending";
    json!({
        "eventId": row.event,
        "contactId": Some(row.contact.0).filter(|id| *id != 0),
        "state": row.state,
        "attempts": row.attempts,
        "dueAtUtc": pending.then(|| compat_time(row.due_at)),
        "endedAtUtc": (!pending).then(|| compat_time(row.due_at)),
    })
}

/// A delivery with every attempt.
pub(crate) fn with_attempts(view: &DeliveryView) -> Value {
    let mut shown = delivery(&view.delivery);
    if let Some(map) = shown.as_object_mut() {
        map.insert("attemptList".to_owned(), view.attempts.iter().map(attempt).collect());
    }
    shown
}

fn attempt(row: &AttemptRow) -> Value {
    json!({
        "number": row.number,
        "startedAtUtc": compat_time(row.started_at),
        "durationMs": row.duration_ms,
        "status": row.status,
        "outcome": row.outcome,
        "response": row.response,
    })
}

/// What came of a ping.
pub(crate) fn ping(outcome: &PingOutcome) -> Value {
    let attempt = &outcome.attempt;
    json!({
        "eventId": outcome.id,
        "delivered": attempt.succeeded(),
        "outcome": attempt.failure.map_or("delivered", |failure| failure.code()),
        "status": attempt.status,
        "durationMs": i64::try_from(attempt.duration.as_millis()).unwrap_or(i64::MAX),
        "response": attempt.response,
        "resumed": outcome.resumed,
    })
}

/// A replay.
pub(crate) fn replay(row: &ReplayRow) -> Value {
    json!({
        "id": row.id,
        "state": if row.finished_at.is_some() { "done" } else { "running" },
        "contactId": row.filter.contact,
        "since": row.filter.since.map(compat_time),
        "until": row.filter.until.map(compat_time),
        "onlyDead": row.filter.only_dead,
        "replayed": row.replayed,
        "askedBy": row.actor,
        "createdAtUtc": compat_time(row.created_at),
        "finishedAtUtc": row.finished_at.map(compat_time),
    })
}
