//! Names of people.

use super::text::{misspelt, similarity};
use super::{Mark, Marks, Rarity};
use crate::Weights;
use crate::keys::glued;
use crate::level::Level;
use crate::profile::{Name, Word, head};
use tributary_contact::normalise::{Generation, Nicknames};

/// Least similarity of two names that are somewhat alike.
const SOMEWHAT: f64 = 0.85;

pub(super) fn compare(row: &Name, file: &Name, rarity: &Rarity, weights: &Weights) -> Marks {
    if swapped(row, file) {
        return swapped_marks(file, rarity, weights);
    }
    let first = first(row, file, rarity, weights);
    // Where one name stands in the other's place, the one it has taken the place of cannot be compared.
    let is_crossed = first.is_some_and(|mark| mark.level == Level::FirstCrossed);
    let last = last(row, file, rarity, weights).filter(|mark| !is_crossed || mark.level != Level::LastDifferent);
    let generation = generation(row.generation, file.generation).map(Mark::plain);
    Marks { first, last, middle: middle(row, file).map(Mark::plain), generation, ..Marks::default() }
}

/// A swapped name is as rare as in the order in which it is commoner.
fn swapped_marks(file: &Name, rarity: &Rarity, weights: &Weights) -> Marks {
    let on_file = (rarity.of_first(&file.first), rarity.of_last(&file.last));
    let here = (rarity.first, rarity.last);
    let (first, last) = if here.0 + here.1 < on_file.0 + on_file.1 { here } else { on_file };
    let first = Some(near(Level::FirstSwapped, first, weights));
    Marks { first, last: Some(near(Level::LastSwapped, last, weights)), ..Marks::default() }
}

/// Most bits that a rare name adds to a level on which names only come near each other: others come near it too.
const MOST_FOR_RARE: f64 = 2.0;

/// A mark on a name that is not quite the other's: a common one is met by chance the more easily.
fn near(level: Level, surprise: f64, weights: &Weights) -> Mark {
    Mark::rare(level, surprise.min(weights.of(level).typical + MOST_FOR_RARE), weights)
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
    let level = first_level(row, file, rarity);
    let rare = || match level {
        Level::FirstNickname | Level::FirstClose => rarity.first.min(rarity.of_first(&file.first)),
        Level::FirstCrossed if row.first == file.last => rarity.of_first(&row.first).min(rarity.of_last(&row.first)),
        _ => rarity.of_first(&file.first).min(rarity.of_last(&file.first)),
    };
    let is_rated = weights.of(level).typical != 0.0;
    let plain = if is_rated { near(level, rare(), weights) } else { Mark::plain(level) };
    let partner = [(&row.partner, &file.first), (&file.partner, &row.first)];
    let met =
        partner.into_iter().any(|(partner, first)| partner.as_ref().is_some_and(|name| is_called(name, first, rarity)));
    if met && plain.same(weights) < weights.of(Level::FirstPartner).same {
        return Some(Mark::plain(Level::FirstPartner));
    }
    Some(plain)
}

fn is_called(partner: &str, first: &str, rarity: &Rarity) -> bool {
    partner == first || rarity.nicknames.share(partner, first)
}

fn first_level(row: &Name, file: &Name, rarity: &Rarity) -> Level {
    let (a, b) = (&row.first, &file.first);
    if shares_class(row, file, rarity.nicknames) {
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

fn shares_class(row: &Name, file: &Name, own: &Nicknames) -> bool {
    if !own.is_shipped() {
        return own.share(&row.first, &file.first);
    }
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
    let level = match () {
        () if parts => Level::LastPart,
        () if misspelt(&row.last, &file.last) => Level::LastClose,
        () if similarity(&row.last, &file.last) >= SOMEWHAT => Level::LastFuzzy,
        () => Level::LastDifferent,
    };
    let is_rated = weights.of(level).typical != 0.0;
    let rare = || rarity.last.min(rarity.of_last(&file.last));
    Some(if is_rated { near(level, rare(), weights) } else { Mark::plain(level) })
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
