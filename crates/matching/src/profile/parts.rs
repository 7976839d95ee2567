//! The comparable parts of a profile: a person's name, a mailbox, a number, a place.

use super::area::region;
use super::word::Word;
use crate::hash::hash;
use crate::terms::{Term, door_term, home_term, pair_term};
use tributary_contact::Address;
use tributary_contact::normalise::{
    AddressForm, EmailForm, Generation, PersonForm, address, fold_text, nickname_list, nickname_number,
};

/// A person's name; parts are folded, empty when missing.
#[derive(Clone, PartialEq)]
pub(crate) struct Name<'a> {
    pub first: Word<'a>,
    pub middle: Word<'a>,
    pub last: Word<'a>,
    /// Words of a last name that has several; otherwise empty.
    pub last_parts: Box<[Word<'a>]>,
    pub generation: Option<Generation>,
    pub partner: Option<Word<'a>>,
    /// Number of the list of nickname classes of the first name, zero when there is none.
    pub called: u16,
    /// The same of the last name: for names given in the wrong order.
    pub last_called: u16,
}

impl<'a> Name<'a> {
    pub(crate) fn of(form: &'a PersonForm) -> Option<Self> {
        if form.first.is_empty() && form.last.is_empty() {
            return None;
        }
        let parts = if form.last_parts.len() > 1 { form.last_parts.as_slice() } else { &[] };
        Some(Self {
            called: nickname_number(&form.first),
            last_called: nickname_number(&form.last),
            first: (&form.first).into(),
            middle: (&form.middle).into(),
            last: (&form.last).into(),
            last_parts: parts.iter().map(Into::into).collect(),
            generation: form.generation,
            partner: form.partner.as_ref().map(Into::into),
        })
    }

    /// First letter of the first name; empty when missing.
    pub(crate) fn initial(&self) -> &str {
        head(&self.first, 1)
    }

    /// Nickname classes of the first name.
    pub(crate) fn classes(&self) -> &'static [u32] {
        nickname_list(self.called)
    }

    /// Nickname classes of the last name.
    pub(crate) fn last_classes(&self) -> &'static [u32] {
        nickname_list(self.last_called)
    }

    pub(crate) fn first_term(&self) -> i64 {
        Term::First.of(&self.first)
    }

    pub(crate) fn last_term(&self) -> i64 {
        Term::Last.of(&self.last)
    }

    /// The term of first and last name together, when both are known.
    pub(crate) fn pair_term(&self) -> Option<i64> {
        (!self.first.is_empty() && !self.last.is_empty()).then(|| pair_term(&self.first, &self.last))
    }
}

/// The first `count` bytes of folded (ASCII) text, or all of it when shorter.
pub(crate) fn head(text: &str, count: usize) -> &str {
    text.get(..count).unwrap_or(text)
}

/// The last `count` bytes of folded (ASCII) text, or all of it when shorter.
pub(crate) fn tail(text: &str, count: usize) -> &str {
    text.len().checked_sub(count).and_then(|from| text.get(from..)).unwrap_or(text)
}

/// A mailbox.
#[derive(Clone, Copy, PartialEq)]
pub(crate) struct Mailbox<'a> {
    pub local: Word<'a>,
    pub domain: Word<'a>,
    pub role: bool,
    /// The key that all who use the mailbox are found under.
    pub key: i64,
}

impl<'a> Mailbox<'a> {
    pub(crate) fn of(form: &'a EmailForm) -> Self {
        Self {
            key: hash("email", &[&form.untagged]),
            local: (&form.local).into(),
            domain: (&form.domain).into(),
            role: form.role,
        }
    }

    /// The letters of the local part.
    pub(crate) fn letters(&self) -> String {
        self.local.chars().filter(char::is_ascii_alphabetic).collect()
    }

    /// Whether the domain belongs to somebody rather than to a public mail provider.
    pub(crate) fn has_own_domain(&self) -> bool {
        !PROVIDERS.contains(&self.domain.split('.').next().unwrap_or_default())
    }
}

/// Public mail providers, by the first label of their domains.
const PROVIDERS: &[&str] = &[
    "aol",
    "att",
    "bellsouth",
    "btinternet",
    "charter",
    "comcast",
    "cox",
    "duck",
    "earthlink",
    "fastmail",
    "free",
    "frontier",
    "gmail",
    "gmx",
    "googlemail",
    "hey",
    "hotmail",
    "icloud",
    "juno",
    "laposte",
    "live",
    "mac",
    "mail",
    "me",
    "msn",
    "netzero",
    "optonline",
    "orange",
    "outlook",
    "pm",
    "proton",
    "protonmail",
    "rogers",
    "sbcglobal",
    "shaw",
    "sky",
    "sympatico",
    "telus",
    "verizon",
    "web",
    "windstream",
    "yahoo",
    "yandex",
    "ymail",
    "zoho",
];

/// A telephone number.
#[derive(Clone, Copy, PartialEq)]
pub(crate) struct Number {
    pub national: u64,
    /// State or province of its area code, where there is one.
    pub region: Option<[u8; 2]>,
    /// The key that all who use the number are found under.
    pub key: i64,
}

/// Numbers below this have no area code.
const LOCAL: u64 = 10_000_000;
/// Numbers from this on are not of the North American plan.
const AREAS: u64 = 10_000_000_000;

impl Number {
    pub(crate) fn of(national: u64) -> Self {
        let area = if national < AREAS { national / LOCAL } else { 0 };
        let region = u16::try_from(area).ok().and_then(region);
        Self { national, region, key: hash("phone", &[&national.to_string()]) }
    }

    /// The last seven digits.
    pub(crate) const fn local(self) -> u64 {
        self.national % LOCAL
    }

    pub(crate) const fn is_local(self) -> bool {
        self.national < LOCAL
    }
}

/// A postal address; parts are folded, empty when missing.
#[derive(Clone, PartialEq)]
pub(crate) struct Place<'a> {
    pub number: Word<'a>,
    /// The street without suffix and directionals.
    pub street: Word<'a>,
    /// The street with suffix and directionals, spaces left out.
    pub glued_street: Word<'a>,
    pub unit: Word<'a>,
    /// The address line that is neither street nor unit, when it has no digits: the name of a house, a quarter.
    pub second: Word<'a>,
    pub po_box: Word<'a>,
    pub city: Word<'a>,
    pub state: Word<'a>,
    pub postal: Word<'a>,
    pub country: Word<'a>,
    /// Keys of the building (or the box) within the postal area and within the city, zero when unknown.
    pub building: [i64; 2],
    /// Key of the unit within the building, zero when there is none.
    pub door: i64,
}

/// The normal form of an address, and what of it is not in the form.
pub(crate) struct PlaceForm {
    form: AddressForm,
    glued_street: String,
    second: String,
}

impl PlaceForm {
    pub(crate) fn of(raw: &Address, country: &str) -> Option<Self> {
        let form = address(raw, country)?;
        let second = if form.unit.is_empty() { second_line(raw, &form) } else { String::new() };
        Some(Self { glued_street: form.street.replace(' ', ""), form, second })
    }
}

impl<'a> Place<'a> {
    pub(crate) fn of(PlaceForm { form, glued_street, second }: &'a PlaceForm) -> Self {
        let core = if form.street_core.is_empty() { &form.street } else { &form.street_core };
        let mut place = Self {
            number: low_number(&form.number).into(),
            street: core.into(),
            glued_street: glued_street.into(),
            unit: (&form.unit).into(),
            second: second.into(),
            po_box: (&form.po_box).into(),
            city: (&form.city).into(),
            state: (&form.state).into(),
            postal: (&form.postal).into(),
            country: (&form.country).into(),
            building: [0, 0],
            door: 0,
        };
        place.building = [place.building_key(head(&place.postal, 3)), place.building_key(&place.city)];
        place.door = place.door_key();
        place
    }

    fn building_key(&self, area: &str) -> i64 {
        if area.is_empty() {
            0
        } else if !self.po_box.is_empty() {
            hash("box", &[&self.po_box, area])
        } else if self.street.is_empty() {
            0
        } else {
            hash("building", &[&self.number, &self.street, area])
        }
    }

    /// Key of the street within the postal code; none when either is unknown.
    pub(crate) fn street_key(&self) -> Option<i64> {
        let known = !self.street.is_empty() && !self.postal.is_empty();
        known.then(|| hash("street-code", &[&self.street, &sorted_digits(&self.postal)]))
    }

    fn door_key(&self) -> i64 {
        let area = if self.postal.is_empty() { &*self.city } else { head(&self.postal, 3) };
        let known = !self.unit.is_empty() && !self.street.is_empty() && !area.is_empty();
        if known { hash("door", &[&self.number, &self.street, &self.unit, area]) } else { 0 }
    }

    /// Whether the unit is none, but the name of a house.
    pub(crate) fn unit_is_word(&self) -> bool {
        self.unit.len() > 2 && !self.unit.bytes().any(|byte| byte.is_ascii_digit())
    }

    pub(crate) fn postal_term(&self) -> i64 {
        Term::Postal.of(&self.postal)
    }

    pub(crate) fn city_term(&self) -> i64 {
        Term::City.of(&self.city)
    }

    pub(crate) fn state_term(&self) -> i64 {
        Term::State.of(&self.state)
    }

    /// The terms of those who live at this very address: of one last name, and all. None where it is not known.
    pub(crate) fn company_terms(&self, last: &str) -> Option<[i64; 2]> {
        let area = if self.postal.is_empty() { &*self.city } else { head(&self.postal, 3) };
        let known = !self.number.is_empty() && !self.street.is_empty() && !area.is_empty() && !last.is_empty();
        let door = [&*self.number, &self.street, &self.unit, area];
        known.then(|| [home_term(last, &door), door_term(&door)])
    }

    pub(crate) fn terms(&self) -> impl Iterator<Item = i64> {
        let postal = (!self.postal.is_empty()).then(|| self.postal_term());
        let city = (!self.city.is_empty()).then(|| self.city_term());
        let state = (!self.state.is_empty()).then(|| self.state_term());
        postal.into_iter().chain(city).chain(state)
    }
}

/// Text that looks the same when its digits are swapped, the commonest slip in a number.
pub(crate) fn sorted_digits(text: &str) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    letters.sort_unstable();
    letters.into_iter().collect()
}

/// The lower end of a range of house numbers (`4208-20`, `310-314`); any other number as it is, among them those
/// that are written with a hyphen (`104-20` in Queens).
fn low_number(number: &str) -> &str {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match number.split_once('-') {
        Some((low, high)) if digits(low) && digits(high) => {
            let rises = low.get(low.len().saturating_sub(high.len())..).is_some_and(|end| end < high);
            let is_range = low.len() >= high.len() && (low.len() >= 4 || low.len() == high.len()) && low.len() > 2;
            if is_range && rises { low } else { number }
        }
        _ => number,
    }
}

/// The line of an address that is not the street, if both lines are given.
fn second_line(raw: &Address, form: &AddressForm) -> String {
    let (Some(first), Some(second)) = (&raw.address1, &raw.address2) else { return String::new() };
    let (first, second) = (fold_text(first), fold_text(second));
    let core = if form.street_core.is_empty() { &form.street } else { &form.street_core };
    let is_street = !core.is_empty() && second.contains(&**core);
    let other = if is_street { first } else { second };
    let named = other.trim_start_matches(|c: char| c.is_ascii_digit()).trim_start();
    let plain = named.len() > 2 && !named.bytes().any(|byte| byte.is_ascii_digit());
    if plain { named.to_owned() } else { String::new() }
}
