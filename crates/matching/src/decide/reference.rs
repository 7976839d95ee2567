//! A reference that is on file settles the decision, unless the names or the other data contradict it.

use super::{Decision, Judged, Judgement, Matcher, Outcome};
use crate::Guard;
use crate::compare::Marks;
use crate::explain::Evidence;
use crate::level::Level;
use crate::score::PersonScore;
use tributary_contact::state::Reason;

/// Confidence of a reference, in bits.
const SURE: f64 = 60.0;

/// Decides on a submission whose reference names an individual on file.
pub(super) fn decide(contact: i64, individual: i64, mut judged: Judged<'_>, matcher: &Matcher) -> Decision {
    let merge = |individual| Outcome::Merge { contact, individual, by_reference: true };
    let Some(at) = judged.all.iter().position(|one| one.candidate.contact == contact) else {
        let outcome = merge(individual);
        return Decision { outcome, reason: None, candidates: judged.shown(), score: SURE, household_score: None };
    };
    let mut named = judged.all.remove(at);
    let person = meant(&named, individual);
    let conflict = contradicts(&named) || judged.all.first().is_some_and(|other| points_away(&named, other, matcher));
    mark(&mut named, person, conflict, matcher);
    judged.all.insert(0, named);
    let (outcome, reason) =
        if conflict { (Outcome::Review, Some(Reason::ReferenceConflict)) } else { (merge(person), None) };
    let score = if conflict { judged.odds } else { SURE };
    Decision { outcome, reason, candidates: judged.shown(), score, household_score: None }
}

/// The individual that is meant: the one the reference spoke of, unless its first name contradicts and
/// another person of the contact bears the submission's.
fn meant(named: &Judgement<'_>, individual: i64) -> i64 {
    let people = &named.score.people;
    let spoken = people.iter().find(|person| person.individual == individual);
    let other = spoken.is_some_and(|person| person.marks.any(&[Level::FirstDifferent]));
    let fits = |person: &&PersonScore| person.marks.any(&[Level::FirstSame, Level::FirstNickname]);
    people.iter().find(|person| other && fits(person)).map_or(individual, |person| person.individual)
}

/// First and last name both contradict, whichever person of the contact one takes.
fn contradicts(named: &Judgement<'_>) -> bool {
    named.score.people.iter().all(|person| other_name(&person.marks))
}

fn other_name(marks: &Marks) -> bool {
    let person = marks.any(&[Level::FirstDifferent, Level::FirstFuzzy, Level::FirstSimilar])
        && marks.any(&[Level::LastDifferent, Level::LastFuzzy]);
    person || marks.any(&[Level::OrganizationDifferent, Level::KindDifferent])
}

/// The other data speak for another contact, and not for the one the reference names.
fn points_away(named: &Judgement<'_>, other: &Judgement<'_>, matcher: &Matcher) -> bool {
    let strong = other.candidate.probability >= matcher.thresholds.merge && other.candidate.guard.is_none();
    strong && named.score.best_bits() < 0.0
}

fn mark(named: &mut Judgement<'_>, individual: i64, conflict: bool, matcher: &Matcher) {
    let candidate = &mut named.candidate;
    if let Some(person) = named.score.people.iter().find(|person| person.individual == individual) {
        candidate.evidence = person.marks.iter().map(|mark| Evidence::of(mark, &matcher.weights)).collect();
    }
    let bits = matcher.weights.of(Level::ReferenceSame).same;
    let evidence = Evidence { field: crate::Field::Reference, level: Level::ReferenceSame, bits, adjustment: 0.0 };
    candidate.evidence.insert(0, evidence);
    candidate.individual = individual;
    candidate.guard = conflict.then_some(Guard::Reference);
}
