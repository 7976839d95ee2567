//! Survivorship as an organization wants it: which value of a field survives, what each source may do, and what
//! waits for a person. A document that never changes; the shipped policy is the empty one.

mod read;
mod subject;
#[cfg(test)]
mod tests;
mod triage;
mod waits;

pub use subject::{List, Subject};
pub use triage::{QUESTION_AT_MOST, TriageAction, TriageRule, Waiting, may_be_new};
pub use waits::{says_more, source_profile, waiting_fields};

use crate::issue::Issue;
use crate::model::{Field, SourceRecord};
use crate::state::text_enum;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// Stands for every name that is not named itself.
const EVERY: &str = "*";

text_enum! {
    /// Which value of a field survives when another comes.
    Rule {
        /// The latest change that its sender gives a time of; without times the first sender's, which it may correct.
        Standard => "standard",
        /// The latest: by the time of change that the sender gives, otherwise by the time of receipt.
        Recency => "recency",
        /// That of the most trusted source; between equals the latest.
        Trust => "trust",
        /// The first one. Another only fills the place when it is empty.
        FillOnly => "fillOnly",
        /// All of them together (lists only).
        Union => "union",
    }
}

text_enum! {
    /// What a source may do to a field, each including those before it.
    Power {
        /// Nothing: what it says is kept in its records and not heard.
        Ignore => "ignore",
        /// Fill it when it is empty.
        Fill => "fill",
        /// Change it, by the rule of the field.
        Update => "update",
        /// Take its value away as well.
        Clear => "clear",
    }
}

text_enum! {
    /// Which rows of a source are merged into a contact without a person when they bring something new.
    AutoMerge {
        /// All that match for sure.
        All => "all",
        /// Those whose own reference names the contact.
        Reference => "reference",
        /// None.
        Never => "never",
    }
}

/// How one field survives. What is not said is as shipped.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct FieldPolicy {
    /// Which value survives.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<Rule>,
    /// Whether a staff edit holds against everything that comes later; shipped: it does. Otherwise it counts as the
    /// value of its time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lock: Option<bool>,
    /// Whether a change of a known value waits for a person; shipped: names, birth date, death.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sensitive: Option<bool>,
}

/// What a source may do. The default is that of the shipped policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SourceProfile {
    /// How far it is trusted: the greater the more.
    pub trust: u16,
    /// Whether its rows make new contacts without a person.
    pub create: bool,
    /// Whether its rows make new individuals of contacts without a person.
    pub add_individuals: bool,
    /// Which of its rows are merged without a person when they bring something new.
    pub auto_merge: AutoMerge,
    /// What it may do to fields, by name; `*` stands for all others.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub may: BTreeMap<String, Power>,
    /// Sensitive fields that it changes without a person.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub trusted_with: BTreeSet<Field>,
}

impl SourceProfile {
    /// The shipped profile.
    const SHIPPED: Self = Self {
        trust: 50,
        create: true,
        add_individuals: true,
        auto_merge: AutoMerge::All,
        may: BTreeMap::new(),
        trusted_with: BTreeSet::new(),
    };

    /// The vendor's strict mode (virtuous-contract.md 3.2): everything new waits in the bucket.
    fn strict() -> Self {
        Self { create: false, add_individuals: false, auto_merge: AutoMerge::Never, ..Self::SHIPPED }
    }
}

static SHIPPED: SourceProfile = SourceProfile::SHIPPED;

impl Default for SourceProfile {
    fn default() -> Self {
        Self::SHIPPED
    }
}

/// A policy as it is written, shown and stored.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PolicyDocument {
    /// What it is for, in the words of whoever wrote it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub about: String,
    /// How fields survive, by name (see [`Subject`]); `*` stands for every other single value, `lists` for every
    /// other list.
    pub fields: BTreeMap<String, FieldPolicy>,
    /// What sources may do, by reference source; `*` stands for every other one, and for rows without a reference.
    pub sources: BTreeMap<String, SourceProfile>,
    /// What is done by rule with rows that wait for a person; the first rule that ends it counts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub triage: Vec<TriageRule>,
}

impl PolicyDocument {
    /// Reads a document as people write it: `strict` stands for its parts, and unknown names are problems.
    ///
    /// # Errors
    /// Every problem of it.
    pub fn read(document: &Value) -> Result<Self, Vec<Issue>> {
        read::document(document)
    }
}

/// A version of a policy, as it goes with the records that were decided under it.
#[derive(Clone, PartialEq, Eq)]
pub struct Policy {
    number: i64,
    document: PolicyDocument,
}

/// Only the number: the document is long, and goes with many records.
impl fmt::Debug for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Policy({})", self.number)
    }
}

impl Policy {
    /// Number of the shipped policy, which is never stored.
    pub const SHIPPED: i64 = 0;

    /// A version.
    #[must_use]
    pub const fn new(number: i64, document: PolicyDocument) -> Self {
        Self { number, document }
    }

    /// Its number.
    #[must_use]
    pub const fn number(&self) -> i64 {
        self.number
    }

    /// Its document.
    #[must_use]
    pub const fn document(&self) -> &PolicyDocument {
        &self.document
    }

    /// What a source may do.
    #[must_use]
    pub fn profile(&self, source: Option<&str>) -> &SourceProfile {
        let sources = &self.document.sources;
        source.and_then(|name| sources.get(name)).or_else(|| sources.get(EVERY)).unwrap_or(&SHIPPED)
    }

    /// The rule of a single value or a list.
    #[must_use]
    pub(crate) fn rule(&self, subject: Subject<'_>) -> Rule {
        self.said(subject, |field| field.rule).unwrap_or_else(|| subject.shipped_rule())
    }

    /// Whether staff edits of it hold against everything that comes later.
    #[must_use]
    pub(crate) fn locks(&self, subject: Subject<'_>) -> bool {
        self.said(subject, |field| field.lock).unwrap_or(true)
    }

    /// What a source may do to it.
    #[must_use]
    pub(crate) fn power(&self, source: Option<&str>, subject: Subject<'_>) -> Power {
        let may = &self.profile(source).may;
        let named = || subject.names().find_map(|name| may.get(&*name));
        named().or_else(|| may.get(EVERY)).copied().unwrap_or(Power::Update)
    }

    /// What the document says of a field, the narrowest name first.
    fn said<T>(&self, subject: Subject<'_>, part: impl Fn(&FieldPolicy) -> Option<T>) -> Option<T> {
        let fields = &self.document.fields;
        let named = subject.names().find_map(|name| fields.get(&*name).and_then(&part));
        named.or_else(|| fields.get(subject.family()?).and_then(part))
    }
}

/// The reference source that a record speaks for.
pub(crate) fn source_of(record: &SourceRecord) -> Option<&str> {
    record.submission.reference.as_ref().map(|reference| reference.source.as_str())
}
