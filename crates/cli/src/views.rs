//! The product's values as JSON in the API's names and letter case.

use serde_json::{Map, Value, json};
use tributary_contact::clock::Timestamp;
use tributary_contact::flat;
use tributary_contact::merge::Difference;
use tributary_contact::state::Reason;
use tributary_engine::{
    Agreement, BucketCandidate, BucketCounts, BucketItem, BucketReason, ConsentChange, ContactChange, ContactView,
    Differing, DryRun, DuplicatePair, DuplicateScan, Erasure, FullContact, ReplayPage, Replayed, RunUndoView, RunView,
    Shown, TransactionView, User, compat_time, policy_name,
};
use tributary_store::{ApiKey, ContactRow, DecisionRow, MergeSuggestionRow, Organization, ReviewStepRow, WebhookRow};

/// An organization.
pub fn organization(organization: &Organization) -> Value {
    json!({
        "id": organization.id,
        "name": organization.name,
        "timeZone": organization.time_zone,
        "country": organization.country,
        "batchCron": organization.batch_cron,
        "createdAtUtc": compat_time(organization.created_at),
    })
}

/// An API key without its text.
pub fn key(key: &ApiKey) -> Value {
    json!({
        "id": key.id,
        "name": key.name,
        "scopes": key.scopes,
        "group": key.group,
        "sources": key.sources,
        "createdAtUtc": compat_time(key.created_at),
        "expiresAtUtc": key.expires_at.map(compat_time),
        "revokedAtUtc": key.revoked_at.map(compat_time),
        "lastUsedAtUtc": key.last_used_at.map(compat_time),
        "replaces": key.replaces,
    })
}

/// A person who signs in.
pub fn user(user: &User) -> Value {
    json!({
        "id": user.id,
        "email": user.email,
        "name": user.name,
        "role": user.role.as_str(),
        "twoFactorEnabled": user.second_factor,
        "createdAtUtc": compat_time(user.created_at),
        "lastSignInAtUtc": user.last_sign_in_at.map(compat_time),
        "disabledAtUtc": user.disabled_at.map(compat_time),
    })
}

/// What a run would do.
pub fn dry_run(dry: &DryRun) -> Value {
    let row = |view: &TransactionView| {
        let score = view.decisions.last().and_then(|decision| decision.score);
        json!({
            "id": view.id,
            "reference": view.submission.reference,
            "state": view.state,
            "reason": view.reason.map(Reason::as_str),
            "level": view.level.map(|level| level.as_str()),
            "contactId": view.contact,
            "score": score,
        })
    };
    let contact = |change: &ContactChange| json!({ "contactId": change.contact, "isNew": change.is_new, "changes": change.changes });
    json!({
        "dryRun": true,
        "counts": dry.counts,
        "reasons": dry.reasons,
        "transactions": dry.transactions.iter().map(row).collect::<Vec<_>>(),
        "contacts": dry.contacts.iter().map(contact).collect::<Vec<_>>(),
        "contactsTotal": dry.contacts.len(),
    })
}

/// Past decisions taken again.
pub fn replay(page: &ReplayPage) -> Value {
    let versions = |[policy, weights]: &[String; 2]| json!({"policy": policy, "weights": weights});
    let decided = |own: &Replayed| {
        json!({
            "state": own.state,
            "level": own.level,
            "reason": own.reason,
            "contactId": own.contact,
            "score": own.score,
        })
    };
    let differing = |own: &Differing| {
        json!({
            "transactionId": own.id,
            "was": decided(&own.was),
            "now": decided(&own.now),
            "wouldBe": decided(&own.would_be),
            "because": own.because,
            "why": own.why,
        })
    };
    let agreement = |own: &Agreement| {
        let value = json!(own);
        with(with(value, "precision", json!(own.precision())), "recall", json!(own.recall()))
    };
    json!({
        "inForce": versions(&page.in_force),
        "replayed": versions(&page.replayed),
        "seen": page.seen,
        "compared": page.compared,
        "drifted": page.drifted,
        "differing": page.differing.iter().map(differing).collect::<Vec<_>>(),
        "agreementInForce": agreement(&page.agreement_in_force),
        "agreementReplayed": agreement(&page.agreement_replayed),
    })
}

/// A run that is taken back.
pub fn run_undo(view: &RunUndoView) -> Value {
    let undo = &view.undo;
    json!({
        "batchId": undo.run,
        "state": if undo.finished_at.is_some() { "done" } else { "running" },
        "rows": undo.afterwards,
        "reversed": undo.reversed,
        "kept": view.kept,
        "failed": view.failed,
        "untouched": undo.untouched,
        "startedAtUtc": compat_time(undo.started_at),
        "finishedAtUtc": undo.finished_at.map(compat_time),
    })
}

/// A batch run.
pub fn run(run: &RunView) -> Value {
    json!({
        "id": run.id,
        "kind": run.kind.as_str(),
        "state": run.state.as_str(),
        "dueAtUtc": run.due_at.map(compat_time),
        "startedAtUtc": compat_time(run.started_at),
        "finishedAtUtc": run.finished_at.map(compat_time),
        "counts": run.counts,
        "reasons": run.reasons,
        "stepsMs": run.steps_ms,
        "chunks": run.chunks,
        "policy": policy_name(run.policy),
    })
}

/// A subscription without its secret.
pub fn webhook(webhook: &WebhookRow) -> Value {
    json!({
        "id": webhook.id,
        "payloadUrl": webhook.payload_url,
        "active": webhook.active,
        "events": webhook.toggles,
        "state": match (webhook.active, webhook.paused_at) {
            (false, _) => "disabled",
            (true, Some(_)) => "paused",
            (true, None) => "active",
        },
        "disabledReason": webhook.disabled_reason,
        "pausedSinceUtc": webhook.paused_at.map(compat_time),
        "failingSinceUtc": webhook.failing_since.map(compat_time),
        "failedAttempts": webhook.failed_attempts,
        "createDateTimeUtc": compat_time(webhook.created_at),
    })
}

/// A transaction: what was sent, what became of it and why, its latest decision and the earlier ones.
pub fn transaction(view: &TransactionView) -> Value {
    let reference = view.as_sent().reference.as_ref();
    let mut decisions: Vec<Value> = view.decisions.iter().map(|row| decision(row, view)).collect();
    let latest = decisions.pop();
    json!({
        "id": view.id,
        "referenceSource": reference.map(|reference| &reference.source),
        "referenceId": reference.map(|reference| &reference.id),
        "receivedAtUtc": compat_time(view.received_at),
        "state": view.state,
        "reason": view.reason,
        "sentence": view.reason.map(Reason::sentence),
        "level": view.level,
        "contactId": view.contact,
        "individualId": view.individual,
        "batchId": view.run,
        "decidedAtUtc": view.decided_at.map(compat_time),
        "decision": latest,
        "earlierDecisions": decisions,
        "submission": flat::to_flat(&view.submission),
        "submissionAsSent": view.sent.as_deref().map(flat::to_flat),
    })
}

fn decision(decision: &DecisionRow, view: &TransactionView) -> Value {
    json!({
        "number": decision.number,
        "outcome": decision.outcome,
        "level": decision.level,
        "reason": decision.reason,
        "contactId": decision.contact,
        "individualId": decision.individual,
        "batchId": decision.run,
        "score": decision.score,
        "explanation": serde_json::from_str::<Value>(&decision.explanation).unwrap_or(Value::Null),
        "weightsVersion": decision.weights_version,
        "policyVersion": policy_name(decision.policy),
        "actor": decision.actor,
        "decidedAtUtc": compat_time(decision.decided_at),
        "undoneAtUtc": decision.undone_at.map(compat_time),
        "correction": view.correction(decision.number).map(flat::to_flat),
    })
}

/// A row of the bucket.
pub fn bucket_row(view: &TransactionView, now: Timestamp) -> Value {
    let assignee = view.review.assignee.as_ref();
    let assignee = assignee.map(|own| json!({"userId": own.id, "email": own.email, "name": own.name}));
    let row = with(transaction(view), "ageHours", json!((now - view.received_at).num_hours().max(0)));
    let score = view.decisions.iter().rev().find_map(|decision| decision.score);
    let row = with(with(row, "score", json!(score)), "assignee", json!(assignee));
    match &view.review.question {
        Some(own) => with(
            row,
            "question",
            json!({
                "text": own.text,
                "askedAtUtc": compat_time(own.asked_at),
                "answeredByTransactionId": own.answered_by,
            }),
        ),
        None => row,
    }
}

/// A row of the bucket with its candidates.
pub fn bucket_item(item: &BucketItem, shown: &Shown, now: Timestamp) -> Value {
    let candidates: Vec<Value> = item.candidates.iter().map(|own| candidate(own, shown)).collect();
    let step = |(step, email): &(ReviewStepRow, Option<String>)| {
        json!({
            "action": step.action.as_str(),
            "assignee": email,
            "question": step.question,
            "actor": step.actor,
            "atUtc": compat_time(step.at),
        })
    };
    let row = with(bucket_row(&item.transaction, now), "sentence", json!(item.sentence));
    let row = with(row, "candidates", Value::Array(candidates));
    with(row, "steps", item.steps.iter().map(step).collect())
}

/// How many rows wait, by reason and by source.
pub fn bucket_counts(counts: &BucketCounts) -> Value {
    let reason = |own: &BucketReason| {
        json!({
            "reason": own.reason,
            "sentence": own.reason.sentence(),
            "count": own.count,
            "oldestReceivedAtUtc": own.oldest.map(compat_time),
        })
    };
    let source = |own: &tributary_engine::BucketSource| json!({"source": own.name, "count": own.count, "oldestReceivedAtUtc": compat_time(own.oldest)});
    json!({
        "total": counts.total,
        "oldestReceivedAtUtc": counts.oldest.map(compat_time),
        "reasons": counts.reasons.iter().map(reason).collect::<Vec<_>>(),
        "sources": counts.sources.iter().map(source).collect::<Vec<_>>(),
    })
}

fn difference(own: &Difference) -> Value {
    json!({"field": own.field, "incoming": own.merged, "onFile": own.survivor, "result": own.result})
}

/// An erasure.
pub fn erasure(erasure: &Erasure) -> Value {
    let row = &erasure.row;
    json!({
        "id": row.id,
        "contactId": row.contact,
        "mergedContactIds": erasure.merged,
        "reason": row.reason,
        "actor": row.actor,
        "erasedAtUtc": compat_time(row.erased_at),
        "counts": erasure.counts,
        "leftTransactionIds": erasure.left,
        "liftedBy": row.lifted.as_ref().map(|(by, _)| by),
        "liftedAtUtc": row.lifted.as_ref().map(|(_, at)| compat_time(*at)),
    })
}

/// A change of consent.
pub fn consent_change(change: &ConsentChange) -> Value {
    json!({
        "contactId": change.contact_id,
        "individualId": change.individual_id,
        "methodId": change.method_id,
        "type": change.kind,
        "value": change.value,
        "before": change.before,
        "after": change.after,
        "atUtc": compat_time(change.at),
        "actor": change.actor,
        "action": change.action,
        "recordId": change.record_id,
        "recordKind": change.record_kind,
        "source": change.source,
    })
}

/// How far a scan for duplicates has come.
pub fn duplicate_scan(view: &DuplicateScan) -> Value {
    let scan = &view.scan;
    json!({
        "id": scan.id,
        "state": if scan.finished_at.is_some() { "done" } else { "running" },
        "contacts": scan.contacts,
        "total": scan.total,
        "openPairs": view.open_pairs,
        "weightsVersion": scan.weights_version,
        "actor": scan.actor,
        "startedAtUtc": compat_time(scan.started_at),
        "finishedAtUtc": scan.finished_at.map(compat_time),
    })
}

/// Two contacts that somebody says are one.
pub fn merge_suggestion(row: &MergeSuggestionRow) -> Value {
    json!({
        "id": row.id,
        "contactId": row.contact,
        "otherContactId": row.other,
        "note": row.note,
        "actor": row.actor,
        "createdAtUtc": compat_time(row.created_at),
        "closed": row.end.as_ref().map(|end| end.reason.as_str()),
        "closedBy": row.end.as_ref().map(|end| &end.by),
        "closedAtUtc": row.end.as_ref().map(|end| compat_time(end.at)),
    })
}

/// Two contacts that may be one.
pub fn duplicate_pair(pair: &DuplicatePair, shown: &Shown) -> Value {
    let row = &pair.row;
    json!({
        "contactId": row.contact,
        "otherContactId": row.other,
        // Rounded down, as in the API.
        "score": (0..100).rev().find(|percent| f64::from(*percent) <= row.score * 100.0).unwrap_or(0),
        "band": row.band.as_str(),
        "sentence": pair.account.sentence,
        "explanation": pair.candidate,
        "weightsVersion": row.weights_version,
        "foundAtUtc": compat_time(row.found_at),
        "closed": row.closed.map(|(reason, _)| reason.as_str()),
        "closedAtUtc": row.closed.map(|(_, at)| compat_time(at)),
        "contact": pair.contact.as_ref().map(|row| contact(row, shown)),
        "otherContact": pair.other.as_ref().map(|row| contact(row, shown)),
    })
}

fn contact(contact: &ContactRow, shown: &Shown) -> FullContact {
    FullContact::of(&ContactView {
        id: contact.id.0,
        golden: &contact.golden,
        created_at: contact.created_at,
        modified_at: contact.modified_at,
        merged_into: contact.merged_into.map(|id| id.0),
        shown,
    })
}

fn candidate(candidate: &BucketCandidate, shown: &Shown) -> Value {
    json!({
        "contactId": candidate.contact.id,
        "individualId": candidate.individual,
        "sentence": candidate.sentence,
        "explanation": candidate.explanation,
        "contact": contact(&candidate.contact, shown),
        "differences": candidate.beside.differences.iter().map(difference).collect::<Vec<_>>(),
        "changes": candidate.beside.changes,
    })
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
