//! What is on file, taken in piece by piece.

use super::{Linker, OnFile, Prepared, Settings};
use crate::index::Gathered;
use crate::{Index, TermStats};
use rayon::prelude::*;
use rustc_hash::FxHashMap;

/// Rows of a group that are one contact; each later one is a contact of its own. Everybody of a contact is compared
/// with whoever meets one of them, so this bounds the time too.
const MOST_IN_GROUP: u32 = 200;

/// Terms that are kept before they are counted.
const MOST_TERMS: usize = 1 << 18;

/// Takes in what is on file, in as many pieces as it comes in.
pub struct Filing {
    settings: Settings,
    index: Index,
    keys: Gathered,
    terms: Vec<i64>,
    counts: TermStats,
    /// Contact of each group, and how many rows it has.
    groups: FxHashMap<Box<str>, (u32, u32)>,
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
            counts: TermStats::default(),
            groups: FxHashMap::default(),
            introduced: Vec::new(),
            contacts: 0,
        }
    }

    /// Adds rows, normalised in parallel on the threads of the current rayon pool.
    pub fn add(&mut self, rows: &[OnFile]) {
        let country = &self.settings.country;
        let prepared: Vec<Prepared> = rows.par_iter().map(|row| Prepared::on_file(row, country)).collect();
        self.add_prepared(prepared);
    }

    /// Adds rows that are in normal form already.
    pub fn add_prepared(&mut self, rows: Vec<Prepared>) {
        rows.into_iter().for_each(|row| self.put(row));
        if self.index.is_behind(&self.keys) {
            self.index.file_keys(&mut self.keys);
        }
        if self.terms.len() > MOST_TERMS {
            self.counts.take(&mut self.terms);
        }
    }

    fn put(&mut self, mut row: Prepared) {
        let contact = self.contact(std::mem::take(&mut row.group));
        let individual = i64::try_from(self.introduced.len()).unwrap_or(i64::MAX);
        self.keys.add(row.profile.keys(), contact);
        self.terms.extend(TermStats::counted(&row.profile));
        if let Some((source, id)) = row.reference() {
            self.index.add_reference(source, id, i64::from(contact), individual);
        }
        self.index.put_profile(i64::from(contact), individual, &row.profile);
        self.introduced.push(row.id);
    }

    /// The number of a group's contact. Rows without a group have nothing to do with each other, nor have those of a
    /// group that is too large for people who live or work together: it stands for "not known".
    fn contact(&mut self, group: Box<str>) -> u32 {
        let next = self.contacts;
        let mut contact = next;
        if !group.is_empty() {
            let (known, rows) = self.groups.entry(group).or_insert((next, 0));
            *rows += 1;
            contact = if *rows > MOST_IN_GROUP { next } else { *known };
        }
        self.contacts = next.max(contact.saturating_add(1));
        contact
    }

    /// Everything is on file; transactions can come.
    #[must_use]
    pub fn finish(mut self) -> Linker {
        drop(self.groups);
        self.counts.take(&mut self.terms);
        self.index.file_keys(&mut self.keys);
        Linker::new(self.settings, self.counts, self.index, (self.contacts, self.introduced))
    }
}
