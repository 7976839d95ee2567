//! Rows whose sender says which contact it is, by its number: no matching then (virtuous-contract.md 1.10).

use super::chunk::{Known, Surroundings, WorkRow};
use rustc_hash::FxHashMap;
use tributary_contact::state::Reason;
use tributary_contact::{ContactId, Reference, Submission};
use tributary_matching::{Decision, Index, Matcher, Outcome, Profile, Row};

/// A reference source that no sender can have: senders' texts hold no control characters.
const SOURCE: &str = "\u{1f}contact";

/// The contacts that rows name by their numbers.
pub(super) fn named(rows: &[WorkRow]) -> impl Iterator<Item = ContactId> {
    rows.iter().filter_map(|row| row.submission.pinned)
}

/// The contact that a row names, or its survivor when it was merged away.
pub(super) fn meant(row: &WorkRow, survivors: &FxHashMap<i64, i64>) -> Option<i64> {
    row.submission.pinned.map(|named| survivors.get(&named.0).copied().unwrap_or(named.0))
}

/// Lets the contacts that are meant and on file be found by their numbers.
pub(super) fn fill(
    index: &mut Index,
    rows: &[WorkRow],
    loaded: &FxHashMap<i64, Known>,
    survivors: &FxHashMap<i64, i64>,
) {
    for contact in rows.iter().filter_map(|row| meant(row, survivors)) {
        let first = loaded.get(&contact).and_then(|known| known.records.first());
        if let Some(record) = first {
            index.add_reference(SOURCE, &contact.to_string(), contact, record.individual.0);
        }
    }
}

/// Decides on a row. One that names a contact on file belongs to it, whatever its data say; only a reference that is
/// another contact's asks for a person. One that names nobody on file is decided by its data, and is none of `others`.
pub(super) fn decide(
    row: &WorkRow,
    profile: &Profile,
    (around, others): (&Surroundings, &[i64]),
    matcher: &Matcher,
) -> Decision {
    let index = &around.index;
    let by_data = matcher.decide_without(&Row { profile, submission: &row.submission }, index, others);
    let Some(pinned) = meant(row, &around.survivors) else { return by_data };
    let reference = Some(Reference { source: SOURCE.to_owned(), id: pinned.to_string() });
    let submission = Submission { reference, ..row.submission.clone() };
    let mut named = matcher.decide(&Row { profile, submission: &submission }, index);
    match (named.outcome, named.reason) {
        (Outcome::Merge { contact, by_reference: true, .. }, _) if contact == pinned => {}
        (Outcome::Review, Some(Reason::ReferenceConflict)) => {
            let Some(individual) = named.candidates.first().map(|one| one.individual) else { return by_data };
            let outcome = Outcome::Merge { contact: pinned, individual, by_reference: true };
            named = Decision { outcome, reason: None, ..named };
        }
        _ => return by_data,
    }
    if names_another(&by_data, pinned) {
        return Decision { outcome: Outcome::Review, reason: Some(Reason::ReferenceConflict), ..by_data };
    }
    named
}

/// Whether the row's own reference is on file with another contact.
fn names_another(by_data: &Decision, pinned: i64) -> bool {
    match by_data.outcome {
        Outcome::Merge { contact, by_reference, .. } => by_reference && contact != pinned,
        Outcome::Review if by_data.reason == Some(Reason::ReferenceConflict) => {
            by_data.candidates.first().is_some_and(|one| one.contact != pinned)
        }
        _ => false,
    }
}
