//! What a sender says about one contact and one of its individuals.

use super::edit::Edits;
use super::field::Field;
use super::gift::Gift;
use super::ids::ContactId;
use crate::clock::Timestamp;
use crate::state::text_enum;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use utoipa::ToSchema;

/// A sender's own name for a contact.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
pub struct Reference {
    /// The platform, for example `Harbor Giving`.
    pub source: String,
    /// The platform's stable id.
    pub id: String,
}

text_enum! {
    /// The three kinds of giving unit.
    BaseType {
        /// People who give together.
        Household => "Household",
        /// A company, parish, club or the like.
        Organization => "Organization",
        /// A grant-making foundation.
        Foundation => "Foundation",
    }
}

/// A base type and, where the organization defines one, its subtype.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactType {
    /// The kind of giving unit.
    pub base: BaseType,
    /// The organization's own subtype.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custom: Option<String>,
}

impl Default for ContactType {
    fn default() -> Self {
        Self { base: BaseType::Household, custom: None }
    }
}

impl ContactType {
    /// Whether the contact is a household rather than an organization or a foundation.
    #[must_use]
    pub fn is_household(&self) -> bool {
        self.base == BaseType::Household
    }
}

/// What kind of value a contact method holds; decides its normal form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum MethodKind {
    /// An e-mail address.
    Email,
    /// A telephone or fax number.
    Phone,
    /// A profile, web address or anything else.
    Other,
}

/// An e-mail, phone or profile of an individual.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Method {
    /// The type as partners name it, for example `Home Email`.
    #[serde(rename = "type")]
    pub label: String,
    /// The value as sent.
    pub value: String,
    /// The sender's word on consent, if it said any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opted_in: Option<bool>,
    /// Whether the sender calls it the primary one of its kind.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub primary: bool,
}

impl Method {
    /// The kind that the type label stands for: `… Email`, `… Phone` and `Fax`, everything else.
    #[must_use]
    pub fn kind(&self) -> MethodKind {
        let label = self.label.to_ascii_lowercase();
        if label.contains("email") || label.contains("e-mail") {
            MethodKind::Email
        } else if label.contains("phone") || label.contains("fax") {
            MethodKind::Phone
        } else {
            MethodKind::Other
        }
    }
}

/// A postal address as sent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Address {
    /// For example `Home`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Street line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address1: Option<String>,
    /// Second line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address2: Option<String>,
    /// City.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// State, province or region.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// Postal code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postal: Option<String>,
    /// Country name or code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// Whether the sender calls it the primary one.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub primary: bool,
    /// Where it is, when the sender knows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latitude: Option<Degrees>,
    /// Where it is, when the sender knows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub longitude: Option<Degrees>,
    /// First month of the season in which it is used; the whole year when none is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_month: Option<u8>,
    /// First day of the season.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_day: Option<u8>,
    /// Last month of the season.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_month: Option<u8>,
    /// Last day of the season.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_day: Option<u8>,
}

/// A latitude or longitude in millionths of a degree (about eleven centimetres).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Degrees(i32);

impl Degrees {
    const MILLION: f64 = 1_000_000.0;

    /// Reads degrees as a decimal number, from -180 to 180.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let degrees: f64 = text.trim().parse().ok()?;
        #[expect(clippy::cast_possible_truncation, reason = "at most 180 million")]
        (degrees.abs() <= 180.0).then(|| Self((degrees * Self::MILLION).round() as i32))
    }

    /// As a decimal number of degrees.
    #[must_use]
    pub fn degrees(self) -> f64 {
        f64::from(self.0) / Self::MILLION
    }

    /// As millionths of a degree.
    #[must_use]
    pub const fn millionths(self) -> i32 {
        self.0
    }
}

impl Address {
    /// Whether nothing but the label and the flag is given.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        [&self.address1, &self.address2, &self.city, &self.state, &self.postal, &self.country]
            .iter()
            .all(|part| part.is_none())
    }
}

/// Registration for or attendance of an event.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Attendance {
    /// The event by id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event_id: Option<i64>,
    /// The event by name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event_name: Option<String>,
    /// Invited.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub invited: Option<bool>,
    /// Answered the invitation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rsvp: Option<bool>,
    /// The answer was yes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rsvp_response: Option<bool>,
    /// Was there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attended: Option<bool>,
}

/// One named value of a custom object.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct CustomValue {
    /// Field name.
    pub name: String,
    /// Value as text.
    pub value: String,
}

/// A custom object (custom collection entry) or a volunteer attendance, kept as sent.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct CustomObject {
    /// The entry that a staff edit changes, and of a changed entry the number it keeps; see
    /// [`CustomObject::instance`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instance: Option<i64>,
    /// Name of the collection.
    pub name: String,
    /// Its values.
    #[serde(default)]
    pub fields: Vec<CustomValue>,
}

impl CustomObject {
    /// The number of the entry among those of its contact or individual, between 0 and 2^52. It follows from what
    /// the entry said first (FNV-1a, 64 bits, of its name and values), so that records stored before there were
    /// numbers have them too, and no edit moves it.
    #[must_use]
    pub fn instance(&self) -> i64 {
        const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
        const PRIME: u64 = 0x0100_0000_01b3;
        if let Some(instance) = self.instance {
            return instance;
        }
        let texts = self.fields.iter().flat_map(|field| [&field.name, &field.value]);
        let mut hash = OFFSET;
        for text in std::iter::once(&self.name).chain(texts) {
            // No text holds the separator 0xff, which is never a byte of UTF-8.
            for byte in text.bytes().chain([0xff]) {
                hash = (hash ^ u64::from(byte)).wrapping_mul(PRIME);
            }
        }
        i64::try_from(hash >> 12).unwrap_or(i64::MAX)
    }
}

/// What the organization's own fields and collections hold for one individual.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CustomData {
    /// Custom fields by name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, String>,
    /// Entries of custom collections.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub objects: Vec<CustomObject>,
    /// Entries that are taken away, by their numbers.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub removed: BTreeSet<i64>,
}

impl CustomData {
    /// Whether nothing is said.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What a sender says about one contact and at most one of its individuals, vendor-neutral.
///
/// Blank is absent: a field without a value never overwrites. Only `cleared` takes a value away.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Submission {
    /// The sender's name for the contact.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<Reference>,
    /// Kind of contact; none when the sender did not say (a household then).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact_type: Option<ContactType>,
    /// Scalar values of the contact and of the individual, never blank.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<Field, String>,
    /// Fields whose value the sender explicitly takes away (staff edits and PUT with null only).
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub cleared: BTreeSet<Field>,
    /// E-mails, phones and profiles of the individual.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub methods: Vec<Method>,
    /// Addresses of the contact.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<Address>,
    /// Tag names.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub tags: BTreeSet<String>,
    /// Tag names that are taken away (staff edits only).
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub removed_tags: BTreeSet<String>,
    /// Names of organization groups to be in.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub groups: BTreeSet<String>,
    /// Names of organization groups to leave (staff edits only).
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub removed_groups: BTreeSet<String>,
    /// E-mail lists to join.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub email_lists: BTreeSet<String>,
    /// Custom fields by name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub custom_fields: BTreeMap<String, String>,
    /// Custom objects.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub custom_objects: Vec<CustomObject>,
    /// Custom objects that are taken away, by their numbers (staff edits only).
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub removed_objects: BTreeSet<i64>,
    /// Custom fields and objects of the individual.
    #[serde(skip_serializing_if = "CustomData::is_empty")]
    pub individual_custom: CustomData,
    /// Event attendance.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attendances: Vec<Attendance>,
    /// Volunteer attendances, each as named values.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub volunteer_attendances: Vec<CustomObject>,
    /// The gift that this contact came with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gift: Option<Box<Gift>>,
    /// The contact that the sender says it is, by its number: no matching then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pinned: Option<ContactId>,
    /// When the sender says the data changed on its side, if it says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub changed_at: Option<Timestamp>,
    /// What a direct record changes about what others brought.
    #[serde(skip_serializing_if = "Edits::is_empty")]
    pub edits: Edits,
}

impl Submission {
    /// The value of a scalar field.
    #[must_use]
    pub fn field(&self, field: Field) -> Option<&str> {
        self.fields.get(&field).map(String::as_str)
    }

    /// The gift it brought, if it is the first to bring it.
    #[must_use]
    pub fn counted_gift(&self) -> Option<&Gift> {
        self.gift.as_deref().filter(|gift| !gift.repeats)
    }

    /// The kind of contact, a household when the sender did not say.
    #[must_use]
    pub fn contact_type(&self) -> ContactType {
        self.contact_type.clone().unwrap_or_default()
    }

    /// How many item numbers a record of this submission reserves: one for the individual, one for
    /// each method, one for each address, in this order.
    #[must_use]
    pub fn item_count(&self) -> i64 {
        let items = 1 + self.methods.len() + self.addresses.len();
        i64::try_from(items).unwrap_or(i64::MAX)
    }
}
