//! The contacts that submissions can meet, in memory: everything on file for `link`, the candidates of a
//! chunk in the batch. What it answers does not depend on the order in which it was filled.

mod changed;
mod people;
mod postings;

pub(crate) use changed::Changed;
pub(crate) use people::{Fresh, Seen};
pub(crate) use postings::Gathered;

use crate::{KEY_CAP, Profile};
use people::People;
use postings::{Posting, Sorted};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::hash_map::Entry;
use std::sync::Arc;
use tributary_contact::Reference;

/// A key with more contacts than this finds only those that a second such key finds too: John Smith is looked
/// for by name and place, not among all of the name.
const FEW: usize = 24;

/// Keys that are not worth filing.
const FEWEST: usize = 1 << 16;

/// In-memory view of contacts: found by key and by reference.
#[derive(Default)]
pub struct Index {
    /// Keys of what was on file before the run.
    filed: Sorted,
    /// Keys that came later.
    added: FxHashMap<i64, Posting>,
    people: People,
    references: FxHashMap<Box<str>, Named>,
    /// Contacts that a person said are two, the lesser one first.
    apart: FxHashSet<(i64, i64)>,
}

/// Contact and individual by the id that one source gives them.
type Named = FxHashMap<Box<str>, (i64, i64)>;

impl Index {
    /// Makes a contact known. Adding a profile does so too.
    pub fn add_contact(&mut self, contact: i64) {
        self.people.add_contact(contact);
    }

    /// Gives an individual of a contact a profile; one that says nothing new changes nothing. Keys are added
    /// apart, see [`Index::add_key`].
    pub fn add_profile(&mut self, contact: i64, individual: i64, profile: Arc<Profile>) {
        self.put_profile(contact, individual, &profile);
    }

    /// As [`Index::add_profile`]; whether it said anything new.
    pub(crate) fn put_profile(&mut self, contact: i64, individual: i64, profile: &Profile) -> bool {
        self.people.add(contact, individual, profile)
    }

    /// Lets a contact be found under a key; doing it twice is the same as once.
    pub fn add_key(&mut self, key: i64, contact: i64) {
        self.put_key(key, contact);
    }

    /// As [`Index::add_key`]; whether the key finds more than before.
    fn put_key(&mut self, key: i64, contact: i64) -> bool {
        let filed = self.filed.contacts(key);
        if filed.len() > KEY_CAP || finds(filed, contact) {
            return false;
        }
        match self.added.entry(key) {
            Entry::Occupied(mut known) => known.get_mut().add(contact),
            Entry::Vacant(new) => {
                new.insert(Posting::One(contact));
                true
            }
        }
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

    /// As [`Index::insert`], and notes what has changed.
    pub(crate) fn put(
        &mut self,
        (contact, individual): (i64, i64),
        profile: &Profile,
        reference: Option<(&str, &str)>,
        changed: &mut Changed,
    ) {
        for key in profile.keys() {
            if self.put_key(*key, contact) {
                changed.keys.insert(*key);
            }
        }
        if let Some((source, id)) = reference {
            self.add_reference(source, id, contact, individual);
            changed.references.insert((source.into(), id.into()));
        }
        if self.put_profile(contact, individual, profile) {
            changed.contacts.insert(contact);
        }
    }

    /// Takes over many keys of what is on file at once. Contacts and references are added as always.
    pub(crate) fn file_keys(&mut self, gathered: &mut Gathered) {
        self.filed = std::mem::take(&mut self.filed).with(std::mem::take(gathered));
    }

    /// Whether so many keys were gathered that filing them is worth it: as many as there are already.
    pub(crate) fn is_behind(&self, gathered: &Gathered) -> bool {
        gathered.len() > FEWEST.max(self.filed.len())
    }

    /// Files the keys that came later, once they are many beside those on file: there they take a third of the room.
    /// Nothing else changes.
    pub(crate) fn file_added(&mut self) {
        if self.added.len() < FEWEST.max(self.filed.len() / 4) {
            return;
        }
        let mut gathered = Gathered::default();
        self.added.retain(|key, posting| {
            let contacts: Option<Vec<u32>> = posting.contacts().iter().map(|one| u32::try_from(*one).ok()).collect();
            contacts.iter().flatten().for_each(|contact| gathered.add(&[*key], *contact));
            contacts.is_none()
        });
        self.filed = std::mem::take(&mut self.filed).with(gathered);
    }

    /// The contact and individual that a reference names.
    pub(crate) fn by_reference(&self, (source, id): (&str, &str)) -> Option<(i64, i64)> {
        self.references.get(source)?.get(id).copied()
    }

    /// Puts what the people of a contact said of themselves into `people`, ascending by individual; nothing when the
    /// contact is not known.
    pub(crate) fn people<'i>(&'i self, contact: i64, people: &mut Vec<Seen<'i>>) {
        self.people.of(contact, people);
    }

    /// Has the memory fetch these contacts all at once, before they are looked at one after the other.
    pub(crate) fn touch(&self, contacts: &[i64]) {
        self.people.touch(contacts);
    }

    /// How many contacts are found under a key; any number above the cap stands for "more".
    pub(crate) fn count(&self, key: i64) -> usize {
        let added = self.added.get(&key).map_or(0, |posting| posting.contacts().len());
        (self.filed.contacts(key).len() + added).min(KEY_CAP + 1)
    }

    /// The contacts found under the keys, ascending, each once. A key of more than a few contacts finds those
    /// that another such key finds as well; hubs find nobody.
    pub(crate) fn candidates(&self, keys: &[i64]) -> Vec<i64> {
        self.filed.touch(keys);
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

fn finds(filed: &[u32], contact: i64) -> bool {
    u32::try_from(contact).is_ok_and(|contact| filed.binary_search(&contact).is_ok())
}
