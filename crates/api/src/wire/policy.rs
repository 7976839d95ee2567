//! Survivorship policies on the wire.

use super::schema::text;
use crate::query::Query;
use serde::Serialize;
use serde_json::{Value, json};
use tributary_contact::flat::limits;
use tributary_contact::policy::{AutoMerge, PolicyDocument, Power, QUESTION_AT_MOST, Rule, TriageAction};
use tributary_contact::state::Reason;
use tributary_contact::{ContactId, Field};
use tributary_engine::{FoldBy, PolicyVersion, Refold, RefoldPage, Refolded, compat_time, policy_name};
use utoipa::{IntoParams, ToSchema};

/// A version of the policy.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PolicyJson {
    /// Its number; 0 is the shipped one.
    number: i64,
    /// Its name: `shipped`, `policy-3`.
    version: String,
    /// Whether it holds now.
    active: bool,
    /// Who made it.
    actor: Option<String>,
    created_at_utc: Option<String>,
    /// What it says.
    #[schema(value_type = Object)]
    document: PolicyDocument,
}

impl From<PolicyVersion> for PolicyJson {
    fn from(version: PolicyVersion) -> Self {
        Self {
            number: version.number,
            version: policy_name(version.number),
            active: version.active,
            actor: version.actor,
            created_at_utc: version.created_at.map(compat_time),
            document: version.document,
        }
    }
}

/// Which contacts are folded anew.
#[derive(Debug, Clone, Copy, IntoParams)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub(crate) struct RefoldQuery {
    /// `true` stores nothing, and answers what the same call would change.
    #[param(default = false, required = false)]
    dry_run: bool,
    /// Only contacts after this one: `next` of the page before.
    #[param(minimum = 0, default = 0, required = false)]
    after: i64,
    /// Contacts looked at, at most; 0 counts as 1.
    #[param(minimum = 0, maximum = 1_000, default = 500, required = false)]
    take: i64,
}

impl RefoldQuery {
    /// Their names.
    pub(crate) const NAMES: &'static [&'static str] = &["dryRun", "after", "take"];

    /// Reads them.
    pub(crate) fn read(query: &mut Query) -> Self {
        let dry_run = query.flag("dryRun").unwrap_or(false);
        Self { dry_run, after: query.number("after", i64::MAX, 0), take: query.number("take", 1_000, 500).max(1) }
    }

    /// What they ask for.
    pub(crate) const fn by(self, by: FoldBy) -> Refold {
        Refold { by, dry_run: self.dry_run, after: Some(ContactId(self.after)), take: self.take }
    }
}

/// A page of contacts folded anew.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RefoldJson {
    /// Contacts looked at.
    seen: i64,
    /// Those of which a value changes.
    changed: Vec<RefoldedJson>,
    /// `after` of the next page; null on the last one.
    next: Option<i64>,
}

/// A contact of which a value changes.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RefoldedJson {
    contact_id: i64,
    changes: Vec<ChangeJson>,
}

/// A value that changes.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ChangeJson {
    /// Path of the value, for example `individuals/81/lastName`.
    field: String,
    before: Option<Value>,
    after: Option<Value>,
}

impl From<RefoldPage> for RefoldJson {
    fn from(page: RefoldPage) -> Self {
        let changed = page.changed.into_iter().map(RefoldedJson::from).collect();
        Self { seen: page.seen, changed, next: page.next.map(|id| id.0) }
    }
}

impl From<Refolded> for RefoldedJson {
    fn from(contact: Refolded) -> Self {
        let changes = contact.changes.into_iter();
        let changes =
            changes.map(|change| ChangeJson { field: change.field, before: change.before, after: change.after });
        Self { contact_id: contact.contact.0, changes: changes.collect() }
    }
}

/// The shape with words about it.
fn about(mut shape: Value, words: &str) -> Value {
    if let Some(members) = shape.as_object_mut() {
        members.insert("description".to_owned(), words.into());
    }
    shape
}

/// The body of a new version.
pub(crate) fn schema() -> Value {
    let field = json!({ "type": "object", "additionalProperties": false, "properties": {
        "rule": { "type": "string", "enum": Rule::ALL },
        "lock": { "type": "boolean", "description": "Whether staff edits hold against all that comes later; false only with recency." },
        "sensitive": { "type": "boolean", "description": "Whether a change of a known value waits for a person." },
    } });
    let source = json!({ "type": "object", "additionalProperties": false, "properties": {
        "strict": { "type": "boolean", "description": "Everything new waits for a person: stands for create, addIndividuals and autoMerge." },
        "trust": { "type": "integer", "minimum": 0, "maximum": 1000, "default": 50 },
        "create": { "type": "boolean", "default": true },
        "addIndividuals": { "type": "boolean", "default": true },
        "autoMerge": { "type": "string", "enum": AutoMerge::ALL, "default": AutoMerge::All },
        "may": { "type": "object", "additionalProperties": { "type": "string", "enum": Power::ALL } },
        "trustedWith": { "type": ["array", "string", "null"], "items": { "type": "string", "enum": Field::ALL } },
    } });
    let rule = json!({ "type": "object", "additionalProperties": false, "required": ["action"], "properties": {
        "reason": { "type": "string", "enum": Reason::ALL, "description": "Only rows that wait for this reason." },
        "source": about(text(limits::REFERENCE), "Only rows of this reference source."),
        "action": { "type": "string", "enum": TriageAction::ALL },
        "after": { "type": "integer", "minimum": 0, "maximum": 3650, "default": 0, "description": "Days that a row has to have waited." },
        "assignee": about(text(limits::VALUE), "With assign: the address of a user."),
        "question": about(text(QUESTION_AT_MOST), "With askPartner: what the sender is asked."),
    } });
    json!({ "type": "object", "additionalProperties": false, "properties": {
        "about": { "type": "string" },
        "fields": { "type": "object", "additionalProperties": field, "description": "By field, customFields/NAME, contactType or list; * for other values, lists for other lists." },
        "sources": { "type": "object", "additionalProperties": source, "description": "By reference source; * for all others." },
        "triage": { "type": "array", "items": rule, "maxItems": 200, "description": "What is done with rows that wait; rules are looked at in order until hold, reject or create ends it." },
    }, "example": {
        "about": "The CRM knows best, forms fill gaps",
        "fields": { "gender": { "rule": "recency" } },
        "sources": { "Web form": { "trust": 10, "autoMerge": "reference" } },
    } })
}
