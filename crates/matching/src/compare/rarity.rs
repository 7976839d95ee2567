//! How rare the values of a submission are: computed once per submission, since an agreement is always
//! on the submission's own value. All in bits (-log2 of a frequency).

use crate::profile::{Name, Place, View};
use crate::terms::{Term, TermStats, real, word_term};
use crate::{Index, Matcher};
use tributary_contact::normalise::Nicknames;

/// Rarity of the values of one submission.
pub(crate) struct Rarity<'a> {
    terms: &'a TermStats,
    /// The organization's own nicknames.
    pub nicknames: &'a Nicknames,
    pub first: f64,
    pub last: f64,
    /// How much commoner first and last name are together than apart.
    pub pair_lift: f64,
    pub row_first_is_established: bool,
    pub mailboxes: Vec<ContactPoint>,
    pub numbers: Vec<ContactPoint>,
    pub places: Vec<PlaceRarity>,
    pub organization: f64,
    pub words: Vec<f64>,
}

/// From this many contacts on a contact point belongs to none of them in particular.
const HUB: usize = 5;

/// How rare a mailbox or a number is.
pub(crate) struct ContactPoint {
    pub bits: f64,
    /// Whether so many contacts have it that it tells nobody apart.
    pub is_hub: bool,
}

/// Rarity of an address and its parts.
pub(crate) struct PlaceRarity {
    pub door: f64,
    pub building: f64,
    /// The street within the postal code.
    pub street: f64,
    pub postal: f64,
    pub city: f64,
}

impl<'a> Rarity<'a> {
    /// Rarity of the values of a submission that meets the contacts of an index.
    pub(crate) fn of(row: &View<'_>, index: &Index, matcher: &'a Matcher) -> Self {
        Self::counted(row, |key| index.count(key), matcher)
    }

    /// Rarity of the values of a profile on file when it is held against another one. Who else shares them
    /// is left out, since not all of them need be in the index.
    pub(crate) fn between(file: &View<'_>, matcher: &'a Matcher) -> Self {
        Self::counted(file, |_| 2, matcher)
    }

    fn counted(row: &View<'_>, count: impl Fn(i64) -> usize, matcher: &'a Matcher) -> Self {
        let (terms, weights) = (&matcher.terms, &matcher.weights);
        let people = population(row, terms);
        let sharing = weights.sharing;
        let hub = |key: i64, share: f64| contact_point(count(key), people, share);
        let point = |key: i64, share: f64| {
            let contacts = count(key);
            ContactPoint { bits: contact_point(contacts, people, share), is_hub: contacts >= HUB }
        };
        let name = row.name.as_ref();
        let first = name.map_or(1.0, |name| terms.frequency(Term::First, name.first_term()));
        let last = name.map_or(1.0, |name| terms.frequency(Term::Last, name.last_term()));
        let pair = name.and_then(Name::pair_term).map_or(first * last, |term| terms.pair_frequency(term, first * last));
        Self {
            terms,
            nicknames: &matcher.nicknames,
            first: -first.log2(),
            last: -last.log2(),
            pair_lift: (pair / (first * last)).log2(),
            row_first_is_established: name.is_some_and(|name| is_established(name, terms)),
            mailboxes: row.mailboxes.iter().map(|mailbox| point(mailbox.key, sharing.email)).collect(),
            numbers: row.numbers.iter().map(|number| point(number.key, sharing.phone)).collect(),
            places: row.places.iter().map(|place| PlaceRarity::of(place, terms, &hub, sharing.address)).collect(),
            organization: organization_bits(row, terms),
            words: organization_words(row, terms),
        }
    }

    /// Rarity of a first name in bits.
    pub(crate) fn of_first(&self, name: &str) -> f64 {
        -self.terms.frequency(Term::First, Term::First.of(name)).log2()
    }

    /// Rarity of a last name in bits.
    pub(crate) fn of_last(&self, name: &str) -> f64 {
        -self.terms.frequency(Term::Last, Term::Last.of(name)).log2()
    }

    /// Whether a first name on file is borne by enough people to be a name of its own.
    pub(crate) fn is_established(&self, name: &Name) -> bool {
        is_established(name, self.terms)
    }

    /// How many the submission could be of: persons or organizations on file.
    pub(crate) fn population(&self, row: &View<'_>) -> f64 {
        population(row, self.terms)
    }

    /// Rarity of the state or province of a place.
    pub(crate) fn state(&self, place: &Place) -> f64 {
        -self.terms.frequency(Term::State, place.state_term()).log2()
    }

    /// Rarity of a word of an organization's name.
    pub(crate) fn word(&self, word: &str) -> f64 {
        self.terms.word_bits(word_term(word))
    }
}

impl PlaceRarity {
    fn of(place: &Place, terms: &TermStats, hub: &impl Fn(i64, f64) -> f64, share: f64) -> Self {
        let [postal, city] = place.building.map(|key| hub(key, share));
        let building = postal.min(city);
        let door = if place.door == 0 { building } else { hub(place.door, share) };
        let street = place.street_key().map_or(building, |key| hub(key, 1.0));
        Self {
            door,
            building,
            street,
            postal: -terms.frequency(Term::Postal, place.postal_term()).log2(),
            city: -terms.frequency(Term::City, place.city_term()).log2(),
        }
    }
}

/// Bits of agreeing on a contact point that `contacts` contacts on file have, of `people`. One contact
/// shares it with a stranger in `share` of the cases; the more contacts have it, the likelier it is a hub.
fn contact_point(contacts: usize, people: f64, share: f64) -> f64 {
    let contacts = real(i64::try_from(contacts.max(1)).unwrap_or(i64::MAX));
    let strangers = contacts * (share * contacts).min(1.0);
    (people / strangers).max(1.0).log2()
}

fn population(row: &View<'_>, terms: &TermStats) -> f64 {
    terms.population_of(row.is_organization)
}

fn is_established(name: &Name, terms: &TermStats) -> bool {
    let least = 2 + i64::try_from(terms.population() / 20_000).unwrap_or(i64::MAX);
    name.called != 0 || terms.count(name.first_term()) >= least
}

/// Rarity of the whole name: its words together, but never beyond what the file can tell.
fn organization_bits(row: &View<'_>, terms: &TermStats) -> f64 {
    let Some(organization) = &row.organization else { return 0.0 };
    let words: f64 = organization_words(row, terms).iter().sum();
    let bearers = real(terms.count(crate::terms::core_term(&organization.core)) - 1).max(0.0);
    let known = ((terms.organizations() + 1.0) / (bearers + 0.02)).log2();
    words.min(known)
}

fn organization_words(row: &View<'_>, terms: &TermStats) -> Vec<f64> {
    let words = row.organization.iter().flat_map(|organization| &organization.words);
    words.map(|word| terms.word_bits(word_term(word))).collect()
}
