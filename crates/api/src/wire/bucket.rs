//! Rows that wait for a person, on the wire: which of them are meant, and how they are shown.

use super::date_time;
use super::merge::ChangeJson;
use super::schema;
use super::transaction::{Sight, TransactionJson};
use crate::query::Query;
use chrono::TimeDelta;
use serde::Serialize;
use serde_json::{Map, Value, json};
use tributary_contact::clock::Timestamp;
use tributary_contact::flat::{Reader, get, limits};
use tributary_contact::issue::IssueCode;
use tributary_contact::merge::Difference;
use tributary_contact::state::Reason;
use tributary_contact::{OrganizationId, UserId};
use tributary_engine::{Assigned, Beside, BucketCounts, Engine, EngineError, Principal, TransactionView, compat_time};
use tributary_store::{Assignee, BucketOrder, NeedsUpdateFilter, ReviewStepRow};
use utoipa::{IntoParams, ToSchema};

/// Which rows are meant. All that is named has to fit.
#[derive(Debug, Clone, Default, IntoParams)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
#[expect(dead_code, reason = "describes the parameters; they are read one by one")]
pub(crate) struct BucketQuery {
    /// Only those that wait for this reason.
    #[param(inline, required = false)]
    reason: Option<Reason>,
    /// Only those of this reference source.
    #[param(required = false)]
    source: Option<String>,
    /// Only those received at this time or later.
    #[param(
        required = false,
        pattern = "^([0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])(T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z)?)?$"
    )]
    received_from: Option<String>,
    /// Only those received before this time.
    #[param(
        required = false,
        pattern = "^([0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])(T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z)?)?$"
    )]
    received_until: Option<String>,
    /// Only those of this user, by the address that they sign in with; `me` is who asks, `none` is nobody.
    #[param(required = false)]
    assignee: Option<String>,
    /// Only those whose senders were asked something, or were not.
    #[param(required = false)]
    asked: Option<bool>,
    /// Only those whose best candidate has at least this score, in bits.
    #[param(required = false)]
    score_from: Option<f64>,
    /// Only those whose best candidate has less than this score, in bits.
    #[param(required = false)]
    score_below: Option<f64>,
}

/// Which rows are meant, with a user who has still to be looked up.
#[derive(Debug, Clone, Default)]
pub(crate) struct Meant {
    pub(crate) filter: NeedsUpdateFilter,
    user: Option<String>,
}

impl BucketQuery {
    /// The names of its parameters.
    pub(crate) const NAMES: &'static [&'static str] =
        &["reason", "source", "receivedFrom", "receivedUntil", "assignee", "asked", "scoreFrom", "scoreBelow"];

    /// Reads them.
    pub(crate) fn read(query: &mut Query, caller: &Principal) -> Meant {
        let (meant, issues) = read(&mut |name| query.text(name), caller);
        issues.into_iter().for_each(|(name, message)| query.issue(name, IssueCode::InvalidValue, message));
        meant
    }
}

impl Meant {
    /// Reads the member `filter` of a body. It has to be there: all rows are meant by an empty one only.
    pub(crate) fn of_body(map: &Map<String, Value>, caller: &Principal, reader: &mut Reader<'_>) -> Self {
        let Some(filter) = get(map, "filter").filter(|value| !value.is_null()) else {
            reader.require("filter", "Says which rows are meant; {} means all of them.");
            return Self::default();
        };
        let Some(filter) = filter.as_object() else {
            reader.issue("filter", IssueCode::InvalidType, "An object is needed.");
            return Self::default();
        };
        let known = |name: &str| BucketQuery::NAMES.iter().any(|known| known.eq_ignore_ascii_case(name));
        for name in filter.keys().filter(|name| !known(name)) {
            reader.issue(&format!("filter.{name}"), IssueCode::InvalidValue, "Rows are not chosen by this.");
        }
        let mut text = |name: &str| reader.text(&format!("filter.{name}"), get(filter, name)?, limits::REFERENCE);
        let (meant, issues) = read(&mut text, caller);
        for (name, message) in issues {
            reader.issue(&format!("filter.{name}"), IssueCode::InvalidValue, message);
        }
        meant
    }

    /// The filter, with the user looked up.
    ///
    /// # Errors
    /// [`EngineError::Invalid`] for somebody who is no user.
    pub(crate) fn filter(self, engine: &Engine, org: OrganizationId) -> Result<NeedsUpdateFilter, EngineError> {
        let assignee = match self.user {
            Some(email) => Some(Assignee::User(engine.user_of_email(org, &email)?)),
            None => self.filter.assignee,
        };
        Ok(NeedsUpdateFilter { assignee, ..self.filter })
    }
}

type Issues = Vec<(&'static str, &'static str)>;

/// Reads the parts of a filter, each as text, with what is wrong with them.
fn read(text: &mut dyn FnMut(&str) -> Option<String>, caller: &Principal) -> (Meant, Issues) {
    let mut issues = Vec::new();
    let mut part = |name: &'static str| text(name);
    let mut filter = NeedsUpdateFilter { source: part("source"), ..NeedsUpdateFilter::default() };
    let mut refuse = |name, message| issues.push((name, message));
    if let Some(text) = part("reason") {
        filter.reason = Reason::parse(&text.to_ascii_lowercase());
        if filter.reason.is_none() {
            refuse("reason", "Not a reason code.");
        }
    }
    for (name, place) in [("receivedFrom", &mut filter.received_from), ("receivedUntil", &mut filter.received_before)] {
        let Some(text) = part(name) else { continue };
        *place = date_time::read(&text);
        if place.is_none() {
            refuse(name, "Not a time.");
        }
    }
    for (name, place) in [("scoreFrom", &mut filter.score_from), ("scoreBelow", &mut filter.score_below)] {
        let Some(text) = part(name) else { continue };
        *place = text.parse().ok().filter(|score: &f64| score.is_finite());
        if place.is_none() {
            refuse(name, "Not a number that can be meant here.");
        }
    }
    if let Some(text) = part("asked") {
        filter.asked = text.to_ascii_lowercase().parse().ok();
        if filter.asked.is_none() {
            refuse("asked", "Must be true or false.");
        }
    }
    let mut user = None;
    match part("assignee").as_deref() {
        None => {}
        Some("none") => filter.assignee = Some(Assignee::Nobody),
        Some("me") if caller.person.is_some() => filter.assignee = Some(Assignee::User(UserId(-caller.key_id))),
        Some("me") => refuse("assignee", "Only a person who signed in is somebody."),
        Some(email) => user = Some(email.to_owned()),
    }
    (Meant { filter, user }, issues)
}

/// The order that `sort` names.
pub(crate) fn order(query: &mut Query) -> BucketOrder {
    match query.text("sort").as_deref() {
        None | Some("received") => BucketOrder::Oldest,
        Some("-received") => BucketOrder::Newest,
        Some("score") => BucketOrder::LeastSure,
        Some("-score") => BucketOrder::Surest,
        Some(_) => {
            query.issue("sort", IssueCode::InvalidValue, "One of received, -received, score, -score.");
            BucketOrder::Oldest
        }
    }
}

/// A row of the bucket.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BucketRowJson {
    #[serde(flatten)]
    transaction: TransactionJson,
    /// Whole hours since it was received.
    age_hours: i64,
    /// Score of its best candidate, in bits; null when there was nothing to score.
    score: Option<f64>,
    /// Who is to look at it.
    assignee: Option<AssigneeJson>,
}

/// Who is to look at a row.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AssigneeJson {
    user_id: i64,
    email: String,
    name: String,
}

impl From<&Assigned> for AssigneeJson {
    fn from(own: &Assigned) -> Self {
        Self { user_id: own.id.0, email: own.email.clone(), name: own.name.clone() }
    }
}

impl BucketRowJson {
    /// The row as it is shown to who may decide it.
    pub(crate) fn of(view: &TransactionView, sight: Sight, now: Timestamp) -> Self {
        Self {
            age_hours: (now - view.received_at).max(TimeDelta::zero()).num_hours(),
            score: view.decisions.iter().rev().find_map(|decision| decision.score),
            assignee: view.review.assignee.as_ref().map(AssigneeJson::from),
            transaction: TransactionJson::of(view, sight),
        }
    }
}

/// A single value that the row says and that the contact says otherwise, or not at all.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct BesideDifferenceJson {
    field: String,
    incoming: Option<String>,
    on_file: Option<String>,
    /// What a merge would make of it.
    result: Option<String>,
}

/// The row beside a candidate.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BesideJson {
    /// The single values on which the two differ.
    differences: Vec<BesideDifferenceJson>,
    /// Everything that a merge would change of the contact.
    changes: Vec<ChangeJson>,
}

impl From<&Beside> for BesideJson {
    fn from(beside: &Beside) -> Self {
        let difference = |own: &Difference| BesideDifferenceJson {
            field: own.field.clone(),
            incoming: own.merged.clone(),
            on_file: own.survivor.clone(),
            result: own.result.clone(),
        };
        Self {
            differences: beside.differences.iter().map(difference).collect(),
            changes: beside.changes.iter().map(ChangeJson::from).collect(),
        }
    }
}

/// Something that was done about a row beside deciding it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StepJson {
    /// `assign`, `unassign` or `ask`.
    action: &'static str,
    /// To whom it was given.
    assignee: Option<String>,
    question: Option<String>,
    actor: String,
    at_utc: String,
}

impl From<&(ReviewStepRow, Option<String>)> for StepJson {
    fn from((step, email): &(ReviewStepRow, Option<String>)) -> Self {
        Self {
            action: step.action.as_str(),
            assignee: email.clone(),
            question: step.question.clone(),
            actor: step.actor.clone(),
            at_utc: compat_time(step.at),
        }
    }
}

/// How many rows wait, of what.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BucketCountsJson {
    total: i64,
    oldest_received_at_utc: Option<String>,
    /// Most first.
    reasons: Vec<ReasonCountJson>,
    /// Most first; null is for rows without a reference.
    sources: Vec<SourceCountJson>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ReasonCountJson {
    reason: Reason,
    sentence: &'static str,
    count: i64,
    oldest_received_at_utc: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SourceCountJson {
    source: Option<String>,
    count: i64,
    oldest_received_at_utc: String,
}

impl From<BucketCounts> for BucketCountsJson {
    fn from(counts: BucketCounts) -> Self {
        let reason = |own: &tributary_engine::BucketReason| ReasonCountJson {
            reason: own.reason,
            sentence: own.reason.sentence(),
            count: own.count,
            oldest_received_at_utc: own.oldest.map(compat_time),
        };
        let source = |own: tributary_engine::BucketSource| SourceCountJson {
            source: own.name,
            count: own.count,
            oldest_received_at_utc: compat_time(own.oldest),
        };
        Self {
            total: counts.total,
            oldest_received_at_utc: counts.oldest.map(compat_time),
            reasons: counts.reasons.iter().map(reason).collect(),
            sources: counts.sources.into_iter().map(source).collect(),
        }
    }
}

/// The filter of a body as a JSON Schema.
pub(crate) fn filter_schema() -> Value {
    let text = |about: &str| json!({ "type": ["string", "number", "boolean", "null"], "maxLength": limits::REFERENCE, "description": about });
    let bits = |about: &str| json!({ "type": ["number", "null"], "description": about });
    let time = json!({ "anyOf": [{ "type": "string", "format": "date-time" }, schema::blank()] });
    let reasons: Vec<Value> = Reason::ALL.iter().map(|own| Value::from(own.as_str())).chain([Value::Null]).collect();
    json!({
        "type": "object",
        "additionalProperties": false,
        "description": "Which rows are meant: all that is named has to fit.",
        "properties": {
            "reason": { "enum": reasons },
            "source": text("Only those of this reference source."),
            "receivedFrom": time,
            "receivedUntil": time,
            "assignee": text("The address of a user; `me` is who asks, `none` is nobody."),
            "asked": { "type": ["boolean", "null"] },
            "scoreFrom": bits("At least this score, in bits."),
            "scoreBelow": bits("Less than this score, in bits."),
        },
    })
}
