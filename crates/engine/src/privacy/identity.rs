//! What a contact is known by, in normal form, and the salted hashes of it.

use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use tributary_contact::normalise::{address, email, fold_text, phone};
use tributary_contact::{
    Address, Field, Golden, GoldenMethod, Item, ItemField, Method, MethodKind, Reference, Submission,
};
use tributary_store::TombstoneKind;
use uuid::Uuid;

/// What somebody is known by.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Identity {
    pub(super) references: BTreeSet<Reference>,
    mailboxes: BTreeSet<String>,
    phones: BTreeSet<String>,
    names: BTreeSet<String>,
    places: BTreeSet<String>,
}

impl Identity {
    /// Of what a sender or a person says.
    pub(super) fn of(said: &Submission, country: &str) -> Self {
        let mut own = Self::default();
        own.references.extend(said.reference.iter().chain(&said.edits.removed_references).cloned());
        said.methods.iter().for_each(|method| own.add_method(method, country));
        said.addresses.iter().for_each(|address| own.add_place(address, country));
        own.add_name([said.field(Field::FirstName), said.field(Field::LastName)]);
        own.add_name([said.field(Field::Name), None]);
        for edit in &said.edits.items {
            match &edit.was {
                Item::Method(was) => {
                    let mut now = was.clone();
                    edit.change_method(&mut now);
                    own.add_method(was, country);
                    own.add_method(&now, country);
                }
                Item::Address(was) => {
                    let mut now = was.clone();
                    edit.change_address(&mut now);
                    own.add_place(was, country);
                    own.add_place(&now, country);
                }
                Item::Individual => {}
            }
            // A value alone, without what it was: it may be of either kind.
            if let Some(value) = edit.values.get(&ItemField::Value) {
                own.mailboxes.extend(email(value).map(|form| form.canonical));
            }
        }
        own
    }

    /// Of a contact as it is.
    pub(super) fn of_golden(golden: &Golden, country: &str) -> Self {
        let mut own = Self { references: golden.references.clone(), ..Self::default() };
        own.add_name([golden.field(Field::Name), None]);
        golden.addresses.iter().for_each(|one| own.add_place(&one.address, country));
        for person in &golden.individuals {
            own.add_name([person.field(Field::FirstName), person.field(Field::LastName)]);
            person.methods.iter().map(GoldenMethod::plain).for_each(|method| own.add_method(&method, country));
        }
        own
    }

    /// With all that another one is known by.
    pub(super) fn add(&mut self, other: Self) {
        self.references.extend(other.references);
        self.mailboxes.extend(other.mailboxes);
        self.phones.extend(other.phones);
        self.names.extend(other.names);
        self.places.extend(other.places);
    }

    fn add_method(&mut self, method: &Method, country: &str) {
        match method.kind() {
            MethodKind::Email => self.mailboxes.extend(email(&method.value).map(|form| form.canonical)),
            MethodKind::Phone => self.phones.extend(phone(&method.value, country).map(|form| form.e164)),
            MethodKind::Other => {}
        }
    }

    /// A city alone is nobody's place.
    fn add_place(&mut self, raw: &Address, country: &str) {
        let form = address(raw, country).filter(|form| !form.street.is_empty() || !form.po_box.is_empty());
        self.places.extend(form.map(|form| form.key()));
    }

    fn add_name(&mut self, parts: [Option<&str>; 2]) {
        let name = parts.into_iter().flatten().map(fold_text).collect::<Vec<_>>().join(" ");
        self.names.extend(Some(name.trim().to_owned()).filter(|name| !name.is_empty()));
    }

    /// Whether a reference is the same.
    pub(super) fn shares_reference(&self, other: &Self) -> bool {
        !self.references.is_disjoint(&other.references)
    }

    /// Whether a reference, a mailbox, a number, or a name at an address is the same.
    pub(super) fn shares(&self, other: &Self) -> bool {
        self.shares_reference(other)
            || !self.mailboxes.is_disjoint(&other.mailboxes)
            || !self.phones.is_disjoint(&other.phones)
            || !(self.names.is_disjoint(&other.names) || self.places.is_disjoint(&other.places))
    }

    /// Whether the other one says no name, or one of these.
    pub(super) fn may_be_named_as(&self, other: &Self) -> bool {
        other.names.is_empty() || !self.names.is_disjoint(&other.names)
    }

    /// The hashes under this salt, each once.
    pub(super) fn hashes(&self, salt: &[u8]) -> Vec<(Uuid, TombstoneKind)> {
        let of = |kind: TombstoneKind, parts: [&str; 2]| (hash(salt, kind, parts), kind);
        let references = self.references.iter().map(|own| of(TombstoneKind::Reference, [&own.source, &own.id]));
        let mailboxes = self.mailboxes.iter().map(|own| of(TombstoneKind::Email, [own, ""]));
        let phones = self.phones.iter().map(|own| of(TombstoneKind::Phone, [own, ""]));
        let at_home = self
            .names
            .iter()
            .flat_map(|name| self.places.iter().map(move |place| of(TombstoneKind::NameAndAddress, [name, place])));
        let hashes: BTreeSet<_> = references.chain(mailboxes).chain(phones).chain(at_home).collect();
        hashes.into_iter().collect()
    }
}

/// The first 128 bits of SHA-256 over the salt, the kind and the parts, each part with its length before it.
fn hash(salt: &[u8], kind: TombstoneKind, [one, two]: [&str; 2]) -> Uuid {
    let mut hash = Sha256::new();
    hash.update(salt);
    for part in [kind.as_str(), one, two] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    let digest: [u8; 32] = hash.finalize().into();
    let (first, _) = digest.split_at(16);
    Uuid::from_slice(first).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(first: &str, value: &str, street: &str) -> Identity {
        let method = |label: &str| Method { label: label.into(), value: value.into(), opted_in: None, primary: false };
        let said = Submission {
            fields: [(Field::FirstName, first.to_owned()), (Field::LastName, "Okafor".to_owned())].into(),
            methods: vec![method(if value.contains('@') { "Home Email" } else { "Home Phone" })],
            addresses: vec![Address {
                address1: Some(street.to_owned()),
                city: Some("Salem".to_owned()),
                state: Some("OR".to_owned()),
                ..Address::default()
            }],
            ..Submission::default()
        };
        Identity::of(&said, "US")
    }

    #[test]
    fn the_same_values_have_the_same_hashes_however_they_are_written() {
        let one = person("Robert", "Bob@Example.org", "12 Elm Street").hashes(b"salt");
        assert_eq!(one, person("ROBERT", "bob@example.org ", "12 Elm St.").hashes(b"salt"));
        assert_ne!(one, person("Robert", "bob@example.org", "12 Elm Street").hashes(b"other"), "the salt matters");
        let kinds: Vec<_> = one.iter().map(|(_, kind)| *kind).collect();
        assert!(kinds.contains(&TombstoneKind::Email) && kinds.contains(&TombstoneKind::NameAndAddress));
        let phone = |text: &str| person("Robert", text, "12 Elm Street").hashes(b"salt");
        assert_eq!(phone("(503) 555-0143"), phone("+1 503 555 0143"));
    }

    #[test]
    fn a_name_or_a_place_alone_says_nothing() {
        let robert = person("Robert", "robert@example.org", "12 Elm Street");
        assert!(!robert.shares(&person("Robert", "other@example.org", "9 Oak Street")));
        assert!(!robert.shares(&person("Ines", "other@example.org", "12 Elm Street")));
        assert!(robert.shares(&person("Robert", "other@example.org", "12 Elm Street")));
        assert!(robert.shares(&person("Ines", "robert@example.org", "9 Oak Street")));
    }
}
