//! What a dry run answers: decisions that nobody made yet.

use super::transaction::{DecisionJson, Sight};
use serde::Serialize;
use std::collections::BTreeMap;
use tributary_contact::diff::Change;
use tributary_contact::state::State;
use tributary_contact::{RecordId, Reference};
use tributary_engine::{ContactChange, Counts, DryRun, TransactionView};
use utoipa::ToSchema;

/// What the next batch would decide about a submission if it were the only one. Nothing is stored.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DryDecisionJson {
    dry_run: bool,
    state: State,
    reason: Option<&'static str>,
    sentence: Option<&'static str>,
    level: Option<&'static str>,
    /// The contact it would become part of; none when it would make one or wait.
    contact_id: Option<i64>,
    individual_id: Option<i64>,
    decision: DecisionJson,
}

impl DryDecisionJson {
    /// The decision as one with this sight may see it; none for a row that was not decided.
    pub(crate) fn of(view: &TransactionView, sight: Sight) -> Option<Self> {
        let (level, created) = (view.level.map(|level| level.as_str()), view.state == State::Created);
        let mut decision = DecisionJson::of(view.decisions.last()?, view, sight);
        if created {
            decision.without_contact();
        }
        Some(Self {
            dry_run: true,
            state: view.state,
            reason: view.reason.map(|reason| reason.as_str()),
            sentence: view.reason.map(|reason| reason.sentence()),
            level,
            contact_id: view.contact.filter(|_| !created).map(|id| id.0),
            individual_id: view.individual.filter(|_| !created && level == Some("individual")).map(|id| id.0),
            decision,
        })
    }
}

/// What the next run of the batch would do. Nothing is stored.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DryRunJson {
    dry_run: bool,
    counts: Counts,
    reasons: BTreeMap<String, i64>,
    /// The first rows in the order of the run.
    transactions: Vec<DryRowJson>,
    /// The first contacts that would be made or changed.
    contacts: Vec<DryContactJson>,
    contacts_total: usize,
}

/// What would become of a row.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct DryRowJson {
    #[schema(value_type = Uuid)]
    id: RecordId,
    reference: Option<Reference>,
    state: State,
    reason: Option<&'static str>,
    level: Option<&'static str>,
    /// The contact, or the number that a new one would be given.
    contact_id: Option<i64>,
    score: Option<f64>,
}

/// What would become of a contact.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct DryContactJson {
    /// Its number, or the one that it would be given.
    contact_id: i64,
    is_new: bool,
    #[schema(value_type = Vec<Object>)]
    changes: Vec<Change>,
}

impl DryRunJson {
    /// With so many rows and contacts at most; contacts only for those who may read them.
    pub(crate) fn of(dry: DryRun, take: usize, contacts: bool) -> Self {
        Self {
            dry_run: true,
            counts: dry.counts,
            reasons: dry.reasons,
            transactions: dry.transactions.into_iter().take(take).map(DryRowJson::from).collect(),
            contacts_total: dry.contacts.len(),
            contacts: dry.contacts.into_iter().take(if contacts { take } else { 0 }).map(Into::into).collect(),
        }
    }
}

impl From<TransactionView> for DryRowJson {
    fn from(view: TransactionView) -> Self {
        Self {
            id: view.id,
            state: view.state,
            reason: view.reason.map(|reason| reason.as_str()),
            level: view.level.map(|level| level.as_str()),
            contact_id: view.contact.map(|id| id.0),
            score: view.decisions.last().and_then(|decision| decision.score),
            reference: view.submission.reference,
        }
    }
}

impl From<ContactChange> for DryContactJson {
    fn from(change: ContactChange) -> Self {
        Self { contact_id: change.contact.0, is_new: change.is_new, changes: change.changes }
    }
}
