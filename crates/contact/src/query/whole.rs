//! A query that was read: groups of conditions, and how what is found is ordered.

use super::condition::{Condition, Test};
use super::facts::{Place, Record};
use super::sort::Order;
use std::collections::HashMap;

/// A rectangle on the map, in degrees.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bounds {
    /// Degrees north of the southern edge.
    pub south: f64,
    /// Degrees north of the northern edge.
    pub north: f64,
    /// Degrees east of the western edge.
    pub west: f64,
    /// Degrees east of the eastern edge.
    pub east: f64,
}

/// A query.
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    pub(super) groups: Vec<Vec<Condition>>,
    pub(super) order: Order,
    /// Whether archived records are wanted too.
    pub include_archived: bool,
    /// Where an address has to be.
    pub location: Option<Bounds>,
    /// Platforms of which the record must carry a reference, in lower case; empty for every record.
    pub(super) sources: Vec<String>,
    switch: Option<Switch>,
}

/// Groups by the value that they ask for: of a thousand groups only those are looked at that can hold.
#[derive(Debug, Clone, PartialEq)]
struct Switch {
    place: Place,
    by_value: HashMap<String, Vec<usize>>,
    others: Vec<usize>,
}

/// Fewer groups are looked at one by one.
const MANY: usize = 8;

impl Query {
    pub(super) fn new(
        groups: Vec<Vec<Condition>>,
        order: Order,
        include_archived: bool,
        location: Option<Bounds>,
    ) -> Self {
        let asks_archived = groups.iter().flatten().any(|condition| condition.place == Place::Archived);
        let switch = switch(&groups);
        let include_archived = include_archived || asks_archived;
        Self { groups, order, include_archived, location, sources: Vec::new(), switch }
    }

    /// The query for everything that is not archived, by number.
    #[must_use]
    pub fn everything() -> Self {
        let order = Order { place: Place::Id, kind: super::Kind::Int, descending: false };
        Self::new(Vec::new(), order, false, None)
    }

    /// The query, of the records that carry a reference of one of these platforms; all of them when there is none.
    #[must_use]
    pub fn of_sources(mut self, sources: &[String]) -> Self {
        self.sources = sources.iter().map(|source| super::facts::lower(source)).collect();
        self
    }

    /// Whether a record is asked for. No groups ask for everything. The location is not looked at.
    #[must_use]
    pub fn holds(&self, record: &Record<'_>) -> bool {
        let may_be_seen = self.sources.is_empty() || record.facts.is_of(&self.sources);
        (self.include_archived || !record.archived) && may_be_seen && self.some_group_holds(record)
    }

    fn some_group_holds(&self, record: &Record<'_>) -> bool {
        let holds = |group: &usize| {
            self.groups.get(*group).is_some_and(|group| group.iter().all(|condition| condition.holds(record)))
        };
        match &self.switch {
            None if self.groups.is_empty() => true,
            None => (0..self.groups.len()).any(|group| holds(&group)),
            Some(switch) => {
                switch.others.iter().any(holds)
                    || record
                        .facts
                        .values(&switch.place)
                        .filter_map(|own| switch.by_value.get(own.as_ref()))
                        .any(|groups| groups.iter().any(holds))
            }
        }
    }
}

/// The values of which a record must have one, as far as a condition names such.
fn values(condition: &Condition) -> Option<&Vec<String>> {
    match &condition.test {
        Test::Among(values, false) => Some(values),
        _ => None,
    }
}

fn switch(groups: &[Vec<Condition>]) -> Option<Switch> {
    if groups.len() < MANY {
        return None;
    }
    let places = groups.iter().flatten().filter(|own| values(own).is_some()).map(|own| &own.place);
    // The place that most conditions name; the first of equals.
    let mut counts: Vec<(&Place, usize)> = Vec::new();
    for place in places {
        match counts.iter_mut().find(|(known, _)| *known == place) {
            Some((_, count)) => *count += 1,
            None => counts.push((place, 1)),
        }
    }
    let (place, _) = counts.into_iter().rev().max_by_key(|(_, count)| *count)?;
    let (mut by_value, mut others) = (HashMap::<String, Vec<usize>>::new(), Vec::new());
    for (number, group) in groups.iter().enumerate() {
        let named = group.iter().filter(|own| own.place == *place).find_map(values);
        match named {
            Some(values) => values.iter().for_each(|own| by_value.entry(own.clone()).or_default().push(number)),
            None => others.push(number),
        }
    }
    Some(Switch { place: place.clone(), by_value, others })
}
