//! What calibration looks at: for a row, every hypothesis about it with the levels it stands on, kept small.

use crate::compare::{Mark, Rarity, compare};
use crate::decide::Case;
use crate::index::Seen;
use crate::level::{Field, Level};
use crate::score::{ContactScore, contacts};
use crate::{Index, Matcher, Profile, Row, Weights};
use std::borrow::Borrow;

/// Contacts looked at for one row, the strongest first.
const MOST_CONTACTS: usize = 16;
/// Random pairs looked at.
const PAIRS: usize = 20_000;

/// What somebody who knows has said about a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Label {
    /// It is this individual.
    Same {
        /// The contact.
        contact: i64,
        /// Its individual.
        individual: i64,
    },
    /// It is a new person of this contact.
    Relative {
        /// The contact.
        contact: i64,
    },
    /// It is nobody on file.
    Nobody,
    /// It is not this contact; whose it is, is not known.
    Not {
        /// The contact.
        contact: i64,
    },
}

/// One hypothesis about a row.
#[derive(Debug, Clone)]
pub(super) struct Hypothesis {
    pub contact: i64,
    /// None for "a new person of the contact".
    pub individual: Option<i64>,
    /// Levels with the adjustment for the value's rarity.
    pub marks: Vec<(Level, f64)>,
}

/// A row with the hypotheses about it.
#[derive(Debug, Clone)]
pub struct Observation {
    /// How many the row could be of, as bits: log2 of the persons or organizations on file.
    pub(super) population: f64,
    pub(super) hypotheses: Vec<Hypothesis>,
    /// What is known about it.
    pub label: Option<Label>,
    /// Whether it came in, so that it tells how often rows are of people on file. Rows on file tell nothing of that.
    pub incoming: bool,
}

impl Observation {
    /// Compares a row with the contacts it can meet. The sender's reference plays no part.
    #[must_use]
    pub fn of(row: &Row<'_>, index: &Index, matcher: &Matcher, label: Option<Label>) -> Self {
        let case = Case::of(row);
        let rarity = Rarity::of(&case.profile, index, matcher);
        let found = index.candidates(case.keys);
        let scores = contacts(&case, index, (&found, None), &rarity, &matcher.weights);
        let hypotheses = scores.iter().take(MOST_CONTACTS).flat_map(|score| about(score, &matcher.weights)).collect();
        Self { population: rarity.population(&case.profile).log2(), hypotheses, label, incoming: true }
    }

    /// Whether another contact than the row's own looks like one of a relative: likelier than one of the
    /// same individual and than chance.
    #[must_use]
    pub fn has_relative_beside(&self, own: i64) -> bool {
        let shipped = Weights::shipped();
        let best = |same: bool| {
            let others = self.hypotheses.iter().filter(|one| one.contact != own && one.individual.is_some() == same);
            others.map(|one| bits(one, &shipped)).fold(f64::NEG_INFINITY, f64::max)
        };
        best(false) > best(true).max(self.population)
    }

    /// The hypotheses about the row: contact, individual (none for "a new person of the contact"), levels.
    pub fn hypotheses(&self) -> impl Iterator<Item = (i64, Option<i64>, Vec<Level>)> {
        let levels = |one: &Hypothesis| one.marks.iter().map(|(level, _)| *level).collect();
        self.hypotheses.iter().map(move |one| (one.contact, one.individual, levels(one)))
    }
}

/// Bits of a hypothesis against a stranger, without the prior.
pub(super) fn bits(hypothesis: &Hypothesis, weights: &Weights) -> f64 {
    let same = hypothesis.individual.is_some();
    let bits = |level: Level| if same { weights.of(level).same } else { weights.of(level).relative };
    hypothesis.marks.iter().map(|(level, adjustment)| bits(*level) + adjustment).sum()
}

fn about(score: &ContactScore, weights: &Weights) -> Vec<Hypothesis> {
    let plain = |marks: &mut dyn Iterator<Item = Mark>| marks.map(|mark| (mark.level, mark.adjustment)).collect();
    let same = score.people.iter().map(|person| Hypothesis {
        contact: score.contact,
        individual: Some(person.individual),
        marks: plain(&mut person.marks.iter()),
    });
    let relative = score.relative.and(score.best()).map(|best| {
        let last = score.people.iter().filter_map(|person| person.marks.last);
        let last = last.max_by(|a, b| a.relative(weights).total_cmp(&b.relative(weights)));
        let others = best.marks.iter().filter(|mark| mark.level.field() != Field::LastName);
        Hypothesis { contact: score.contact, individual: None, marks: plain(&mut others.chain(last)) }
    });
    same.chain(relative).collect()
}

/// How often each level shows among pairs that have nothing to do with each other.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Strangers {
    counts: Vec<f64>,
}

impl Strangers {
    /// Counts random pairs of rows and people on file; the same lists give the same pairs.
    #[must_use]
    pub fn drawn<R: Borrow<Profile>, F: Borrow<Profile>>(rows: &[R], file: &[F], matcher: &Matcher) -> Self {
        let mut strangers = Self::default();
        for (row, place) in rows.iter().cycle().take(PAIRS).zip(places(file.len())) {
            if let Some(other) = file.get(place) {
                strangers.add(row.borrow(), other.borrow(), matcher);
            }
        }
        strangers
    }

    /// Counts the levels at which a row stands against somebody drawn at random.
    pub fn add(&mut self, row: &Profile, file: &Profile, matcher: &Matcher) {
        let row = row.view();
        let rarity = Rarity::between(&row, matcher);
        self.counts.resize(Level::ALL.len(), 0.0);
        let person = [Seen::whole(file)];
        for mark in compare(&row, &person, &rarity, &matcher.weights).iter() {
            if let Some(count) = self.counts.get_mut(mark.level as usize) {
                *count += 1.0;
            }
        }
    }

    /// How often a level was seen, and how often its field could be compared.
    pub fn seen(&self, level: Level) -> (f64, f64) {
        let count = |level: Level| self.counts.get(level as usize).copied().unwrap_or_default();
        let field = Level::ALL.iter().filter(|other| other.field() == level.field());
        (count(level), field.map(|level| count(*level)).sum())
    }
}

/// Places in a list of this length in an order without pattern, the same each time (Lehmer's generator).
fn places(length: usize) -> impl Iterator<Item = usize> {
    let next = |state: &u64| Some(state.wrapping_mul(48_271) % 0x7fff_ffff);
    let length = length.max(1) as u64;
    std::iter::successors(Some(20_261_123_u64), next).map(move |state| usize::try_from(state % length).unwrap_or(0))
}
