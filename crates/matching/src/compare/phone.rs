//! Telephone numbers.

use super::{Mark, Rarity, better};
use crate::level::Level;
use crate::profile::Number;
use crate::{Profile, Weights};

pub(super) fn compare(row: &Profile, file: &Profile, rarity: &Rarity, weights: &Weights) -> Option<Mark> {
    let pairs = row.numbers.iter().zip(&rarity.numbers);
    let marks = pairs.flat_map(|(mine, point)| {
        file.numbers.iter().map(move |theirs| match level(*mine, *theirs) {
            Level::PhoneSame if point.is_hub => Mark::rare(Level::PhoneShared, point.bits, weights),
            level @ (Level::PhoneSame | Level::PhoneLocal) => Mark::rare(level, point.bits, weights),
            level => Mark::plain(level),
        })
    });
    marks.fold(None, |best, mark| better(best, Some(mark), weights))
}

fn level(mine: Number, theirs: Number) -> Level {
    if mine.national == theirs.national {
        Level::PhoneSame
    } else if mine.local() == theirs.local() && (mine.is_local() || theirs.is_local()) {
        Level::PhoneLocal
    } else if off_by_one(mine.national, theirs.national) {
        Level::PhoneNear
    } else {
        Level::PhoneDifferent
    }
}

/// One digit wrong, or two neighbours swapped.
fn off_by_one(a: u64, b: u64) -> bool {
    let (a, b) = (a.to_string(), b.to_string());
    if a.len() != b.len() {
        return false;
    }
    let wrong: Vec<(usize, (u8, u8))> = a.bytes().zip(b.bytes()).enumerate().filter(|(_, (x, y))| x != y).collect();
    match wrong.as_slice() {
        [_] => true,
        [(i, (x1, y1)), (j, (x2, y2))] => i + 1 == *j && x1 == y2 && y1 == x2,
        _ => false,
    }
}
