//! The words by which a contact is found at once: those of its names, its e-mail addresses as a whole, and the ends of
//! its telephone numbers. They are made of the facts alone, so that a value that is asked for and a value that is
//! stored have the same words.

use super::facts::{Facts, code};
use crate::normalise::fold_text;
use std::collections::BTreeSet;

/// Digits of a telephone number that stand for it, from the end.
pub(super) const NUMBER_TAIL: usize = 7;
/// Bytes of a word that count.
const LONGEST: usize = 64;
/// Words of a name that are kept, at most.
const MOST_OF_NAME: usize = 12;

/// Lines that hold names.
const NAMES: &[&str] = &[code::NAME, code::FIRST_NAME, code::LAST_NAME, code::NICKNAME, code::ALSO];

/// The words of a contact, from its facts.
#[must_use]
pub fn words(facts: &str) -> BTreeSet<String> {
    let facts = Facts::all(facts, 0);
    let codes = NAMES.iter().chain(&[code::EMAIL, code::PHONE]);
    codes.flat_map(|code| facts.lines(code).flat_map(|value| words_of(code, value))).collect()
}

/// The words of a value under a code; none for what is not found by words.
pub(super) fn words_of(code: &str, value: &str) -> Vec<String> {
    match code {
        code::EMAIL => vec![email_word(value)],
        code::PHONE => number_word(value).into_iter().collect(),
        _ if NAMES.contains(&code) => {
            let folded = fold_text(value);
            let all = folded.split(' ').filter(|word| !word.is_empty()).take(MOST_OF_NAME);
            all.map(|word| cut(word).to_owned()).collect()
        }
        _ => Vec::new(),
    }
}

/// Whether a word is one of a name, rather than an e-mail address or a number.
#[must_use]
pub fn is_name_word(word: &str) -> bool {
    !word.starts_with(['@', '#'])
}

/// The word of an e-mail address in lower case.
pub(super) fn email_word(address: &str) -> String {
    format!("@{}", cut(address))
}

/// The word of a telephone number, unless it is too short to be found by.
pub(super) fn number_word(digits: &str) -> Option<String> {
    let tail = digits.get(digits.len().checked_sub(NUMBER_TAIL)?..)?;
    Some(format!("#{tail}"))
}

fn cut(word: &str) -> &str {
    let end = (0..=LONGEST.min(word.len())).rev().find(|end| word.is_char_boundary(*end));
    end.and_then(|end| word.get(..end)).unwrap_or(word)
}
