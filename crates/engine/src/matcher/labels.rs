//! What is known for sure about a submission: what people decided about it, and what its reference settled.

use crate::change::Actor;
use tributary_contact::state::{Level, Reason, State};
use tributary_contact::{ContactId, ItemId};
use tributary_matching::calibrate::Label;
use tributary_matching::{Candidate, Level as MatchLevel};
use tributary_store::{DecisionRow, TransactionRow};

/// The label of a submission, from all its decisions.
///
/// A person's resolution says whose it is. An undo says whose it is not. A merge by the sender's reference
/// says whose it is too, and owes nothing to the weights. Everything else the matcher decided by itself.
pub(super) fn label(row: &TransactionRow, decisions: &[DecisionRow]) -> Option<Label> {
    let latest = decisions.last()?;
    if row.reason == Some(Reason::Undone) {
        let undone = decisions.iter().rev().find(|decision| decision.undone_at.is_some())?;
        return undone.contact.map(|contact| Label::Not { contact: contact.0 });
    }
    let by_person = Actor::is_person(&latest.actor);
    if !by_person && !by_reference(latest) {
        return None;
    }
    let (ContactId(contact), ItemId(individual)) = (row.contact?, row.individual?);
    match (row.state, latest.level) {
        (State::Created, _) => Some(Label::Nobody),
        (State::Merged, Some(Level::Household)) => Some(Label::Relative { contact }),
        (State::Merged | State::Unchanged, _) => Some(Label::Same { contact, individual }),
        _ => None,
    }
}

/// What people said about a submission, from all its decisions: whose it is, or whose it is not.
pub(super) fn staff_label(row: &TransactionRow, decisions: &[DecisionRow]) -> Option<Label> {
    let by_person = decisions.last().is_some_and(|latest| Actor::is_person(&latest.actor));
    if by_person { label(row, decisions) } else { None }
}

fn by_reference(decision: &DecisionRow) -> bool {
    let candidates: Vec<Candidate> = serde_json::from_str(&decision.explanation).unwrap_or_default();
    let settled = |candidate: &Candidate| {
        candidate.guard.is_none() && candidate.evidence.iter().any(|part| part.level == MatchLevel::ReferenceSame)
    };
    candidates.first().is_some_and(settled)
}
