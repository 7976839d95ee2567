//! The contacts that submissions can meet, in memory: everything on file for `link`, the candidates of a
//! chunk in the batch. What it answers does not depend on the order in which it was filled.

mod people;
mod postings;

pub(crate) use people::{Fresh, Seen};
pub(crate) use postings::Gathered;

use crate::{KEY_CAP, Profile};
use postings::{Posting, Sorted};
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::Arc;
use tributary_contact::Reference;

/// A key with more contacts than this finds only those that a second such key finds too: John Smith is looked
/// for by name and place, not among all of the name.
const FEW: usize = 24;

/// In-memory view of contacts: found by key and by reference.
#[derive(Default)]
pub struct Index {
    /// Keys of what was on file before the run.
    filed: Sorted,
    /// Keys that came later.
    added: FxHashMap<i64, Posting>,
    contacts: FxHashMap<i64, Vec<Seen>>,
    references: FxHashMap<Box<str>, Named>,
    /// Contacts that a person said are two, the lesser one first.
    apart: FxHashSet<(i64, i64)>,
}

/// Contact and individual by the id that one source gives them.
type Named = FxHashMap<Box<str>, (i64, i64)>;

impl Index {
    /// Makes a contact known. Adding a profile does so too.
    pub fn add_contact(&mut self, contact: i64) {
        self.contacts.entry(contact).or_default();
    }

    /// Gives an individual of a contact a profile; one that says nothing new changes nothing. Keys are added
    /// apart, see [`Index::add_key`].
    pub fn add_profile(&mut self, contact: i64, individual: i64, profile: Arc<Profile>) {
        people::add(self.contacts.entry(contact).or_default(), individual, profile);
    }

    /// Lets a contact be found under a key; doing it twice is the same as once.
    pub fn add_key(&mut self, key: i64, contact: i64) {
        if self.filed.has(key, contact) {
            return;
        }
        self.added.entry(key).or_default().add(contact);
    }

    /// Lets an individual of a contact be found by a reference. The first to come keeps it. An id without a source says
    /// nothing: it may be anybody's.
    pub fn add_reference(&mut self, source: &str, id: &str, contact: i64, individual: i64) {
        if source.is_empty() {
            return;
        }
        if !self.references.contains_key(source) {
            self.references.insert(source.into(), Named::default());
        }
        if let Some(ids) = self.references.get_mut(source)
            && !ids.contains_key(id)
        {
            ids.insert(id.into(), (contact, individual));
        }
    }

    /// Takes two contacts for two, however alike they are.
    pub fn keep_apart(&mut self, one: i64, other: i64) {
        self.apart.insert((one.min(other), one.max(other)));
    }

    /// Whether two contacts are known to be two.
    pub(crate) fn are_apart(&self, one: i64, other: i64) -> bool {
        !self.apart.is_empty() && self.apart.contains(&(one.min(other), one.max(other)))
    }

    /// Adds a profile with its keys, and its reference when there is one.
    pub fn insert(&mut self, contact: i64, individual: i64, profile: Arc<Profile>, reference: Option<&Reference>) {
        profile.keys().iter().for_each(|key| self.add_key(*key, contact));
        if let Some(Reference { source, id }) = reference {
            self.add_reference(source, id, contact, individual);
        }
        self.add_profile(contact, individual, profile);
    }

    /// Takes over the keys of everything on file at once. Contacts and references are added as always.
    pub(crate) fn file_keys(&mut self, gathered: Gathered) {
        self.filed = gathered.sorted();
    }

    /// The contact and individual that a reference names.
    pub(crate) fn by_reference(&self, reference: &Reference) -> Option<(i64, i64)> {
        self.references.get(&*reference.source)?.get(&*reference.id).copied()
    }

    /// What the people of a contact said of themselves, ascending by individual; nothing when the contact is not
    /// known.
    pub(crate) fn people(&self, contact: i64) -> &[Seen] {
        self.contacts.get(&contact).map_or(&[], Vec::as_slice)
    }

    /// How many contacts are found under a key; any number above the cap stands for "more".
    pub(crate) fn count(&self, key: i64) -> usize {
        self.filed.contacts(key).len() + self.added.get(&key).map_or(0, |posting| posting.contacts().len())
    }

    /// The contacts found under the keys, ascending, each once. A key of more than a few contacts finds those
    /// that another such key finds as well; hubs find nobody.
    pub(crate) fn candidates(&self, keys: &[i64]) -> Vec<i64> {
        let (mut found, mut many): (Vec<i64>, Vec<i64>) = (Vec::with_capacity(32), Vec::new());
        for key in keys {
            let filed = self.filed.contacts(*key);
            let added = self.added.get(key).map_or(&[][..], Posting::contacts);
            let count = filed.len() + added.len();
            if count > KEY_CAP {
                continue;
            }
            let place = if count <= FEW { &mut found } else { &mut many };
            place.extend(filed.iter().copied().map(i64::from).chain(added.iter().copied()));
        }
        many.sort_unstable();
        let twice = many.windows(2).filter_map(|pair| if let [a, b] = pair { (a == b).then_some(*a) } else { None });
        found.extend(twice);
        found.sort_unstable();
        found.dedup();
        found
    }
}
