//! What a row can meet, read outside a batch: for an explanation, or to learn from what was decided.

use rustc_hash::FxHashMap;
use std::sync::Arc;
use tributary_contact::fold::{Matched, as_matched};
use tributary_contact::{ContactId, OrganizationId, RecordId, Reference, SourceRecord};
use tributary_matching::{Index, KEY_CAP, Profile};
use tributary_store::{KeyEntry, ReadTx, ReferenceEntry, StoreResult};

/// Contacts that rows could have to do with, and what they are found by.
pub(super) struct Around {
    entries: FxHashMap<i64, Vec<i64>>,
    owners: Vec<ReferenceEntry>,
    records: FxHashMap<i64, Vec<(SourceRecord, Arc<Profile>)>>,
}

impl Around {
    /// Everything under the keys and references, and one contact more if asked for. Contacts under keys that
    /// too many share are not read: such keys find nobody.
    pub(super) fn read(
        tx: &mut dyn ReadTx,
        (org, country): (OrganizationId, &str),
        (keys, references): (&[i64], &[Reference]),
        asked: Option<ContactId>,
    ) -> StoreResult<Self> {
        let cap = i64::try_from(KEY_CAP + 1).unwrap_or(i64::MAX);
        let entries = by_key(tx.contacts_by_key(org, keys, cap)?);
        let owners = tx.contacts_by_reference(org, references)?;
        let useful = entries.values().filter(|contacts| contacts.len() <= KEY_CAP).flatten().copied().map(ContactId);
        let mut wanted: Vec<_> = useful.chain(owners.iter().map(|owner| owner.contact)).chain(asked).collect();
        wanted.sort_unstable();
        wanted.dedup();
        let mut stored: FxHashMap<i64, Vec<SourceRecord>> = FxHashMap::default();
        for assigned in tx.source_records(org, &wanted)? {
            stored.entry(assigned.contact.0).or_default().push(assigned.record);
        }
        let records = stored.into_iter().map(|(contact, own)| (contact, as_seen(own, country))).collect();
        Ok(Self { entries, owners, records })
    }

    /// What a contact on file meets: everybody under the keys but itself; what a row meets, when there is none.
    pub(super) fn without(&self, keys: &[i64], own: Option<ContactId>) -> Index {
        self.filled(keys, None, |_| true, |contact, _| own.is_none_or(|own| own.0 != contact))
    }

    /// What a row with these keys meets, of the records that `counts` takes.
    pub(super) fn index(
        &self,
        keys: &[i64],
        asked: Option<ContactId>,
        counts: impl Fn(&SourceRecord) -> bool,
    ) -> Index {
        self.filled(keys, asked, counts, |_, _| true)
    }

    /// What a row met that these records were on file for: nobody is found by what came later.
    pub(super) fn before(&self, keys: &[i64], counts: impl Fn(&SourceRecord) -> bool) -> Index {
        let known = |contact: i64, key: i64| {
            let mut own = self.records.get(&contact).into_iter().flatten().filter(|(record, _)| counts(record));
            own.any(|(_, profile)| profile.keys().contains(&key))
        };
        self.filled(keys, None, &counts, known)
    }

    /// The records of a contact that count.
    pub(super) fn records_of(&self, contact: i64, counts: impl Fn(&SourceRecord) -> bool) -> Vec<SourceRecord> {
        let records = self.records.get(&contact).into_iter().flatten();
        records.filter(|(record, _)| counts(record)).map(|(record, _)| record.clone()).collect()
    }

    fn filled(
        &self,
        keys: &[i64],
        asked: Option<ContactId>,
        counts: impl Fn(&SourceRecord) -> bool,
        meets: impl Fn(i64, i64) -> bool,
    ) -> Index {
        let mut index = Index::default();
        for key in keys {
            for contact in self.entries.get(key).into_iter().flatten().filter(|contact| meets(**contact, *key)) {
                index.add_key(*key, *contact);
                self.fill(&mut index, *contact, &counts);
            }
        }
        for owner in &self.owners {
            self.fill(&mut index, owner.contact.0, &counts);
            if let Some(individual) = self.spoken_of(owner, &counts) {
                let Reference { source, id } = &owner.reference;
                index.add_reference(source, id, owner.contact.0, individual);
            }
        }
        asked.into_iter().for_each(|contact| self.fill(&mut index, contact.0, &counts));
        index
    }

    fn fill(&self, index: &mut Index, contact: i64, counts: &impl Fn(&SourceRecord) -> bool) {
        let records = self.records.get(&contact).into_iter().flatten();
        for (record, profile) in records.filter(|(record, _)| counts(record)) {
            index.add_profile(contact, record.individual.0, Arc::clone(profile));
        }
    }

    /// The individual that the reference's first record spoke of.
    fn spoken_of(&self, owner: &ReferenceEntry, counts: &impl Fn(&SourceRecord) -> bool) -> Option<i64> {
        let mut records = self.records.get(&owner.contact.0)?.iter().filter(|(record, _)| counts(record));
        let own = |record: &SourceRecord| record.submission.reference.as_ref() == Some(&owner.reference);
        records.find(|(record, _)| own(record)).map(|(record, _)| record.individual.0)
    }
}

/// The records of a contact that count for matching, as a batch sees them: without what staff took away.
fn as_seen(records: Vec<SourceRecord>, country: &str) -> Vec<(SourceRecord, Arc<Profile>)> {
    let profile = |seen: Matched<'_>| (seen.record, Arc::new(Profile::of(&seen.submission, country)));
    let mut profiles: FxHashMap<RecordId, _> = as_matched(&records, country).into_iter().map(profile).collect();
    records.into_iter().filter_map(|record| profiles.remove(&record.id).map(|profile| (record, profile))).collect()
}

fn by_key(entries: Vec<KeyEntry>) -> FxHashMap<i64, Vec<i64>> {
    let mut found: FxHashMap<i64, Vec<i64>> = FxHashMap::default();
    for entry in entries {
        found.entry(entry.key).or_default().push(entry.contact.0);
    }
    found
}
