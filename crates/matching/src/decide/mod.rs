//! The decision on one submission: merge, add to a household, create, or ask a person. Pure: it depends on
//! the submission, the contacts under its keys and the matcher, and on nothing else.

mod guards;
mod pair;
mod reference;
mod verdict;

use crate::compare::Rarity;
use crate::explain::{Evidence, rounded};
use crate::profile::View;
use crate::score::{ContactScore, Total, are_twins, contacts, prior};
use crate::{Candidate, Index, Profile, TermStats, Thresholds, Weights};
use std::sync::Arc;
use tributary_contact::normalise::Nicknames;
use tributary_contact::state::Reason;
use tributary_contact::{Reference, Submission};

/// Most candidates kept for the explanation.
const MOST_CANDIDATES: usize = 5;
/// Contacts that are judged, out of all that share a key with the submission.
const MOST_JUDGED: usize = 24;
/// A contact this many bits behind the best one no longer takes from its probability.
const TWIN_REACH: f64 = 12.0;
/// A rival or candidate below this probability is not worth showing.
const LEAST_SHOWN: f64 = 1e-4;

/// Weights, thresholds and the term frequencies of a run.
pub struct Matcher {
    pub(crate) weights: Weights,
    pub(crate) thresholds: Thresholds,
    pub(crate) terms: TermStats,
    pub(crate) nicknames: Nicknames,
}

/// A submission to decide on.
#[derive(Clone, Copy)]
pub struct Row<'a> {
    /// Its normal form.
    pub profile: &'a Profile,
    /// The submission itself, for its reference.
    pub submission: &'a Submission,
}

/// A submission taken apart.
pub(crate) struct Case<'a> {
    pub profile: View<'a>,
    pub keys: &'a [i64],
    /// Source and id of the sender's reference.
    pub reference: Option<(&'a str, &'a str)>,
}

impl<'a> Case<'a> {
    pub(crate) fn new(profile: &'a Profile, reference: Option<(&'a str, &'a str)>) -> Self {
        Self { profile: profile.view(), keys: profile.keys(), reference }
    }

    pub(crate) fn of(row: &Row<'a>) -> Self {
        let reference = row.submission.reference.as_ref();
        Self::new(row.profile, reference.map(|reference| (&*reference.source, &*reference.id)))
    }
}

/// What to do with a submission.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Nobody on file is meant.
    Create,
    /// An individual on file is meant.
    Merge {
        /// The contact.
        contact: i64,
        /// Its individual.
        individual: i64,
        /// Whether the sender's reference settled it.
        by_reference: bool,
    },
    /// A new person of a household on file.
    AddIndividual {
        /// The contact.
        contact: i64,
    },
    /// A person has to decide.
    Review,
}

/// A decision and how it came about.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// What to do.
    pub outcome: Outcome,
    /// Why a person has to decide; only with [`Outcome::Review`].
    pub reason: Option<Reason>,
    /// Contacts that may be meant, best first, at most five. The first is the one the outcome is about.
    pub candidates: Vec<Candidate>,
    /// Confidence that the first candidate's individual is meant, in bits (log-odds): higher is surer.
    pub score: f64,
    /// Confidence that the submission is of the first candidate's household, in bits, where a new person of it is likelier
    /// than the individual.
    pub household_score: Option<f64>,
}

impl Decision {
    /// A decision that was taken without a look at anybody on file.
    #[must_use]
    pub const fn of_nobody(outcome: Outcome, reason: Option<Reason>) -> Self {
        Self { outcome, reason, candidates: Vec::new(), score: 0.0, household_score: None }
    }
}

impl Matcher {
    /// A matcher. `terms` stay as they are for a whole run, so that no decision depends on the order of rows.
    /// They also say how often people on file share an address, and so how likely another of the household or the next
    /// tenant is.
    #[must_use]
    pub fn new(mut weights: Weights, thresholds: Thresholds, terms: TermStats) -> Self {
        let (relatives, strangers) = terms.company();
        weights.new_relative *= relatives;
        weights.sharing.address *= strangers;
        Self { weights, thresholds, terms, nicknames: Nicknames::default() }
    }

    /// The same with an organization's own nicknames. They say how first names compare; whom a row meets depends on
    /// its keys, and these on the shipped ones.
    #[must_use]
    pub fn with_nicknames(self, nicknames: Nicknames) -> Self {
        Self { nicknames, ..self }
    }

    /// Name of the weights, stored with every decision.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.weights.version
    }

    /// The limits that probabilities are held against.
    #[must_use]
    pub const fn thresholds(&self) -> &Thresholds {
        &self.thresholds
    }

    /// Decides on a submission, given the contacts it can meet.
    #[must_use]
    pub fn decide(&self, row: &Row<'_>, index: &Index) -> Decision {
        self.decide_among(&Case::of(row), index, |_| true).0
    }

    /// As [`Matcher::decide`], without the contacts that a person said are not meant. The one that the reference
    /// names is weighed all the same.
    #[must_use]
    pub fn decide_without(&self, row: &Row<'_>, index: &Index, others: &[i64]) -> Decision {
        self.decide_among(&Case::of(row), index, |contact| !others.contains(&contact)).0
    }

    /// The decision, and every contact that it depends on.
    pub(crate) fn decide_and_tell(&self, row: &Case<'_>, index: &Index) -> (Decision, Vec<i64>) {
        self.decide_among(row, index, |_| true)
    }

    fn decide_among(&self, row: &Case<'_>, index: &Index, may_be: impl Fn(i64) -> bool) -> (Decision, Vec<i64>) {
        let rarity = Rarity::of(&row.profile, index, self);
        let named = row.reference.and_then(|reference| index.by_reference(reference));
        let mut found = found(row, index, named);
        let meant = |contact: i64| {
            named.map_or(may_be(contact), |(named, _)| {
                contact == named || (may_be(contact) && !index.are_apart(contact, named))
            })
        };
        found.retain(|contact| meant(*contact));
        let scores = contacts(row, index, (&found, named.map(|(contact, _)| contact)), &rarity, &self.weights);
        let judged = Judged::of(row, plausible(&scores, named), &rarity, (self, index));
        let decision = match named {
            Some((contact, individual)) => reference::decide(contact, individual, judged, self),
            None => verdict::decide(row, judged, self),
        };
        (decision, found)
    }
}

/// The strongest of the scored contacts, and the one the reference names; the rest weighs nothing.
fn plausible(scores: &[ContactScore], named: Option<(i64, i64)>) -> Vec<&ContactScore> {
    let strong = scores.iter().take(MOST_JUDGED);
    let named =
        scores.iter().skip(MOST_JUDGED).filter(|score| named.is_some_and(|(contact, _)| contact == score.contact));
    strong.chain(named).collect()
}

/// The contacts to score, ascending: those under the keys, and the one the reference names.
fn found(row: &Case<'_>, index: &Index, named: Option<(i64, i64)>) -> Vec<i64> {
    let mut found = index.candidates(row.keys);
    if let Some((contact, _)) = named
        && let Err(at) = found.binary_search(&contact)
    {
        found.insert(at, contact);
    }
    found
}

/// A scored contact with its probabilities.
pub(crate) struct Judgement<'s> {
    pub score: &'s ContactScore,
    pub candidate: Candidate,
}

/// All plausible contacts of a submission, the likeliest individual first.
pub(crate) struct Judged<'s> {
    pub all: Vec<Judgement<'s>>,
    /// Log-odds of the first one in bits.
    pub odds: f64,
    /// Whether a new person of its household is likelier.
    pub is_relative: bool,
}

impl<'s> Judged<'s> {
    fn of(
        row: &Case<'_>,
        scores: Vec<&'s ContactScore>,
        rarity: &Rarity<'_>,
        (matcher, index): (&Matcher, &Index),
    ) -> Self {
        let total = Total::of(scores.iter().copied());
        let prior = prior(&row.profile, rarity, &matcher.weights);
        let judge = |score: &'s ContactScore| judge(row, score, &total, prior, matcher);
        let mut all: Vec<Judgement<'s>> = scores.into_iter().filter_map(judge).collect();
        all.sort_by(|a, b| {
            let weight = |one: &Judgement| one.candidate.probability.max(one.candidate.household_probability * 0.5);
            weight(b).total_cmp(&weight(a)).then_with(|| a.candidate.contact.cmp(&b.candidate.contact))
        });
        let (odds, is_relative) = all.split_first_mut().map_or((-60.0, false), |(best, others)| {
            let rivals = rivals(best.score, others, index, matcher);
            let alone = Total::of(rivals.iter().copied()).probability(best.score.best_bits());
            best.candidate.probability = alone;
            best.candidate.household_probability = best.candidate.household_probability.max(alone);
            let is_relative = best.score.relative.is_some_and(|relative| relative > best.score.best_bits());
            (odds(best.score, &rivals), is_relative)
        });
        Self { all, odds, is_relative }
    }

    /// The candidates for the explanation.
    pub(crate) fn shown(self) -> Vec<Candidate> {
        let shown = self.all.into_iter().map(|judgement| judgement.candidate);
        let likely = |candidate: &Candidate| candidate.household_probability >= LEAST_SHOWN;
        shown
            .enumerate()
            .filter(|(at, one)| *at == 0 || likely(one))
            .map(|(_, one)| one)
            .take(MOST_CANDIDATES)
            .collect()
    }
}

fn judge<'s>(
    row: &Case<'_>,
    score: &'s ContactScore,
    total: &Total,
    prior: f64,
    matcher: &Matcher,
) -> Option<Judgement<'s>> {
    let best = score.best()?;
    let household: f64 = score.hypotheses().map(|bits| total.probability(bits)).sum();
    let evidence = best.marks.iter().map(|mark| Evidence::of(mark, &matcher.weights)).collect();
    let candidate = Candidate {
        contact: score.contact,
        individual: best.individual,
        bits: rounded(best.same - prior),
        prior: rounded(prior),
        individual_bits: score.relative.map_or(0.0, |relative| rounded(best.same - relative)),
        probability: total.probability(best.same),
        household_probability: household.min(1.0),
        evidence,
        guard: guards::of(row, score),
    };
    Some(Judgement { score, candidate })
}

/// The best contact and those that compete with it: one that is the same person twice on file does not.
fn rivals<'s>(
    best: &'s ContactScore,
    others: &[Judgement<'s>],
    index: &Index,
    matcher: &Matcher,
) -> Vec<&'s ContactScore> {
    let twin = |other: &ContactScore| {
        let near = other.best_bits() > best.best_bits() - TWIN_REACH && other.best_bits() > 0.0;
        near && are_twins(best, other, index, matcher)
    };
    let others = others.iter().map(|other| other.score).filter(|other| !twin(other));
    std::iter::once(best).chain(others).collect()
}

/// Log-odds in bits of the best individual against everything else.
fn odds(first: &ContactScore, scores: &[&ContactScore]) -> f64 {
    let best = first.best_bits();
    let others = scores.iter().filter(|score| score.contact != first.contact).flat_map(|score| score.hypotheses());
    let own = first.people.iter().skip(1).map(|person| person.same).chain(first.relative);
    let rest: f64 = others.chain(own).chain([0.0]).map(|bits| (bits - best).clamp(-100.0, 100.0).exp2()).sum();
    (-rest.log2()).clamp(-60.0, 60.0)
}

/// Makes the index know what a decision did: the one step that `link` and the batch share. For
/// [`Outcome::Create`] and [`Outcome::AddIndividual`] the caller gives the new ids, otherwise those of
/// the outcome. A review changes nothing.
pub fn settle(
    index: &mut Index,
    decision: &Decision,
    contact: i64,
    individual: i64,
    profile: Arc<Profile>,
    reference: Option<&Reference>,
) {
    if decision.outcome != Outcome::Review {
        index.insert(contact, individual, profile, reference);
    }
}
