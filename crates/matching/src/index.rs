//! The contacts that submissions can meet, in memory: everything on file for `link`, the candidates of a
//! chunk in the batch. What it answers does not depend on the order in which it was filled.

use crate::{KEY_CAP, Profile};
use rustc_hash::FxHashMap;
use std::sync::Arc;
use tributary_contact::Reference;

/// A person of a contact (or an organization), with every profile it ever had.
pub(crate) struct Person {
    pub id: i64,
    pub profiles: Vec<Arc<Profile>>,
}

/// Contacts found under a key: ascending, each once, never more than one above the cap.
enum Posting {
    One(i64),
    Many(Vec<i64>),
}

/// In-memory view of contacts: found by key and by reference.
#[derive(Default)]
pub struct Index {
    keys: FxHashMap<i64, Posting>,
    contacts: FxHashMap<i64, Vec<Person>>,
    references: FxHashMap<String, FxHashMap<String, (i64, i64)>>,
}

impl Index {
    /// Makes a contact known. Adding a profile does so too.
    pub fn add_contact(&mut self, contact: i64) {
        self.contacts.entry(contact).or_default();
    }

    /// Gives an individual of a contact a profile; one that it has already changes nothing. Keys are added
    /// apart, see [`Index::add_key`].
    pub fn add_profile(&mut self, contact: i64, individual: i64, profile: Arc<Profile>) {
        let people = self.contacts.entry(contact).or_default();
        let at = people.binary_search_by_key(&individual, |person| person.id).unwrap_or_else(|at| {
            people.insert(at, Person { id: individual, profiles: Vec::with_capacity(1) });
            at
        });
        if let Some(person) = people.get_mut(at)
            && !person.profiles.contains(&profile)
        {
            person.profiles.push(profile);
        }
    }

    /// Lets a contact be found under a key; doing it twice is the same as once.
    pub fn add_key(&mut self, key: i64, contact: i64) {
        match self.keys.entry(key) {
            std::collections::hash_map::Entry::Vacant(free) => {
                free.insert(Posting::One(contact));
            }
            std::collections::hash_map::Entry::Occupied(mut taken) => taken.get_mut().add(contact),
        }
    }

    /// Lets an individual of a contact be found by a reference. The first to come keeps it.
    pub fn add_reference(&mut self, source: &str, id: &str, contact: i64, individual: i64) {
        if !self.references.contains_key(source) {
            self.references.insert(source.to_owned(), FxHashMap::default());
        }
        if let Some(ids) = self.references.get_mut(source)
            && !ids.contains_key(id)
        {
            ids.insert(id.to_owned(), (contact, individual));
        }
    }

    /// Adds a profile with its keys, and its reference when there is one.
    pub fn insert(&mut self, contact: i64, individual: i64, profile: Arc<Profile>, reference: Option<&Reference>) {
        profile.keys().iter().for_each(|key| self.add_key(*key, contact));
        if let Some(Reference { source, id }) = reference {
            self.add_reference(source, id, contact, individual);
        }
        self.add_profile(contact, individual, profile);
    }

    /// The contact and individual that a reference names.
    pub(crate) fn by_reference(&self, reference: &Reference) -> Option<(i64, i64)> {
        self.references.get(&reference.source)?.get(&reference.id).copied()
    }

    /// The people of a contact, ascending by id; none when the contact is not known.
    pub(crate) fn people(&self, contact: i64) -> &[Person] {
        self.contacts.get(&contact).map_or(&[], Vec::as_slice)
    }

    /// Every key that a contact is found under through its profiles.
    pub(crate) fn keys_of(&self, contact: i64) -> impl Iterator<Item = i64> {
        let profiles = self.people(contact).iter().flat_map(|person| &person.profiles);
        profiles.flat_map(|profile| profile.keys().iter().copied())
    }

    /// How many contacts are found under a key; one above the cap stands for "more".
    pub(crate) fn count(&self, key: i64) -> usize {
        self.keys.get(&key).map_or(0, |posting| posting.contacts().len())
    }

    /// The contacts found under any of the keys, ascending, each once; hubs find nobody.
    pub(crate) fn candidates(&self, keys: &[i64]) -> Vec<i64> {
        let postings = keys.iter().filter_map(|key| self.keys.get(key)).map(Posting::contacts);
        let mut found: Vec<i64> = postings.filter(|contacts| contacts.len() <= KEY_CAP).flatten().copied().collect();
        found.sort_unstable();
        found.dedup();
        found
    }
}

impl Posting {
    fn contacts(&self) -> &[i64] {
        match self {
            Self::One(contact) => std::slice::from_ref(contact),
            Self::Many(contacts) => contacts,
        }
    }

    /// Above the cap the contacts no longer matter, only that there are too many.
    fn add(&mut self, contact: i64) {
        match self {
            Self::One(known) if *known == contact => {}
            Self::One(known) => *self = Self::Many(vec![contact.min(*known), contact.max(*known)]),
            Self::Many(contacts) if contacts.len() > KEY_CAP => {}
            Self::Many(contacts) => {
                if let Err(at) = contacts.binary_search(&contact) {
                    contacts.insert(at, contact);
                }
            }
        }
    }
}
