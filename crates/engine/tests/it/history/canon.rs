//! What is stored of an organization, without the numbers that differ from one organization to another.

use crate::world::World;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use tributary_contact::fold::as_matched;
use tributary_contact::{ContactId, RecordId, SourceRecord};
use tributary_matching::Profile;
use tributary_store::StoreExt;

/// What records are called in both organizations.
pub type Names = BTreeMap<RecordId, String>;

/// Records of all contacts that stand for themselves.
pub fn records(world: &World) -> BTreeMap<ContactId, Vec<SourceRecord>> {
    let ids: Vec<ContactId> = world.contacts().into_iter().map(|row| row.id).collect();
    let mut records: BTreeMap<ContactId, Vec<SourceRecord>> = BTreeMap::new();
    for own in world.engine.store().reading(|tx| tx.source_records(world.org, &ids)).unwrap() {
        records.entry(own.contact).or_default().push(own.record);
    }
    records
}

/// Match keys of the records of a contact.
pub fn keys(records: &[SourceRecord]) -> BTreeSet<i64> {
    as_matched(records, "US").iter().flat_map(|own| Profile::of(&own.submission, "US").keys().to_vec()).collect()
}

/// Every contact as text, with the keys and references that lead to it; then how common each term is.
pub fn of(world: &World, names: &Names) -> Vec<String> {
    let records = records(world);
    let keys: Vec<i64> = records.values().flat_map(|own| keys(own)).collect::<BTreeSet<_>>().into_iter().collect();
    let references: BTreeSet<_> =
        records.values().flatten().filter_map(|own| own.submission.reference.clone()).collect();
    let references: Vec<_> = references.into_iter().collect();
    let (found, owners, mut terms) = world
        .engine
        .store()
        .reading(|tx| {
            let found = tx.contacts_by_key(world.org, &keys, 100)?;
            Ok((found, tx.contacts_by_reference(world.org, &references)?, tx.term_counts(world.org)?))
        })
        .unwrap();
    terms.sort_unstable();
    let mut contacts: Vec<String> = world
        .contacts()
        .iter()
        .map(|row| {
            let own = records.get(&row.id).map(Vec::as_slice).unwrap_or_default();
            let mut golden = serde_json::to_value(&row.golden).unwrap();
            rename(&mut golden, &Renaming::of(own, names));
            let keys: BTreeSet<i64> = found.iter().filter(|key| key.contact == row.id).map(|key| key.key).collect();
            let known: BTreeSet<_> =
                owners.iter().filter(|entry| entry.contact == row.id).map(|entry| entry.reference.clone()).collect();
            format!("{golden} merged: {} {keys:?} {known:?}", row.merged_into.is_some())
        })
        .collect();
    contacts.sort();
    contacts.push(format!("{terms:?}"));
    contacts
}

struct Renaming<'a> {
    names: &'a Names,
    /// First number of each record, how many it has, and what it is called.
    items: Vec<(i64, i64, String)>,
}

impl<'a> Renaming<'a> {
    fn of(records: &[SourceRecord], names: &'a Names) -> Self {
        let item = |own: &SourceRecord| (own.first_item.0, own.submission.item_count(), called(names, own.id));
        Self { names, items: records.iter().map(item).collect() }
    }

    fn item(&self, number: i64) -> String {
        let own = self.items.iter().find(|(first, count, _)| (*first..first + count).contains(&number));
        own.map_or_else(|| format!("unknown item {number}"), |(first, _, name)| format!("{name}+{}", number - first))
    }
}

fn called(names: &Names, record: RecordId) -> String {
    names.get(&record).cloned().unwrap_or_else(|| format!("unknown record {record}"))
}

/// Numbers of items and ids of records become what they are called.
fn rename(value: &mut Value, by: &Renaming<'_>) {
    match value {
        Value::Array(list) => list.iter_mut().for_each(|value| rename(value, by)),
        Value::Object(map) => {
            for (name, value) in map.iter_mut() {
                match (name.as_str(), value.as_i64()) {
                    ("id", Some(number)) => *value = Value::from(by.item(number)),
                    ("provenance", _) => *value = provenance(value, by),
                    _ => rename(value, by),
                }
            }
        }
        _ => {}
    }
}

fn provenance(value: &Value, by: &Renaming<'_>) -> Value {
    let part = |part: &str| part.parse::<i64>().map_or_else(|_| part.to_owned(), |number| by.item(number));
    let path = |path: &String| path.split('/').map(part).collect::<Vec<_>>().join("/");
    let record = |id: &Value| called(by.names, serde_json::from_value(id.clone()).unwrap());
    value.as_object().unwrap().iter().map(|(name, id)| (path(name), Value::from(record(id)))).collect()
}
