//! Contacts as the matcher sees them, kept from chunk to chunk: a contact that many rows could have to do with is
//! read and normalised once in a run.
//!
//! The run keeps it up to date with its own changes. When others change contacts meanwhile (a person resolves a
//! row), the organization's revision moves and everything is read anew from the next chunk on. Inside a chunk, the
//! version of a contact is compared before a row is folded into it, and the chunk decided again when it is another.

use super::chunk::Known;
use crate::change::Profiles;
use rustc_hash::FxHashMap;
use std::sync::Arc;
use tributary_contact::SourceRecord;
use tributary_matching::{Index, Profile};

/// Contacts kept at most: about half a kilobyte each.
const KEPT_AT_MOST: usize = 400_000;

/// A contact as the matcher sees it.
pub(super) struct Seen {
    version: i64,
    profiles: Vec<(i64, Arc<Profile>)>,
}

impl Seen {
    pub(super) fn of(version: i64, records: &[SourceRecord], profiles: &Profiles, country: &str) -> Self {
        let profiles = profiles.of_contact(records, country).into_iter();
        Self { version, profiles: profiles.map(|(individual, profile)| (individual.0, profile)).collect() }
    }
}

/// Contacts by id.
#[derive(Default)]
pub(super) struct People {
    contacts: FxHashMap<i64, Seen>,
    revision: i64,
}

impl People {
    pub(super) fn knows(&self, contact: i64) -> bool {
        self.contacts.contains_key(&contact)
    }

    /// Whether the contact still is at the version it was seen at.
    pub(super) fn is_current(&self, known: &Known) -> bool {
        self.contacts.get(&known.head.id.0).is_none_or(|seen| seen.version == known.head.version)
    }

    pub(super) fn keep(&mut self, contacts: impl IntoIterator<Item = (i64, Seen)>) {
        self.contacts.extend(contacts);
    }

    /// Adds contacts that were read at this revision and are not known yet.
    pub(super) fn add(&mut self, seen: Vec<(i64, Seen)>, revision: i64) {
        if revision != self.revision {
            return;
        }
        for (contact, seen) in seen {
            self.contacts.entry(contact).or_insert(seen);
        }
    }

    /// Forgets everybody when there are too many, or when contacts were changed outside the run since the last time
    /// (`revision` moved). Called before a chunk asks whom it has to load, never while it counts on what it knows.
    pub(super) fn refresh(&mut self, revision: i64) {
        if self.contacts.len() > KEPT_AT_MOST || revision != self.revision {
            self.contacts.clear();
        }
        self.revision = revision;
    }

    pub(super) fn forget(&mut self, contacts: impl IntoIterator<Item = i64>) {
        for contact in contacts {
            self.contacts.remove(&contact);
        }
    }

    /// Puts these contacts into an index.
    pub(super) fn fill(&self, index: &mut Index, contacts: impl Iterator<Item = i64>) {
        for contact in contacts {
            index.add_contact(contact);
            for (individual, profile) in self.contacts.get(&contact).into_iter().flat_map(|seen| &seen.profiles) {
                index.add_profile(contact, *individual, profile.clone());
            }
        }
    }
}
