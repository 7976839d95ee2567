//! One condition: where it looks, and what must be there.

use super::calendar::Calendar;
use super::facts::{Place, Record, digits};
use chrono::NaiveDate;
use rust_decimal::Decimal;
use std::ops::{Bound, RangeBounds, RangeInclusive};
use std::str::FromStr;

/// The shortest number that may be the end of a longer one, which then has a country code before it.
const WHOLE_NUMBER: usize = 10;

/// What must be there.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Test {
    /// One of the values is one of these; turned round, none is.
    Among(Vec<String>, bool),
    /// As [`Test::Among`], by digits.
    Number(Vec<String>, bool),
    /// This is a part of one of the values.
    Contains(String),
    /// One of the values begins with this.
    StartsWith(String),
    /// One of the values ends with this.
    EndsWith(String),
    /// There is a value, or there is none.
    Known(bool),
    /// A whole number, or microseconds.
    Whole(RangeInclusive<i64>),
    /// A decimal number.
    Decimal(Bound<Decimal>, Bound<Decimal>),
    /// A day.
    Days(RangeInclusive<NaiveDate>),
    /// Yes, or anything else.
    Flag(bool),
}

/// A condition of a group.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Condition {
    pub(super) place: Place,
    pub(super) test: Test,
}

impl Condition {
    /// Whether a record is as the condition says.
    pub(super) fn holds(&self, record: &Record<'_>) -> bool {
        let own = match self.place {
            Place::Id => record.id,
            Place::Created => record.created,
            Place::Modified => record.modified,
            Place::Archived => return self.test == Test::Flag(record.archived),
            _ => return self.holds_of_values(record),
        };
        matches!(&self.test, Test::Whole(range) if range.contains(&own))
    }

    fn holds_of_values(&self, record: &Record<'_>) -> bool {
        let mut values = record.facts.values(&self.place);
        match &self.test {
            Test::Among(wanted, not) => values.any(|own| wanted.iter().any(|one| *one == own)) != *not,
            Test::Number(wanted, not) => values.any(|own| wanted.iter().any(|one| is_same_number(one, &own))) != *not,
            Test::Contains(part) => values.any(|own| own.contains(part.as_str())),
            Test::StartsWith(part) => values.any(|own| own.starts_with(part.as_str())),
            Test::EndsWith(part) => values.any(|own| own.ends_with(part.as_str())),
            Test::Known(known) => values.next().is_some() == *known,
            Test::Whole(range) => values.any(|own| own.parse().is_ok_and(|number: i64| range.contains(&number))),
            Test::Decimal(from, to) => {
                values.any(|own| Decimal::from_str(&own).is_ok_and(|number| (*from, *to).contains(&number)))
            }
            Test::Days(range) => values.any(|own| own.parse().is_ok_and(|day: NaiveDate| range.contains(&day))),
            Test::Flag(set) => values.any(|own| own == "true") == *set,
        }
    }
}

/// Equal digits, or equal but for a country code.
fn is_same_number(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() < b.len() { (a, b) } else { (b, a) };
    a == b || (short.len() >= WHOLE_NUMBER && long.ends_with(short))
}

/// No total is greater: a condition that names more is a slip of the finger.
pub const MOST_AMOUNT: i64 = 1_000_000_000_000;

/// A decimal number as clients write it, also as an amount.
pub(super) fn decimal(text: &str) -> Option<Decimal> {
    let plain: String = text.chars().filter(|c| !matches!(c, '$' | ',' | ' ')).collect();
    Decimal::from_str(&plain).ok().filter(|number| number.abs() <= Decimal::from(MOST_AMOUNT))
}

/// A whole number.
pub(super) fn whole(text: &str) -> Option<i64> {
    text.trim().parse().ok()
}

/// A telephone number by its digits; none without any.
pub(super) fn number(text: &str) -> Option<String> {
    Some(digits(text)).filter(|digits| !digits.is_empty())
}

/// Microseconds since 1970 of a date.
pub(super) fn micros(text: &str, calendar: &Calendar<'_>) -> Option<RangeInclusive<i64>> {
    calendar.span(text).map(|span| calendar.micros(span))
}

/// Days of a date.
pub(super) fn days(text: &str, calendar: &Calendar<'_>) -> Option<RangeInclusive<NaiveDate>> {
    calendar.span(text).map(|span| calendar.days(span))
}
