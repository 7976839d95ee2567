//! What staff type into a search field: names, e-mail addresses, telephone numbers and addresses, in any order, with
//! slips. Every term must be found in a contact; how well says which contact comes first.

use super::facts::{Facts, code, digits};
use super::words::{email_word, number_word};
use crate::normalise::{fold_text, related_names, share_nickname};

/// Terms of one search; more are not looked at.
const MOST_TERMS: usize = 8;
/// Digits from which a term is a telephone number.
const NUMBER: usize = 7;
/// How alike two words must be when neither is the other's beginning.
const ALIKE: f64 = 0.75;

/// One thing that is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Term {
    /// An e-mail address or a part of one, in lower case.
    Email(String),
    /// The digits of a telephone number.
    Number(String),
    /// A folded word.
    Word(String),
}

/// A search that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Search {
    terms: Vec<Term>,
}

/// What a term can mean: the words that stand for it, and of which words to look for neighbours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variant {
    /// The word as it would be stored.
    pub word: String,
    /// Whether words like it are meant too.
    pub fuzzy: bool,
}

impl Search {
    /// Reads what was typed; none when nothing can be looked for.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let whole = digits(text);
        let only_number = text.chars().all(|c| c.is_ascii_digit() || "+-().x/ ".contains(c));
        if only_number && whole.len() >= NUMBER {
            return Some(Self { terms: vec![Term::Number(whole)] });
        }
        let terms: Vec<Term> = text.split_whitespace().flat_map(terms_of).take(MOST_TERMS).collect();
        (!terms.is_empty()).then_some(Self { terms })
    }

    /// The stored words that stand for each term.
    #[must_use]
    pub fn variants(&self) -> Vec<Variant> {
        let variant = |term: &Term| match term {
            Term::Email(address) => Some(Variant { word: email_word(address), fuzzy: false }),
            Term::Number(digits) => Some(Variant { word: number_word(digits)?, fuzzy: false }),
            Term::Word(word) => Some(Variant { word: word.clone(), fuzzy: true }),
        };
        self.terms.iter().filter_map(variant).collect()
    }

    /// A text that is in the facts of most contacts that are looked for, for when no word leads to any.
    #[must_use]
    pub fn needle(&self) -> String {
        let text = |term: &Term| match term {
            Term::Email(text) | Term::Number(text) | Term::Word(text) => text.clone(),
        };
        self.terms.iter().map(text).max_by_key(String::len).unwrap_or_default()
    }

    /// How well a person with the contact's facts is what was looked for, from 0 to 1; none when a term is missing.
    #[must_use]
    pub fn score(&self, facts: Facts<'_>) -> Option<f64> {
        let fields = Fields::of(facts);
        let mut sum = 0.0;
        for term in &self.terms {
            sum += fields.best(term)?;
        }
        let count = f64::from(u32::try_from(self.terms.len()).ok()?);
        Some(sum / count)
    }
}

fn terms_of(piece: &str) -> Vec<Term> {
    if piece.contains('@') {
        return vec![Term::Email(piece.trim_matches(|c: char| ",;<>\"".contains(c)).to_lowercase())];
    }
    let own = digits(piece);
    if own.len() >= NUMBER && piece.chars().all(|c| c.is_ascii_digit() || "+-().".contains(c)) {
        return vec![Term::Number(own)];
    }
    fold_text(piece).split(' ').filter(|word| !word.is_empty()).map(|word| Term::Word(word.to_owned())).collect()
}

/// The fields of a contact that are searched, each with how much it counts.
struct Fields<'a> {
    names: Vec<(String, f64)>,
    places: Vec<String>,
    emails: Vec<&'a str>,
    numbers: Vec<&'a str>,
}

impl<'a> Fields<'a> {
    fn of(facts: Facts<'a>) -> Self {
        let words = |code: &'static str, weight: f64| {
            let folded: Vec<String> = facts.lines(code).map(fold_text).collect();
            folded.iter().flat_map(|text| text.split(' ')).map(|word| (word.to_owned(), weight)).collect::<Vec<_>>()
        };
        let names = [
            (code::LAST_NAME, 1.0),
            (code::FIRST_NAME, 0.98),
            (code::NAME, 0.97),
            (code::NICKNAME, 0.95),
            (code::ALSO, 0.9),
        ];
        Self {
            names: names.into_iter().flat_map(|(code, weight)| words(code, weight)).collect(),
            places: words(code::ADDRESS, 1.0).into_iter().map(|(word, _)| word).collect(),
            emails: facts.lines(code::EMAIL).collect(),
            numbers: facts.lines(code::PHONE).chain(facts.lines(code::FAX)).collect(),
        }
    }

    /// How well the best of the fields is a term.
    fn best(&self, term: &Term) -> Option<f64> {
        let best = match term {
            Term::Email(wanted) => self.emails.iter().filter_map(|own| email(wanted, own)).reduce(f64::max),
            Term::Number(wanted) => self.numbers.iter().filter_map(|own| number(wanted, own)).reduce(f64::max),
            Term::Word(wanted) => self.word(wanted),
        };
        best.filter(|score| *score > 0.0)
    }

    fn word(&self, wanted: &str) -> Option<f64> {
        let names = self.names.iter().filter_map(|(own, weight)| Some(likeness(wanted, own)? * weight));
        let places = self.places.iter().filter_map(|own| Some(exact_or_begun(wanted, own)? * 0.8));
        let emails = self.emails.iter().filter(|own| wanted.len() >= 3 && own.contains(wanted)).map(|_| 0.6);
        let is_number = wanted.len() >= 4 && wanted.bytes().all(|byte| byte.is_ascii_digit());
        let numbers = self.numbers.iter().filter(|own| is_number && own.ends_with(wanted)).map(|_| 0.7);
        names.chain(places).chain(emails).chain(numbers).reduce(f64::max)
    }
}

fn email(wanted: &str, own: &str) -> Option<f64> {
    if own == wanted {
        return Some(1.0);
    }
    if own.starts_with(wanted) {
        return Some(0.8);
    }
    own.contains(wanted).then_some(0.6)
}

fn number(wanted: &str, own: &str) -> Option<f64> {
    if own == wanted {
        return Some(1.0);
    }
    let ends = own.ends_with(wanted) || wanted.ends_with(own) && own.len() >= NUMBER;
    ends.then_some(0.9)
}

/// How alike a typed word is to one of a name: the same, its beginning, a nickname of it, or a slip away.
pub(super) fn likeness(wanted: &str, own: &str) -> Option<f64> {
    exact_or_begun(wanted, own).or_else(|| share_nickname(wanted, own).then_some(0.85)).or_else(|| slip(wanted, own))
}

fn exact_or_begun(wanted: &str, own: &str) -> Option<f64> {
    if wanted == own {
        return Some(1.0);
    }
    let begun = own.starts_with(wanted) && wanted.len() >= 2;
    // The less is missing, the better.
    begun.then(|| 0.8 + 0.1 * share(wanted.len(), own.len()))
}

/// A word of up to two slips, by its length; swapped letters are one.
fn slip(wanted: &str, own: &str) -> Option<f64> {
    let (short, long) = (wanted.len().min(own.len()), wanted.len().max(own.len()));
    let allowed = match short {
        0..=3 => return None,
        4..=7 => 1,
        _ => 2,
    };
    if long - short > allowed || strsim::osa_distance(wanted, own) > allowed {
        return None;
    }
    Some(strsim::normalized_damerau_levenshtein(wanted, own) * 0.9).filter(|score| *score >= ALIKE * 0.9)
}

fn share(part: usize, whole: usize) -> f64 {
    let number = |count: usize| u32::try_from(count).map_or(0.0, f64::from);
    number(part) / number(whole.max(1))
}

/// Whether a stored word can stand for a typed one.
#[must_use]
pub(super) fn is_like(wanted: &str, own: &str) -> bool {
    likeness(wanted, own).is_some()
}

impl Variant {
    /// The names that this one is a nickname of, or that are nicknames of it.
    pub fn related(&self) -> impl Iterator<Item = &'static str> {
        related_names(if self.fuzzy { &self.word } else { "" })
    }

    /// Whether a stored word can stand for this one.
    #[must_use]
    pub fn is_like(&self, stored: &str) -> bool {
        if self.fuzzy { is_like(&self.word, stored) } else { self.word == stored }
    }
}
