//! Survivorship: a golden record as a pure function of the set of source records assigned to it
//! (design.md 3). Nothing else makes or changes a golden record, so taking a record away and folding
//! again gives back what was there before.

mod custom;
mod items;
mod matched;
mod name;
mod names;
mod people;
mod scalar;
mod terms;
#[cfg(test)]
mod tests;

pub use matched::{Matched, as_matched};

use crate::model::{Gift, Giving, Golden, SourceRecord};
use crate::policy::{List, Subject};
use scalar::{Claim, winner};
use std::collections::BTreeSet;

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
    put_lists(records, &mut golden);
    put_giving(records, &mut golden);
    name::put(&mut golden);
    golden
}

/// As shipped: the first sender that gave one; the latest staff edit before it.
fn put_contact_type(records: Records<'_, '_>, golden: &mut Golden) {
    let claim =
        |record: &SourceRecord| if record.submission.contact_type.is_some() { Claim::Value(()) } else { Claim::Silent };
    if let Some((record, ())) = winner(records, Subject::ContactType, claim) {
        golden.contact_type = record.submission.contact_type.clone().unwrap_or_default();
        golden.provenance.insert("contactType".to_owned(), record.id);
    }
}

fn put_scalars(records: Records<'_, '_>, golden: &mut Golden) {
    for field in scalar::fields(records, |field| !field.is_individual()) {
        if let Some((record, value)) = winner(records, Subject::Field(field), |record| scalar::claim(record, field)) {
            golden.fields.insert(field, value.to_owned());
            golden.provenance.insert(field.as_str().to_owned(), record.id);
        }
    }
}

fn put_custom_fields(records: Records<'_, '_>, golden: &mut Golden) {
    let won = custom::fields(records, |submission| &submission.custom_fields);
    for (name, (record, value)) in won {
        golden.provenance.insert(format!("customFields/{name}"), record);
        golden.custom_fields.insert(name, value);
    }
    golden.custom_objects = custom::objects(records, |submission| custom::Objects {
        said: &submission.custom_objects,
        removed: &submission.removed_objects,
    });
}

/// Lists, which grow with every record; only a staff edit takes anything away.
fn put_lists(records: Records<'_, '_>, golden: &mut Golden) {
    golden.tags = names::united(records, List::Tags, |submission| (&submission.tags, Some(&submission.removed_tags)));
    golden.groups =
        names::united(records, List::Groups, |submission| (&submission.groups, Some(&submission.removed_groups)));
    golden.email_lists = names::united(records, List::EmailLists, |submission| (&submission.email_lists, None));
    for record in records {
        // A reference is the sender's own word: whoever sends it after it was taken away brings it back.
        for gone in scalar::edits(record).into_iter().flat_map(|edits| &edits.removed_references) {
            golden.references.remove(gone);
        }
        let submission = &record.submission;
        golden.references.extend(submission.reference.clone());
        if terms::heard(record, List::Attendances).after(golden.attendances.is_empty()) {
            golden.attendances.extend(submission.attendances.iter().cloned());
        }
        if terms::heard(record, List::VolunteerAttendances).after(golden.volunteer_attendances.is_empty()) {
            golden.volunteer_attendances.extend(submission.volunteer_attendances.iter().cloned());
        }
    }
}

/// Each gift once, however often it was sent: as it came first.
fn put_giving(records: Records<'_, '_>, golden: &mut Golden) {
    let mut seen: BTreeSet<(&str, &str)> = BTreeSet::new();
    let gifts = records.iter().filter_map(|record| record.submission.counted_gift());
    golden.giving = Giving::of(gifts.filter(|gift: &&Gift| seen.insert((&gift.source, &gift.id))));
}
