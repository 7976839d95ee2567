//! Postal addresses.

use super::rarity::PlaceRarity;
use super::text::{misspelt, similarity, within_edits};
use super::{Mark, Rarity, better};
use crate::Weights;
use crate::index::Seen;
use crate::level::Level;
use crate::profile::{Place, View, Word};

pub(super) fn compare(row: &View<'_>, person: &[Seen<'_>], rarity: &Rarity, weights: &Weights) -> Option<Mark> {
    let organizations = row.is_organization && person.iter().any(|seen| seen.profile.is_organization);
    let file = || person.iter().filter(|seen| seen.fresh.places).flat_map(|seen| &seen.profile.places);
    let pairs = row.places.iter().zip(&rarity.places);
    let marks = pairs.flat_map(|(mine, rare)| {
        let level = move |theirs| level(mine, theirs).map(|level| if organizations { branch(level) } else { level });
        file().filter_map(move |theirs| level(theirs).map(|level| mark(level, rare, weights)))
    });
    marks.fold(None, |best, mark| better(best, Some(mark), weights))
}

/// An organization on another street is another branch of it far more often than a moved one.
const fn branch(level: Level) -> Level {
    match level {
        Level::AddressPostal | Level::AddressCity | Level::AddressState | Level::AddressElsewhere => {
            Level::AddressBranch
        }
        level => level,
    }
}

fn mark(level: Level, rare: &PlaceRarity, weights: &Weights) -> Mark {
    let surprise = match level {
        Level::AddressSame | Level::AddressFuzzy => rare.door,
        Level::AddressUnit | Level::AddressOtherUnit | Level::AddressBox => rare.building,
        Level::AddressNear | Level::AddressNoNumber | Level::AddressStreet => rare.street,
        Level::AreaPostal => rare.postal,
        Level::AreaCity => rare.city,
        Level::AddressPostal => halved(rare.postal, level, weights),
        Level::AddressCity => halved(rare.city, level, weights),
        _ => return Mark::plain(level),
    };
    Mark::rare(level, surprise, weights)
}

/// Namesakes live in the same place more often than chance has it: where the streets differ, a rare place
/// counts half.
fn halved(surprise: f64, level: Level, weights: &Weights) -> f64 {
    let typical = weights.of(level).typical;
    typical + (surprise - typical) / 2.0
}

fn level(a: &Place, b: &Place) -> Option<Level> {
    if !a.po_box.is_empty() && a.po_box == b.po_box {
        return if near(a, b) { Some(Level::AddressBox) } else { area(a, b) };
    }
    if a.street.is_empty() || b.street.is_empty() {
        return named(a, b).then(|| unnumbered(a, b)).or_else(|| area(a, b));
    }
    street(a, b).or_else(|| other_street(a, b))
}

/// Levels of the street; none when the streets are different ones.
fn street(a: &Place, b: &Place) -> Option<Level> {
    let numbers = a.number == b.number;
    if a.street == b.street && numbers {
        return Some(if near(a, b) { unit(a, b) } else { far(a, b) });
    }
    if !near(a, b) {
        return None;
    }
    let known = !a.number.is_empty() && !b.number.is_empty();
    let same = a.street == b.street || alike(a, b);
    match () {
        () if known && numbers && (same || named(a, b) || lines_swapped(a, b)) => Some(Level::AddressFuzzy),
        () if same && known && slip(a, b) => Some(Level::AddressNear),
        () if same && !known => Some(Level::AddressNoNumber),
        () if same && named(a, b) => Some(Level::AddressNoNumber),
        () if named(a, b) => Some(Level::AddressNamed),
        () => same.then_some(Level::AddressStreet),
    }
}

/// The house numbers are a digit apart, or two neighbours are swapped.
fn slip(a: &Place, b: &Place) -> bool {
    a.number.len() > 1 && within_edits(&a.number, &b.number, 1)
}

/// The street of one stands in the second line of the other.
fn lines_swapped(a: &Place, b: &Place) -> bool {
    let crossed = |one: &Place, other: &Place| {
        let (line, street) = (&one.second, &other.street);
        street.len() >= 3 && (line.starts_with(&**street) || misspelt(line, street))
    };
    crossed(a, b) || crossed(b, a)
}

/// Both name the same house or quarter in the second line.
fn named(a: &Place, b: &Place) -> bool {
    !a.second.is_empty() && (a.second == b.second || misspelt(&a.second, &b.second)) && near(a, b)
}

/// The same named house, one of them without a street.
fn unnumbered(a: &Place, b: &Place) -> Level {
    let numbers = a.number == b.number && !a.number.is_empty();
    if numbers { Level::AddressFuzzy } else { Level::AddressNamed }
}

/// Least similarity of two spellings of one street.
const ALIKE: f64 = 0.92;

/// One street spelt in two ways: a slip, a space in the wrong place, a part left out.
fn alike(a: &Place, b: &Place) -> bool {
    let begins = |long: &Word, short: &Word| short.len() >= 4 && long.starts_with(&**short);
    misspelt(&a.street, &b.street)
        || similarity(&a.glued_street, &b.glued_street) >= ALIKE
        || begins(&a.glued_street, &b.glued_street)
        || begins(&b.glued_street, &a.glued_street)
        || begins(&a.street, &b.street)
        || begins(&b.street, &a.street)
}

fn unit(a: &Place, b: &Place) -> Level {
    if a.unit == b.unit || (a.unit_is_word() && misspelt(&a.unit, &b.unit)) {
        Level::AddressSame
    } else if a.unit.is_empty() || b.unit.is_empty() || a.unit_is_word() || b.unit_is_word() {
        Level::AddressUnit
    } else {
        Level::AddressOtherUnit
    }
}

/// Street and number agree, the area does not: a wrong area, or the same street name elsewhere.
fn far(a: &Place, b: &Place) -> Level {
    let states = a.state.is_empty() || b.state.is_empty() || a.state == b.state;
    let known = !a.number.is_empty();
    if states && known { Level::AddressOtherArea } else { Level::AddressElsewhere }
}

/// Whether postal code or city agree, or nothing is known against it.
fn near(a: &Place, b: &Place) -> bool {
    let postal = agree(&a.postal, &b.postal);
    let city = agree(&a.city, &b.city);
    match (postal, city) {
        (Some(true), _) | (_, Some(true)) => true,
        (None, None) => true,
        _ => misspelt(&a.city, &b.city) || (a.postal.len() >= 4 && within_edits(&a.postal, &b.postal, 1)),
    }
}

fn agree(a: &Word, b: &Word) -> Option<bool> {
    (!a.is_empty() && !b.is_empty()).then(|| a == b)
}

fn other_street(a: &Place, b: &Place) -> Option<Level> {
    region(a, b).map(|region| match region {
        Region::Postal => Level::AddressPostal,
        Region::City => Level::AddressCity,
        Region::State => Level::AddressState,
        Region::Elsewhere => Level::AddressElsewhere,
    })
}

/// Only the area can be compared: one side has no street, or one has a box and the other a street.
fn area(a: &Place, b: &Place) -> Option<Level> {
    region(a, b).map(|region| match region {
        Region::Postal => Level::AreaPostal,
        Region::City => Level::AreaCity,
        Region::State => Level::AreaState,
        Region::Elsewhere => Level::AreaElsewhere,
    })
}

enum Region {
    Postal,
    City,
    State,
    Elsewhere,
}

fn region(a: &Place, b: &Place) -> Option<Region> {
    let postal = agree(&a.postal, &b.postal);
    let city = agree(&a.city, &b.city);
    let state = agree(&a.state, &b.state);
    let country = a.country == b.country || a.country.is_empty() || b.country.is_empty();
    match (postal, city, state) {
        _ if !country => Some(Region::Elsewhere),
        (Some(true), _, _) => Some(Region::Postal),
        (_, Some(true), _) => Some(Region::City),
        (_, _, Some(true)) => Some(Region::State),
        (None, None, None) => None,
        _ => Some(Region::Elsewhere),
    }
}
