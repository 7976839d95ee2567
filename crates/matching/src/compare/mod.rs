//! Comparison of a submission with one profile on file: a level per field.

mod address;
mod email;
mod name;
mod organization;
mod phone;
mod rarity;
mod text;

pub(crate) use rarity::Rarity;

use crate::Weights;
use crate::index::Seen;
use crate::level::Level;
use crate::profile::View;
use std::cmp::Ordering;

/// The level of a field and what the rarity of the value adds to it, in bits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Mark {
    pub level: Level,
    pub adjustment: f64,
}

impl Mark {
    pub(crate) const fn plain(level: Level) -> Self {
        Self { level, adjustment: 0.0 }
    }

    /// A mark on a value of which the rarity is known: `surprise` is -log2 of its frequency.
    pub(crate) fn rare(level: Level, surprise: f64, weights: &Weights) -> Self {
        Self { level, adjustment: surprise - weights.of(level).typical }
    }

    /// Bits for the same person against a stranger.
    pub(crate) fn same(self, weights: &Weights) -> f64 {
        weights.of(self.level).same + self.adjustment
    }

    /// Bits for a relative against a stranger.
    pub(crate) fn relative(self, weights: &Weights) -> f64 {
        weights.of(self.level).relative + self.adjustment
    }
}

/// First names that fit more than one name.
const LOOSE: &[Level] = &[Level::FirstNickname, Level::FirstInitial, Level::FirstMiddle, Level::FirstPartner];
/// First names that do not fit at all.
const CONTRARY: &[Level] = &[Level::FirstDifferent, Level::FirstSimilar];

/// The marks of a submission against one person; a field that either side lacks has none.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Marks {
    pub first: Option<Mark>,
    pub last: Option<Mark>,
    pub middle: Option<Mark>,
    pub generation: Option<Mark>,
    pub organization: Option<Mark>,
    pub kind: Option<Mark>,
    pub email: Option<Mark>,
    pub email_name: Option<Mark>,
    pub phone: Option<Mark>,
    pub address: Option<Mark>,
    /// Whether the person goes by another first name as well, which contradicts the submission's while the one
    /// that fits does so only as a nickname or an initial: Patrick, where Pat has been Patricia before.
    pub is_torn: bool,
}

impl Marks {
    /// The marks there are, in a fixed order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = Mark> {
        let who = [self.first, self.last, self.middle, self.generation, self.organization, self.kind];
        let place = [self.email, self.email_name, self.phone, self.address];
        who.into_iter().chain(place).flatten()
    }

    /// Whether a field stands at one of the levels.
    pub(crate) fn any(&self, levels: &[Level]) -> bool {
        self.iter().any(|mark| levels.contains(&mark.level))
    }

    /// The better of two comparisons with the same person, field by field; what makes up a name stays together.
    pub(crate) fn best(self, other: Self, weights: &Weights) -> Self {
        let name = if self.name_order(&other, weights).is_lt() { other } else { self };
        Self {
            email: better(self.email, other.email, weights),
            phone: better(self.phone, other.phone, weights),
            address: better(self.address, other.address, weights),
            ..name
        }
    }

    /// Which name fits better; the levels decide between equals, so that no order of profiles matters.
    fn name_order(&self, other: &Self, weights: &Weights) -> Ordering {
        let bits = self.name_bits(weights).total_cmp(&other.name_bits(weights));
        bits.then_with(|| other.name_levels().cmp(&self.name_levels()))
    }

    /// Bits of what makes up the name; a name that cannot be compared counts less than one that agrees
    /// and more than one that does not.
    fn name_bits(&self, weights: &Weights) -> f64 {
        self.name_marks().into_iter().flatten().map(|mark| mark.same(weights)).sum()
    }

    fn name_levels(&self) -> [Option<Level>; 6] {
        self.name_marks().map(|mark| mark.map(|mark| mark.level))
    }

    const fn name_marks(&self) -> [Option<Mark>; 6] {
        [self.first, self.last, self.middle, self.generation, self.organization, self.kind]
    }
}

/// The mark that speaks more for the same person; the level decides between equals.
pub(crate) fn better(one: Option<Mark>, other: Option<Mark>, weights: &Weights) -> Option<Mark> {
    let (Some(a), Some(b)) = (one, other) else { return one.or(other) };
    let order = a.same(weights).total_cmp(&b.same(weights)).then_with(|| b.level.cmp(&a.level));
    if order.is_lt() { Some(b) } else { Some(a) }
}

/// Compares a submission with everything a person on file ever had; `person` is not empty.
pub(crate) fn compare(row: &View<'_>, person: &[Seen<'_>], rarity: &Rarity, weights: &Weights) -> Marks {
    let names = || person.iter().filter(|seen| seen.fresh.name).map(|seen| who(row, &seen.profile, rarity, weights));
    let mut marks = names().reduce(|best, marks| best.best(marks, weights)).unwrap_or_default();
    marks.is_torn = person.len() > 1 && marks.any(LOOSE) && names().any(|marks| marks.any(CONTRARY));
    marks.email = email::compare(row, person, rarity, weights);
    marks.phone = phone::compare(row, person, rarity, weights);
    marks.address = address::compare(row, person, rarity, weights);
    if marks.phone.is_none() && marks.address.is_none() {
        marks.phone = phone::region(row, person, rarity, weights);
    }
    marks.email_name = email::against_name(row, person, &marks);
    marks
}

fn who(row: &View<'_>, file: &View<'_>, rarity: &Rarity, weights: &Weights) -> Marks {
    let organizations = row.organization.as_ref().zip(file.organization.as_ref());
    let names = row.name.as_ref().zip(file.name.as_ref());
    match (organizations, names) {
        (Some((a, b)), _) if row.is_organization || file.is_organization || names.is_none() => {
            let mark = organization::compare(a, b, rarity, weights);
            Marks { organization: Some(mark), ..Marks::default() }
        }
        (_, Some((a, b))) => name::compare(a, b, rarity, weights),
        _ if row.is_organization != file.is_organization => {
            Marks { kind: Some(Mark::plain(Level::KindDifferent)), ..Marks::default() }
        }
        _ => Marks::default(),
    }
}
