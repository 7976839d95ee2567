//! Submissions from small word lists, so that people, mailboxes, phones, addresses and references collide often.

use crate::chance::Chance;
use serde_json::{Map, Value};
use tributary_contact::Submission;
use tributary_contact::flat::{FlatContext, parse_flat};

const SOURCES: &[&str] = &["Harbor", "Harbor", "Gala"];
const REFERENCES: &[&str] = &["r1", "r2", "r3", "r4", "r5"];
const FIRST: &[&str] = &["Ann", "Anna", "Robert", "Bob", "Christina", "Christine", "Ines", ""];
const LAST: &[&str] = &["Okafor", "Lund", "Lindqvist", "Smith", "Smyth", ""];
const SUFFIX: &[&str] = &["", "", "", "", "Jr", "Sr"];
const EMAIL: &[&str] =
    &["a.okafor@example.org", "lund@example.org", "family@example.net", "bob@example.org", "", "", "ines@example.com"];
const PHONE: &[&str] = &["614-555-0134", "(614) 555-0177", "+1 614 555 0134", "", "", ""];
const STREET: &[&str] = &["18 Quarry Ln", "402 Tannery Rd Apt 2", "402 Tannery Road #2", "", ""];
const GENDER: &[&str] = &["", "", "F", "Male"];
const BIRTH_YEAR: &[&str] = &["", "", "", "1961", "1987"];
const TAGS: &[&str] = &["", "Gala", "Gala;Major", "Volunteer"];
/// People who are always the same: first name, last name, mailbox, phone, street.
const PEOPLE: &[[&str; 5]] = &[
    ["Ann", "Okafor", "ann.okafor@example.org", "614-555-0101", "9 Mill St"],
    ["Robert", "Okafor", "rob.okafor@example.org", "614-555-0102", "9 Mill St"],
    ["Ines", "Lund", "ines.lund@example.org", "614-555-0103", "77 Harbor View Apt 3"],
    ["Odalys", "Trent", "odalys@example.net", "614-555-0104", "5 Cooper Ct"],
    ["Pat", "Quill", "pat.quill@example.com", "614-555-0105", "31 Orchard Ave"],
];
const ORGANIZATIONS: &[&str] = &["Bellford Food Bank", "Bellford Food Bank Inc", "Tannery Road Church"];

/// A row that the engine would take.
pub fn row(chance: &mut Chance) -> Value {
    loop {
        let row = match chance.below(10) {
            0 => organization(chance),
            1..5 => regular(chance),
            _ => person(chance),
        };
        if submission(&row).is_some() {
            return row;
        }
    }
}

/// What the engine takes a row for; none when it would be refused.
#[must_use]
pub fn submission(row: &Value) -> Option<Submission> {
    parse_flat(row, &FlatContext::default()).ok().map(|parsed| parsed.submission)
}

fn person(chance: &mut Chance) -> Value {
    let mut row = Map::new();
    for (field, words) in [
        ("firstName", FIRST),
        ("lastName", LAST),
        ("suffix", SUFFIX),
        ("gender", GENDER),
        ("birthYear", BIRTH_YEAR),
        ("tags", TAGS),
    ] {
        put(&mut row, field, chance.pick(words));
    }
    shared(chance, row)
}

/// One of the people who are always the same, who leave this or that out.
fn regular(chance: &mut Chance) -> Value {
    let mut row = Map::new();
    let who = chance.pick(PEOPLE);
    for (field, word) in ["firstName", "lastName", "email", "phone", "address1"].into_iter().zip(who) {
        if !chance.one_in(8) {
            put(&mut row, field, word);
        }
    }
    put(&mut row, "city", "Bellford");
    put(&mut row, "postal", "44090");
    if chance.one_in(3) {
        put(&mut row, "gender", chance.pick(GENDER));
        put(&mut row, "tags", chance.pick(TAGS));
    }
    if chance.one_in(3) {
        // A reference of one's own, but for a slip.
        let own = who.first().copied().unwrap_or_default();
        put(&mut row, "referenceSource", chance.pick(SOURCES));
        put(&mut row, "referenceId", if chance.one_in(8) { chance.pick(REFERENCES) } else { own });
    }
    Value::Object(row)
}

fn organization(chance: &mut Chance) -> Value {
    let mut row = Map::new();
    put(&mut row, "contactType", "Organization");
    put(&mut row, "name", chance.pick(ORGANIZATIONS));
    shared(chance, row)
}

/// What people and organizations have alike.
fn shared(chance: &mut Chance, mut row: Map<String, Value>) -> Value {
    put(&mut row, "email", chance.pick(EMAIL));
    put(&mut row, "phone", chance.pick(PHONE));
    let street = chance.pick(STREET);
    if !street.is_empty() {
        put(&mut row, "address1", street);
        put(&mut row, "city", "Bellford");
        put(&mut row, "postal", "44090");
    }
    if chance.one_in(2) {
        put(&mut row, "referenceSource", chance.pick(SOURCES));
        put(&mut row, "referenceId", chance.pick(REFERENCES));
    }
    Value::Object(row)
}

fn put(row: &mut Map<String, Value>, field: &str, value: &str) {
    if !value.is_empty() {
        row.insert(field.to_owned(), Value::from(value));
    }
}
