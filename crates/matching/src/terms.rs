//! Term frequencies: how many of the counted profiles bear a value. A shared rare value says more than
//! a shared common one.

use crate::Profile;
use crate::hash::{Hash, hash};
use rayon::prelude::*;
use rustc_hash::FxHashMap;

/// What a term is a value of; with how common an unseen value is taken to be.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Term {
    First,
    Last,
    City,
    Postal,
    State,
}

impl Term {
    /// Name under which the term is hashed.
    const fn kind(self) -> &'static str {
        match self {
            Self::First => "term-first",
            Self::Last => "term-last",
            Self::City => "term-city",
            Self::Postal => "term-postal",
            Self::State => "term-state",
        }
    }

    /// The term of a value.
    pub(crate) fn of(self, value: &str) -> i64 {
        term(hash(self.kind(), &[value]))
    }

    /// Frequency of a value nobody has been seen with yet: the mean over bearers, a rough shipped prior.
    const fn unseen(self) -> f64 {
        match self {
            Self::First => 0.003,
            Self::Last => 0.0003,
            Self::City => 0.01,
            Self::Postal => 0.001,
            Self::State => 0.03,
        }
    }
}

/// How many profiles the shipped prior counts for.
const PRIOR: f64 = 60.0;
/// Fewer profiles than this are taken for this many, so that a young file is not taken for the world.
const LEAST: f64 = 1000.0;
/// Share of the people of a typical file who share their address with an earlier one of their last name: where
/// the shipped weights come from.
const RELATIVES: f64 = 0.075;
/// Share of the people of a typical file who share it with an earlier one of another last name.
const STRANGERS: f64 = 0.03;
/// How many profiles those two shares count for: what few share an address with anybody is believed soon.
const COMPANY_PRIOR: f64 = 20.0;
/// Fewest organizations, likewise.
const LEAST_ORGANIZATIONS: f64 = 200.0;

/// The reserved term that counts profiles.
pub(crate) fn population_term() -> i64 {
    term(hash("population", &[]))
}

/// The term that every organization bears.
pub(crate) fn organization_term() -> i64 {
    term(hash("population", &["organization"]))
}

/// The term of a first name together with a last name.
pub(crate) fn pair_term(first: &str, last: &str) -> i64 {
    term(hash("term-pair", &[first, last]))
}

/// The term of a word of an organization's name.
pub(crate) fn word_term(word: &str) -> i64 {
    term(hash("term-word", &[word]))
}

/// The term of a whole organization name.
pub(crate) fn core_term(core: &str) -> i64 {
    term(hash("term-core", &[core]))
}

/// Last byte of the terms of homes, and of no other terms.
const HOME: i64 = 0x5a;
/// Last byte of the terms of doors, and of no other terms.
const DOOR: i64 = 0x5b;

/// The term of a last name at an address.
pub(crate) fn home_term(last: &str, door: &[&str]) -> i64 {
    (Hash::of("term-home").part(&[last]).part(door).end() & !0xff) | HOME
}

/// The term of an address.
pub(crate) fn door_term(door: &[&str]) -> i64 {
    (hash("term-door", door) & !0xff) | DOOR
}

/// A hash as a term that is neither of a home nor of a door.
const fn term(hash: i64) -> i64 {
    if matches!(hash & 0xff, HOME | DOOR) { hash ^ 2 } else { hash }
}

/// How many profiles bear each term.
#[derive(Debug, Clone, Default)]
pub struct TermStats {
    counts: FxHashMap<i64, i64>,
}

impl FromIterator<(i64, i64)> for TermStats {
    fn from_iter<I: IntoIterator<Item = (i64, i64)>>(entries: I) -> Self {
        Self { counts: entries.into_iter().collect() }
    }
}

impl TermStats {
    /// Counts a profile `delta` times (-1 takes it away again). Count one profile for each individual or
    /// organization, not one for each of its submissions: else loyal donors look like common names.
    pub fn add(&mut self, profile: &Profile, delta: i64) {
        self.bump(population_term(), delta);
        for term in profile.terms() {
            self.bump(*term, delta);
        }
    }

    /// The terms that a profile counts for.
    pub(crate) fn counted(profile: &Profile) -> impl Iterator<Item = i64> {
        std::iter::once(population_term()).chain(profile.terms().iter().copied())
    }

    /// Counts terms, which come in any order and as often as they occur, and leaves the list empty.
    pub(crate) fn take(&mut self, terms: &mut Vec<i64>) {
        terms.par_sort_unstable();
        for run in terms.chunk_by(|a, b| a == b) {
            if let Some(term) = run.first() {
                self.bump(*term, i64::try_from(run.len()).unwrap_or(i64::MAX));
            }
        }
        terms.clear();
    }

    /// How many profiles were counted.
    #[must_use]
    pub fn population(&self) -> u64 {
        self.count(population_term()).max(0).unsigned_abs()
    }

    /// Every term and its count, the population under its reserved term; in no particular order.
    pub fn entries(&self) -> impl Iterator<Item = (i64, i64)> {
        self.counts.iter().map(|(term, count)| (*term, *count))
    }

    fn bump(&mut self, term: i64, delta: i64) {
        let count = self.counts.entry(term).or_insert(0);
        *count += delta;
        if *count == 0 {
            self.counts.remove(&term);
        }
    }

    pub(crate) fn count(&self, term: i64) -> i64 {
        self.counts.get(&term).copied().unwrap_or(0)
    }

    /// How many a submission could be of: persons or organizations on file.
    pub(crate) fn population_of(&self, organization: bool) -> f64 {
        if organization { self.organizations() } else { self.persons() }
    }

    /// How many persons are on file, not less than a floor.
    pub(crate) fn persons(&self) -> f64 {
        self.persons_seen().max(LEAST)
    }

    fn persons_seen(&self) -> f64 {
        (real(self.count(population_term())) - self.organizations_seen()).max(0.0)
    }

    /// How many organizations are on file, not less than a floor.
    pub(crate) fn organizations(&self) -> f64 {
        self.organizations_seen().max(LEAST_ORGANIZATIONS)
    }

    fn organizations_seen(&self) -> f64 {
        real(self.count(organization_term()))
    }

    /// How often people share an address here, as a share of what is typical, between 0 and 1: with relatives,
    /// and with strangers. Near 0 where nobody has family on file; 1 also for a file too young to tell.
    pub(crate) fn company(&self) -> (f64, f64) {
        let of = |mark: i64| {
            let marked = self.counts.iter().filter(move |(term, count)| **term & 0xff == mark && **count > 0);
            marked.fold((0, 0), |(places, people), (_, count)| (places + 1, people + count))
        };
        let ((homes, people), (doors, _)) = (of(HOME), of(DOOR));
        let share = |count: i64, typical: f64| (real(count) / typical + COMPANY_PRIOR) / (real(people) + COMPANY_PRIOR);
        (share(people - homes, RELATIVES).min(1.0), share(homes - doors, STRANGERS).min(1.0))
    }

    /// Relative frequency of a value, between 0 and 1, blended with the shipped prior.
    pub(crate) fn frequency(&self, term: Term, value: i64) -> f64 {
        // Organizations have places, but no first and last names to be counted by.
        let seen = match term {
            Term::First | Term::Last => self.persons_seen(),
            Term::City | Term::Postal | Term::State => real(self.count(population_term())),
        };
        ((real(self.count(value)) + PRIOR * term.unseen()) / (seen + PRIOR)).min(1.0)
    }

    /// Relative frequency of a first and last name together; `expected` is that of a chance meeting of the two. The
    /// bearer at hand is not counted, and names that go together more often than chance are given half of that lift.
    pub(crate) fn pair_frequency(&self, pair: i64, expected: f64) -> f64 {
        let others = (real(self.count(pair)) - 1.0).max(0.0);
        let observed = (others + PRIOR * expected) / (self.persons_seen() + PRIOR);
        (observed.max(expected) * expected).sqrt()
    }

    /// Rarity of a word of organization names in bits.
    pub(crate) fn word_bits(&self, word: i64) -> f64 {
        let all = self.organizations();
        (all / (real(self.count(word)) + 0.5).min(all)).log2()
    }
}

/// A count as a real number; counts stay far below 2^52.
pub(crate) fn real(count: i64) -> f64 {
    i32::try_from(count.max(0)).map_or(f64::from(i32::MAX), f64::from)
}
