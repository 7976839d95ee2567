//! Which record a single value comes from.

use super::{Records, terms};
use crate::clock::Timestamp;
use crate::model::{Edits, Field, RecordKind, SourceRecord};
use crate::policy::{Power, Rule, Subject};
use std::cmp::Ordering::{Greater, Less};
use std::collections::BTreeSet;

/// What one record says about one value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Claim<V> {
    /// Nothing; blank is nothing.
    Silent,
    /// This value.
    Value(V),
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

/// What a record says about a scalar field. Whether it may is not asked.
pub(super) fn claim(record: &SourceRecord, field: Field) -> Claim<&str> {
    match record.submission.field(field) {
        Some(value) if !is_blank(value) => Claim::Value(value),
        _ if record.submission.cleared.contains(&field) => Claim::Clear,
        _ => Claim::Silent,
    }
}

/// Every scalar field that some record gives a value, in order.
pub(super) fn fields(records: Records<'_, '_>, wanted: impl Fn(Field) -> bool) -> BTreeSet<Field> {
    let given = records.iter().flat_map(|record| record.submission.fields.keys().copied());
    given.filter(|&field| wanted(field)).collect()
}

/// Who holds a value, or holds that there is none.
struct Holder<'a, V> {
    by: &'a SourceRecord,
    value: Option<V>,
    locked: bool,
}

/// The record and value that hold for one thing all these records may speak of.
///
/// In order of receipt, each record that says something is held against the one that holds the place, by the rule
/// of the policy that it was decided under. A staff edit takes the place, and locks it unless its policy says
/// otherwise. Under the shipped policy that comes to:
///
/// 1. The latest staff edit that sets or clears it.
/// 2. Of the other records that give a change time, the latest change; of equal ones the first received.
/// 3. Otherwise the sender (reference) that gave a value first, with its latest value: a sender may
///    correct what it supplied itself, never what another supplied.
///
/// What a direct record clears counts as never said by the senders before it.
pub(super) fn winner<'a, V: Copy>(
    records: Records<'_, 'a>,
    subject: Subject<'_>,
    claim: impl Fn(&'a SourceRecord) -> Claim<V>,
) -> Option<(&'a SourceRecord, V)> {
    let mut holder: Option<Holder<'a, V>> = None;
    for &record in records {
        let value = match claim(record) {
            Claim::Silent => continue,
            Claim::Value(value) => Some(value),
            Claim::Clear => None,
        };
        if takes(record, value.is_none(), subject, holder.as_ref()) {
            let locked = record.kind == RecordKind::Edit && terms::locks(record, subject);
            holder = Some(Holder { by: record, value, locked });
        }
    }
    let holder = holder?;
    Some((holder.by, holder.value?))
}

/// Whether a record takes the place from whoever holds it.
fn takes<V>(new: &SourceRecord, clears: bool, subject: Subject<'_>, holder: Option<&Holder<'_, V>>) -> bool {
    if new.kind == RecordKind::Edit {
        return true;
    }
    let power = terms::power(new, subject);
    if power == Power::Ignore || (clears && power != Power::Clear) || holder.is_some_and(|held| held.locked) {
        return false;
    }
    let Some(held) = holder else { return true };
    (clears && may_clear(new.kind)) || displaces(new, held, terms::rule(new, subject))
}

fn displaces<V>(new: &SourceRecord, held: &Holder<'_, V>, rule: Rule) -> bool {
    let newer = || heard_of(new) > heard_of(held.by);
    match rule {
        Rule::Recency => newer(),
        Rule::Trust => terms::compare_trust(new, held.by).then(if newer() { Greater } else { Less }) == Greater,
        Rule::FillOnly | Rule::Union => held.value.is_none() && fills(new, held.by),
        Rule::Standard if held.value.is_none() => fills(new, held.by),
        Rule::Standard => match (changed_at(new), changed_at(held.by)) {
            (None, None) => same_sender(held.by, new),
            (new, held) => new > held,
        },
    }
}

/// Whether a value takes the place that was cleared. What a direct record clears is as if it had never been said; after
/// another one not what changed before.
fn fills(new: &SourceRecord, cleared: &SourceRecord) -> bool {
    let times = changed_at(new).zip(changed_at(cleared));
    cleared.kind == RecordKind::Create || times.is_none_or(|(new, cleared)| new > cleared)
}

/// The time of change, if it is known: of a staff edit it is.
fn changed_at(record: &SourceRecord) -> Option<Timestamp> {
    if record.kind == RecordKind::Edit { Some(record.received_at) } else { record.submission.changed_at }
}

/// The time that recency goes by. Nobody knows of a change before it is made: a sender whose clock is ahead does not
/// hold a place for ever.
fn heard_of(record: &SourceRecord) -> Timestamp {
    changed_at(record).unwrap_or(record.received_at).min(record.received_at)
}

/// Whether two records call the contact the same. A record without a reference is a sender of its own.
fn same_sender(a: &SourceRecord, b: &SourceRecord) -> bool {
    a.id == b.id || (a.submission.reference.is_some() && a.submission.reference == b.submission.reference)
}
