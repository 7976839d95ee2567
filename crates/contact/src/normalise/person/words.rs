//! A field of a name as words: folded like [`fold_text`](crate::normalise::fold_text), but commas,
//! hyphens and the marks between two people stay.

use super::{Generation, lists};
use std::borrow::Cow;

/// Stands for a comma.
const COMMA: &str = ",";
/// Stands for `&`, `+`, `/` and `and`.
const JOINT: &str = "&";

/// What is longer is no name; the rest of it is left out.
const MAX_BYTES: usize = 256;

/// The words of a field, lower-case ASCII; hyphenated ones are one word.
pub(super) struct Words {
    text: String,
}

impl Words {
    pub(super) fn new(raw: &str) -> Self {
        let raw = raw.get(..raw.floor_char_boundary(MAX_BYTES)).unwrap_or(raw);
        let ascii: Cow<'_, str> = if raw.is_ascii() { raw.into() } else { deunicode::deunicode(raw).into() };
        let mut text = String::with_capacity(ascii.len() + 8);
        for c in without_asides(&ascii).chars() {
            match c {
                'a'..='z' | '0'..='9' => text.push(c),
                '-' if text.ends_with('-') => {}
                '-' => text.push(c),
                'A'..='Z' => text.push(c.to_ascii_lowercase()),
                '\'' | '`' => {}
                '.' => close_initial(&mut text),
                ',' => text.push_str(" , "),
                '&' | '+' | '/' | ';' => text.push_str(" & "),
                _ => text.push(' '),
            }
        }
        Self { text }
    }

    fn all(&self) -> impl Iterator<Item = &str> {
        let trimmed = self.text.split(' ').map(|word| word.trim_matches('-')).filter(|word| !word.is_empty());
        trimmed.map(|word| if word == "and" { JOINT } else { word })
    }

    /// The words without marks.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.all().filter(|word| *word != COMMA && *word != JOINT)
    }

    /// The words without marks, together.
    pub(super) fn plain(&self) -> Vec<&str> {
        self.names().collect()
    }

    /// Whether a comma or two people are in it.
    pub(super) fn is_compound(&self) -> bool {
        self.all().any(|word| word == COMMA || word == JOINT)
    }

    /// One list of comma-parted lists of words for each person.
    pub(super) fn people(&self) -> Vec<Vec<Vec<&str>>> {
        let mut people = vec![vec![Vec::new()]];
        for word in self.all() {
            match (word, people.last_mut()) {
                (JOINT, _) => people.push(vec![Vec::new()]),
                (COMMA, Some(person)) => person.push(Vec::new()),
                (_, Some(person)) => person.last_mut().map_or((), |segment| segment.push(word)),
                (_, None) => {}
            }
        }
        let filled =
            people.into_iter().map(|person| person.into_iter().filter(|segment| !segment.is_empty()).collect());
        filled.filter(|person: &Vec<Vec<&str>>| !person.is_empty()).collect()
    }
}

/// A full stop ends an initial (`J.R.` is two of them) and vanishes after anything else (`Ph.D.`,
/// `St.` with a space after it).
fn close_initial(text: &mut String) {
    let start = text.rfind([' ', '-']).map_or(0, |at| at + 1);
    if text.len() == start + 1 {
        text.push(' ');
    }
}

/// The text without what stands in brackets or double quotes, unless nothing else does.
fn without_asides(ascii: &str) -> Cow<'_, str> {
    if !ascii.contains(['(', '"', '[']) {
        return ascii.into();
    }
    let mut outside = String::with_capacity(ascii.len());
    let mut until = None;
    for c in ascii.chars() {
        match (until, c) {
            (Some(end), _) if c == end => until = None,
            (Some(_), _) => {}
            (None, '(') => until = Some(')'),
            (None, '[') => until = Some(']'),
            (None, '"') => until = Some('"'),
            (None, _) => outside.push(c),
        }
    }
    let says_something = outside.contains(|c: char| c.is_ascii_alphanumeric());
    if says_something && until.is_none() { outside.into() } else { ascii.into() }
}

/// Which titles, suffixes and generations are taken off the words of a field.
#[derive(Clone, Copy)]
pub(super) struct Affixes {
    /// Single letters (`I`, `V`) count as a generation.
    pub letters: bool,
    /// How many words have to stay.
    pub keep: usize,
    /// How many words have to stay when a title that is a name too is taken off.
    pub keep_after_title: usize,
}

impl Affixes {
    /// First and middle names: a single letter is an initial.
    pub const INITIALS: Self = Self { letters: false, keep: 1, keep_after_title: 1 };
    /// A last name.
    pub const LAST: Self = Self { letters: true, keep: 1, keep_after_title: 2 };
    /// A whole name.
    pub const WHOLE: Self = Self { letters: true, keep: 2, keep_after_title: 2 };

    /// The words without titles at the beginning and suffixes at the end, and the generation.
    pub(super) fn strip(self, words: Vec<&str>) -> (Vec<&str>, Option<Generation>) {
        let mut rest = words.as_slice();
        while let [title, tail @ ..] = rest
            && (lists::is_title(title) && !tail.is_empty()
                || lists::is_title_or_name(title) && tail.len() >= self.keep_after_title)
        {
            rest = tail;
        }
        let mut generation = None;
        while let [head @ .., last] = rest
            && head.len() >= self.keep
        {
            let found = lists::generation(last).filter(|_| self.letters || last.len() > 1);
            let dotted = dotted_suffix(rest);
            if found.is_none() && dotted == 0 && !lists::is_suffix(last, false) {
                break;
            }
            generation = found.or(generation);
            let kept = rest.len().saturating_sub(dotted.max(1)).max(self.keep);
            rest = if dotted == 0 { head } else { rest.get(..kept).unwrap_or(head) };
        }
        (rest.to_vec(), generation)
    }
}

/// How many single letters at the end are a suffix written with full stops (`M.D.`).
fn dotted_suffix(words: &[&str]) -> usize {
    let letters = words.iter().rev().take_while(|word| word.len() == 1).count();
    let tail = words.get(words.len() - letters..).unwrap_or_default();
    if (2..5).contains(&letters) && lists::is_suffix(&tail.concat(), true) { letters } else { 0 }
}
