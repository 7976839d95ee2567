//! What the triage rules of the policy did, on the wire.

use serde::Serialize;
use tributary_contact::RecordId;
use tributary_engine::TriageView;
use utoipa::ToSchema;

/// What the rules of the policy did with a page of rows, or would do.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TriageJson {
    dry_run: bool,
    /// Rows looked at.
    seen: i64,
    done: Vec<TriagedJson>,
    /// Rows with which a rule could not be carried out.
    failed: Vec<RecordId>,
    /// `after` of the next page; null on the last one.
    next: Option<RecordId>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct TriagedJson {
    transaction_id: RecordId,
    /// `assign`, `askPartner`, `reject` or `create`.
    action: &'static str,
    /// Place of the rule in the policy, from 0.
    rule: usize,
}

impl TriageJson {
    /// The answer.
    pub(crate) fn of(view: TriageView, dry_run: bool) -> Self {
        let done = view.done.iter().map(|own| TriagedJson {
            transaction_id: own.id,
            action: own.action.as_str(),
            rule: own.rule,
        });
        Self { dry_run, seen: view.seen, done: done.collect(), failed: view.failed, next: view.next }
    }
}
