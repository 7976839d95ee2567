//! First and last name in their own fields, for one person or two.

use super::words::{Affixes, Words};
use super::{Generation, PersonForm};

/// Reads a first-name and a last-name field, either of which may be empty or name two people.
pub(super) fn read_parts(first: &Words, last: &Words) -> PersonForm {
    let (last, last_generation) = last_name(last);
    let mut generation = last_generation;
    let mut people: Vec<Vec<&str>> = Vec::new();
    for person in first.people() {
        let words = person.into_iter().flatten().collect();
        let (names, found) = Affixes::INITIALS.strip(words);
        generation = generation.or(found);
        people.push(without_last(names, &last));
    }
    let mut named = people.into_iter().filter(|names| !is_only_title(names));
    let mut form = PersonForm::of(&named.next().unwrap_or_default(), &[], &last, generation);
    form.partner = named.next().map(|names| super::first_name(&names));
    form
}

/// The words of a last name; of two people's (`Smith & Jones`) together.
fn last_name(last: &Words) -> (Vec<&str>, Option<Generation>) {
    Affixes::LAST.strip(last.plain())
}

/// First names, when the last name was typed after them as well.
fn without_last<'a>(names: Vec<&'a str>, last: &[&'a str]) -> Vec<&'a str> {
    match names.strip_suffix(last) {
        Some(first) if !first.is_empty() && !last.is_empty() => first.to_vec(),
        _ => names,
    }
}

/// `Mr` in `Mr and Mrs Bob`.
pub(super) fn is_only_title(names: &[&str]) -> bool {
    matches!(names, [word] if super::lists::is_title(word))
}
