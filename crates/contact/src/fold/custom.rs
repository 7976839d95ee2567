//! The organization's own fields and collections, of a contact or of an individual.

use super::scalar::{self, Claim, winner};
use super::{Records, terms};
use crate::model::{CustomObject, RecordId, RecordKind, SourceRecord, Submission};
use crate::policy::{List, Subject};
use std::collections::{BTreeMap, BTreeSet};

/// What one record says about collections.
pub(super) struct Objects<'a> {
    /// Entries, new or changed.
    pub said: &'a [CustomObject],
    /// Numbers of entries taken away.
    pub removed: &'a BTreeSet<i64>,
}

/// Custom fields by name, each with the record it came from. Same rules as a scalar field, for each name. A blank
/// from one who may clear takes the value away.
pub(super) fn fields<'a>(
    records: Records<'_, 'a>,
    said: impl Fn(&'a Submission) -> &'a BTreeMap<String, String>,
) -> BTreeMap<String, (RecordId, String)> {
    let names: BTreeSet<&String> = records.iter().flat_map(|record| said(&record.submission).keys()).collect();
    let won = |name: &String| {
        let claim = |record: &'a SourceRecord| claim(record, said(&record.submission).get(name));
        let (record, value) = winner(records, Subject::Custom(name), claim)?;
        Some((name.clone(), (record.id, value.to_owned())))
    };
    names.into_iter().filter_map(won).collect()
}

fn claim<'a>(record: &SourceRecord, said: Option<&'a String>) -> Claim<&'a str> {
    match said.map(String::as_str) {
        Some(value) if !scalar::is_blank(value) => Claim::Value(value),
        Some(_) if scalar::may_clear(record.kind) => Claim::Clear,
        _ => Claim::Silent,
    }
}

/// Entries of collections, each once. A staff edit changes or takes away an entry by its number; the sender's next
/// repeat of what it said first changes nothing then.
pub(super) fn objects<'a>(
    records: Records<'_, 'a>,
    said: impl Fn(&'a Submission) -> Objects<'a>,
) -> BTreeSet<CustomObject> {
    let mut entries: BTreeMap<i64, Option<CustomObject>> = BTreeMap::new();
    for record in records {
        let staff = record.kind == RecordKind::Edit;
        let Objects { said, removed } = said(&record.submission);
        let heard = terms::heard(record, List::CustomObjects).after(entries.is_empty());
        for object in said.iter().filter(|_| heard) {
            let known = entries.get(&object.instance());
            let new = known.is_none() && object.instance.is_none();
            if new || (staff && known.is_some()) {
                entries.insert(object.instance(), Some(object.clone()));
            }
        }
        for instance in removed.iter().filter(|_| staff) {
            entries.entry(*instance).and_modify(|entry| *entry = None);
        }
    }
    entries.into_values().flatten().collect()
}
