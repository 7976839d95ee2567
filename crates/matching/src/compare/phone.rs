//! Telephone numbers.

use super::{Mark, Rarity, better};
use crate::Weights;
use crate::index::Seen;
use crate::level::Level;
use crate::profile::{Number, View};

pub(super) fn compare(row: &View<'_>, person: &[Seen<'_>], rarity: &Rarity, weights: &Weights) -> Option<Mark> {
    let pairs = row.numbers.iter().zip(&rarity.numbers);
    let marks = pairs.flat_map(|(mine, point)| {
        on_file(person).map(move |theirs| match level(*mine, *theirs) {
            Level::PhoneSame if point.is_hub => Mark::rare(Level::PhoneShared, point.bits, weights),
            level @ (Level::PhoneSame | Level::PhoneLocal) => Mark::rare(level, point.bits, weights),
            level => Mark::plain(level),
        })
    });
    marks.fold(None, |best, mark| better(best, Some(mark), weights))
}

fn on_file<'p>(person: &'p [Seen<'p>]) -> impl Iterator<Item = &'p Number> {
    person.iter().filter(|seen| seen.fresh.numbers).flat_map(|seen| &seen.profile.numbers)
}

/// Where one side has only a phone and the other only an address: whether the area code is of that region.
pub(super) fn region(row: &View<'_>, person: &[Seen<'_>], rarity: &Rarity, weights: &Weights) -> Option<Mark> {
    let places = || person.iter().filter(|seen| seen.fresh.places).flat_map(|seen| &seen.profile.places);
    let of_row = row.numbers.iter().flat_map(|number| places().filter_map(move |place| Some((number.region?, place))));
    let of_file = row.places.iter().flat_map(|place| on_file(person).filter_map(move |n| Some((n.region?, place))));
    let marks = of_row.chain(of_file).filter(|(_, place)| place.state.len() == 2).map(|(region, place)| {
        if *place.state.as_bytes() == region {
            let typical = weights.of(Level::RegionSame).typical;
            Mark::rare(Level::RegionSame, f64::midpoint(rarity.state(place), typical), weights)
        } else {
            Mark::plain(Level::RegionDifferent)
        }
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
    } else if mine.region.zip(theirs.region).is_some_and(|(a, b)| a != b) {
        Level::PhoneElsewhere
    } else {
        Level::PhoneDifferent
    }
}

/// One digit wrong, or two neighbours swapped.
fn off_by_one(a: u64, b: u64) -> bool {
    let (large, small) = (a.max(b), a.min(b));
    let difference = large - small;
    let Some(digits) = difference.checked_ilog10() else { return false };
    let places = (0..=digits).rev().map(|power| 10_u64.pow(power));
    // A wrong digit makes d * 10^k of difference, swapped neighbours 9 * d * 10^k; then the digits are looked at.
    let place = places.into_iter().find(|place| difference.is_multiple_of(*place)).unwrap_or(1);
    let digit = |number: u64, place: u64| number / place % 10;
    let same_above = |place: u64| large / place == small / place;
    let next = place.saturating_mul(10);
    let swapped = digit(large, next) == digit(small, place) && digit(large, place) == digit(small, next);
    large.checked_ilog10() == small.checked_ilog10()
        && (same_above(next) || (swapped && same_above(next.saturating_mul(10))))
}

#[cfg(test)]
mod tests {
    use super::off_by_one;

    #[test]
    fn a_wrong_digit_and_swapped_neighbours_are_off_by_one() {
        let number = 6_142_304_411;
        for near in [6_142_304_412, 6_142_304_011, 7_142_304_411, 6_142_304_410, 6_124_304_411, 6_412_304_411] {
            assert!(off_by_one(number, near) && off_by_one(near, number), "{near}");
        }
        for far in [6_142_304_422, 6_142_303_411 - 10, 6_341_204_411, 614_230_441, 6_142_304_501, number] {
            assert!(!off_by_one(number, far), "{far}");
        }
    }
}
