//! The order of what is found: by one parameter, then by number. What has no value comes last, and first when the
//! order is turned round.

use super::facts::{Place, Record};
use super::parameter::{Dictionary, Kind};
use rust_decimal::Decimal;
use std::cmp::Ordering;
use std::str::FromStr;

/// By what records are ordered.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Order {
    pub(super) place: Place,
    pub(super) kind: Kind,
    pub(super) descending: bool,
}

/// What a record is ordered by. The number decides between equals.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// A whole number, or microseconds.
    Whole(i64),
    /// A decimal number.
    Decimal(Decimal),
    /// A text.
    Text(String),
    /// There is no value.
    Missing,
}

/// Other names to sort by, as clients use them, and the parameters they mean.
const NAMES: &[(&str, &str)] = &[
    ("createddatetime", "Create Date"),
    ("modifieddatetime", "Last Modified Date"),
    ("name", "Contact Name"),
    ("notedate", "Note Date"),
];

impl Order {
    /// The order that a client names; none for an unknown parameter.
    pub(super) fn named(name: Option<&str>, descending: bool, dictionary: &Dictionary<'_>) -> Option<Self> {
        let by_id = || Self { place: Place::Id, kind: Kind::Int, descending };
        let Some(name) = name else { return Some(by_id()) };
        if name.eq_ignore_ascii_case("id") {
            return Some(by_id());
        }
        let other = NAMES.iter().find(|(other, _)| name.eq_ignore_ascii_case(other)).map(|(_, parameter)| *parameter);
        let parameter = dictionary.parameter(other.unwrap_or(name))?;
        Some(Self { place: parameter.place, kind: parameter.kind, descending })
    }

    /// By number, from the least.
    pub(super) fn is_by_id(&self) -> bool {
        self.place == Place::Id
    }
}

impl super::Query {
    /// What a record is ordered by: the first of its values.
    #[must_use]
    pub fn key(&self, record: &Record<'_>) -> Key {
        let own = match self.order.place {
            Place::Id => return Key::Missing,
            Place::Created => return Key::Whole(record.created),
            Place::Modified => return Key::Whole(record.modified),
            Place::Archived => return Key::Whole(i64::from(record.archived)),
            _ => record.facts.values(&self.order.place).next(),
        };
        let Some(own) = own else { return Key::Missing };
        match self.order.kind {
            Kind::Int | Kind::Time => own.parse().map_or(Key::Missing, Key::Whole),
            Kind::Decimal => Decimal::from_str(&own).map_or(Key::Missing, Key::Decimal),
            _ => Key::Text(own.into_owned()),
        }
    }

    /// Which of two records comes first, by their keys and numbers.
    #[must_use]
    pub fn compare<N: Ord>(&self, a: &(Key, N), b: &(Key, N)) -> Ordering {
        let order = a.cmp(b);
        if self.order.descending { order.reverse() } else { order }
    }

    /// Whether the order is that of the numbers, and whether it is turned round.
    #[must_use]
    pub fn by_id(&self) -> Option<bool> {
        self.order.is_by_id().then_some(self.order.descending)
    }
}
