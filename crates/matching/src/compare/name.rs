//! Names of people.

use super::text::{misspelt, similarity};
use super::{Mark, Marks, Rarity};
use crate::Weights;
use crate::keys::glued;
use crate::level::Level;
use crate::profile::{Name, Word, head};
use tributary_contact::normalise::Generation;

/// Least similarity of two names that are somewhat alike.
const SOMEWHAT: f64 = 0.85;

pub(super) fn compare(row: &Name, file: &Name, rarity: &Rarity, weights: &Weights) -> Marks {
    if swapped(row, file) {
        let first = Some(Mark::plain(Level::FirstSwapped));
        return Marks { first, last: Some(Mark::plain(Level::LastSwapped)), ..Marks::default() };
    }
    let first = first(row, file, rarity, weights);
    let last = last(row, file, rarity, weights);
    let generation = generation(row.generation, file.generation).map(Mark::plain);
    Marks { first, last, middle: middle(row, file).map(Mark::plain), generation, ..Marks::default() }
}

/// First and last name stand in each other's place: one of them exactly, the other at least nearly, or both long
/// and misspelt.
fn swapped(row: &Name, file: &Name) -> bool {
    let parts = [&row.first, &row.last, &file.first, &file.last];
    if parts.into_iter().any(|part| part.is_empty()) || row.first == file.first {
        return false;
    }
    let long = || parts.into_iter().all(|part| part.len() >= 4);
    let given = crossed(row, file);
    given.is_some_and(|exact| crossed(file, row).is_some_and(|other| exact || other || long()))
}

/// Whether one's last name is the other's first name: exactly, nearly, or not at all.
fn crossed(one: &Name, other: &Name) -> Option<bool> {
    let (last, first) = (&one.last, &other.first);
    if last == first || (first.contains(' ') && **last == *glued(first)) {
        return Some(true);
    }
    let called = || one.last_called != 0 && one.last_classes().iter().any(|class| other.classes().contains(class));
    (is_initial(last, first) || misspelt(last, first) || called()).then_some(false)
}

fn first(row: &Name, file: &Name, rarity: &Rarity, weights: &Weights) -> Option<Mark> {
    if row.first.is_empty() || file.first.is_empty() {
        return None;
    }
    if row.first == file.first {
        return Some(Mark::rare(Level::FirstSame, rarity.first, weights));
    }
    let plain = first_level(row, file, rarity);
    let partner = [(&row.partner, &file.first), (&file.partner, &row.first)];
    let met = partner.into_iter().any(|(partner, first)| partner.as_ref().is_some_and(|name| is_called(name, first)));
    if met && weights.of(plain).same < weights.of(Level::FirstPartner).same {
        return Some(Mark::plain(Level::FirstPartner));
    }
    Some(Mark::plain(plain))
}

fn is_called(partner: &str, first: &str) -> bool {
    partner == first || tributary_contact::normalise::share_nickname(partner, first)
}

fn first_level(row: &Name, file: &Name, rarity: &Rarity) -> Level {
    let (a, b) = (&row.first, &file.first);
    if shares_class(row, file) {
        Level::FirstNickname
    } else if is_initial(a, b) {
        Level::FirstInitial
    } else if first_word(a, b) {
        Level::FirstNickname
    } else if row.middle == *b || file.middle == *a {
        Level::FirstMiddle
    } else if row.first == file.last || row.last == file.first {
        Level::FirstCrossed
    } else if misspelt(a, b) {
        if both_established(file, rarity) { Level::FirstSimilar } else { Level::FirstClose }
    } else if similarity(a, b) >= SOMEWHAT {
        if both_established(file, rarity) { Level::FirstSimilar } else { Level::FirstFuzzy }
    } else {
        Level::FirstDifferent
    }
}

fn shares_class(row: &Name, file: &Name) -> bool {
    row.called != 0
        && file.called != 0
        && (row.called == file.called || row.classes().iter().any(|class| file.classes().contains(class)))
}

/// One is only the initial of the other.
fn is_initial(a: &str, b: &str) -> bool {
    (a.len() == 1 || b.len() == 1) && head(a, 1) == head(b, 1)
}

/// One is a double name of which the other is the first word.
fn first_word(a: &str, b: &str) -> bool {
    let begins = |long: &str, short: &str| long.strip_prefix(short).is_some_and(|rest| rest.starts_with(' '));
    begins(a, b) || begins(b, a)
}

/// Two spellings that many people bear are two names (Christina, Christine), not a slip of the pen.
fn both_established(file: &Name, rarity: &Rarity) -> bool {
    rarity.row_first_is_established && rarity.is_established(file)
}

fn last(row: &Name, file: &Name, rarity: &Rarity, weights: &Weights) -> Option<Mark> {
    if row.last.is_empty() || file.last.is_empty() {
        return None;
    }
    if row.last == file.last {
        let together = row.first == file.first;
        let lift = if together { rarity.pair_lift } else { 0.0 };
        return Some(Mark::rare(Level::LastSame, rarity.last - lift, weights));
    }
    let part = |parts: &[Word], whole: &Name| parts.contains(&whole.last);
    let parts = part(&row.last_parts, file) || part(&file.last_parts, row);
    Some(Mark::plain(match () {
        () if parts => Level::LastPart,
        () if misspelt(&row.last, &file.last) => Level::LastClose,
        () if similarity(&row.last, &file.last) >= SOMEWHAT => Level::LastFuzzy,
        () => Level::LastDifferent,
    }))
}

fn middle(row: &Name, file: &Name) -> Option<Level> {
    let (a, b) = (&row.middle, &file.middle);
    if a.is_empty() || b.is_empty() {
        None
    } else if a == b && a.len() > 1 {
        Some(Level::MiddleSame)
    } else if head(a, 1) == head(b, 1) && (a.len() == 1 || b.len() == 1 || misspelt(a, b)) {
        Some(Level::MiddleInitial)
    } else {
        Some(Level::MiddleDifferent)
    }
}

fn generation(row: Option<Generation>, file: Option<Generation>) -> Option<Level> {
    match (row, file) {
        (None, None) => None,
        (Some(a), Some(b)) if a == b => Some(Level::GenerationSame),
        (Some(_), Some(_)) => Some(Level::GenerationDifferent),
        (Some(_), None) => Some(Level::GenerationExtra),
        (None, Some(_)) => Some(Level::GenerationMissing),
    }
}
