//! Past decisions taken again under another version, on the wire.

use serde::Serialize;
use tributary_contact::RecordId;
use tributary_contact::state::State;
use tributary_engine::{Agreement, Differing, ReplayPage, Replayed};
use utoipa::ToSchema;

/// What came of a page of past decisions.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DecisionReplayJson {
    in_force: VersionsJson,
    replayed: VersionsJson,
    /// Submissions looked at.
    seen: i64,
    /// Those of them that a run decided as they are now.
    compared: i64,
    /// Those that what is in force decides otherwise than then, since what is on file has changed.
    drifted: i64,
    /// Those that the other version decides otherwise than what is in force.
    differing: Vec<DifferingJson>,
    /// How what is in force agrees with what people decided.
    agreement_in_force: AgreementJson,
    /// How the other version does.
    agreement_replayed: AgreementJson,
    /// `after` of the next page; null on the last one.
    next: Option<RecordId>,
}

/// Names of a policy and of weights.
#[derive(Debug, Serialize, ToSchema)]
struct VersionsJson {
    policy: String,
    weights: String,
}

/// A submission that would be decided otherwise.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct DifferingJson {
    transaction_id: RecordId,
    /// What was decided then.
    was: ReplayedJson,
    /// What is decided now by what is in force.
    now: ReplayedJson,
    would_be: ReplayedJson,
    /// `policy` or `weights`: which of the two makes the difference.
    because: &'static str,
    why: String,
}

/// A decision, as far as two of them are compared.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ReplayedJson {
    /// `created`, `merged` or `needs_update`; what brought nothing new counts as merged.
    state: State,
    level: Option<&'static str>,
    reason: Option<&'static str>,
    contact_id: Option<i64>,
    score: Option<f64>,
}

/// How decisions agree with what people decided about the same submissions.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct AgreementJson {
    /// Submissions that people said something about.
    labelled: i64,
    /// Merged into the contact that people say.
    right: i64,
    /// Merged into one that people say it is not.
    wrong: i64,
    /// Belongs to a contact on file, and was not merged into it.
    missed: i64,
    /// Left to a person.
    waits: i64,
    /// `right` of `right` and `wrong`.
    precision: Option<f64>,
    /// `right` of `right` and `missed`.
    recall: Option<f64>,
}

impl From<[String; 2]> for VersionsJson {
    fn from([policy, weights]: [String; 2]) -> Self {
        Self { policy, weights }
    }
}

impl From<Replayed> for ReplayedJson {
    fn from(own: Replayed) -> Self {
        Self {
            state: own.state,
            level: own.level.map(|level| level.as_str()),
            reason: own.reason.map(|reason| reason.as_str()),
            contact_id: own.contact.map(|id| id.0),
            score: own.score,
        }
    }
}

impl From<Differing> for DifferingJson {
    fn from(own: Differing) -> Self {
        Self {
            transaction_id: own.id,
            was: own.was.into(),
            now: own.now.into(),
            would_be: own.would_be.into(),
            because: own.because,
            why: own.why,
        }
    }
}

impl From<Agreement> for AgreementJson {
    fn from(own: Agreement) -> Self {
        let (precision, recall) = (own.precision(), own.recall());
        let Agreement { labelled, right, wrong, missed, waits } = own;
        Self { labelled, right, wrong, missed, waits, precision, recall }
    }
}

impl From<ReplayPage> for DecisionReplayJson {
    fn from(page: ReplayPage) -> Self {
        Self {
            in_force: page.in_force.into(),
            replayed: page.replayed.into(),
            seen: page.seen,
            compared: page.compared,
            drifted: page.drifted,
            differing: page.differing.into_iter().map(DifferingJson::from).collect(),
            agreement_in_force: page.agreement_in_force.into(),
            agreement_replayed: page.agreement_replayed.into(),
            next: page.next,
        }
    }
}
