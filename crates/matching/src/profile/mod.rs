//! One submission in normal form: what is compared, the keys it is found under, the terms it is counted by.

mod area;
mod organization;
mod parts;
mod word;

pub(crate) use organization::{OrganizationName, is_common};
pub(crate) use parts::{Mailbox, Name, Number, Place, head, tail};
pub(crate) use word::Word;

use crate::index::Fresh;
use crate::keys;
use crate::terms::{core_term, organization_term, word_term};
use tributary_contact::normalise::{PersonText, fold_text, person};
use tributary_contact::{ContactType, Field, Submission};

/// One submission in normal form. Holds folded personal data, so it has no `Debug` and is never logged.
#[derive(Clone, PartialEq)]
pub struct Profile {
    /// The person the submission speaks of; absent for a plain organization.
    pub(crate) name: Option<Name>,
    /// The organization's name; also there for a household of which only a whole name is known.
    pub(crate) organization: Option<Box<OrganizationName>>,
    /// Whether it speaks of an organization rather than of a person.
    pub(crate) is_organization: bool,
    pub(crate) mailboxes: Box<[Mailbox]>,
    pub(crate) numbers: Box<[Number]>,
    pub(crate) places: Box<[Place]>,
    keys: Box<[i64]>,
    terms: Box<[i64]>,
}

impl Profile {
    /// Normalises a submission. `country` is the organization's own, an ISO 3166 two-letter code: it
    /// decides how phone numbers without a country code are read.
    #[must_use]
    pub fn of(submission: &Submission, country: &str) -> Self {
        let (name, organization, is_organization) = who(submission);
        let mut profile = Self {
            name,
            organization: organization.map(Box::new),
            is_organization,
            mailboxes: parts::mailboxes(submission),
            numbers: parts::numbers(submission, country),
            places: parts::places(submission, country),
            keys: Box::default(),
            terms: Box::default(),
        };
        profile.keys = sorted(keys::of(&profile));
        profile.terms = sorted(terms_of(&profile));
        profile
    }

    /// The blocking keys, ascending, each once. Two profiles without a common key are never compared.
    #[must_use]
    pub fn keys(&self) -> &[i64] {
        &self.keys
    }

    /// The terms the profile is counted by in [`crate::TermStats`], ascending, each once.
    #[must_use]
    pub fn terms(&self) -> &[i64] {
        &self.terms
    }

    /// Whether it speaks of the same name as another profile, in every part of it.
    pub(crate) fn same_name(&self, other: &Self) -> bool {
        self.is_organization == other.is_organization
            && self.name == other.name
            && self.organization == other.organization
    }

    /// Lets go of the parts that are not fresh, and of keys and terms, which have been noted elsewhere.
    pub(crate) fn keep_only(&mut self, fresh: Fresh) {
        if !fresh.name {
            (self.name, self.organization) = (None, None);
        }
        if !fresh.mailboxes {
            self.mailboxes = Box::default();
        }
        if !fresh.numbers {
            self.numbers = Box::default();
        }
        if !fresh.places {
            self.places = Box::default();
        }
        (self.keys, self.terms) = (Box::default(), Box::default());
    }

    /// Whether it speaks of a person rather than of an organization.
    #[must_use]
    pub const fn is_person(&self) -> bool {
        !self.is_organization
    }

    /// Whether it has a mailbox, a number or an address to be found by.
    pub(crate) fn has_contact_point(&self) -> bool {
        let placed = |place: &Place| !place.street.is_empty() || !place.po_box.is_empty();
        !self.mailboxes.is_empty() || !self.numbers.is_empty() || self.places.iter().any(placed)
    }
}

type Who = (Option<Name>, Option<OrganizationName>, bool);

/// Who the submission speaks of. Senders mistake or leave out the contact type now and then: a whole name
/// that is not the person's makes the person the organization's contact; a whole name without parts is
/// read both as an organization's and as a person's unless its words settle it.
fn who(submission: &Submission) -> Who {
    let whole = submission.field(Field::Name);
    let named = person_of(submission);
    let organization = whole.and_then(OrganizationName::of);
    let said = submission.contact_type.as_ref();
    let household = said.is_none_or(ContactType::is_household);
    match (named, organization) {
        (Some(name), None) => (Some(name), None, false),
        (Some(name), Some(_)) if repeats(whole, &name) => (Some(name), None, false),
        (Some(name), Some(other)) if said.is_some() && household && !other.telling => (Some(name), None, false),
        (Some(_), Some(organization)) => (None, Some(organization), true),
        (None, Some(organization)) => whole_name(whole, organization, household),
        (None, None) => (None, None, !household),
    }
}

fn whole_name(whole: Option<&str>, organization: OrganizationName, household: bool) -> Who {
    if organization.telling {
        return (None, Some(organization), true);
    }
    let text = PersonText { whole, ..PersonText::default() };
    let name = person(&text).and_then(Name::of);
    match name {
        Some(name) if household => (Some(name), Some(organization), false),
        name => (name, Some(organization), !household),
    }
}

fn person_of(submission: &Submission) -> Option<Name> {
    let first = submission.field(Field::FirstName);
    let last = submission.field(Field::LastName);
    if first.is_none() && last.is_none() {
        return None;
    }
    let text = PersonText {
        prefix: submission.field(Field::Prefix),
        first,
        middle: submission.field(Field::MiddleName),
        last,
        suffix: submission.field(Field::Suffix),
        whole: None,
    };
    person(&text).and_then(Name::of)
}

/// Whether the whole name only repeats the person's name.
fn repeats(whole: Option<&str>, name: &Name) -> bool {
    let folded = whole.map(fold_text).unwrap_or_default();
    let glued: String = folded.split(' ').collect();
    let part = if name.last.is_empty() { &name.first } else { &name.last };
    glued.contains(&part.replace(' ', ""))
}

fn terms_of(profile: &Profile) -> Vec<i64> {
    let mut terms = Vec::new();
    if let Some(name) = profile.name.as_ref().filter(|_| !profile.is_organization) {
        terms.extend((!name.first.is_empty()).then_some(name.first_term));
        terms.extend((!name.last.is_empty()).then(|| name.last_term()));
        terms.extend(name.pair_term());
        terms.extend(profile.places.first().and_then(|place| place.company_terms(&name.last)).into_iter().flatten());
    }
    if let Some(organization) = profile.organization.as_ref().filter(|_| profile.is_organization) {
        terms.push(organization_term());
        terms.push(core_term(&organization.core));
        terms.extend(organization.words.iter().map(|word| word_term(word)));
    }
    terms.extend(profile.places.iter().flat_map(Place::terms));
    terms
}

fn sorted(mut hashes: Vec<i64>) -> Box<[i64]> {
    hashes.sort_unstable();
    hashes.dedup();
    hashes.into()
}
