//! From probabilities and guards to an outcome, for a submission without a known reference.

use super::guards::{ADDRESS_AGREES, LAST_AGREES, SAME_CONTACT_POINT};
use super::{Case, Decision, Judged, Judgement, Matcher, Outcome};
use crate::Guard;
use crate::level::Level;
use crate::profile::View;
use tributary_contact::state::Reason;

/// Most probability of being somebody on file at which a new person may join a household unseen.
const NOBODY: f64 = 0.15;
/// Confidence in a household goes no further, in bits, as long as none of its people is meant: all that is known of
/// the submission is that it resembles them.
const SUREST_HOUSEHOLD: f64 = 6.25;
/// Least probability for asking whether an organization is what looks like another branch of it.
const LIKELY_BRANCH: f64 = 0.5;
/// Least probability of a household for asking which of its people is meant.
const LIKELY_HOUSEHOLD: f64 = 0.5;

/// Decides on probabilities and guards.
pub(super) fn decide(row: &Case<'_>, judged: Judged<'_>, matcher: &Matcher) -> Decision {
    let (outcome, reason) = match judged.all.as_slice() {
        [] => nobody(&row.profile),
        [best, others @ ..] => weigh(row, best, others, matcher),
    };
    let cost = judged.all.first().and_then(|best| best.candidate.guard).map_or(0.0, cost);
    let household_score = judged.all.first().filter(|_| judged.is_relative).map(household_score);
    let score = judged.odds - cost;
    Decision { outcome, reason, score, household_score, candidates: judged.shown() }
}

/// What a guard takes from the confidence, in bits: how much seldomer its pattern is the same individual than the
/// bits say. Where it costs nothing, the levels behind it say it all.
const fn cost(guard: Guard) -> f64 {
    match guard {
        Guard::Generation | Guard::Branch => 5.0,
        Guard::SimilarFirstName => 2.0,
        _ => 0.0,
    }
}

/// Log-odds of the household in bits.
fn household_score(best: &Judgement<'_>) -> f64 {
    let probability = best.candidate.household_probability;
    (probability / (1.0 - probability)).log2().clamp(-60.0, SUREST_HOUSEHOLD)
}

type Verdict = (Outcome, Option<Reason>);

const fn review(reason: Reason) -> Verdict {
    (Outcome::Review, Some(reason))
}

fn weigh(row: &Case<'_>, best: &Judgement<'_>, others: &[Judgement<'_>], matcher: &Matcher) -> Verdict {
    let candidate = &best.candidate;
    let limits = &matcher.thresholds;
    let rival = others.first().filter(|other| best.score.best_bits() - other.score.best_bits() < limits.lead);
    let sure = candidate.probability >= limits.merge && candidate.guard.is_none() && rival.is_none();
    if sure {
        let (contact, individual) = (candidate.contact, candidate.individual);
        return (Outcome::Merge { contact, individual, by_reference: false }, None);
    }
    if joins_household(&row.profile, best, matcher) {
        return (Outcome::AddIndividual { contact: candidate.contact }, None);
    }
    match doubt(best, rival, matcher) {
        Some(reason) => review(reason),
        None => nobody(&row.profile),
    }
}

/// A first name that nobody of the household bears, the household's last name and its address; no mailbox or phone
/// that the person could have under another first name.
fn joins_household(row: &View<'_>, best: &Judgement<'_>, matcher: &Matcher) -> bool {
    let first = row.name.as_ref().is_some_and(|name| name.first.len() > 1 && name.partner.is_none());
    let marks = || best.score.people.iter().map(|person| &person.marks);
    let unlike = marks().all(|marks| marks.any(&[Level::FirstDifferent]));
    let home = marks().any(|marks| marks.any(LAST_AGREES)) && marks().any(|marks| marks.any(ADDRESS_AGREES));
    let likely = best.candidate.household_probability >= matcher.thresholds.household;
    let undoubted = best.candidate.guard.is_none() && best.candidate.probability <= NOBODY;
    first && unlike && home && likely && undoubted
}

/// Why a person has to look, if so.
fn doubt(best: &Judgement<'_>, rival: Option<&Judgement<'_>>, matcher: &Matcher) -> Option<Reason> {
    let candidate = &best.candidate;
    let individual = candidate.probability >= matcher.thresholds.review;
    let household = candidate.household_probability >= LIKELY_HOUSEHOLD;
    match candidate.guard {
        Some(guard @ (Guard::FirstName | Guard::Kind)) if has_same_contact_point(best) => {
            Some(if household && guard == Guard::FirstName { Reason::Household } else { guard.reason() })
        }
        // Another branch is the rule here, the same one the exception.
        Some(Guard::Branch) if candidate.probability < LIKELY_BRANCH => None,
        Some(guard) if individual || household => Some(guard.reason()),
        _ if individual && rival.is_some() => Some(Reason::Ambiguous),
        _ if household && candidate.probability < LIKELY_HOUSEHOLD => Some(Reason::Household),
        _ if individual => Some(Reason::Doubtful),
        _ => None,
    }
}

/// Whether the very mailbox or phone agrees: then a contradiction is asked about however little else speaks for the
/// contact.
fn has_same_contact_point(best: &Judgement<'_>) -> bool {
    best.score.best().is_some_and(|person| person.marks.any(SAME_CONTACT_POINT))
}

/// Nobody on file is meant: a new contact, if there is enough to make one of.
fn nobody(row: &View<'_>) -> Verdict {
    let whole = row.name.as_ref().is_some_and(|name| !name.first.is_empty() && !name.last.is_empty());
    let last = row.name.as_ref().is_some_and(|name| !name.last.is_empty());
    let enough = whole || (last && row.has_contact_point()) || row.organization.is_some();
    if enough { (Outcome::Create, None) } else { review(Reason::TooLittle) }
}
