//! Submissions and a small file for the tests.

use std::sync::Arc;
use tributary_contact::{Address, BaseType, ContactType, Field, Method, Reference, Submission};
use tributary_matching::{Decision, Index, Matcher, Profile, Row, TermStats, Thresholds, Weights};

/// A person as `First Last Suffix`; parts may be blank.
pub fn person(first: &str, last: &str, suffix: &str) -> Submission {
    let fields = [(Field::FirstName, first), (Field::LastName, last), (Field::Suffix, suffix)];
    let fields = fields.into_iter().filter(|(_, value)| !value.is_empty());
    Submission { fields: fields.map(|(field, value)| (field, value.to_owned())).collect(), ..Submission::default() }
}

/// An organization.
pub fn organization(name: &str) -> Submission {
    let contact_type = Some(ContactType { base: BaseType::Organization, custom: None });
    let fields = [(Field::Name, name.to_owned())].into_iter().collect();
    Submission { contact_type, fields, ..Submission::default() }
}

/// Adds contact data to a submission.
pub trait With {
    fn email(self, value: &str) -> Self;
    fn phone(self, value: &str) -> Self;
    fn at(self, street: &str, city: &str, postal: &str) -> Self;
    fn reference(self, id: &str) -> Self;
}

impl With for Submission {
    fn email(mut self, value: &str) -> Self {
        self.methods.push(method("Home Email", value));
        self
    }

    fn phone(mut self, value: &str) -> Self {
        self.methods.push(method("Home Phone", value));
        self
    }

    fn at(mut self, street: &str, city: &str, postal: &str) -> Self {
        let part = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let (address1, city, postal) = (part(street), part(city), part(postal));
        self.addresses.push(Address { address1, city, postal, ..Address::default() });
        self
    }

    fn reference(mut self, id: &str) -> Self {
        self.reference = Some(Reference { source: "Harbor Giving".to_owned(), id: id.to_owned() });
        self
    }
}

fn method(label: &str, value: &str) -> Method {
    Method { label: label.to_owned(), value: value.to_owned(), opted_in: None, primary: false }
}

/// A file of contacts: each a list of people.
pub struct File {
    pub index: Index,
    pub matcher: Matcher,
}

impl File {
    /// Contacts number 1, 2, …; individuals 11, 12, … in contact 1, 21, 22, … in contact 2.
    pub fn of(contacts: Vec<Vec<Submission>>) -> Self {
        let (mut index, mut terms) = (Index::default(), TermStats::default());
        common(&mut terms);
        for (contact, people) in (1..).zip(contacts) {
            for (place, submission) in (1..).zip(people) {
                let profile = Arc::new(Profile::of(&submission, "US"));
                terms.add(&profile, 1);
                index.insert(contact, contact * 10 + place, profile, submission.reference.as_ref());
            }
        }
        Self { index, matcher: Matcher::new(Weights::shipped(), Thresholds::default(), terms) }
    }

    pub fn decide(&self, submission: &Submission) -> Decision {
        let profile = Profile::of(submission, "US");
        self.matcher.decide(&Row { profile: &profile, submission }, &self.index)
    }
}

/// A few thousand others, so that frequencies are those of a real file.
fn common(terms: &mut TermStats) {
    let firsts = ["John", "Mary", "Robert", "Linda", "Christina", "Christine", "Ann", "Michael"];
    let lasts = ["Smith", "Johnson", "Miller", "Brown", "Garcia"];
    for first in firsts {
        for last in lasts {
            terms.add(&Profile::of(&person(first, last, "").at("", "Columbus", "43215"), "US"), 3);
        }
    }
    for other in 0..4000 {
        let name = format!("Q{}", char::from(b'a' + u8::try_from(other % 26).unwrap_or(0)));
        terms.add(&Profile::of(&person(&format!("{name}{other}"), &format!("Z{other}"), ""), "US"), 1);
    }
}
