//! The golden record: what the organization holds to be true of a contact. Always a fold of source
//! records, never edited in place.

use super::field::Field;
use super::gift::Giving;
use super::ids::{ItemId, RecordId};
use super::submission::{Attendance, ContactType, CustomObject, Reference};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A contact as folded from its source records.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Golden {
    /// Kind of contact.
    pub contact_type: ContactType,
    /// Scalar values of the contact. `name` is always there: derived from the individuals when no
    /// sender gave one.
    pub fields: BTreeMap<Field, String>,
    /// The people (or, for an organization, the holder of its methods), in order of their numbers.
    /// The first is the primary one, the second the secondary one.
    pub individuals: Vec<GoldenIndividual>,
    /// Addresses, in order of their numbers; exactly one is primary when there are any.
    pub addresses: Vec<GoldenAddress>,
    /// What the senders call this contact.
    pub references: BTreeSet<Reference>,
    /// Tag names.
    pub tags: BTreeSet<String>,
    /// Names of the organization groups it is in.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub groups: BTreeSet<String>,
    /// E-mail lists.
    pub email_lists: BTreeSet<String>,
    /// Custom fields by name.
    pub custom_fields: BTreeMap<String, String>,
    /// Custom objects, each once.
    pub custom_objects: BTreeSet<CustomObject>,
    /// Event attendances, each once.
    pub attendances: BTreeSet<Attendance>,
    /// Volunteer attendances, each once.
    pub volunteer_attendances: BTreeSet<CustomObject>,
    /// What it has given; none without a gift.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub giving: Option<Giving>,
    /// Which record each value came from, by path: `name`, `individuals/81/lastName`,
    /// `methods/83`, `addresses/84`, `customFields/shirtSize`, `individuals/81/customFields/diet`, `contactType`.
    pub provenance: BTreeMap<String, RecordId>,
}

/// A person of a contact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GoldenIndividual {
    /// Number of the individual.
    pub id: ItemId,
    /// Scalar values of the individual.
    #[serde(default)]
    pub fields: BTreeMap<Field, String>,
    /// Other first-and-last names senders gave for the same person, as `First Last`.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub also_known_as: BTreeSet<String>,
    /// E-mails, phones and profiles, in order of their numbers; of each kind one is primary.
    #[serde(default)]
    pub methods: Vec<GoldenMethod>,
    /// Custom fields of the individual, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub custom_fields: BTreeMap<String, String>,
    /// Custom objects of the individual, each once.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub custom_objects: BTreeSet<CustomObject>,
}

/// A contact method of an individual.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GoldenMethod {
    /// Number of the method.
    pub id: ItemId,
    /// The type label that came first.
    #[serde(rename = "type")]
    pub label: String,
    /// The value as it came first.
    pub value: String,
    /// Consent: an opt-out survives every merge.
    pub opted_in: bool,
    /// Whether it is the primary one of its kind.
    pub primary: bool,
}

/// An address of a contact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GoldenAddress {
    /// Number of the address.
    pub id: ItemId,
    /// The parts as they came first.
    #[serde(flatten)]
    pub address: super::submission::Address,
}

impl Golden {
    /// The value of a scalar field of the contact.
    #[must_use]
    pub fn field(&self, field: Field) -> Option<&str> {
        self.fields.get(&field).map(String::as_str)
    }

    /// The individual with this number.
    #[must_use]
    pub fn individual(&self, id: ItemId) -> Option<&GoldenIndividual> {
        self.individuals.iter().find(|individual| individual.id == id)
    }
}

impl GoldenIndividual {
    /// An individual of whom nothing is known.
    #[must_use]
    pub const fn new(id: ItemId) -> Self {
        Self {
            id,
            fields: BTreeMap::new(),
            also_known_as: BTreeSet::new(),
            methods: Vec::new(),
            custom_fields: BTreeMap::new(),
            custom_objects: BTreeSet::new(),
        }
    }

    /// The value of a scalar field of the individual.
    #[must_use]
    pub fn field(&self, field: Field) -> Option<&str> {
        self.fields.get(&field).map(String::as_str)
    }
}
