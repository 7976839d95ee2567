//! Survivorship: a golden record as a pure function of the set of source records assigned to it
//! (design.md 3). Nothing else makes or changes a golden record, so taking a record away and folding
//! again gives back what was there before.

mod items;
mod matched;
mod name;
mod people;
mod scalar;
#[cfg(test)]
mod tests;

pub use matched::{Matched, as_matched};

use crate::model::{Golden, RecordKind, SourceRecord, Submission};
use rustc_hash::FxHashSet;
use scalar::{Claim, winner};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

/// Folds all records of a contact. `None` when there are none.
///
/// The order of `records` does not matter: they count in order of receipt, then of id. A record given
/// twice counts once. `country` is the organization's own (ISO 3166, two letters), for the normal
/// forms that unite methods and addresses.
#[must_use]
pub fn fold(records: &[SourceRecord], country: &str) -> Option<Golden> {
    let mut all = Fold::new(country);
    for record in records {
        all.push(record);
    }
    all.finish()
}

/// Collects the records of a contact one by one, in any order.
#[derive(Debug, Clone)]
pub struct Fold<'a> {
    country: &'a str,
    records: Vec<&'a SourceRecord>,
}

impl<'a> Fold<'a> {
    /// An empty fold; `country` as in [`fold`].
    #[must_use]
    pub const fn new(country: &'a str) -> Self {
        Self { country, records: Vec::new() }
    }

    /// Adds a record.
    pub fn push(&mut self, record: &'a SourceRecord) {
        self.records.push(record);
    }

    /// The golden record of everything pushed; `None` when nothing was.
    #[must_use]
    pub fn finish(mut self) -> Option<Golden> {
        self.records.sort_unstable_by_key(|record| (record.received_at, record.id));
        self.records.dedup_by_key(|record| record.id);
        (!self.records.is_empty()).then(|| golden(&self.records, self.country))
    }
}

/// Records in order of receipt, at least one.
type Records<'r, 'a> = &'r [&'a SourceRecord];

fn golden(records: Records<'_, '_>, country: &str) -> Golden {
    let mut golden = Golden::default();
    put_contact_type(records, &mut golden);
    put_scalars(records, &mut golden);
    put_custom_fields(records, &mut golden);
    people::put(records, country, &mut golden);
    items::put_addresses(records, country, &mut golden);
    put_unions(records, &mut golden);
    name::put(&mut golden);
    golden
}

/// The first sender that gave one; the latest staff edit before it.
fn put_contact_type(records: Records<'_, '_>, golden: &mut Golden) {
    let mut giving = records.iter().filter(|record| record.submission.contact_type.is_some());
    let edited = giving.clone().rfind(|record| record.kind == RecordKind::Edit);
    if let Some(record) = edited.or_else(|| giving.next()) {
        golden.contact_type = record.submission.contact_type.clone().unwrap_or_default();
        golden.provenance.insert("contactType".to_owned(), record.id);
    }
}

fn put_scalars(records: Records<'_, '_>, golden: &mut Golden) {
    for field in scalar::fields(records, |field| !field.is_individual()) {
        if let Some((record, value)) = winner(records, |record| scalar::claim(record, field)) {
            golden.fields.insert(field, value.to_owned());
            golden.provenance.insert(field.as_str().to_owned(), record.id);
        }
    }
}

/// Same rules as a scalar field, for each name. A blank from one who may clear takes the value away.
fn put_custom_fields(records: Records<'_, '_>, golden: &mut Golden) {
    let names: BTreeSet<&String> = records.iter().flat_map(|record| record.submission.custom_fields.keys()).collect();
    for name in names {
        if let Some((record, value)) = winner(records, |record| custom_claim(record, name)) {
            golden.custom_fields.insert(name.clone(), value.to_owned());
            golden.provenance.insert(format!("customFields/{name}"), record.id);
        }
    }
}

fn custom_claim<'a>(record: &'a SourceRecord, name: &str) -> Claim<'a> {
    match record.submission.custom_fields.get(name).map(String::as_str) {
        Some(value) if !scalar::is_blank(value) => Claim::Value(value),
        Some(_) if scalar::may_clear(record.kind) => Claim::Clear,
        _ => Claim::Silent,
    }
}

/// What grows with every record, and shrinks by direct ones only.
fn put_unions(records: Records<'_, '_>, golden: &mut Golden) {
    golden.tags = tags(records);
    golden.email_lists = first_spellings(records, |submission| &submission.email_lists);
    for record in records {
        for gone in scalar::edits(record).into_iter().flat_map(|edits| &edits.removed_references) {
            golden.references.remove(gone);
        }
        let submission = &record.submission;
        golden.references.extend(submission.reference.clone());
        golden.custom_objects.extend(submission.custom_objects.iter().cloned());
        golden.attendances.extend(submission.attendances.iter().cloned());
        golden.volunteer_attendances.extend(submission.volunteer_attendances.iter().cloned());
    }
}

/// Tags as [`first_spellings`]. What a direct record took away only a direct record brings back.
fn tags(records: Records<'_, '_>) -> BTreeSet<String> {
    if records.iter().all(|record| record.submission.edits.removed_tags.is_empty()) {
        return first_spellings(records, |submission| &submission.tags);
    }
    let mut held: BTreeMap<String, Option<&String>> = BTreeMap::new();
    for record in records {
        let gone = scalar::edits(record).into_iter().flat_map(|edits| &edits.removed_tags);
        held.extend(gone.map(|name| (name.to_lowercase(), None)));
        for name in record.submission.tags.iter().filter(|name| !scalar::is_blank(name)) {
            let place = held.entry(name.to_lowercase());
            match place {
                Entry::Vacant(free) => drop(free.insert(Some(name))),
                Entry::Occupied(mut taken) if taken.get().is_none() && scalar::may_clear(record.kind) => {
                    taken.insert(Some(name));
                }
                Entry::Occupied(_) => {}
            }
        }
    }
    held.into_values().flatten().cloned().collect()
}

/// Names united in any letter case, each as it was spelled first.
fn first_spellings<'a>(
    records: Records<'_, 'a>,
    names: impl Fn(&'a Submission) -> &'a BTreeSet<String>,
) -> BTreeSet<String> {
    let mut seen = FxHashSet::default();
    let all = records.iter().flat_map(|record| names(&record.submission));
    all.filter(|name| !scalar::is_blank(name) && seen.insert(name.to_lowercase())).cloned().collect()
}
