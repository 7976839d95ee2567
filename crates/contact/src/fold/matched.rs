//! What the matcher is to see of a contact: its records, without what staff took away, and its people as staff
//! corrected them.

use super::{Records, fold, items};
use crate::model::{Field, Golden, GoldenIndividual, GoldenMethod, ItemId, RecordId, SourceRecord, Submission};
use std::borrow::Cow;

/// What one record says of one individual.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matched<'a> {
    /// The record.
    pub record: RecordId,
    /// The individual.
    pub individual: ItemId,
    /// What it says. Borrowed when it is what the record says as it stands.
    pub submission: Cow<'a, Submission>,
}

/// The records as they count for matching, in the given order.
///
/// Without edits of items that is what they say. Otherwise people, methods and addresses that were taken away are
/// left out, and the last correction of an individual stands for the individual as a whole. What a value was before
/// it was corrected still finds the contact, since a sender may go on sending it.
#[must_use]
pub fn as_matched<'a>(records: &'a [SourceRecord], country: &str) -> Vec<Matched<'a>> {
    let as_said = |record: &SourceRecord| !record.is_correction() && record.submission.edits.items.is_empty();
    if records.iter().all(as_said) {
        return records.iter().map(as_it_stands).collect();
    }
    let mut ordered: Vec<&SourceRecord> = records.iter().collect();
    ordered.sort_unstable_by_key(|record| (record.received_at, record.id));
    let golden = fold(records, country).unwrap_or_default();
    records.iter().filter_map(|record| seen(record, &ordered, &golden, country)).collect()
}

fn as_it_stands(record: &SourceRecord) -> Matched<'_> {
    Matched { record: record.id, individual: record.individual, submission: Cow::Borrowed(&record.submission) }
}

fn seen<'a>(record: &'a SourceRecord, ordered: Records<'_, '_>, golden: &Golden, country: &str) -> Option<Matched<'a>> {
    let person = golden.individual(record.individual)?;
    let own: Vec<&SourceRecord> = ordered.iter().copied().filter(|own| own.individual == person.id).collect();
    let submission = if record.is_correction() {
        let last = own.iter().rfind(|own| own.is_correction()).map(|own| own.id);
        (last == Some(record.id)).then(|| Cow::Owned(as_corrected(person, golden)))?
    } else {
        items::without_gone(&record.submission, &own, ordered, country)
    };
    Some(Matched { submission, ..as_it_stands(record) })
}

/// The individual as it is now, as one submission. A name that was made of the people is nobody's word.
fn as_corrected(person: &GoldenIndividual, golden: &Golden) -> Submission {
    let given = |field: &Field| *field != Field::Name || golden.provenance.contains_key(Field::Name.as_str());
    let fields = golden.fields.iter().filter(|(field, _)| given(field)).chain(&person.fields);
    Submission {
        contact_type: Some(golden.contact_type.clone()),
        fields: fields.map(|(field, value)| (*field, value.clone())).collect(),
        methods: person.methods.iter().map(GoldenMethod::plain).collect(),
        addresses: golden.addresses.iter().map(|own| own.address.clone()).collect(),
        ..Submission::default()
    }
}
