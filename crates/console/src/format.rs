//! Numbers, times and codes as people read them.

use chrono_tz::Tz;
use tributary_contact::clock::Timestamp;
use tributary_contact::state::{Level, Reason, State};

/// A count with separators: `12,345`.
pub(crate) fn count(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if number < 0 {
        text.push('-');
    }
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A count that was ended at `most`: `1,000+`.
pub(crate) fn at_least(number: i64, most: i64) -> String {
    if number < most { count(number) } else { format!("{}+", count(most)) }
}

/// A count of something, with its plural: `1 row`, `2 rows`.
pub(crate) fn counted(number: i64, one: &str, many: &str) -> String {
    format!("{} {}", count(number), if number == 1 { one } else { many })
}

/// A time in the organization's zone: `22 Nov 2026, 14:03`.
pub(crate) fn time(at: Timestamp, zone: Tz) -> String {
    at.with_timezone(&zone).format("%-d %b %Y, %H:%M").to_string()
}

/// The day of a time in the organization's zone: `22 Nov`.
pub(crate) fn day(at: Timestamp, zone: Tz) -> String {
    at.with_timezone(&zone).format("%-d %b").to_string()
}

/// How long ago, to one unit: `3 days`.
pub(crate) fn age(at: Timestamp, now: Timestamp) -> String {
    let seconds = (now - at).num_seconds().max(0);
    let (number, one, many) = match seconds {
        0..60 => return "less than a minute".to_owned(),
        60..3_600 => (seconds / 60, "minute", "minutes"),
        3_600..86_400 => (seconds / 3_600, "hour", "hours"),
        _ => (seconds / 86_400, "day", "days"),
    };
    counted(number, one, many)
}

/// A span of milliseconds: `830 ms`, `4.2 s`.
pub(crate) fn span(milliseconds: i64) -> String {
    if milliseconds < 1_000 {
        return format!("{milliseconds} ms");
    }
    format!("{}.{} s", count(milliseconds / 1_000), milliseconds % 1_000 / 100)
}

/// A probability: `97 %`, never rounded up to certainty.
pub(crate) fn share(probability: f64) -> String {
    let percent = (probability * 100.0).floor().clamp(0.0, 100.0);
    if probability > 0.99 && probability < 1.0 { "over 99 %".to_owned() } else { format!("{percent:.0} %") }
}

/// The probability that stands behind bits.
pub(crate) fn probability(bits: f64) -> f64 {
    1.0 / (1.0 + (-bits).exp2())
}

/// A state in words.
pub(crate) const fn state(state: State) -> &'static str {
    match state {
        State::Held => "held",
        State::Created => "created",
        State::Merged => "merged",
        State::Unchanged => "unchanged",
        State::NeedsUpdate => "needs update",
        State::Rejected => "rejected",
    }
}

/// A level in words.
pub(crate) const fn level(level: Level) -> &'static str {
    match level {
        Level::Individual => "into a known person",
        Level::Household => "as a new person of the household",
    }
}

/// A reason as a short label.
pub(crate) fn reason(reason: Reason) -> String {
    let text = reason.as_str().replace('_', " ");
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// A camel-case name in words: `lastName` is `Last name`.
pub(crate) fn words(name: &str) -> String {
    let mut text = String::new();
    for letter in name.chars() {
        match letter {
            upper if upper.is_uppercase() && !text.is_empty() => {
                text.push(' ');
                text.extend(upper.to_lowercase());
            }
            first if text.is_empty() => text.extend(first.to_uppercase()),
            other => text.push(other),
        }
    }
    text
}

/// A text for a query: everything but letters, digits and a few marks as `%XX`.
pub(crate) fn encoded(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b'/' => out.push(char::from(byte)),
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_separators_and_plurals() {
        assert_eq!([0, 999, 1_000, 1_234_567, -4_000].map(count), ["0", "999", "1,000", "1,234,567", "-4,000"]);
        assert_eq!(counted(1, "row", "rows"), "1 row");
        assert_eq!(counted(2_000, "row", "rows"), "2,000 rows");
        assert_eq!([830, 4_230, 1_000_000].map(span), ["830 ms", "4.2 s", "1,000.0 s"]);
    }

    #[test]
    fn a_probability_is_never_shown_as_certain_when_it_is_not() {
        assert_eq!([0.0, 0.5, 0.979, 0.9999, 1.0].map(share), ["0 %", "50 %", "97 %", "over 99 %", "100 %"]);
    }

    #[test]
    fn times_are_the_organizations_own() {
        let at: Timestamp = "2026-11-22T05:03:00Z".parse().unwrap();
        assert_eq!(time(at, chrono_tz::America::Chicago), "21 Nov 2026, 23:03");
        assert_eq!(day(at, chrono_tz::UTC), "22 Nov");
        assert_eq!(age(at, at + chrono::TimeDelta::hours(50)), "2 days");
        assert_eq!(age(at, at + chrono::TimeDelta::seconds(61)), "1 minute");
        assert_eq!(age(at, at), "less than a minute");
    }

    #[test]
    fn codes_become_words_and_paths_become_queries() {
        assert_eq!(words("lastName"), "Last name");
        assert_eq!(reason(Reason::ReferenceConflict), "Reference conflict");
        assert_eq!(encoded("/console/a b?x=<1>&é"), "/console/a%20b%3Fx%3D%3C1%3E%26%C3%A9");
    }
}
