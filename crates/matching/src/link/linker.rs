//! Transactions decided in order. Rows are decided in parallel a chunk at a time; a row that could have seen
//! what an earlier one of its chunk changed is decided again in its turn, so the outcome is that of deciding one
//! by one.

use super::{LinkDecision, LinkLevel, Prepared, Settings, Verb};
use crate::decide::Case;
use crate::index::Changed;
use crate::{Decision, Index, Matcher, Outcome, TermStats};
use rayon::prelude::*;
use tributary_contact::Submission;

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

/// A row decided ahead of its turn, and the contacts that the decision depends on.
type Ahead = (Decision, Vec<i64>);

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

    pub(super) fn decide_in_chunks(&mut self, rows: &[Submission], chunk: usize) -> Vec<LinkDecision> {
        let country = self.settings.country.clone();
        let prepare = |row: &Submission| Prepared::incoming(row, &country);
        let decided = rows.chunks(chunk).flat_map(|rows| {
            let prepared: Vec<Prepared> = rows.par_iter().with_min_len(32).map(prepare).collect();
            self.decide_chunk(&prepared)
        });
        decided.collect()
    }

    /// As [`Linker::decide`], for rows in normal form.
    pub fn decide_prepared(&mut self, rows: &[Prepared]) -> Vec<LinkDecision> {
        rows.chunks(CHUNK).flat_map(|rows| self.decide_chunk(rows)).collect()
    }

    fn decide_chunk(&mut self, rows: &[Prepared]) -> Vec<LinkDecision> {
        let ahead = rows.par_iter().with_min_len(16).map(|row| self.ahead(row)).collect();
        let decisions = self.settle(rows, ahead);
        self.index.file_added();
        let report = |(row, decision)| self.report(row, decision);
        rows.par_iter().with_min_len(64).zip(decisions).map(report).collect()
    }

    fn ahead(&self, row: &Prepared) -> Ahead {
        self.matcher.decide_and_tell(&Case::new(&row.profile, row.reference()), &self.index)
    }

    fn settle(&mut self, rows: &[Prepared], ahead: Vec<Ahead>) -> Vec<Decision> {
        let mut changed = Changed::default();
        let mut decisions = Vec::with_capacity(rows.len());
        for (row, (early, found)) in rows.iter().zip(ahead) {
            let again = changed.concerns(row.reference(), row.profile.keys(), &found);
            let decision = if again { self.ahead(row).0 } else { early };
            self.decided_again += usize::from(again);
            self.step(row, &decision, &mut changed);
            decisions.push(decision);
        }
        decisions
    }

    fn introduce(&mut self, row: &Prepared) -> i64 {
        let id = i64::try_from(self.introduced.len()).unwrap_or(i64::MAX);
        self.introduced.push(row.id.clone());
        id
    }

    fn step(&mut self, row: &Prepared, decision: &Decision, changed: &mut Changed) {
        let (contact, individual) = match decision.outcome {
            Outcome::Review => return,
            Outcome::Merge { contact, individual, .. } => (contact, individual),
            Outcome::AddIndividual { contact } => (contact, self.introduce(row)),
            Outcome::Create => {
                self.next_contact += 1;
                (self.next_contact - 1, self.introduce(row))
            }
        };
        self.index.put((contact, individual), &row.profile, row.reference(), changed);
    }

    fn report(&self, row: &Prepared, decision: Decision) -> LinkDecision {
        let name = |individual: i64| {
            let introduced = usize::try_from(individual).ok().and_then(|at| self.introduced.get(at));
            introduced.map(|id| String::from(&**id)).unwrap_or_default()
        };
        let best = decision.candidates.first();
        let (level, score) = confidence(&decision);
        let verb = match decision.outcome {
            Outcome::Merge { .. } | Outcome::AddIndividual { .. } => Verb::Merge,
            Outcome::Create => Verb::Create,
            Outcome::Review => Verb::Review,
        };
        let target = match decision.outcome {
            Outcome::Merge { individual, .. } => Some(individual),
            _ => best.map(|best| best.individual),
        };
        LinkDecision {
            reference_id: String::from(&*row.id),
            decision: verb,
            contact_reference_id: target.map(name),
            score,
            level,
            candidates: decision.candidates.iter().map(|candidate| name(candidate.individual)).collect(),
            reason: decision.reason,
            explanation: if self.settings.explain { decision.candidates } else { Vec::new() },
        }
    }
}

/// What the decision is surest of about its first candidate, and how sure: the individual, or its household without
/// that individual.
fn confidence(decision: &Decision) -> (LinkLevel, f64) {
    let individual = (LinkLevel::Individual, decision.score);
    let household = decision.household_score.map(|score| (LinkLevel::Household, score));
    match decision.outcome {
        Outcome::Merge { .. } => individual,
        _ => household.unwrap_or(individual),
    }
}
