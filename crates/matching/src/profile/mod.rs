//! One submission in normal form: what is compared, the keys it is found under, the terms it is counted by.

mod area;
mod few;
mod organization;
mod packed;
mod parts;
mod said;
mod word;

pub(crate) use few::Few;
pub(crate) use organization::{OrganizationName, is_common};
pub(crate) use packed::{pack, unpack};
pub(crate) use parts::{Mailbox, Name, Number, Place, head, sorted_digits, tail};
pub(crate) use word::Word;

use crate::index::Fresh;
use crate::keys;
use crate::terms::{core_term, organization_term, word_term};
use parts::PlaceForm;
use said::{Said, Who};
use tributary_contact::Submission;
use tributary_contact::flat::PlainRow;
use tributary_contact::normalise::{email, phone};

/// One submission in normal form. Holds folded personal data, so it has no `Debug` and is never logged.
#[derive(Clone, PartialEq)]
pub struct Profile {
    packed: Box<[u8]>,
    keys: Box<[i64]>,
    terms: Box<[i64]>,
}

/// A profile taken apart: what the comparison looks at.
#[derive(PartialEq)]
pub(crate) struct View<'a> {
    /// The person the submission speaks of; absent for a plain organization.
    pub name: Option<Name<'a>>,
    /// The organization's name; also there for a household of which only a whole name is known.
    pub organization: Option<Box<OrganizationName<'a>>>,
    /// Whether it speaks of an organization rather than of a person.
    pub is_organization: bool,
    pub mailboxes: Few<Mailbox<'a>>,
    pub numbers: Few<Number>,
    pub places: Few<Place<'a>>,
}

impl Profile {
    /// Normalises a submission. `country` is the organization's own, an ISO 3166 two-letter code: it
    /// decides how phone numbers without a country code are read.
    #[must_use]
    pub fn of(submission: &Submission, country: &str) -> Self {
        Self::of_said(&Said::of(submission), country)
    }

    /// Normalises a row that was read the quick way.
    #[must_use]
    pub fn of_plain(row: &PlainRow<'_>, country: &str) -> Self {
        Self::of_said(&Said::of_plain(row, &said::address_of(row)), country)
    }

    fn of_said(said: &Said<'_>, country: &str) -> Self {
        let who = Who::of(said);
        let mailboxes: Few<_> = said.mailboxes.iter().filter_map(|raw| email(raw)).collect();
        let places: Few<_> = said.places.iter().filter_map(|raw| PlaceForm::of(raw, country)).collect();
        let numbers = said.numbers.iter().filter_map(|raw| phone(raw, country));
        let view = View {
            name: who.name.as_ref().and_then(Name::of),
            organization: who.organization.as_ref().map(|named| Box::new(OrganizationName::of(named))),
            is_organization: who.is_organization,
            mailboxes: mailboxes.iter().map(Mailbox::of).collect(),
            numbers: numbers.map(|form| Number::of(form.national)).collect(),
            places: places.iter().map(Place::of).collect(),
        };
        Self { packed: pack(&view, Fresh::ALL), keys: sorted(keys::of(&view)), terms: sorted(terms_of(&view)) }
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

    /// The profile as bytes.
    pub(crate) fn packed(&self) -> &[u8] {
        &self.packed
    }

    /// The profile taken apart.
    pub(crate) fn view(&self) -> View<'_> {
        unpack(&self.packed)
    }

    /// Whether it speaks of a person rather than of an organization.
    #[must_use]
    pub fn is_person(&self) -> bool {
        !self.view().is_organization
    }
}

impl View<'_> {
    /// Whether it speaks of the same name as another profile, in every part of it.
    pub(crate) fn same_name(&self, other: &Self) -> bool {
        self.is_organization == other.is_organization
            && self.name == other.name
            && self.organization == other.organization
    }

    /// Whether it has a mailbox, a number or an address to be found by.
    pub(crate) fn has_contact_point(&self) -> bool {
        let placed = |place: &Place| !place.street.is_empty() || !place.po_box.is_empty();
        !self.mailboxes.is_empty() || !self.numbers.is_empty() || self.places.iter().any(placed)
    }
}

fn terms_of(view: &View<'_>) -> Vec<i64> {
    let mut terms = Vec::with_capacity(12);
    if let Some(name) = view.name.as_ref().filter(|_| !view.is_organization) {
        terms.extend((!name.first.is_empty()).then(|| name.first_term()));
        terms.extend((!name.last.is_empty()).then(|| name.last_term()));
        terms.extend(name.pair_term());
        terms.extend(view.places.first().and_then(|place| place.company_terms(&name.last)).into_iter().flatten());
    }
    if let Some(organization) = view.organization.as_ref().filter(|_| view.is_organization) {
        terms.push(organization_term());
        terms.push(core_term(&organization.core));
        terms.extend(organization.words.iter().map(|word| word_term(word)));
    }
    terms.extend(view.places.iter().flat_map(Place::terms));
    terms
}

fn sorted(mut hashes: Vec<i64>) -> Box<[i64]> {
    hashes.sort_unstable();
    hashes.dedup();
    hashes.into()
}

#[cfg(test)]
mod tests {
    use super::{Fresh, Profile, pack};
    use proptest::prelude::*;
    use tributary_contact::flat::{FlatContext, plain_flat, read_flat};

    /// A body of texts of any kind, some of them long, some fields twice, some no texts.
    fn body() -> impl Strategy<Value = serde_json::Value> {
        let name = prop::sample::select(vec![
            "contactType",
            "title",
            "firstName",
            "middleName",
            "lastName",
            "suffix",
            "name",
            "emailType",
            "email",
            "phoneType",
            "phone",
            "address1",
            "address2",
            "city",
            "state",
            "postal",
            "country",
            "referenceSource",
            "referenceId",
            "contactId",
            "tags",
            "gender",
            "birthYear",
            "FIRSTNAME",
            "other",
        ]);
        let text = prop_oneof![
            any::<String>(),
            "[A-Za-z]{1,9}( (Jr|Sr|& [A-Z][a-z]{1,5} [A-Z][a-z]{1,5}))?",
            "[a-z.+]{1,9}@[a-z]{1,6}\\.(com|org)",
            "[0-9]{1,4} [A-Z][a-z]{2,6} (St|Ave) (Apt [0-9]{1,2})?",
            "\\(?[0-9]{3}\\)? ?[0-9]{3}-[0-9]{4}",
            "山{90,120}",
            prop::sample::select(vec!["Household", "Organization", "Church of St Ann", "", " ", "Home", "Work Email"])
                .prop_map(str::to_owned),
        ];
        let value = prop_oneof![9 => text.prop_map(serde_json::Value::from), 1 => Just(serde_json::Value::Null), 1 => any::<i32>().prop_map(serde_json::Value::from)];
        prop::collection::btree_map(name, value, 0..14).prop_map(|map| {
            map.into_iter().map(|(name, value)| (name.to_owned(), value)).collect::<serde_json::Map<_, _>>().into()
        })
    }

    proptest! {
        #[test]
        fn a_profile_unpacked_and_packed_is_the_same(body in body()) {
            let profile = Profile::of(&read_flat(&body, &FlatContext::default()).submission, "US");
            let view = profile.view();
            prop_assert!(pack(&view, Fresh::ALL) == profile.packed);
            let nothing = Fresh { name: false, mailboxes: false, numbers: false, places: false };
            prop_assert!(pack(&view, nothing).len() <= 8);
        }

        #[test]
        fn a_row_read_quickly_says_what_it_says(body in body()) {
            let line = body.to_string();
            let careful = read_flat(&body, &FlatContext::default());
            match plain_flat(line.as_bytes()) {
                Some(plain) => {
                    prop_assert!(careful.issues.is_empty(), "{:?}", careful.issues);
                    let reference = careful.submission.reference.as_ref().map(|one| (one.source.as_str(), one.id.as_str()));
                    prop_assert_eq!(plain.reference(), reference);
                    prop_assert!(Profile::of_plain(&plain, "US") == Profile::of(&careful.submission, "US"));
                }
                None => {
                    let odd = |(name, value): (&String, &serde_json::Value)| value.is_number() || ["tags", "gender", "birthYear", "FIRSTNAME"].contains(&name.as_str());
                    let texts = body.as_object().map(|map| !map.iter().any(odd)).unwrap_or_default();
                    let plain_texts = |value: &serde_json::Value| value.as_str().is_none_or(|text| text.len() < 50 && !text.contains(|c: char| c.is_control() || c == '\u{200b}' || c == '\u{feff}'));
                    let plain = texts && body.as_object().is_some_and(|map| map.values().all(plain_texts));
                    prop_assert!(!plain || !careful.issues.is_empty(), "{body} is plain");
                }
            }
        }
    }
}
