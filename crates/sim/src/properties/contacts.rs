//! A contact is the fold of its source records, and all that is kept beside it follows from them too.

use super::{Checked, ensure};
use crate::snapshot::Snapshot;
use crate::world::COUNTRY;
use std::collections::{BTreeMap, BTreeSet};
use tributary_contact::fold::fold;
use tributary_contact::{ContactId, Reference, SourceRecord};
use tributary_matching::{Profile, TermStats};
use tributary_store::{ContactRow, KeyEntry, RunState};

pub(super) fn check(now: &Snapshot) -> Checked {
    let mut records: BTreeMap<ContactId, Vec<SourceRecord>> = BTreeMap::new();
    for assigned in &now.records {
        records.entry(assigned.contact).or_default().push(assigned.record.clone());
    }
    now.contacts.values().try_for_each(|contact| folded(contact, records.get(&contact.id)))?;
    references(now)?;
    indexed(now)?;
    audited(now)
}

fn folded(contact: &ContactRow, records: Option<&Vec<SourceRecord>>) -> Checked {
    let stored = serde_json::to_string(&contact.golden).unwrap_or_default();
    let derived = records.and_then(|records| fold(records, COUNTRY));
    let derived = derived.and_then(|golden| serde_json::to_string(&golden).ok()).unwrap_or_default();
    ensure(stored == derived, "a contact is the fold of its records", || {
        format!("contact {}\n  stored  {stored}\n  derived {derived}", contact.id)
    })
}

fn references(now: &Snapshot) -> Checked {
    let claimed: BTreeSet<(&Reference, ContactId)> =
        now.contacts.values().flat_map(|row| row.golden.references.iter().map(|own| (own, row.id))).collect();
    let indexed: BTreeSet<_> = now.references.iter().map(|entry| (&entry.reference, entry.contact)).collect();
    ensure(claimed == indexed, "references lead to the contacts that carry them", || {
        format!("carried {claimed:?}\n  indexed {indexed:?}")
    })
}

/// Match keys and term counts are those of the records. The people that a run brings are counted when it ends
/// (docs/adr/0003), so while one is cut off the counts are not compared.
fn indexed(now: &Snapshot) -> Checked {
    let (mut keys, mut terms) = (BTreeSet::new(), TermStats::default());
    for assigned in &now.records {
        let profile = Profile::of(&assigned.record.submission, COUNTRY);
        keys.extend(profile.keys().iter().map(|key| KeyEntry { key: *key, contact: assigned.contact }));
        // Frequencies count people: the records that brought one.
        if assigned.record.individual == assigned.record.first_item {
            terms.add(&profile, 1);
        }
    }
    let (missing, extra) = (keys.difference(&now.keys).count(), now.keys.difference(&keys).count());
    ensure(missing + extra == 0, "match keys are those of the records", || {
        format!("{missing} missing, {extra} too many")
    })?;
    let terms: BTreeMap<i64, i64> = terms.entries().collect();
    let cut_off = now.runs.iter().any(|run| run.state == RunState::Running);
    ensure(cut_off || terms == now.terms, "term counts are those of the records", || {
        format!("{} terms derived, {} stored", terms.len(), now.terms.len())
    })
}

fn audited(now: &Snapshot) -> Checked {
    now.audit.iter().try_for_each(|(id, rows)| {
        let versions: Vec<i64> = rows.iter().map(|row| row.version).collect();
        let last = i64::try_from(versions.len()).unwrap_or(i64::MAX);
        let whole = versions.iter().copied().eq(1..=last);
        let current = now.contacts.get(id).is_none_or(|contact| contact.version == last);
        ensure(whole && current && last > 0, "every version of a contact has one audit row", || {
            format!("contact {id}: {versions:?}, now {:?}", now.contacts.get(id).map(|contact| contact.version))
        })
    })
}
