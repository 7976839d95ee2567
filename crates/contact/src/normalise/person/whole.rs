//! A whole name in one field: `Bob Smith Jr`, `Smith, Bob`, `Mr and Mrs Bob Smith`.

use super::joint::is_only_title;
use super::words::{Affixes, Words};
use super::{Generation, PersonForm, last_name_start, lists};

/// One person of a whole name.
#[derive(Default)]
struct One<'a> {
    first: Vec<&'a str>,
    middle: Vec<&'a str>,
    last: Vec<&'a str>,
    generation: Option<Generation>,
}

/// Reads a whole name.
///
/// Of two people the first one is read; a last name that only the second one has is the first one's
/// too, and the second one's first name is the partner.
pub(super) fn read(words: &Words) -> PersonForm {
    let people = words.people();
    let mut named = people.into_iter().filter(|person| !is_only_title(&person.concat()));
    let one = named.next().map(read_one).unwrap_or_default();
    let Some(other) = named.next().map(read_one) else {
        return one.into_form();
    };
    join(one, other)
}

/// Two people: what is known of the last name is said once or for each.
fn join<'a>(one: One<'a>, other: One<'a>) -> PersonForm {
    let mut first = one;
    if first.first.is_empty() || first.last.iter().all(|word| word.len() == 1) {
        // A single word, or one with an initial, is a first name beside a partner.
        first.first.append(&mut first.last);
        first.last = if other.first.is_empty() { Vec::new() } else { other.last.clone() };
    }
    first.generation = first.generation.or(other.generation);
    let partner = if other.first.is_empty() { other.last } else { other.first };
    let mut form = first.into_form();
    form.partner = Some(super::first_name(&partner)).filter(|name| !name.is_empty());
    form
}

/// One person, in comma-parted segments.
fn read_one(mut segments: Vec<Vec<&str>>) -> One<'_> {
    let mut generation = None;
    while segments.len() > 1 && segments.last().is_some_and(|last| is_suffixes(last, &segments)) {
        let suffixes = segments.pop().unwrap_or_default();
        generation = suffixes.iter().find_map(|word| lists::generation(word)).or(generation);
    }
    let mut parts = segments.into_iter();
    let head = parts.next().unwrap_or_default();
    let rest: Vec<&str> = parts.flatten().collect();
    let mut one = if rest.is_empty() { in_order(head) } else { last_first(head, rest) };
    one.generation = one.generation.or(generation);
    one
}

/// Whether all words of the final segment are suffixes: also such as could be names when the first
/// segment is a whole name already (`Bob Smith, MA`, but `Smith, Ma`).
fn is_suffixes(segment: &[&str], segments: &[Vec<&str>]) -> bool {
    let is_whole = segments.len() > 2 || segments.first().is_some_and(|head| head.len() > 1);
    let is_one = |word: &str| {
        let generation = lists::generation(word).is_some() && (is_whole || word.len() > 1);
        generation || lists::is_suffix(word, is_whole)
    };
    segment.iter().all(|word| is_one(word)) || (segment.len() < 5 && is_one(&segment.concat()))
}

/// `Smith Jr, Bob James`.
fn last_first<'a>(head: Vec<&'a str>, rest: Vec<&'a str>) -> One<'a> {
    let (last, before) = Affixes::LAST.strip(head);
    let (names, after) = Affixes::INITIALS.strip(rest);
    let (first, middle) = names.split_at_checked(1).unwrap_or((&names, &[]));
    One { first: first.to_vec(), middle: middle.to_vec(), last, generation: before.or(after) }
}

/// `Dr Bob James Smith Jr`, `The Smith Family`.
fn in_order(words: Vec<&str>) -> One<'_> {
    let is_titled = words.first().is_some_and(|word| lists::is_title(word));
    let (plain, is_household) = without_household(words);
    let (names, generation) = Affixes::WHOLE.strip(plain);
    let start = if is_household { 0 } else { last_name_start(&names) };
    let (given, last) = names.split_at_checked(start).unwrap_or((&[], &names));
    let (first, middle) = given.split_at_checked(1).unwrap_or((&[], &[]));
    let one = One { first: first.to_vec(), middle: middle.to_vec(), last: last.to_vec(), generation };
    if is_titled || is_household { one } else { one.named_first() }
}

/// The words without `the` and `family`, and whether they were a household's name of one word.
fn without_household(mut words: Vec<&str>) -> (Vec<&str>, bool) {
    if words.len() > 1 && words.last().is_some_and(|word| lists::HOUSEHOLD.contains(word)) {
        words.pop();
        let the = usize::from(words.len() > 1 && words.first() == Some(&"the"));
        let names = words.split_off(the);
        let is_single = names.len() == 1;
        return (names, is_single);
    }
    (words, false)
}

impl One<'_> {
    /// A single word without a title is a first name.
    fn named_first(mut self) -> Self {
        if self.first.is_empty() && self.last.len() == 1 {
            self.first = std::mem::take(&mut self.last);
        }
        self
    }

    fn into_form(self) -> PersonForm {
        PersonForm::of(&self.first, &self.middle, &self.last, self.generation)
    }
}
