//! House number and street.

use super::tables;
use super::unit::{is_digits, is_letter, ordinal_digits, starts_with_digit};

/// House number, standard street and its core.
#[derive(Default)]
pub(super) struct Street {
    pub number: String,
    pub standard: String,
    pub core: String,
}

/// Countries that write the house number before the street.
const NUMBER_FIRST: &[&str] = &["us", "ca", "gb", "ie", "au", "nz", "fr", "in", "za"];

/// Names of numbered roads of several words, with their standard form.
const ROADS: &[(&[&str], &str)] = &[
    (&["county", "road"], "cr"),
    (&["county", "rd"], "cr"),
    (&["cnty", "rd"], "cr"),
    (&["co", "rd"], "cr"),
    (&["co", "road"], "cr"),
    (&["state", "route"], "sr"),
    (&["state", "rte"], "sr"),
    (&["state", "rt"], "sr"),
    (&["state", "road"], "sr"),
    (&["state", "rd"], "sr"),
    (&["st", "rt"], "sr"),
    (&["st", "rte"], "sr"),
    (&["state", "highway"], "sr"),
    (&["state", "hwy"], "sr"),
    (&["us", "highway"], "us"),
    (&["us", "hwy"], "us"),
    (&["us", "route"], "us"),
    (&["us", "rte"], "us"),
    (&["us", "rt"], "us"),
    (&["u", "s", "highway"], "us"),
    (&["u", "s", "hwy"], "us"),
    (&["u", "s", "route"], "us"),
    (&["rural", "route"], "rr"),
    (&["rural", "rte"], "rr"),
    (&["rural", "rt"], "rr"),
    (&["r", "r"], "rr"),
    (&["farm", "to", "market"], "fm"),
    (&["interstate"], "i"),
    (&["rt"], "rte"),
];

pub(super) fn starts_with_number(line: &[&str]) -> bool {
    line.first().is_some_and(|token| starts_with_digit(token) && line.len() > 1)
}

/// Reads a street line from which unit and PO box are gone.
pub(super) fn read(line: &[&str], country: &str) -> Street {
    let (number, rest) = part_number(line, country);
    let names = standard_tokens(rest);
    let core = core_of(&names);
    Street { number, core: core.join(" "), standard: names.join(" ") }
}

/// House number and the rest of the line.
fn part_number<'a, 'b>(line: &'a [&'b str], country: &str) -> (String, &'a [&'b str]) {
    let is_last = !NUMBER_FIRST.contains(&country);
    let is_single = line.len() == 1;
    match line {
        [first, fraction, rest @ ..] if is_digits(first) && is_fraction(fraction) && !rest.is_empty() => {
            (format!("{} {}", trim_zeros(first), fraction.replace('/', " ")), rest)
        }
        [first, letter, rest @ ..] if is_digits(first) && is_number_letter(letter, rest) => {
            (format!("{}{letter}", trim_zeros(first)), rest)
        }
        [first, rest @ ..] if is_house_number(first) && (!rest.is_empty() || is_single && is_digits(first)) => {
            (trim_zeros(first).replace('/', " "), rest)
        }
        [word, rest @ ..] if rest.len() > 1 && tables::cardinal(word).is_some() => {
            (tables::cardinal(word).unwrap_or_default().to_owned(), rest)
        }
        [rest @ .., last, letter] if !rest.is_empty() && is_last && is_digits(last) && is_letter(letter) => {
            (format!("{}{letter}", trim_zeros(last)), rest)
        }
        [rest @ .., last] if !rest.is_empty() && is_last && starts_with_digit(last) => {
            (trim_zeros(last).replace('/', " "), rest)
        }
        _ => (String::new(), line),
    }
}

/// A letter after the number belongs to it, unless it is the street (`12 A St`) or a directional.
fn is_number_letter(letter: &str, rest: &[&str]) -> bool {
    let is_street = rest.len() < 2 && rest.first().is_none_or(|next| tables::suffix(next).is_some());
    is_letter(letter) && tables::directional(letter).is_none() && !is_street
}

/// `12`, `12a`, `n6w23001`; an ordinal is a street.
fn is_house_number(token: &str) -> bool {
    let grid = || {
        let (n, e) = (token.starts_with(['n', 's', 'e', 'w']), token.ends_with(|c: char| c.is_ascii_digit()));
        n && e && token.bytes().all(|b| b.is_ascii_digit() || b"nsew".contains(&b))
    };
    (starts_with_digit(token) && ordinal_digits(token).len() == token.len()) || grid()
}

fn is_fraction(token: &str) -> bool {
    token.split_once('/').is_some_and(|(above, below)| is_digits(above) && is_digits(below))
}

fn trim_zeros(number: &str) -> &str {
    let short = number.trim_start_matches('0');
    if starts_with_digit(short) { short } else { number }
}

/// The words of the street in standard form: ordinals as bare numbers, directionals and suffixes
/// abbreviated. Suffix words inside the name are abbreviated too, so that `Post Canyon Rd` and `Post
/// Cnyn Rd` are one street.
fn standard_tokens<'a>(line: &[&'a str]) -> Vec<&'a str> {
    let numbered = standard_numbers(line);
    let end = numbered.iter().rposition(|word| tables::directional(word).is_none()).unwrap_or(0);
    let last = numbered.len().saturating_sub(1);
    let mut names = Vec::with_capacity(numbered.len());
    let mut at = 0;
    while let Some(word) = numbered.get(at).copied() {
        let next = numbered.get(at + 1).copied().unwrap_or_default();
        let outside = at == 0 || at >= end;
        let double = tables::two_word_directional(word, next).filter(|_| outside && at != end);
        names.push(double.unwrap_or_else(|| standard_word(word, at == 0, at == end, outside || at == last)));
        at += 1 + usize::from(double.is_some());
    }
    names
}

/// One word of a street in standard form; `is_outer` where directionals stand.
fn standard_word(word: &str, is_first: bool, is_final: bool, is_outer: bool) -> &str {
    let directional = tables::directional(word).filter(|_| is_outer);
    match word {
        "st" | "saint" if !is_final => "saint",
        "la" if is_final && !is_first => "ln",
        "tr" if !is_final => word,
        _ => directional
            .or_else(|| tables::suffix(word).filter(|_| !is_article(word)))
            .unwrap_or_else(|| without_ending(word)),
    }
}

/// Words that are abbreviations of a suffix and articles in other languages.
fn is_article(word: &str) -> bool {
    matches!(word, "la" | "is")
}

/// `hauptstr` for `hauptstrasse`.
fn without_ending(word: &str) -> &str {
    match word.strip_suffix("strasse") {
        Some(name) if !name.is_empty() => word.get(..name.len() + 3).unwrap_or(word),
        _ => word,
    }
}

/// Numbers and names of numbered roads in standard form.
fn standard_numbers<'a>(line: &[&'a str]) -> Vec<&'a str> {
    let mut words = Vec::with_capacity(line.len());
    let mut rest = line;
    while let [first, tail @ ..] = rest {
        let second = tail.first().copied().unwrap_or_default();
        let compound = || tables::compound_ordinal(first, second).map(|number| (number, 2));
        let parted = is_digits(first) && matches!(second, "nd" | "rd" | "th") && tail.len() > 1;
        let (word, taken) = match road(rest).or_else(compound) {
            Some(found) => found,
            None if parted => (*first, 2),
            None => (standard_number(first), 1),
        };
        words.push(word);
        rest = rest.get(taken..).unwrap_or_default();
    }
    words
}

/// The standard name of a numbered road, when its number follows.
fn road(rest: &[&str]) -> Option<(&'static str, usize)> {
    let (name, standard) = ROADS.iter().find(|(name, _)| rest.starts_with(name))?;
    rest.get(name.len()).filter(|number| starts_with_digit(number)).map(|_| (*standard, name.len()))
}

/// An ordinal as bare digits.
fn standard_number(word: &str) -> &str {
    tables::ordinal(word).unwrap_or_else(|| ordinal_digits(word))
}

/// The street without directionals and suffix, as far as a name is left.
fn core_of<'a, 'b>(names: &'a [&'b str]) -> &'a [&'b str] {
    let mut core = names;
    if let [head @ .., last] = core
        && head.len() > 1
        && tables::directional(last).is_some()
    {
        core = head;
    }
    if let [first, tail @ ..] = core
        && (tail.len() > 1 || tail.first().is_some_and(|name| tables::suffix(name).is_none()))
        && tables::directional(first).is_some()
    {
        core = tail;
    }
    match core {
        [head @ .., last] if !head.is_empty() && tables::suffix(last).is_some() => head,
        _ => core,
    }
}
