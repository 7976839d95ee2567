//! What is on file, taken in piece by piece.

use super::linker::{Linker, reference_id};
use super::{OnFile, Settings};
use crate::index::Gathered;
use crate::{Index, Profile, TermStats};
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// Takes in what is on file, in as many pieces as it comes in.
pub struct Filing {
    settings: Settings,
    index: Index,
    keys: Gathered,
    terms: Vec<i64>,
    groups: FxHashMap<Box<str>, u32>,
    /// Reference ids of the rows that introduced the individuals; an individual's id is its place here.
    introduced: Vec<Box<str>>,
    /// Contacts so far.
    contacts: u32,
}

impl Filing {
    /// Nothing on file yet.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self {
            settings,
            index: Index::default(),
            keys: Gathered::default(),
            terms: Vec::new(),
            groups: FxHashMap::default(),
            introduced: Vec::new(),
            contacts: 0,
        }
    }

    /// Adds rows, normalised in parallel on the threads of the current rayon pool.
    pub fn add(&mut self, rows: Vec<OnFile>) {
        let country = &self.settings.country;
        let profiles: Vec<Arc<Profile>> =
            rows.par_iter().map(|row| Arc::new(Profile::of(&row.submission, country))).collect();
        for (row, profile) in rows.into_iter().zip(profiles) {
            self.put(row, profile);
        }
    }

    fn put(&mut self, row: OnFile, profile: Arc<Profile>) {
        let contact = self.contact(row.group);
        self.keys.add(profile.keys(), contact);
        self.terms.extend(TermStats::counted(&profile));
        let individual = i64::try_from(self.introduced.len()).unwrap_or(i64::MAX);
        self.introduced.push(reference_id(&row.submission));
        if let Some(reference) = &row.submission.reference {
            self.index.add_reference(&reference.source, &reference.id, i64::from(contact), individual);
        }
        self.index.add_profile(i64::from(contact), individual, profile);
    }

    /// The number of a group's contact. Rows without a group have nothing to do with each other.
    fn contact(&mut self, group: String) -> u32 {
        let next = self.contacts;
        let contact = if group.is_empty() { next } else { *self.groups.entry(group.into()).or_insert(next) };
        self.contacts = next.max(contact.saturating_add(1));
        contact
    }

    /// Everything is on file; transactions can come.
    #[must_use]
    pub fn finish(mut self) -> Linker {
        drop(self.groups);
        let terms = TermStats::of_terms(self.terms);
        self.index.file_keys(self.keys);
        Linker::new(self.settings, terms, self.index, (self.contacts, self.introduced))
    }
}
