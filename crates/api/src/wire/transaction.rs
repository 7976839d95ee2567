//! A contact transaction on the wire: the receipt of a submission, its status, its decisions.

use serde::Serialize;
use serde_json::{Map, Value};
use tributary_contact::flat::{limits, to_flat};
use tributary_contact::state::State;
use tributary_contact::{RecordId, Reference};
use tributary_engine::{Actor, Principal, Question, Receipt, Scope, TransactionView, compat_time, policy_name};
use tributary_store::DecisionRow;
use utoipa::ToSchema;

/// Where a transaction can be read.
pub(crate) fn location(id: RecordId) -> String {
    format!("/api/Contact/Transaction/{id}")
}

/// What `Prefer: return=representation` answers.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ReceiptJson {
    id: RecordId,
    state: State,
    received_at_utc: String,
    reference_source: Option<String>,
    reference_id: Option<String>,
    location: String,
    /// What was taken, but for nothing.
    warnings: Vec<WarningJson>,
}

/// A field that means nothing here: the submission is held without it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WarningJson {
    field: String,
    code: &'static str,
    message: &'static str,
}

/// Warnings told of one submission, at most.
const WARNINGS: usize = 20;

impl From<&String> for WarningJson {
    fn from(field: &String) -> Self {
        let message = "Nothing here is called so; it was ignored.";
        Self { field: field.chars().take(limits::SHORT).collect(), code: "UNKNOWN_FIELD", message }
    }
}

impl ReceiptJson {
    /// The receipt of a submission with this reference, and with fields that mean nothing here.
    pub(crate) fn of(receipt: &Receipt, reference: Option<Reference>, unknown: &[String]) -> Self {
        let (source, id) = reference.map(|reference| (reference.source, reference.id)).unzip();
        Self {
            id: receipt.id,
            state: State::Held,
            received_at_utc: compat_time(receipt.received_at),
            reference_source: source,
            reference_id: id,
            location: location(receipt.id),
            warnings: unknown.iter().take(WARNINGS).map(WarningJson::from).collect(),
        }
    }
}

/// What the reader of a status may see beside it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sight {
    /// Which contacts were candidates. Without the right to read all contacts: only how they compare.
    contacts: bool,
    /// Who decided. Without the right to review: only whether a person did.
    actors: bool,
    /// What a person put in place of what was sent: it may say what only the organization knows. A sender sees what it
    /// sent.
    corrections: bool,
}

impl Sight {
    /// What this key may see.
    pub(crate) fn of(principal: &Principal) -> Self {
        let whole = principal.sources.is_empty();
        Self {
            contacts: whole && principal.allows(Scope::ReadContacts),
            actors: principal.allows(Scope::Review),
            corrections: whole,
        }
    }
}

/// The status of a transaction.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TransactionJson {
    id: RecordId,
    location: String,
    reference_source: Option<String>,
    reference_id: Option<String>,
    received_at_utc: String,
    state: State,
    reason: Option<&'static str>,
    sentence: Option<&'static str>,
    level: Option<&'static str>,
    contact_id: Option<i64>,
    individual_id: Option<i64>,
    batch_id: Option<i64>,
    decided_at_utc: Option<String>,
    /// When its content was erased.
    #[serde(skip_serializing_if = "Option::is_none")]
    erased_at_utc: Option<String>,
    decision: Option<DecisionJson>,
    earlier_decisions: Vec<DecisionJson>,
    /// What counts: as it was sent, or as a person corrected it last.
    submission: Map<String, Value>,
    /// As it was sent, when a correction counts in its place.
    submission_as_sent: Option<Map<String, Value>>,
    /// What its sender is asked, while it waits.
    #[serde(skip_serializing_if = "Option::is_none")]
    question: Option<QuestionJson>,
}

/// What the sender of a submission is asked.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct QuestionJson {
    text: String,
    asked_at_utc: String,
    /// The newest submission under the same reference since, once a run has taken it up.
    answered_by_transaction_id: Option<RecordId>,
}

impl From<&Question> for QuestionJson {
    fn from(own: &Question) -> Self {
        let Question { text, asked_at, answered_by } = own.clone();
        Self { text, asked_at_utc: compat_time(asked_at), answered_by_transaction_id: answered_by }
    }
}

impl TransactionJson {
    /// The transaction as one with this sight may see it.
    pub(crate) fn of(view: &TransactionView, sight: Sight) -> Self {
        let reference = view.as_sent().reference.as_ref();
        let mut decisions: Vec<_> = view.decisions.iter().map(|row| DecisionJson::of(row, view, sight)).collect();
        let decision = decisions.pop();
        Self {
            id: view.id,
            location: location(view.id),
            reference_source: reference.map(|reference| reference.source.clone()),
            reference_id: reference.map(|reference| reference.id.clone()),
            received_at_utc: compat_time(view.received_at),
            state: view.state,
            reason: view.reason.map(|reason| reason.as_str()),
            sentence: view.reason.map(|reason| reason.sentence()),
            level: view.level.map(|level| level.as_str()),
            contact_id: view.contact.map(|id| id.0),
            individual_id: view.individual.map(|id| id.0),
            batch_id: view.run.map(|id| id.0),
            decided_at_utc: view.decided_at.map(compat_time),
            erased_at_utc: view.erased_at.map(compat_time),
            decision,
            earlier_decisions: decisions,
            submission: to_flat(if sight.corrections { &view.submission } else { view.as_sent() }),
            submission_as_sent: view.sent.as_deref().filter(|_| sight.corrections).map(to_flat),
            question: view.review.question.as_ref().map(QuestionJson::from),
        }
    }
}

/// A decision about a transaction.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DecisionJson {
    number: i32,
    outcome: State,
    level: Option<&'static str>,
    reason: Option<&'static str>,
    contact_id: Option<i64>,
    individual_id: Option<i64>,
    batch_id: Option<i64>,
    score: Option<f64>,
    explanation: Value,
    weights_version: String,
    /// Name of the policy that it was decided under.
    policy_version: String,
    actor: String,
    decided_at_utc: String,
    undone_at_utc: Option<String>,
    /// What a person put in place of the submission with this decision.
    correction: Option<Map<String, Value>>,
}

impl DecisionJson {
    /// The decision as one with this sight may see it.
    pub(crate) fn of(row: &DecisionRow, view: &TransactionView, sight: Sight) -> Self {
        // Where the transaction did not become part of a contact, the contact is only a candidate.
        let assigned = matches!(row.outcome, State::Created | State::Merged | State::Unchanged);
        let shown = assigned || sight.contacts;
        Self {
            number: row.number,
            outcome: row.outcome,
            level: row.level.map(|level| level.as_str()),
            reason: row.reason.map(|reason| reason.as_str()),
            contact_id: row.contact.filter(|_| shown).map(|id| id.0),
            individual_id: row.individual.filter(|_| shown).map(|id| id.0),
            batch_id: row.run.map(|id| id.0),
            score: row.score,
            explanation: explanation(&row.explanation, sight),
            weights_version: row.weights_version.clone(),
            policy_version: policy_name(row.policy),
            actor: actor(&row.actor, sight),
            decided_at_utc: compat_time(row.decided_at),
            undone_at_utc: row.undone_at.map(compat_time),
            correction: view.correction(row.number).filter(|_| sight.corrections).map(to_flat),
        }
    }

    /// Leaves the contact out, where it is one that there is not yet.
    pub(crate) fn without_contact(&mut self) {
        (self.contact_id, self.individual_id) = (None, None);
    }
}

fn actor(stored: &str, sight: Sight) -> String {
    if sight.actors || !Actor::is_person(stored) { stored.to_owned() } else { "person".to_owned() }
}

/// The candidates with their evidence. The matcher stores levels and bits only, no values.
fn explanation(stored: &str, sight: Sight) -> Value {
    let mut value = serde_json::from_str(stored).unwrap_or(Value::Null);
    if !sight.contacts {
        take_out_ids(&mut value);
    }
    value
}

fn take_out_ids(value: &mut Value) {
    match value {
        Value::Array(list) => list.iter_mut().for_each(take_out_ids),
        Value::Object(map) => {
            for name in ["contact", "contactId", "individual", "individualId"] {
                map.remove(name);
            }
            map.values_mut().for_each(take_out_ids);
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STORED: &str = r#"{"candidates":[{"contact":7,"individual":8,"bits":3.5,"evidence":[]}]}"#;

    #[test]
    fn without_the_right_to_read_contacts_candidates_have_no_ids() {
        let seen = explanation(STORED, Sight { contacts: false, actors: false, corrections: false });
        assert_eq!(seen.to_string(), r#"{"candidates":[{"bits":3.5,"evidence":[]}]}"#);
        let seen = explanation(STORED, Sight { contacts: true, actors: false, corrections: false });
        assert_eq!(seen["candidates"][0]["contact"], 7);
    }

    #[test]
    fn names_of_staff_are_for_reviewers() {
        assert_eq!(actor("staff:Ada", Sight { contacts: true, actors: false, corrections: true }), "person");
        assert_eq!(actor("staff:Ada", Sight { contacts: true, actors: true, corrections: true }), "staff:Ada");
        assert_eq!(actor("batch", Sight { contacts: false, actors: false, corrections: true }), "batch");
    }
}
