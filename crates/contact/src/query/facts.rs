//! The facts of a record: everything that can be asked of it, as one short text. A line a value, each under a code of
//! two letters; the lines of the contact first, then those of each individual under a line with its number:
//!
//! ```text
//! naokafor-lund
//! ad402 tannery rd␟␟bellford␟oh␟44090␟us
//! #81001
//! fnines
//! emines.lund@example.org
//! ```
//!
//! Text is in lower case, telephone numbers are digits. Values hold no line breaks.

use super::parameter::code_of_method;
use crate::model::{Address, Field, Golden, GoldenIndividual, Method, MethodKind};
use std::borrow::Cow;

/// Parts what belongs together in one line.
pub(super) const PART: char = '\u{1f}';

/// What the lines are kept under.
pub(super) mod code {
    pub(in super::super) const NAME: &str = "na";
    pub(in super::super) const INFORMAL_NAME: &str = "in";
    pub(in super::super) const LEGACY_ID: &str = "lg";
    pub(in super::super) const FIRST_NAME: &str = "fn";
    pub(in super::super) const MIDDLE_NAME: &str = "mn";
    pub(in super::super) const LAST_NAME: &str = "ln";
    pub(in super::super) const NICKNAME: &str = "nn";
    pub(in super::super) const ALSO: &str = "ak";
    pub(in super::super) const PREFIX: &str = "pr";
    pub(in super::super) const SUFFIX: &str = "sf";
    pub(in super::super) const GENDER: &str = "ge";
    pub(in super::super) const BIRTH_MONTH: &str = "bm";
    pub(in super::super) const BIRTH_DAY: &str = "bd";
    pub(in super::super) const BIRTH_YEAR: &str = "by";
    pub(in super::super) const DECEASED: &str = "dc";
    pub(in super::super) const EMAIL: &str = "em";
    pub(in super::super) const PHONE: &str = "ph";
    pub(in super::super) const FAX: &str = "fx";
    pub(in super::super) const OTHER: &str = "ot";
    pub(in super::super) const ADDRESS: &str = "ad";
    pub(in super::super) const TYPE: &str = "ty";
    pub(in super::super) const TAG: &str = "tg";
    pub(in super::super) const GROUP: &str = "gr";
    pub(in super::super) const EMAIL_LIST: &str = "el";
    pub(in super::super) const REFERENCE: &str = "rf";
    pub(in super::super) const SEGMENT: &str = "os";
    pub(in super::super) const MARITAL_STATUS: &str = "ms";
    pub(in super::super) const WEBSITE: &str = "ws";
    pub(in super::super) const PRIVATE: &str = "pv";
    pub(in super::super) const GIVEN: &str = "gt";
    pub(in super::super) const GIVEN_IN_YEAR: &str = "gy";
    pub(in super::super) const GIFTS: &str = "gc";
    pub(in super::super) const LAST_GIFT_AMOUNT: &str = "ga";
    pub(in super::super) const LAST_GIFT_DATE: &str = "gd";
    pub(in super::super) const CUSTOM: &str = "cf";
    pub(in super::super) const CUSTOM_OF_INDIVIDUAL: &str = "if";
    pub(in super::super) const CONTACT: &str = "co";
    pub(in super::super) const NOTE_TIME: &str = "nt";
    pub(in super::super) const IMPORTANT: &str = "im";
}

/// Where the values of a parameter are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    /// The number of the record.
    Id,
    /// The number of the individual.
    Individual,
    /// When the record was made.
    Created,
    /// When it last changed.
    Modified,
    /// Whether it is archived.
    Archived,
    /// The lines of a code.
    Line(&'static str),
    /// All parts of an address, joined.
    Address,
    /// One part of an address.
    AddressPart(usize),
    /// One part of a reference.
    ReferencePart(usize),
    /// What was given in the present year.
    YearGiving,
    /// The custom field of this name in lower case, under a code.
    Custom(&'static str, String),
}

/// The parts of a record's facts that are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts<'a> {
    parts: [&'a str; 2],
    year: i32,
}

/// A record as it is evaluated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Record<'a> {
    /// Its number.
    pub id: i64,
    /// When it was made, in microseconds since 1970.
    pub created: i64,
    /// When it last changed, in microseconds since 1970.
    pub modified: i64,
    /// Whether it is archived.
    pub archived: bool,
    /// What it says.
    pub facts: Facts<'a>,
}

impl<'a> Facts<'a> {
    /// All facts of a record, in a year.
    #[must_use]
    pub const fn all(text: &'a str, year: i32) -> Self {
        Self { parts: [text, ""], year }
    }

    /// The lines of a code, without it.
    pub(super) fn lines(self, code: &'a str) -> impl Iterator<Item = &'a str> {
        self.parts.into_iter().flat_map(|part| part.split('\n')).filter_map(move |line| line.strip_prefix(code))
    }

    /// The values at a place, in the order of the record.
    pub(super) fn values(self, place: &'a Place) -> Box<dyn Iterator<Item = Cow<'a, str>> + 'a> {
        match place {
            Place::Line(code) => Box::new(self.lines(code).map(Cow::Borrowed)),
            Place::Individual => Box::new(self.lines("#").map(Cow::Borrowed)),
            Place::AddressPart(part) => self.parts_of(code::ADDRESS, *part),
            Place::ReferencePart(part) => self.parts_of(code::REFERENCE, *part),
            Place::Address => Box::new(self.lines(code::ADDRESS).map(|line| {
                Cow::Owned(line.split(PART).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", "))
            })),
            Place::YearGiving => {
                let year = self.year.to_string();
                let amount =
                    move |line: &'a str| line.split_once(PART).filter(|(own, _)| *own == year).map(|(_, sum)| sum);
                Box::new(self.lines(code::GIVEN_IN_YEAR).filter_map(amount).map(Cow::Borrowed))
            }
            Place::Custom(code, name) => {
                let value =
                    move |line: &'a str| line.split_once(PART).filter(|(own, _)| own == name).map(|(_, value)| value);
                Box::new(self.lines(code).filter_map(value).map(Cow::Borrowed))
            }
            Place::Id | Place::Created | Place::Modified | Place::Archived => Box::new(std::iter::empty()),
        }
    }

    fn parts_of(self, code: &'static str, part: usize) -> Box<dyn Iterator<Item = Cow<'a, str>> + 'a> {
        let own = move |line: &'a str| line.split(PART).nth(part).filter(|value| !value.is_empty());
        Box::new(self.lines(code).filter_map(own).map(Cow::Borrowed))
    }

    /// Whether the record is one of these platforms', whose names are in lower case.
    pub(super) fn is_of(self, sources: &[String]) -> bool {
        let source = |line: &'a str| line.split(PART).next();
        self.lines(code::REFERENCE).filter_map(source).any(|own| sources.iter().any(|source| source == own))
    }
}

/// Each individual of a contact with its facts and those of the contact as a whole.
pub fn sections(text: &str, year: i32) -> impl Iterator<Item = (i64, Facts<'_>)> {
    let (whole, rest) = text.find("\n#").map_or((text, ""), |at| text.split_at(at));
    rest.split("\n#").filter_map(move |section| {
        let number = section.lines().next()?;
        let id = number.parse().ok()?;
        // From the mark before the number, which is a line of its own.
        let from = section.as_ptr() as usize - rest.as_ptr() as usize;
        let own = rest.get(from.checked_sub(1)?..from + section.len())?;
        Some((id, Facts { parts: [whole, own], year }))
    })
}

/// A text under construction.
struct Lines(String);

impl Lines {
    fn new() -> Self {
        Self(String::from("\n"))
    }

    /// Adds a value under a code, in lower case.
    fn add(&mut self, code: &str, value: &str) {
        self.parts(code, [value]);
    }

    /// Adds what belongs together.
    fn parts<'v>(&mut self, code: &str, values: impl IntoIterator<Item = &'v str>) {
        self.0.push_str(code);
        for (place, value) in values.into_iter().enumerate() {
            if place > 0 {
                self.0.push(PART);
            }
            push_lower(&mut self.0, value);
        }
        self.0.push('\n');
    }

    fn optional(&mut self, code: &str, value: Option<&str>) {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            self.add(code, value);
        }
    }
}

/// The form in which text is kept and compared: lower case, one line.
pub(super) fn lower(text: &str) -> String {
    let mut lower = String::with_capacity(text.len());
    push_lower(&mut lower, text.trim());
    lower
}

fn push_lower(into: &mut String, text: &str) {
    let noise = |c: char| c.is_control();
    if text.is_ascii() && !text.contains(noise) {
        into.extend(text.chars().map(|c| c.to_ascii_lowercase()));
    } else {
        into.push_str(&text.replace(noise, " ").to_lowercase());
    }
}

/// The digits of a telephone number.
pub(super) fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// Scalar values of a contact and the codes they are kept under.
const OF_CONTACT: &[(Field, &str)] = &[
    (Field::Name, code::NAME),
    (Field::InformalName, code::INFORMAL_NAME),
    (Field::OriginSegmentCode, code::SEGMENT),
    (Field::MaritalStatus, code::MARITAL_STATUS),
    (Field::Website, code::WEBSITE),
];

/// Scalar values of an individual and the codes they are kept under.
const OF_INDIVIDUAL: &[(Field, &str)] = &[
    (Field::FirstName, code::FIRST_NAME),
    (Field::MiddleName, code::MIDDLE_NAME),
    (Field::LastName, code::LAST_NAME),
    (Field::Nickname, code::NICKNAME),
    (Field::Prefix, code::PREFIX),
    (Field::Suffix, code::SUFFIX),
    (Field::Gender, code::GENDER),
    (Field::BirthMonth, code::BIRTH_MONTH),
    (Field::BirthDay, code::BIRTH_DAY),
    (Field::BirthYear, code::BIRTH_YEAR),
];

/// The facts of a contact. What is put away is left out.
#[must_use]
pub fn contact_facts(golden: &Golden) -> String {
    let mut lines = Lines::new();
    OF_CONTACT.iter().for_each(|(field, code)| lines.optional(code, golden.field(*field)));
    if golden.field(Field::IsPrivate) == Some("true") {
        lines.add(code::PRIVATE, "true");
    }
    lines.add(code::TYPE, golden.contact_type.base.as_str());
    lines.optional(code::TYPE, golden.contact_type.custom.as_deref());
    golden.tags.iter().for_each(|tag| lines.add(code::TAG, tag));
    golden.groups.iter().for_each(|group| lines.add(code::GROUP, group));
    golden.email_lists.iter().for_each(|list| lines.add(code::EMAIL_LIST, list));
    golden.references.iter().for_each(|own| lines.parts(code::REFERENCE, [own.source.as_str(), &own.id]));
    golden.addresses.iter().filter(|own| !own.archived).for_each(|own| address(&mut lines, &own.address));
    golden.custom_fields.iter().for_each(|(name, value)| lines.parts(code::CUSTOM, [name.as_str(), value]));
    giving(&mut lines, golden);
    golden.individuals.iter().for_each(|person| individual(&mut lines, person));
    lines.0
}

fn address(lines: &mut Lines, own: &Address) {
    let parts = [&own.address1, &own.address2, &own.city, &own.state, &own.postal, &own.country];
    lines.parts(code::ADDRESS, parts.map(|part| part.as_deref().unwrap_or_default()));
}

fn giving(lines: &mut Lines, golden: &Golden) {
    let Some(giving) = &golden.giving else { return };
    lines.add(code::GIVEN, &giving.total.to_string());
    lines.add(code::GIFTS, &giving.gifts.to_string());
    lines.add(code::LAST_GIFT_AMOUNT, &giving.last.amount.to_string());
    lines.add(code::LAST_GIFT_DATE, &giving.last.date.to_string());
    for (year, sum) in &giving.years {
        lines.parts(code::GIVEN_IN_YEAR, [year.to_string().as_str(), &sum.to_string()]);
    }
}

fn individual(lines: &mut Lines, person: &GoldenIndividual) {
    lines.add("#", &person.id.to_string());
    OF_INDIVIDUAL.iter().for_each(|(field, code)| lines.optional(code, person.field(*field)));
    if person.field(Field::IsDeceased) == Some("true") {
        lines.add(code::DECEASED, "true");
    }
    person.also_known_as.iter().for_each(|name| lines.add(code::ALSO, name));
    for own in person.methods.iter().filter(|own| !own.archived) {
        method(lines, &own.label, &own.value);
    }
    for (name, value) in &person.custom_fields {
        lines.parts(code::CUSTOM_OF_INDIVIDUAL, [name.as_str(), value]);
    }
}

fn method(lines: &mut Lines, label: &str, value: &str) {
    let kind = Method { label: label.to_owned(), value: String::new(), opted_in: None, primary: false }.kind();
    match kind {
        MethodKind::Email => lines.add(code::EMAIL, value),
        MethodKind::Phone if label.eq_ignore_ascii_case("fax") => lines.add(code::FAX, &digits(value)),
        MethodKind::Phone => lines.add(code::PHONE, &digits(value)),
        MethodKind::Other => lines.add(code_of_method(label), value),
    }
}

/// The facts of a note: its contact, type and text, the day it tells of (in microseconds since 1970), and its marks.
#[must_use]
pub fn note_facts(contact: i64, kind: &str, note: &str, note_at: i64, [important, private]: [bool; 2]) -> String {
    let mut lines = Lines::new();
    lines.add(code::CONTACT, &contact.to_string());
    lines.add(code::TYPE, kind);
    lines.add(code::NAME, note);
    lines.add(code::NOTE_TIME, &note_at.to_string());
    for (code, _) in [(code::IMPORTANT, important), (code::PRIVATE, private)].into_iter().filter(|(_, set)| *set) {
        lines.add(code, "true");
    }
    lines.0
}
