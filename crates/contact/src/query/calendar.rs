//! Days and instants as conditions name them: ISO, `M/D/YYYY`, and words such as `30 Days Ago`.

use crate::clock::Timestamp;
use crate::flat::date;
use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveDateTime, NaiveTime};
use std::ops::RangeInclusive;

/// A zone at a moment: which day it is, and which instant a clock on the wall there means.
#[derive(Clone, Copy)]
pub struct Calendar<'a> {
    /// Today.
    pub today: NaiveDate,
    /// The instant of a local time; the earlier one when there are two, the next one that exists when there is none.
    pub instant: &'a dyn Fn(NaiveDateTime) -> Timestamp,
}

/// What a value means: whole days, or a moment as exact as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Span {
    /// From the first day to the last.
    Days(NaiveDate, NaiveDate),
    /// A local time of day and how long it lasts, in microseconds.
    Local(NaiveDateTime, i64),
    /// An instant and how long it lasts, in microseconds.
    Instant(Timestamp, i64),
}

const SECOND: i64 = 1_000_000;

impl Calendar<'_> {
    /// What a value means; none for anything that is no date.
    pub(super) fn span(&self, text: &str) -> Option<Span> {
        let text = text.trim();
        moment(text).or_else(|| date(text).map(|day| Span::Days(day, day))).or_else(|| self.words(text))
    }

    /// The microseconds since 1970 of a span, both ends included.
    pub(super) fn micros(&self, span: Span) -> RangeInclusive<i64> {
        let lasting = |from: Timestamp, long: i64| from.timestamp_micros()..=from.timestamp_micros() + long - 1;
        match span {
            Span::Instant(at, long) => lasting(at, long),
            Span::Local(at, long) => lasting((self.instant)(at), long),
            Span::Days(first, last) => {
                let midnight = |day: NaiveDate| (self.instant)(day.and_time(NaiveTime::MIN)).timestamp_micros();
                midnight(first)..=last.checked_add_days(Days::new(1)).map_or(i64::MAX, midnight).saturating_sub(1)
            }
        }
    }

    /// The days of a span.
    pub(super) fn days(&self, span: Span) -> RangeInclusive<NaiveDate> {
        match span {
            Span::Days(first, last) => first..=last,
            Span::Local(at, _) => at.date()..=at.date(),
            Span::Instant(at, _) => at.date_naive()..=at.date_naive(),
        }
    }

    /// Words that are counted from today (virtuous-contract.md 4.3).
    fn words(&self, text: &str) -> Option<Span> {
        let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let today = self.today;
        let day = match words.as_slice() {
            ["today"] => Some(today),
            ["yesterday"] => today.pred_opt(),
            ["tomorrow"] => today.succ_opt(),
            ["last", "sunday"] => {
                let back = match today.weekday().num_days_from_sunday() {
                    0 => 7,
                    days => u64::from(days),
                };
                today.checked_sub_days(Days::new(back))
            }
            ["start", "of", "this", "month"] => today.with_day(1),
            ["start", "of", "this", "year"] => NaiveDate::from_ymd_opt(today.year(), 1, 1),
            ["this", "calendar", "year"] => return year(today.year()),
            ["last", "calendar", "year"] => return year(today.year() - 1),
            [number, unit, "ago"] => moved(today, count(number)?, unit, true),
            [number, unit, "from", "now"] => moved(today, count(number)?, unit, false),
            _ => None,
        };
        day.map(|day| Span::Days(day, day))
    }
}

fn year(year: i32) -> Option<Span> {
    Some(Span::Days(NaiveDate::from_ymd_opt(year, 1, 1)?, NaiveDate::from_ymd_opt(year, 12, 31)?))
}

fn count(text: &str) -> Option<u32> {
    const WORDS: [&str; 12] =
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
    let word = WORDS.iter().zip(1..).find(|(word, _)| **word == text).map(|(_, number)| number);
    word.or_else(|| text.parse().ok())
}

fn moved(today: NaiveDate, number: u32, unit: &str, back: bool) -> Option<NaiveDate> {
    let days = |each: u64| Days::new(u64::from(number) * each);
    let months = |each: u32| number.checked_mul(each).map(Months::new);
    match (unit.strip_suffix('s').unwrap_or(unit), back) {
        ("day", true) => today.checked_sub_days(days(1)),
        ("day", false) => today.checked_add_days(days(1)),
        ("week", true) => today.checked_sub_days(days(7)),
        ("week", false) => today.checked_add_days(days(7)),
        ("month", true) => today.checked_sub_months(months(1)?),
        ("month", false) => today.checked_add_months(months(1)?),
        ("year", true) => today.checked_sub_months(months(12)?),
        ("year", false) => today.checked_add_months(months(12)?),
        _ => None,
    }
}

/// A date with a time of day, with or without a zone. It lasts for as long as its last digit says.
fn moment(text: &str) -> Option<Span> {
    let long = match text.split_once('.') {
        None => SECOND,
        Some((_, fraction)) if fraction.chars().take_while(char::is_ascii_digit).count() <= 3 => 1_000,
        Some(_) => 1,
    };
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return Some(Span::Instant(at.to_utc(), long));
    }
    const FORMS: &[&str] =
        &["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %I:%M:%S %p"];
    let local = FORMS.iter().find_map(|form| NaiveDateTime::parse_from_str(text, form).ok());
    let minute = || NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M").ok().map(|at| Span::Local(at, 60 * SECOND));
    local.map(|at| Span::Local(at, long)).or_else(minute)
}
