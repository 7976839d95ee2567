//! What a store can look up before a query is evaluated: always at least the records that it asks for.

use super::condition::{Condition, Test};
use super::facts::{Place, code};
use super::whole::Query;
use super::words::{NUMBER_TAIL, words_of};
use std::ops::RangeInclusive;

/// Texts of which a store is asked to find one in the facts, at most: each costs a search of its own.
const MOST_NEEDLES: usize = 4;
/// Texts shorter than this are in too many facts to be looked for.
const SHORTEST_NEEDLE: usize = 3;
/// Leads at most; with more of them it is cheaper to read everything.
const MOST_LEADS: usize = 5_000;

/// By what a record can be looked up.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lead {
    /// By its number.
    Id(i64),
    /// By a word of [`super::words`].
    Word(String),
}

/// The records that a query can be about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Narrow {
    /// Between which numbers they are.
    pub ids: RangeInclusive<i64>,
    /// Between which microseconds since 1970 they last changed.
    pub modified: RangeInclusive<i64>,
    /// By what they can be looked up one by one; none when some cannot.
    pub leads: Option<Vec<Lead>>,
    /// Texts of which one is in their facts; none are known when empty.
    pub needles: Vec<String>,
    /// Whether the range of numbers says it all: every record in it is asked for, but for archived ones.
    pub exact: bool,
}

const ALL: RangeInclusive<i64> = i64::MIN..=i64::MAX;

impl Query {
    /// What can be looked up beforehand.
    #[must_use]
    pub fn narrow(&self) -> Narrow {
        let groups = &self.groups;
        Narrow {
            ids: hull(groups, &Place::Id),
            modified: hull(groups, &Place::Modified),
            leads: leads(groups),
            needles: needles(groups),
            exact: self.sources.is_empty() && self.location.is_none() && is_one_range(groups),
        }
    }
}

/// Everything, or one range of numbers.
fn is_one_range(groups: &[Vec<Condition>]) -> bool {
    match groups {
        [] => true,
        [group] => group.iter().all(|own| own.place == Place::Id && matches!(own.test, Test::Whole(_))),
        _ => false,
    }
}

/// The least range in which every group's range at a place lies.
fn hull(groups: &[Vec<Condition>], place: &Place) -> RangeInclusive<i64> {
    let range = |group: &Vec<Condition>| {
        let own = group.iter().filter(|own| own.place == *place);
        own.fold(ALL, |range, own| match &own.test {
            Test::Whole(other) => *range.start().max(other.start())..=*range.end().min(other.end()),
            _ => range,
        })
    };
    let united = |a: RangeInclusive<i64>, b: RangeInclusive<i64>| *a.start().min(b.start())..=*a.end().max(b.end());
    groups.iter().map(range).reduce(united).unwrap_or(ALL)
}

/// Leads to everything that the groups ask for.
fn leads(groups: &[Vec<Condition>]) -> Option<Vec<Lead>> {
    if groups.is_empty() {
        return None;
    }
    let mut all = Vec::new();
    for group in groups {
        // The condition with the fewest leads.
        all.extend(group.iter().filter_map(leads_of).min_by_key(Vec::len)?);
    }
    all.sort_unstable();
    all.dedup();
    (all.len() <= MOST_LEADS).then_some(all)
}

fn leads_of(condition: &Condition) -> Option<Vec<Lead>> {
    match (&condition.place, &condition.test) {
        (Place::Id, Test::Whole(range)) if range.start() == range.end() => Some(vec![Lead::Id(*range.start())]),
        (Place::Line(code), Test::Among(values, false) | Test::Number(values, false)) => {
            values.iter().map(|value| word(code, value).map(Lead::Word)).collect()
        }
        _ => None,
    }
}

/// The longest word that a record with this value has, which is likely the rarest.
fn word(code: &str, value: &str) -> Option<String> {
    let longest = |a: &String, b: &String| a.len().cmp(&b.len()).then_with(|| b.cmp(a));
    words_of(code, value).into_iter().max_by(longest)
}

/// Texts of which one is in the facts of everything that the groups ask for.
fn needles(groups: &[Vec<Condition>]) -> Vec<String> {
    if groups.len() > MOST_NEEDLES {
        return Vec::new();
    }
    let longest = |group: &Vec<Condition>| group.iter().filter_map(needle).max_by_key(String::len);
    groups.iter().map(longest).collect::<Option<Vec<_>>>().unwrap_or_default()
}

fn needle(condition: &Condition) -> Option<String> {
    let is_text =
        matches!(condition.place, Place::Line(_) | Place::AddressPart(_) | Place::ReferencePart(_) | Place::Custom(..));
    let text = match &condition.test {
        Test::Among(values, false) if values.len() == 1 => values.first()?.clone(),
        Test::Contains(text) | Test::StartsWith(text) | Test::EndsWith(text) => text.clone(),
        Test::Number(values, false) if values.len() == 1 => {
            let digits = values.first()?;
            digits.get(digits.len().saturating_sub(NUMBER_TAIL)..)?.to_owned()
        }
        Test::Known(true) => match condition.place {
            Place::Line(code) => format!("\n{code}"),
            Place::ReferencePart(_) => format!("\n{}", code::REFERENCE),
            _ => return None,
        },
        _ => return None,
    };
    (is_text && text.len() >= SHORTEST_NEEDLE).then_some(text)
}
