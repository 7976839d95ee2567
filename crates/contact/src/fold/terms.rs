//! What the policy that a record was decided under says of what the record says.

use crate::model::{RecordKind, SourceRecord};
use crate::policy::{List, Power, Rule, Subject, source_of};
use std::cmp::Ordering;

/// Rank of a staff edit: above every source.
const STAFF: u32 = u32::MAX;

/// How much of a list of a record is heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Heard {
    /// Nothing.
    Not,
    /// All of it when nothing came before.
    First,
    /// All of it.
    Whole,
}

/// What its source may do to something. Only senders are bound: who changes a contact directly means it.
pub(super) fn power(record: &SourceRecord, subject: Subject<'_>) -> Power {
    match (&record.policy, record.kind) {
        (_, RecordKind::Edit | RecordKind::Create) => Power::Clear,
        (Some(policy), RecordKind::Transaction) => policy.power(source_of(record), subject),
        _ => Power::Update,
    }
}

/// The rule by which a record's value counts against one that is there.
pub(super) fn rule(record: &SourceRecord, subject: Subject<'_>) -> Rule {
    match &record.policy {
        _ if power(record, subject) == Power::Fill => Rule::FillOnly,
        Some(policy) => policy.rule(subject),
        None => subject.shipped_rule(),
    }
}

/// Whether an edit holds against everything that comes later.
pub(super) fn locks(record: &SourceRecord, subject: Subject<'_>) -> bool {
    record.policy.as_ref().is_none_or(|policy| policy.locks(subject))
}

impl Heard {
    /// Whether it is heard when this came before.
    pub(super) const fn after(self, nothing: bool) -> bool {
        matches!((self, nothing), (Self::Whole, _) | (Self::First, true))
    }
}

/// How much of a list of a record is heard.
pub(super) fn heard(record: &SourceRecord, list: List) -> Heard {
    if record.policy.is_none() || record.kind != RecordKind::Transaction {
        return Heard::Whole;
    }
    let subject = Subject::List(list);
    match (power(record, subject), rule(record, subject)) {
        (Power::Ignore, _) => Heard::Not,
        (_, Rule::FillOnly) => Heard::First,
        _ => Heard::Whole,
    }
}

/// Which of two records is trusted more, as the policy of the first one sees it.
pub(super) fn compare_trust(new: &SourceRecord, old: &SourceRecord) -> Ordering {
    let trust = |record: &SourceRecord| {
        let profile = || new.policy.as_ref().map(|policy| u32::from(policy.profile(source_of(record)).trust));
        if record.kind == RecordKind::Edit { STAFF } else { profile().unwrap_or_default() }
    };
    trust(new).cmp(&trust(old))
}
