//! Two lists matched in memory: what is on file, and what comes in, decided in order. Rows are decided in
//! parallel a chunk at a time; a row that could have seen what an earlier one of its chunk changed is
//! decided again in its turn, so the outcome is that of deciding one by one.

use crate::{Candidate, Decision, Index, Matcher, Outcome, Profile, Row, TermStats, Thresholds, Weights, settle};
use rayon::prelude::*;
use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use tributary_contact::state::Reason;
use tributary_contact::{Reference, Submission};

/// Rows decided in parallel at a time. The outcome does not depend on it.
const CHUNK: usize = 1024;

/// A row on file. Rows of one group are one contact; each is an individual of it.
#[derive(Debug, Clone, Default)]
pub struct OnFile {
    /// The contact that the row belongs to.
    pub group: String,
    /// The row.
    pub submission: Submission,
}

/// Settings of a run.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Weights of the levels.
    pub weights: Weights,
    /// Thresholds of the decision.
    pub thresholds: Thresholds,
    /// The organization's own country, ISO 3166 two-letter.
    pub country: String,
    /// Threads to use; zero for one per core.
    pub threads: usize,
    /// Whether to give the evidence of each candidate.
    pub explain: bool,
}

impl Default for Settings {
    fn default() -> Self {
        let (weights, thresholds) = (Weights::shipped(), Thresholds::default());
        Self { weights, thresholds, country: "US".to_owned(), threads: 0, explain: false }
    }
}

/// The decision on one transaction, in the shape that the benchmark's scorer reads.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LinkDecision {
    /// The transaction's reference id.
    pub reference_id: String,
    /// `merge`, `create` or `review`.
    pub decision: Verb,
    /// Reference id of the row that introduced the individual merged into, or that fits best. It may be an
    /// earlier transaction.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact_reference_id: Option<String>,
    /// Log-odds in bits that `contact_reference_id` is the same individual.
    pub score: f64,
    /// Whether a merge is into an individual or adds one to the household.
    pub level: LinkLevel,
    /// Reference ids of the rows that a reviewer would be shown, best first.
    pub candidates: Vec<String>,
    /// Why a person has to decide.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// Evidence of each candidate, when asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub explanation: Vec<Candidate>,
}

/// What was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verb {
    /// Somebody on file, or a new person of a household on file.
    Merge,
    /// Nobody on file.
    Create,
    /// A person has to decide.
    Review,
}

/// At which level a transaction merges.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LinkLevel {
    /// Into an individual.
    Individual,
    /// As a new individual of the household.
    Household,
}

/// What came of a run.
#[derive(Debug, Clone, Default)]
pub struct LinkOutcome {
    /// One decision for each transaction, in the order given.
    pub decisions: Vec<LinkDecision>,
    /// Contacts on file before the run (groups, not rows).
    pub contacts: usize,
    /// Rows that were decided a second time because an earlier one of their chunk concerned them.
    pub decided_again: usize,
}

/// Matches `transactions` against `contacts`, in order; later transactions see what earlier ones created.
///
/// # Errors
/// When the threads cannot be started.
pub fn link(
    contacts: Vec<OnFile>,
    transactions: Vec<Submission>,
    settings: &Settings,
) -> Result<LinkOutcome, rayon::ThreadPoolBuildError> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(settings.threads).build()?;
    Ok(pool.install(|| run(contacts, transactions, settings, CHUNK)))
}

fn run(contacts: Vec<OnFile>, transactions: Vec<Submission>, settings: &Settings, chunk: usize) -> LinkOutcome {
    let file: Vec<Arc<Profile>> =
        contacts.par_iter().map(|row| Arc::new(Profile::of(&row.submission, &settings.country))).collect();
    let mut state = State::new(settings);
    state.put_on_file(&contacts, file);
    drop(contacts);
    let count = state.next_contact;
    let mut decisions = Vec::with_capacity(transactions.len());
    for rows in transactions.chunks(chunk) {
        state.chunk(rows, &mut decisions);
    }
    let contacts = usize::try_from(count).unwrap_or(usize::MAX);
    LinkOutcome { decisions, contacts, decided_again: state.decided_again }
}

struct State<'s> {
    settings: &'s Settings,
    matcher: Matcher,
    index: Index,
    next_contact: i64,
    /// Reference ids of the rows that introduced the individuals; an individual's id is its place here.
    introduced: Vec<String>,
    decided_again: usize,
}

impl<'s> State<'s> {
    fn new(settings: &'s Settings) -> Self {
        let matcher = Matcher::new(settings.weights.clone(), settings.thresholds, TermStats::default());
        let (index, introduced) = (Index::default(), Vec::new());
        Self { settings, matcher, index, next_contact: 0, introduced, decided_again: 0 }
    }

    fn put_on_file(&mut self, rows: &[OnFile], profiles: Vec<Arc<Profile>>) {
        let mut terms = TermStats::default();
        let mut groups: HashMap<&str, i64> = HashMap::with_capacity(rows.len());
        for (row, profile) in rows.iter().zip(profiles) {
            terms.add(&profile, 1);
            let next = self.next_contact;
            let contact = *groups.entry(row.group.as_str()).or_insert(next);
            self.next_contact += i64::from(contact == next);
            let individual = self.introduce(&row.submission);
            self.index.insert(contact, individual, profile, row.submission.reference.as_ref());
        }
        self.matcher.terms = terms;
    }

    fn introduce(&mut self, submission: &Submission) -> i64 {
        let id = i64::try_from(self.introduced.len()).unwrap_or(i64::MAX);
        self.introduced.push(reference_id(submission));
        id
    }

    fn chunk(&mut self, rows: &[Submission], decisions: &mut Vec<LinkDecision>) {
        let country = &self.settings.country;
        let decided: Vec<(Arc<Profile>, Decision)> = rows
            .par_iter()
            .map(|submission| {
                let profile = Arc::new(Profile::of(submission, country));
                let decision = self.matcher.decide(&Row { profile: &profile, submission }, &self.index);
                (profile, decision)
            })
            .collect();
        let mut changed = Changed::default();
        for (submission, (profile, early)) in rows.iter().zip(decided) {
            let decision = self.in_turn(submission, &profile, early, &changed);
            decisions.push(self.report(submission, &decision));
            self.step(submission, profile, &decision, &mut changed);
        }
    }

    fn in_turn(&mut self, submission: &Submission, profile: &Profile, early: Decision, changed: &Changed) -> Decision {
        if !changed.concerns(submission, profile, &self.index) {
            return early;
        }
        self.decided_again += 1;
        self.matcher.decide(&Row { profile, submission }, &self.index)
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
        let reference = submission.reference.as_ref();
        settle(&mut self.index, decision, contact, individual, profile, reference);
        changed.note(contact, &self.index, submission);
    }

    fn report(&self, submission: &Submission, decision: &Decision) -> LinkDecision {
        let name = |individual: i64| {
            usize::try_from(individual).ok().and_then(|at| self.introduced.get(at)).cloned().unwrap_or_default()
        };
        let best = decision.candidates.first();
        let (verb, level, target) = match decision.outcome {
            Outcome::Merge { individual, .. } => (Verb::Merge, LinkLevel::Individual, Some(individual)),
            Outcome::AddIndividual { .. } => (Verb::Merge, LinkLevel::Household, best.map(|best| best.individual)),
            Outcome::Create => (Verb::Create, LinkLevel::Individual, best.map(|best| best.individual)),
            Outcome::Review => (Verb::Review, LinkLevel::Individual, best.map(|best| best.individual)),
        };
        LinkDecision {
            reference_id: reference_id(submission),
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
    references: HashSet<Reference>,
}

impl Changed {
    /// Everything that a contact can be found by now leads to something new.
    fn note(&mut self, contact: i64, index: &Index, submission: &Submission) {
        self.contacts.insert(contact);
        self.keys.extend(index.keys_of(contact));
        if let Some(reference) = &submission.reference {
            self.references.insert(reference.clone());
        }
    }

    fn concerns(&self, submission: &Submission, profile: &Profile, index: &Index) -> bool {
        let by_key = profile.keys().iter().any(|key| self.keys.contains(key));
        let by_reference = submission.reference.as_ref().is_some_and(|reference| {
            self.references.contains(reference)
                || index.by_reference(reference).is_some_and(|(contact, _)| self.contacts.contains(&contact))
        });
        by_key || by_reference
    }
}

fn reference_id(submission: &Submission) -> String {
    submission.reference.as_ref().map(|reference| reference.id.clone()).unwrap_or_default()
}

#[cfg(test)]
mod tests;
