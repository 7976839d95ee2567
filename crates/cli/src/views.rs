//! The product's values as JSON in the API's names and letter case.

use serde_json::{Map, Value, json};
use tributary_contact::{Field, flat};
use tributary_engine::{BucketItem, RunView, TransactionView};
use tributary_store::{ApiKey, DecisionRow, Organization, WebhookRow};

/// An organization.
pub fn organization(organization: &Organization) -> Value {
    json!({
        "id": organization.id,
        "name": organization.name,
        "timeZone": organization.time_zone,
        "country": organization.country,
        "batchCron": organization.batch_cron,
        "createdAt": organization.created_at,
    })
}

/// An API key without its text.
pub fn key(key: &ApiKey) -> Value {
    json!({
        "id": key.id,
        "name": key.name,
        "scopes": key.scopes,
        "sources": key.sources,
        "createdAt": key.created_at,
        "expiresAt": key.expires_at,
        "revokedAt": key.revoked_at,
    })
}

/// A batch run.
pub fn run(run: &RunView) -> Value {
    json!({
        "id": run.id,
        "kind": run.kind.as_str(),
        "state": run.state.as_str(),
        "dueAt": run.due_at,
        "startedAt": run.started_at,
        "finishedAt": run.finished_at,
        "counts": run.counts,
        "reasons": run.reasons,
        "stepsMs": run.steps_ms,
        "chunks": run.chunks,
    })
}

/// A subscription without its secret.
pub fn webhook(webhook: &WebhookRow) -> Value {
    json!({
        "id": webhook.id,
        "payloadUrl": webhook.payload_url,
        "active": webhook.active,
        "events": webhook.toggles,
        "disabledReason": webhook.disabled_reason,
        "failingSince": webhook.failing_since,
        "createdAt": webhook.created_at,
    })
}

/// A transaction as a row of a list: what became of it and why, without what was sent.
pub fn transaction_row(view: &TransactionView) -> Value {
    json!({
        "id": view.id,
        "receivedAt": view.received_at,
        "state": view.state,
        "reason": view.reason,
        "sentence": view.reason.map(|reason| reason.sentence()),
        "level": view.level,
        "contactId": view.contact,
        "individualId": view.individual,
        "batchId": view.run,
        "decidedAt": view.decided_at,
        "referenceSource": view.submission.reference.as_ref().map(|reference| &reference.source),
        "referenceId": view.submission.reference.as_ref().map(|reference| &reference.id),
    })
}

/// A transaction with what was sent and every decision about it.
pub fn transaction(view: &TransactionView) -> Value {
    let decisions: Vec<Value> = view.decisions.iter().map(decision).collect();
    let row = with(transaction_row(view), "submission", Value::Object(flat::to_flat(&view.submission)));
    with(row, "decisions", Value::Array(decisions))
}

fn decision(decision: &DecisionRow) -> Value {
    json!({
        "number": decision.number,
        "batchId": decision.run,
        "outcome": decision.outcome,
        "level": decision.level,
        "reason": decision.reason,
        "contactId": decision.contact,
        "individualId": decision.individual,
        "score": decision.score,
        "weightsVersion": decision.weights_version,
        "actor": decision.actor,
        "decidedAt": decision.decided_at,
        "undoneAt": decision.undone_at,
        "explanation": serde_json::from_str::<Value>(&decision.explanation).unwrap_or(Value::Null),
    })
}

/// A row of the bucket with its candidates.
pub fn bucket_item(item: &BucketItem) -> Value {
    let candidates: Vec<Value> = item
        .candidates
        .iter()
        .map(|candidate| {
            json!({
                "contactId": candidate.contact.id,
                "individualId": candidate.individual,
                "name": candidate.contact.golden.field(Field::Name),
                "sentence": candidate.sentence,
                "explanation": candidate.explanation,
            })
        })
        .collect();
    let row = with(transaction(&item.transaction), "sentence", json!(item.sentence));
    with(row, "candidates", Value::Array(candidates))
}

/// The object with one more value.
pub fn with(mut object: Value, name: &str, value: Value) -> Value {
    if let Some(map) = object.as_object_mut() {
        map.insert(name.to_owned(), value);
    } else {
        object = Value::Object(Map::from_iter([(name.to_owned(), value)]));
    }
    object
}
