//! An address line as tokens. Unlike folded text it keeps what means something in an address: commas,
//! `#`, and marks inside house numbers.

use super::unit::{ordinal_digits, starts_with_digit};
use std::borrow::Cow;

/// What is longer is no address line; the rest of it is left out.
const MAX_BYTES: usize = 300;
/// Stands for a comma or a line break.
pub(super) const BREAK: &str = ",";

/// A line, lower-case ASCII, tokens parted by spaces.
pub(super) struct Line {
    text: String,
}

impl Line {
    pub(super) fn new(raw: &str) -> Self {
        let raw = raw.get(..raw.floor_char_boundary(MAX_BYTES)).unwrap_or(raw);
        let ascii: Cow<'_, str> = if raw.is_ascii() { raw.into() } else { transliterated(raw).into() };
        let mut text = String::with_capacity(ascii.len() + 8);
        for (at, c) in ascii.char_indices() {
            let is_mark = matches!(c, '-' | '/') && text.ends_with(|d: char| d.is_ascii_digit());
            let in_number = is_mark && continues_number(ascii.get(at + 1..).unwrap_or_default());
            push(&mut text, c, in_number);
        }
        Self { text }
    }

    /// The tokens; a designator written together with its number (`apt4`) as two.
    pub(super) fn tokens(&self) -> impl Iterator<Item = &str> {
        self.text.split(' ').filter(|token| !token.is_empty()).flat_map(parted)
    }
}

/// Whether a number goes on after a mark; in `489-27th St` it ends there.
fn continues_number(after: &str) -> bool {
    let end = after.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(after.len()).min(8);
    let word = after.get(..end).unwrap_or_default().to_ascii_lowercase();
    starts_with_digit(&word) && ordinal_digits(&word).len() == word.len()
}

/// Adds a character; between digits `-` vanishes (`12-34` is also written `1234`) and `/` stays.
fn push(text: &mut String, c: char, in_number: bool) {
    match c {
        'a'..='z' | '0'..='9' => text.push(c),
        'A'..='Z' => text.push(c.to_ascii_lowercase()),
        '\'' | '`' => {}
        '-' if in_number => {}
        '/' if in_number => text.push(c),
        ',' | ';' | '\n' | '\r' | '|' => text.push_str(" , "),
        '#' => text.push_str(" # "),
        _ => text.push(' '),
    }
}

/// ASCII; fractions stand apart from the number before them.
fn transliterated(raw: &str) -> String {
    let apart = raw.replace('½', " 1/2").replace('¼', " 1/4").replace('¾', " 3/4");
    deunicode::deunicode(&apart)
}

/// `apt4` as `apt`, `4`.
fn parted(token: &str) -> impl Iterator<Item = &str> {
    let at = token.find(|c: char| c.is_ascii_digit()).unwrap_or(0);
    let (word, number) = token.split_at_checked(at).unwrap_or(("", token));
    let is_unit = matches!(
        word,
        "apt" | "ste" | "suite" | "unit" | "rm" | "bldg" | "fl" | "lot" | "spc" | "flat" | "pobox" | "box"
    );
    let (word, number) = if is_unit { (word, number) } else { ("", token) };
    [word, number].into_iter().filter(|part| !part.is_empty())
}
