//! Which record a single value comes from.

use super::Records;
use crate::model::{Edits, Field, RecordKind, SourceRecord};
use std::collections::BTreeSet;

/// What one record says about one value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Claim<'a> {
    /// Nothing; blank is nothing.
    Silent,
    /// This value.
    Value(&'a str),
    /// There is no value.
    Clear,
}

/// Whether a record of this kind can take a value away: staff, and the direct API with its `null`.
pub(super) const fn may_clear(kind: RecordKind) -> bool {
    matches!(kind, RecordKind::Edit | RecordKind::Create)
}

/// What a record changes about others, if it is one that may.
pub(super) fn edits(record: &SourceRecord) -> Option<&Edits> {
    may_clear(record.kind).then_some(&record.submission.edits)
}

pub(super) fn is_blank(value: &str) -> bool {
    value.trim().is_empty()
}

/// What a record says about a scalar field.
pub(super) fn claim(record: &SourceRecord, field: Field) -> Claim<'_> {
    match record.submission.field(field) {
        Some(value) if !is_blank(value) => Claim::Value(value),
        _ if may_clear(record.kind) && record.submission.cleared.contains(&field) => Claim::Clear,
        _ => Claim::Silent,
    }
}

/// Every scalar field that some record gives a value, in order.
pub(super) fn fields(records: Records<'_, '_>, wanted: impl Fn(Field) -> bool) -> BTreeSet<Field> {
    let given = records.iter().flat_map(|record| record.submission.fields.keys().copied());
    given.filter(|&field| wanted(field)).collect()
}

/// The record and value that hold for one thing all these records may speak of.
///
/// 1. The latest staff edit that sets or clears it.
/// 2. Of the other records that give a change time, the latest change; of equal ones the first received.
/// 3. Otherwise the sender (reference) that gave a value first, with its latest value: a sender may
///    correct what it supplied itself, never what another supplied.
///
/// What another record clears counts as never said by the senders before it.
pub(super) fn winner<'a>(
    records: Records<'_, 'a>,
    claim: impl Fn(&'a SourceRecord) -> Claim<'a>,
) -> Option<(&'a SourceRecord, &'a str)> {
    let edited = records.iter().rfind(|r| r.kind == RecordKind::Edit && claim(r) != Claim::Silent);
    if let Some(record) = edited {
        return value_of(record, &claim);
    }
    let cleared = records.iter().rposition(|r| claim(r) == Claim::Clear).map_or(0, |at| at + 1);
    let live = records.get(cleared..).unwrap_or_default();
    let values = || live.iter().filter_map(|record| value_of(record, &claim));
    latest_change(values()).or_else(|| {
        let (first, value) = values().next()?;
        let corrected = values().rfind(|(record, _)| same_sender(first, record));
        corrected.or(Some((first, value)))
    })
}

fn value_of<'a>(
    record: &'a SourceRecord,
    claim: &impl Fn(&'a SourceRecord) -> Claim<'a>,
) -> Option<(&'a SourceRecord, &'a str)> {
    match claim(record) {
        Claim::Value(value) => Some((record, value)),
        Claim::Silent | Claim::Clear => None,
    }
}

/// The strictly latest change among the values that have a change time.
fn latest_change<'a>(values: impl Iterator<Item = (&'a SourceRecord, &'a str)>) -> Option<(&'a SourceRecord, &'a str)> {
    let dated = values.filter(|(record, _)| record.submission.changed_at.is_some());
    dated.reduce(|best, next| if next.0.submission.changed_at > best.0.submission.changed_at { next } else { best })
}

/// Whether two records call the contact the same. A record without a reference is a sender of its own.
fn same_sender(a: &SourceRecord, b: &SourceRecord) -> bool {
    a.id == b.id || (a.submission.reference.is_some() && a.submission.reference == b.submission.reference)
}
