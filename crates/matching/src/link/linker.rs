//! Transactions decided in order. Rows are decided in parallel a chunk at a time; a row that could have seen
//! what an earlier one of its chunk changed is decided again in its turn, so the outcome is that of deciding one
//! by one.

use super::{LinkDecision, LinkLevel, Settings, Verb};
use crate::{Decision, Index, Matcher, Outcome, Profile, Row, TermStats, settle};
use rayon::prelude::*;
use rustc_hash::FxHashSet;
use std::sync::Arc;
use tributary_contact::{Reference, Submission};

/// Rows decided in parallel at a time. The outcome does not depend on it.
pub(super) const CHUNK: usize = 1024;

/// Everything on file, and what transactions so far have made of it.
pub struct Linker {
    settings: Settings,
    matcher: Matcher,
    index: Index,
    next_contact: i64,
    introduced: Vec<Box<str>>,
    decided_again: usize,
}

/// A row decided ahead of its turn: its profile, the decision, and the contacts it depends on.
type Ahead = (Arc<Profile>, Decision, Vec<i64>);

impl Linker {
    pub(super) fn new(
        settings: Settings,
        terms: TermStats,
        index: Index,
        (contacts, introduced): (u32, Vec<Box<str>>),
    ) -> Self {
        let matcher = Matcher::new(settings.weights.clone(), settings.thresholds, terms);
        Self { settings, matcher, index, next_contact: i64::from(contacts), introduced, decided_again: 0 }
    }

    /// Contacts there are by now (groups, not rows).
    #[must_use]
    pub fn contacts(&self) -> usize {
        usize::try_from(self.next_contact).unwrap_or(usize::MAX)
    }

    /// Rows that were decided a second time because an earlier one of their chunk concerned them.
    #[must_use]
    pub const fn decided_again(&self) -> usize {
        self.decided_again
    }

    /// Decides on transactions, in order, on the threads of the current rayon pool. Later ones see what earlier
    /// ones created, in this call and in those before it.
    pub fn decide(&mut self, rows: &[Submission]) -> Vec<LinkDecision> {
        self.decide_in_chunks(rows, CHUNK)
    }

    /// A chunk is settled on one thread while the next one is normalised on the others.
    pub(super) fn decide_in_chunks(&mut self, rows: &[Submission], chunk: usize) -> Vec<LinkDecision> {
        let country = self.settings.country.clone();
        let profiles = |rows: Option<&[Submission]>| -> Vec<Arc<Profile>> {
            let rows = rows.unwrap_or_default();
            rows.par_iter().with_min_len(32).map(|row| Arc::new(Profile::of(row, &country))).collect()
        };
        let mut decisions = Vec::with_capacity(rows.len());
        let mut next = profiles(rows.chunks(chunk).next());
        for (at, rows_now) in rows.chunks(chunk).enumerate() {
            let ahead = self.ahead(rows_now, std::mem::take(&mut next));
            let settle = || self.settle(rows_now, ahead, &mut decisions);
            ((), next) = rayon::join(settle, || profiles(rows.chunks(chunk).nth(at + 1)));
        }
        decisions
    }

    fn ahead(&self, rows: &[Submission], profiles: Vec<Arc<Profile>>) -> Vec<Ahead> {
        let decide = |(submission, profile): (&Submission, Arc<Profile>)| {
            let (decision, found) = self.matcher.decide_and_tell(&Row { profile: &profile, submission }, &self.index);
            (profile, decision, found)
        };
        rows.par_iter().with_min_len(16).zip(profiles).map(decide).collect()
    }

    fn settle(&mut self, rows: &[Submission], ahead: Vec<Ahead>, decisions: &mut Vec<LinkDecision>) {
        let mut changed = Changed::default();
        for (submission, (profile, early, found)) in rows.iter().zip(ahead) {
            let decision = if changed.concerns(submission, &profile, &found) {
                self.decided_again += 1;
                self.matcher.decide(&Row { profile: &profile, submission }, &self.index)
            } else {
                early
            };
            decisions.push(self.report(submission, &decision));
            self.step(submission, profile, &decision, &mut changed);
        }
    }

    fn introduce(&mut self, submission: &Submission) -> i64 {
        let id = i64::try_from(self.introduced.len()).unwrap_or(i64::MAX);
        self.introduced.push(reference_id(submission));
        id
    }

    fn step(&mut self, submission: &Submission, profile: Arc<Profile>, decision: &Decision, changed: &mut Changed) {
        let (contact, individual) = match decision.outcome {
            Outcome::Review => return,
            Outcome::Merge { contact, individual, .. } => (contact, individual),
            Outcome::AddIndividual { contact } => (contact, self.introduce(submission)),
            Outcome::Create => {
                self.next_contact += 1;
                (self.next_contact - 1, self.introduce(submission))
            }
        };
        changed.note(contact, submission, &profile);
        settle(&mut self.index, decision, contact, individual, profile, submission.reference.as_ref());
    }

    fn report(&self, submission: &Submission, decision: &Decision) -> LinkDecision {
        let name = |individual: i64| {
            let introduced = usize::try_from(individual).ok().and_then(|at| self.introduced.get(at));
            introduced.map(|id| String::from(&**id)).unwrap_or_default()
        };
        let best = decision.candidates.first();
        let (verb, level, target) = match decision.outcome {
            Outcome::Merge { individual, .. } => (Verb::Merge, LinkLevel::Individual, Some(individual)),
            Outcome::AddIndividual { .. } => (Verb::Merge, LinkLevel::Household, best.map(|best| best.individual)),
            Outcome::Create => (Verb::Create, LinkLevel::Individual, best.map(|best| best.individual)),
            Outcome::Review => (Verb::Review, LinkLevel::Individual, best.map(|best| best.individual)),
        };
        LinkDecision {
            reference_id: reference_id(submission).into(),
            decision: verb,
            contact_reference_id: target.map(name),
            score: decision.score,
            level,
            candidates: decision.candidates.iter().map(|candidate| name(candidate.individual)).collect(),
            reason: decision.reason,
            explanation: if self.settings.explain { decision.candidates.clone() } else { Vec::new() },
        }
    }
}

/// What the rows of a chunk have changed so far.
#[derive(Default)]
struct Changed {
    keys: FxHashSet<i64>,
    contacts: FxHashSet<i64>,
    references: FxHashSet<Reference>,
}

impl Changed {
    /// The contact looks different now, and can be found under the row's keys.
    fn note(&mut self, contact: i64, submission: &Submission, profile: &Profile) {
        self.contacts.insert(contact);
        self.keys.extend(profile.keys());
        self.references.extend(submission.reference.clone());
    }

    /// Whether a row that depends on these contacts and its own keys has to be decided again.
    fn concerns(&self, submission: &Submission, profile: &Profile, found: &[i64]) -> bool {
        let reference = || submission.reference.as_ref().is_some_and(|reference| self.references.contains(reference));
        found.iter().any(|contact| self.contacts.contains(contact))
            || profile.keys().iter().any(|key| self.keys.contains(key))
            || reference()
    }
}

pub(super) fn reference_id(submission: &Submission) -> Box<str> {
    submission.reference.as_ref().map(|reference| reference.id.as_str().into()).unwrap_or_default()
}
