//! Two lists matched in memory: what is on file, and what comes in, decided in order. [`link`] takes both as
//! lists; [`Filing`] and [`Linker`] take them piece by piece, so that neither need be held in memory whole.

mod filing;
mod linker;
mod prepared;

pub use filing::Filing;
pub use linker::Linker;
pub use prepared::Prepared;

use crate::{Candidate, Thresholds, Weights};
use serde::{Deserialize, Serialize};
use tributary_contact::Submission;
use tributary_contact::state::Reason;

/// A row on file. Rows of one group are one contact; each is an individual of it.
#[derive(Debug, Clone, Default)]
pub struct OnFile {
    /// The contact that the row belongs to; when empty, a contact of its own. A group of hundreds of rows is taken for
    /// no group.
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
    /// Log-odds in bits that `contact_reference_id` is the same individual; at the level of the household, that this is
    /// a new person of its household.
    pub score: f64,
    /// Whether a merge is into an individual or adds one to the household; without a merge, which of the two is likelier.
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
    transactions: &[Submission],
    settings: &Settings,
) -> Result<LinkOutcome, rayon::ThreadPoolBuildError> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(settings.threads).build()?;
    Ok(pool.install(|| run(contacts, transactions, settings, linker::CHUNK)))
}

fn run(contacts: Vec<OnFile>, transactions: &[Submission], settings: &Settings, chunk: usize) -> LinkOutcome {
    let mut filing = Filing::new(settings.clone());
    filing.add(&contacts);
    let mut linker = filing.finish();
    let contacts = linker.contacts();
    let decisions = linker.decide_in_chunks(transactions, chunk);
    LinkOutcome { decisions, contacts, decided_again: linker.decided_again() }
}

#[cfg(test)]
mod tests;
