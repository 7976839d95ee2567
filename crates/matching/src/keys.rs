//! Blocking keys: what two profiles must share to be compared at all. Each key is cheap evidence by
//! itself; together they find nearly every true pair (docs/matching.md has the recall).

use crate::hash::{Hash, hash};
use crate::profile::{Mailbox, Name, Number, OrganizationName, Place, View, head, is_common, sorted_digits, tail};
use std::borrow::Cow;

/// Shortest local part that is looked for at other providers.
const LONG_LOCAL: usize = 6;
/// Most words of an organization's name that become keys.
const MOST_WORDS: usize = 6;

/// The key of a word that people search for; stored among the keys of profiles, and none of theirs.
#[must_use]
pub fn word_key(word: &str) -> i64 {
    hash("search", &[word])
}

/// Every key of a profile, unsorted.
pub(crate) fn of(profile: &View<'_>) -> Vec<i64> {
    let mut keys = Vec::with_capacity(24);
    profile.mailboxes.iter().for_each(|mailbox| of_mailbox(mailbox, &mut keys));
    profile.numbers.iter().for_each(|number| of_number(*number, profile.is_organization, &mut keys));
    profile.places.iter().for_each(|place| of_place(place, &mut keys));
    if let Some(name) = &profile.name {
        of_name(name, &mut keys);
        profile.places.iter().for_each(|place| of_name_at(name, place, &mut keys));
    }
    if let Some(organization) = &profile.organization {
        of_organization(organization, profile, &mut keys);
    }
    keys
}

fn of_mailbox(mailbox: &Mailbox, keys: &mut Vec<i64>) {
    keys.push(mailbox.key);
    if mailbox.role || mailbox.local.len() < LONG_LOCAL {
        return;
    }
    keys.push(hash("local", &[&mailbox.local]));
    keys.push(Hash::of("spelt").part_without(&mailbox.local, u8::is_ascii_alphabetic).end());
}

fn of_number(number: Number, organization: bool, keys: &mut Vec<i64>) {
    keys.push(number.key);
    if organization {
        keys.push(hash("phone-local", &[&number.local().to_string()]));
    }
}

fn of_place(place: &Place, keys: &mut Vec<i64>) {
    keys.extend(place.building.into_iter().chain([place.door]).filter(|key| *key != 0));
    let code = sorted_digits(&place.postal);
    let (area, house) = (head(&place.postal, 3), sorted_digits(&place.number));
    let (numbered, on_street) = (!place.number.is_empty(), !place.street.is_empty());
    if numbered && on_street && !area.is_empty() {
        keys.push(hash("street", &[&house, head(&place.street, 3), area]));
    }
    if numbered && on_street {
        keys.push(hash("street-head", &[&house, head(&place.street, 5)]));
    }
    if numbered && !code.is_empty() {
        keys.push(hash("number", &[&house, &code]));
    }
    if numbered && !place.city.is_empty() {
        keys.push(hash("number-city", &[&house, &place.city]));
    }
    keys.extend(place.street_key());
    if !place.second.is_empty() && !code.is_empty() {
        keys.push(hash("line", &[&place.second, &code]));
    }
}

/// First and last name in either order and with the initial, as mailboxes spell them too, and each
/// nickname class with the last name.
fn of_name(name: &Name, keys: &mut Vec<i64>) {
    if name.first.is_empty() || name.last.is_empty() {
        return;
    }
    let (first, last) = (glued(&name.first), &*name.last);
    let spelt = |pieces: [&str; 2]| Hash::of("spelt").part(&pieces).end();
    keys.extend([spelt([&first, last]), spelt([last, &first]), spelt([name.initial(), last])]);
    let classes = name.classes().iter().take(4).map(|class| hash("nickname", &[&class.to_string(), last]));
    keys.extend(classes);
}

/// The text without spaces.
pub(crate) fn glued(text: &str) -> Cow<'_, str> {
    if text.contains(' ') { text.replace(' ', "").into() } else { text.into() }
}

/// The name within an area, and spellings near it.
fn of_name_at(name: &Name, place: &Place, keys: &mut Vec<i64>) {
    let (area, code) = (head(&place.postal, 3), sorted_digits(&place.postal));
    let (first, last) = (!name.first.is_empty(), !name.last.is_empty());
    if first && last {
        let near = if place.city.is_empty() { area } else { &*place.city };
        keys.push(hash("initial", &[name.initial(), &name.last, near]));
    }
    if last && !place.city.is_empty() {
        keys.push(hash("last-city", &[&name.last, &place.city]));
    }
    if area.is_empty() {
        return;
    }
    if last {
        keys.push(hash("last-code", &[head(&name.last, 4), &code]));
    }
    if first {
        keys.push(hash("first-code", &[&name.first, &code]));
    }
    if last {
        keys.push(hash("first-code", &[&name.last, &code]));
    }
    if first && last {
        keys.push(hash("first-head", &[&name.first, head(&name.last, 4), area]));
        keys.push(hash("first-tail", &[&name.first, tail(&name.last, 4), area]));
    }
    if first && !place.number.is_empty() {
        keys.push(hash("house", &[&sorted_digits(&place.number), &name.first, area]));
    }
}

/// The whole name, the rarer words in an area, and the domain.
fn of_organization(organization: &OrganizationName, profile: &View<'_>, keys: &mut Vec<i64>) {
    keys.push(hash("organization", &[&organization.glued]));
    if !profile.is_organization {
        return;
    }
    let domains = profile.mailboxes.iter().filter(|mailbox| mailbox.has_own_domain());
    keys.extend(domains.map(|mailbox| hash("domain", &[&mailbox.domain])));
    for word in organization.words.iter().filter(|word| !is_common(word)).take(MOST_WORDS) {
        keys.push(hash("word", &[word]));
        let cities = profile.places.iter().filter(|place| !place.city.is_empty());
        keys.extend(cities.map(|place| hash("word-city", &[word, &place.city])));
    }
}
