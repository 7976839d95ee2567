//! Shapes of the contract made of a contact: its individuals, methods and addresses as resources of their own
//! (virtuous-contract.md 1.3 to 1.5), and the smaller forms of a contact (2.3).

use crate::projection::{AddressView, ContactView, FullContact, IndividualView, MethodView, compat_time};
use crate::shown::Shown;
use serde::Serialize;
use tributary_contact::clock::Timestamp;
use tributary_contact::{Golden, GoldenAddress, GoldenMethod, ItemId};
use tributary_store::ContactRow;

/// Who is named where no user is known.
const USER: &str = "API";

/// Audit stamps of an item.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the names are the contract's, section 1.4")]
pub struct Stamps {
    pub create_date_time_utc: String,
    pub created_by_user: &'static str,
    pub modified_date_time_utc: String,
    pub modified_by_user: &'static str,
}

impl Stamps {
    /// An item is as old as the record that brought it, and changed when it was edited last. Record ids carry their
    /// time (UUID version 7).
    fn of(contact: &ContactRow, path: &str) -> Self {
        let golden = &contact.golden;
        let made = time_of(golden, path).unwrap_or(contact.created_at);
        let changed = time_of(golden, &format!("{path}/edited")).unwrap_or(made);
        Self {
            create_date_time_utc: compat_time(made),
            created_by_user: USER,
            modified_date_time_utc: compat_time(changed),
            modified_by_user: USER,
        }
    }
}

fn time_of(golden: &Golden, path: &str) -> Option<Timestamp> {
    let (seconds, nanoseconds) = golden.provenance.get(path)?.0.get_timestamp()?.to_unix();
    Timestamp::from_timestamp(i64::try_from(seconds).ok()?, nanoseconds)
}

/// A contact method as a resource.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct ContactMethod {
    /// As embedded in its individual.
    #[serde(flatten)]
    pub view: MethodView,
    /// When and by whom.
    #[serde(flatten)]
    pub stamps: Stamps,
}

/// An address as a resource.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct ContactAddress {
    /// As embedded in its contact.
    #[serde(flatten)]
    pub view: AddressView,
    /// When and by whom.
    #[serde(flatten)]
    pub stamps: Stamps,
}

/// An individual as a resource.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ContactIndividual {
    /// As embedded in its contact.
    #[serde(flatten)]
    pub view: IndividualView,
    /// Who made it.
    pub created_by_user: &'static str,
    /// Who changed it last.
    pub modified_by_user: &'static str,
}

/// The individuals of a contact.
#[must_use]
pub fn individuals(contact: &ContactRow, shown: &Shown) -> Vec<ContactIndividual> {
    let one = |view| ContactIndividual { view, created_by_user: USER, modified_by_user: USER };
    full(contact, shown).contact_individuals.into_iter().map(one).collect()
}

/// The individual of this number.
#[must_use]
pub fn individual(contact: &ContactRow, id: ItemId, shown: &Shown) -> Option<ContactIndividual> {
    individuals(contact, shown).into_iter().find(|own| own.view.id == id)
}

fn full(contact: &ContactRow, shown: &Shown) -> FullContact {
    FullContact::of(&ContactView {
        id: contact.id.0,
        golden: &contact.golden,
        created_at: contact.created_at,
        modified_at: contact.modified_at,
        merged_into: contact.merged_into.map(|survivor| survivor.0),
        shown,
    })
}

/// The method of this number, also when it is put away.
#[must_use]
pub fn method(contact: &ContactRow, id: ItemId) -> Option<ContactMethod> {
    let all = contact.golden.individuals.iter().flat_map(|person| &person.methods);
    let found: &GoldenMethod = all.into_iter().find(|own| own.id == id)?;
    Some(ContactMethod { view: found.into(), stamps: Stamps::of(contact, &format!("methods/{id}")) })
}

/// The address of this number, also when it is put away.
#[must_use]
pub fn address(contact: &ContactRow, id: ItemId) -> Option<ContactAddress> {
    contact.golden.addresses.iter().find(|own| own.id == id).map(|own| shown(contact, own))
}

/// The addresses of a contact that are in use.
#[must_use]
pub fn addresses(contact: &ContactRow) -> Vec<ContactAddress> {
    contact.golden.addresses.iter().filter(|own| !own.archived).map(|own| shown(contact, own)).collect()
}

fn shown(contact: &ContactRow, own: &GoldenAddress) -> ContactAddress {
    ContactAddress { view: own.into(), stamps: Stamps::of(contact, &format!("addresses/{}", own.id)) }
}

/// The lines of an address as one text, for lists.
#[must_use]
pub fn one_line(address: &tributary_contact::Address) -> String {
    let part = |part: &Option<String>| part.clone().unwrap_or_default();
    let place = [part(&address.state), part(&address.postal)];
    let place = place.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ");
    let parts = [part(&address.address1), part(&address.address2), part(&address.city), place, part(&address.country)];
    parts.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(", ")
}

/// Where staff see a contact.
#[must_use]
pub fn contact_view_url(id: tributary_contact::ContactId) -> String {
    format!("/console/contacts/{id}")
}

/// What a sender may look up by its own reference alone: the contact without anything that names it elsewhere.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the names are the contract's, section 2.3")]
pub struct LookupContact {
    pub contact_type: tributary_contact::BaseType,
    pub is_private: bool,
    pub name: Option<String>,
    pub informal_name: Option<String>,
    pub description: Option<String>,
    pub website: Option<String>,
    pub marital_status: Option<String>,
    pub anniversary_month: Option<i64>,
    pub anniversary_day: Option<i64>,
    pub anniversary_year: Option<i64>,
    pub address: Option<AddressView>,
    pub contact_individuals: Vec<LookupIndividual>,
}

/// An individual of a [`LookupContact`].
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the names are the contract's, section 2.3")]
pub struct LookupIndividual {
    pub id: ItemId,
    pub prefix: Option<String>,
    pub first_name: Option<String>,
    pub middle_name: Option<String>,
    pub last_name: Option<String>,
    pub suffix: Option<String>,
    pub gender: Option<String>,
    pub is_primary: bool,
    pub is_secondary: bool,
    pub birth_month: Option<i64>,
    pub birth_day: Option<i64>,
    pub birth_year: Option<i64>,
    pub birth_date: String,
    pub approximate_age: Option<i64>,
    pub is_deceased: bool,
    pub passion: Option<String>,
    pub avatar_url: Option<String>,
    pub contact_methods: Vec<MethodView>,
}

impl From<FullContact> for LookupContact {
    fn from(full: FullContact) -> Self {
        Self {
            contact_type: full.contact_type,
            is_private: full.is_private,
            name: full.name,
            informal_name: full.informal_name,
            description: full.description,
            website: full.website,
            marital_status: full.marital_status,
            anniversary_month: full.anniversary_month,
            anniversary_day: full.anniversary_day,
            anniversary_year: full.anniversary_year,
            address: full.address,
            contact_individuals: full.contact_individuals.into_iter().map(LookupIndividual::from).collect(),
        }
    }
}

impl From<IndividualView> for LookupIndividual {
    fn from(view: IndividualView) -> Self {
        Self {
            id: view.id,
            prefix: view.prefix,
            first_name: view.first_name,
            middle_name: view.middle_name,
            last_name: view.last_name,
            suffix: view.suffix,
            gender: view.gender,
            is_primary: view.is_primary,
            is_secondary: view.is_secondary,
            birth_month: view.birth_month,
            birth_day: view.birth_day,
            birth_year: view.birth_year,
            birth_date: view.birth_date,
            approximate_age: view.approximate_age,
            is_deceased: view.is_deceased,
            passion: view.passion,
            avatar_url: view.avatar_url,
            contact_methods: view.contact_methods,
        }
    }
}
