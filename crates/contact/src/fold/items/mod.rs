//! Contact methods and addresses: united by normal form, numbered by the record that first brought
//! them, so that a number never changes while that record stays.

mod unite;

use super::{Records, scalar};
use crate::model::{
    Address, Golden, GoldenAddress, GoldenMethod, Item, ItemEdit, ItemField, ItemId, Method, MethodKind, RecordKind,
    SourceRecord, Submission,
};
use crate::normalise::{address_key, method_key};
use crate::policy::List;
use std::borrow::Cow;
use std::collections::BTreeSet;
use unite::{Group, Settled, Thing, unite};

impl Thing for Method {
    fn brought(record: &SourceRecord) -> Vec<(usize, &Self)> {
        let methods = record.submission.methods.iter().enumerate();
        methods.filter(|(_, method)| !scalar::is_blank(&method.value)).collect()
    }

    fn was(edit: &ItemEdit) -> Option<&Self> {
        if let Item::Method(method) = &edit.was { Some(method) } else { None }
    }

    fn key(&self, country: &str) -> String {
        method_key(self, country)
    }

    fn change(&mut self, edit: &ItemEdit) {
        edit.change_method(self);
    }

    fn flagged(&self) -> bool {
        self.primary
    }

    fn list(&self) -> List {
        List::of(self.kind())
    }

    fn opts_out(&self) -> bool {
        self.opted_in == Some(false)
    }
}

impl Thing for Address {
    /// Numbered after the methods of the record.
    fn brought(record: &SourceRecord) -> Vec<(usize, &Self)> {
        let offset = record.submission.methods.len();
        let addresses = record.submission.addresses.iter().enumerate();
        let filled = addresses.filter(|(_, address)| !address.is_empty());
        filled.map(|(index, address)| (offset + index, address)).collect()
    }

    fn was(edit: &ItemEdit) -> Option<&Self> {
        if let Item::Address(address) = &edit.was { Some(address) } else { None }
    }

    /// The normal form, or the raw text of an address that has none.
    fn key(&self, country: &str) -> String {
        let key = address_key(self, country);
        if !key.is_empty() {
            return key;
        }
        let parts = [&self.address1, &self.address2, &self.city, &self.state, &self.postal, &self.country];
        // No normal form holds this separator, so raw text never meets one.
        parts.iter().map(|part| part.as_deref().unwrap_or_default()).collect::<Vec<_>>().join("\u{1f}")
    }

    fn change(&mut self, edit: &ItemEdit) {
        edit.change_address(self);
    }

    fn flagged(&self) -> bool {
        self.primary
    }

    fn list(&self) -> List {
        List::Addresses
    }

    fn opts_out(&self) -> bool {
        false
    }
}

/// Which item in use is primary: the one that an edit called so last, otherwise the first that was brought as such
/// by a direct record, otherwise the first.
fn primary<'s, T: 's>(items: impl Iterator<Item = &'s Settled<T>>) -> Option<ItemId> {
    let used: Vec<_> = items.filter(|item| !item.archived).collect();
    let called = used.iter().filter_map(|item| Some((item.called_primary?, item.id))).max().map(|(_, id)| id);
    let made = || used.iter().find(|item| item.made_primary).map(|item| item.id);
    called.or_else(made).or_else(|| used.first().map(|item| item.id))
}

/// Notes which records brought and edited an item.
fn note<T>(kind: &str, item: &Settled<T>, golden: &mut Golden) {
    golden.provenance.insert(format!("{kind}/{}", item.id), item.record);
    if let Some(edited) = item.edited {
        golden.provenance.insert(format!("{kind}/{}/edited", item.id), edited);
    }
}

/// The contact methods of one individual, whose records these are, in order of their numbers.
pub(super) fn methods(own: Records<'_, '_>, country: &str, golden: &mut Golden) -> Vec<GoldenMethod> {
    let groups = unite::<Method>(own, country);
    let items: Vec<_> = groups.iter().filter_map(|group| group.settled().map(|item| (item, opted_in(group)))).collect();
    let primaries = [MethodKind::Email, MethodKind::Phone, MethodKind::Other]
        .map(|kind| primary(items.iter().map(|(item, _)| item).filter(|item| item.value.kind() == kind)));
    let mut methods = Vec::with_capacity(items.len());
    for (item, opted_in) in items {
        note("methods", &item, golden);
        let Settled { id, value, archived, .. } = item;
        let primary = primaries.contains(&Some(id));
        methods.push(GoldenMethod { id, label: value.label, value: value.value, opted_in, primary, archived });
    }
    methods.sort_unstable_by_key(|method| method.id);
    methods
}

/// Consent holds until someone opts out; after that only a later staff edit brings it back. What was said before a
/// method was taken away still holds when it comes back, and so does the opt-out of a sender that may not change it.
fn opted_in(group: &Group<'_, Method>) -> bool {
    let mentioned = group.mentions.iter().filter_map(|m| Some((m.at, m.said.opted_in?, m.record.kind)));
    let edited = group.words.iter();
    let edited = edited.filter_map(|w| Some((w.at, w.edit.flag(ItemField::OptedIn)?, RecordKind::Edit)));
    let aside = group.opted_out.iter().map(|at| (*at, false, RecordKind::Transaction));
    let words = mentioned.clone().chain(edited.clone()).chain(aside);
    let out = words.filter(|(_, word, _)| !word).map(|(at, ..)| at).max();
    let by_staff = |(_, word, kind): &(usize, bool, RecordKind)| *word && *kind == RecordKind::Edit;
    let back = mentioned.chain(edited).filter(by_staff).map(|(at, ..)| at).max();
    out.is_none_or(|out| back.is_some_and(|back| back > out))
}

/// Puts the addresses of the contact, in order of their numbers.
pub(super) fn put_addresses(records: Records<'_, '_>, country: &str, golden: &mut Golden) {
    let items: Vec<_> = unite::<Address>(records, country).iter().filter_map(Group::settled).collect();
    let main = primary(items.iter());
    for item in items {
        note("addresses", &item, golden);
        let Settled { id, value, archived, .. } = item;
        let address = Address { primary: main == Some(id), ..value };
        golden.addresses.push(GoldenAddress { id, address, archived });
    }
    golden.addresses.sort_unstable_by_key(|address| address.id);
}

/// A submission without the methods and addresses that were taken away. `own` are the records of its individual,
/// `all` those of the contact.
pub(super) fn without_gone<'a>(
    submission: &'a Submission,
    own: Records<'_, '_>,
    all: Records<'_, '_>,
    country: &str,
) -> Cow<'a, Submission> {
    let (methods, addresses) = (gone::<Method>(own, country), gone::<Address>(all, country));
    let method = |method: &Method| methods.contains(&method.key(country));
    let address = |address: &Address| addresses.contains(&address.key(country));
    if !submission.methods.iter().any(method) && !submission.addresses.iter().any(address) {
        return Cow::Borrowed(submission);
    }
    let mut kept = submission.clone();
    kept.methods.retain(|own| !method(own));
    kept.addresses.retain(|own| !address(own));
    Cow::Owned(kept)
}

/// The normal forms of what was taken away.
fn gone<'a, T: Thing + 'a>(records: Records<'_, 'a>, country: &str) -> BTreeSet<String> {
    let groups = unite::<T>(records, country).into_iter();
    groups.filter(|group| group.settled().is_none()).flat_map(|group| group.keys).collect()
}
