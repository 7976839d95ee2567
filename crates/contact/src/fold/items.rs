//! Contact methods and addresses: united by normal form, numbered by the record that first brought
//! them, so that a number never changes while that record stays.

use super::Records;
use crate::model::{
    Address, Golden, GoldenAddress, GoldenMethod, ItemId, Method, MethodKind, RecordId, RecordKind, SourceRecord,
};
use crate::normalise::{address_key, method_key};
use rustc_hash::FxHashMap;

/// One thing that records brought, perhaps many times.
struct Item<'a, T> {
    id: ItemId,
    /// The record that brought it first.
    record: RecordId,
    /// As it came first.
    first: &'a T,
    /// Every time it came: place of the record in order of receipt, its kind, what it said.
    mentions: Vec<(usize, RecordKind, &'a T)>,
}

impl<T> Item<'_, T> {
    /// Place of the last staff edit for which this holds.
    fn last_edit(&self, holds: impl Fn(&T) -> bool) -> Option<usize> {
        let edits = self.mentions.iter().rev().filter(|(_, kind, _)| *kind == RecordKind::Edit);
        edits.filter(|(_, _, said)| holds(said)).map(|(at, ..)| *at).next()
    }
}

/// Unites what the records brought. `brought` gives each thing with its number in the record.
fn unite<'a, T: 'a>(
    records: Records<'_, 'a>,
    brought: impl Fn(&'a SourceRecord) -> Vec<(usize, &'a T)>,
    key: impl Fn(&T) -> String,
) -> Vec<Item<'a, T>> {
    let all: Vec<_> = records
        .iter()
        .enumerate()
        .flat_map(|(at, record)| brought(record).into_iter().map(move |(number, said)| (at, *record, number, said)))
        .collect();
    let alone = all.len() < 2;
    let mut places: FxHashMap<String, usize> = FxHashMap::default();
    let mut items: Vec<Item<'a, T>> = Vec::with_capacity(all.len());
    for (at, record, number, said) in all {
        // Normal forms are the dear part of a fold: a thing alone needs none.
        let key = if alone { String::new() } else { key(said) };
        let place = *places.entry(key).or_insert(items.len());
        match items.get_mut(place) {
            Some(item) => item.mentions.push((at, record.kind, said)),
            None => items.push(Item {
                id: ItemId(record.first_item.0 + 1 + i64::try_from(number).unwrap_or(i64::MAX)),
                record: record.id,
                first: said,
                mentions: vec![(at, record.kind, said)],
            }),
        }
    }
    items
}

/// Marks which item is primary: the one that a staff edit called so last, otherwise the first.
fn primary<T>(items: &[&Item<'_, T>], flagged: impl Fn(&T) -> bool) -> Option<ItemId> {
    let edited = items.iter().filter_map(|item| Some((item.last_edit(&flagged)?, item.id)));
    edited.max().map(|(_, id)| id).or_else(|| items.first().map(|item| item.id))
}

/// The contact methods of one individual, whose records these are, in order of their numbers.
pub(super) fn methods(own: Records<'_, '_>, country: &str, golden: &mut Golden) -> Vec<GoldenMethod> {
    let items = unite(own, methods_of, |method| method_key(method, country));
    let primaries = [MethodKind::Email, MethodKind::Phone, MethodKind::Other].map(|kind| {
        let same: Vec<_> = items.iter().filter(|item| item.first.kind() == kind).collect();
        primary(&same, |method| method.primary)
    });
    for item in &items {
        golden.provenance.insert(format!("methods/{}", item.id), item.record);
    }
    let mut methods: Vec<GoldenMethod> = items.iter().map(|item| method(item, &primaries)).collect();
    methods.sort_unstable_by_key(|method| method.id);
    methods
}

fn methods_of(record: &SourceRecord) -> Vec<(usize, &Method)> {
    let methods = record.submission.methods.iter().enumerate();
    methods.filter(|(_, method)| !super::scalar::is_blank(&method.value)).collect()
}

fn method(item: &Item<'_, Method>, primaries: &[Option<ItemId>]) -> GoldenMethod {
    GoldenMethod {
        id: item.id,
        label: item.first.label.clone(),
        value: item.first.value.clone(),
        opted_in: opted_in(item),
        primary: primaries.contains(&Some(item.id)),
    }
}

/// Consent holds until someone opts out; after that only a later staff edit brings it back.
fn opted_in(item: &Item<'_, Method>) -> bool {
    let mut out = item.mentions.iter().rev().filter(|(_, _, said)| said.opted_in == Some(false));
    let Some((out, ..)) = out.next() else { return true };
    item.last_edit(|method| method.opted_in == Some(true)).is_some_and(|back| back > *out)
}

/// Puts the addresses of the contact, in order of their numbers.
pub(super) fn put_addresses(records: Records<'_, '_>, country: &str, golden: &mut Golden) {
    let items = unite(records, addresses_of, |address| key_or_text(address, country));
    let main = primary(&items.iter().collect::<Vec<_>>(), |address| address.primary);
    for item in &items {
        golden.provenance.insert(format!("addresses/{}", item.id), item.record);
        let address = Address { primary: main == Some(item.id), ..item.first.clone() };
        golden.addresses.push(GoldenAddress { id: item.id, address });
    }
    golden.addresses.sort_unstable_by_key(|address| address.id);
}

/// The addresses of a record, numbered after its methods.
fn addresses_of(record: &SourceRecord) -> Vec<(usize, &Address)> {
    let offset = record.submission.methods.len();
    let addresses = record.submission.addresses.iter().enumerate();
    let filled = addresses.filter(|(_, address)| !address.is_empty());
    filled.map(|(index, address)| (offset + index, address)).collect()
}

/// The normal form, or the raw text of an address that has none.
fn key_or_text(address: &Address, country: &str) -> String {
    let key = address_key(address, country);
    if !key.is_empty() {
        return key;
    }
    let parts =
        [&address.address1, &address.address2, &address.city, &address.state, &address.postal, &address.country];
    // No normal form holds this separator, so raw text never meets one.
    parts.iter().map(|part| part.as_deref().unwrap_or_default()).collect::<Vec<_>>().join("\u{1f}")
}
