//! A contact as partners know it: the FullContact shape of `virtuous-contract.md` 2.2. Answers of the API
//! and bodies of webhook events are both made of it.

use crate::shown::{CollectionView, CustomFieldView, Shown, collections, custom_fields, money};
use chrono::{Datelike, Timelike};
use serde::Serialize;
use tributary_contact::clock::Timestamp;
use tributary_contact::{
    BaseType, Entity, Field, Golden, GoldenAddress, GoldenIndividual, GoldenMethod, ItemId, Method, MethodKind,
    Reference,
};
use utoipa::ToSchema;

/// The contact and what stands beside its golden record.
#[derive(Debug, Clone, Copy)]
pub struct ContactView<'a> {
    /// Contact id.
    pub id: i64,
    /// The folded record.
    pub golden: &'a Golden,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it last changed.
    pub modified_at: Timestamp,
    /// The survivor, when merged away.
    pub merged_into: Option<i64>,
    /// What the organization shows it with.
    pub shown: &'a Shown,
}

/// Audit stamp of the contract: UTC without a zone letter, two to seven digits of the second.
#[must_use]
pub fn compat_time(at: Timestamp) -> String {
    // Written out: a dozen of these stand in each contact, and chrono would read its format for each.
    let (date, time) = (at.date_naive(), at.time());
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}",
        date.year(),
        date.month(),
        date.day(),
        time.hour(),
        time.minute(),
        time.second(),
        at.timestamp_subsec_millis().min(999),
    )
}

/// Contract shape of an address.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the names are the contract's, section 1.5")]
pub struct AddressView {
    pub id: ItemId,
    pub label: Option<String>,
    pub address1: Option<String>,
    pub address2: Option<String>,
    pub city: Option<String>,
    pub state: Option<String>,
    pub postal: Option<String>,
    pub country: Option<String>,
    pub is_primary: bool,
    pub can_be_primary: bool,
    pub start_month: i32,
    pub start_day: i32,
    pub end_month: i32,
    pub end_day: i32,
}

impl From<&GoldenAddress> for AddressView {
    fn from(golden: &GoldenAddress) -> Self {
        let address = golden.address.clone();
        Self {
            id: golden.id,
            label: address.label,
            address1: address.address1,
            address2: address.address2,
            city: address.city,
            state: address.state,
            postal: address.postal,
            country: address.country,
            is_primary: address.primary,
            can_be_primary: !address.primary,
            start_month: address.start_month.unwrap_or(1).into(),
            start_day: address.start_day.unwrap_or(1).into(),
            end_month: address.end_month.unwrap_or(12).into(),
            end_day: address.end_day.unwrap_or(31).into(),
        }
    }
}

/// Contract shape of a contact method.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the names are the contract's, section 1.4")]
pub struct MethodView {
    pub id: ItemId,
    #[serde(rename = "type")]
    pub label: String,
    pub value: String,
    pub is_opted_in: bool,
    pub is_primary: bool,
    pub can_be_primary: bool,
}

impl From<&GoldenMethod> for MethodView {
    fn from(golden: &GoldenMethod) -> Self {
        let method = Method { label: golden.label.clone(), value: String::new(), opted_in: None, primary: false };
        Self {
            id: golden.id,
            label: golden.label.clone(),
            value: golden.value.clone(),
            is_opted_in: golden.opted_in,
            is_primary: golden.primary,
            can_be_primary: !golden.primary && method.kind() != MethodKind::Other,
        }
    }
}

/// Contract shape of an individual as embedded in its contact.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the names are the contract's, section 2.2")]
pub struct IndividualView {
    pub id: ItemId,
    pub contact_id: i64,
    pub prefix: Option<String>,
    pub first_name: Option<String>,
    pub middle_name: Option<String>,
    pub last_name: Option<String>,
    pub suffix: Option<String>,
    pub prefix2: Option<String>,
    pub pre_marriage_name: Option<String>,
    pub nickname: Option<String>,
    pub gender: Option<String>,
    pub is_primary: bool,
    pub can_be_primary: bool,
    pub is_secondary: bool,
    pub can_be_secondary: bool,
    pub birth_month: Option<i64>,
    pub birth_day: Option<i64>,
    pub birth_year: Option<i64>,
    pub birth_date: String,
    pub approximate_age: Option<i64>,
    pub is_deceased: bool,
    pub deceased_date: Option<String>,
    pub passion: Option<String>,
    pub avatar_url: Option<String>,
    pub contact_methods: Vec<MethodView>,
    pub create_date_time_utc: String,
    pub modified_date_time_utc: String,
    pub custom_fields: Vec<CustomFieldView>,
    pub custom_collections: Vec<CollectionView>,
}

/// Contract shape of a contact.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the names are the contract's, section 2.2")]
pub struct FullContact {
    /// Only on the routes the contract names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_current_user_following: Option<bool>,
    pub id: i64,
    pub contact_type: BaseType,
    pub is_private: bool,
    pub name: Option<String>,
    pub informal_name: Option<String>,
    pub formal_contact_name: Option<String>,
    pub alternate_contact_name: Option<String>,
    pub preferred_salutation_name: Option<String>,
    pub preferred_addressee_name: Option<String>,
    pub description: Option<String>,
    pub website: Option<String>,
    pub marital_status: Option<String>,
    pub anniversary_month: Option<i64>,
    pub anniversary_day: Option<i64>,
    pub anniversary_year: Option<i64>,
    pub merged_into_contact_id: Option<i64>,
    pub address: Option<AddressView>,
    pub gift_ask_amount: &'static str,
    pub gift_ask_type: &'static str,
    pub life_to_date_giving: String,
    pub year_to_date_giving: String,
    pub last_gift_amount: String,
    pub last_gift_date: String,
    pub contact_individuals: Vec<IndividualView>,
    pub contact_gifts_url: String,
    pub contact_passthrough_gifts_url: String,
    pub contact_planned_gifts_url: String,
    pub contact_recurring_gifts_url: String,
    pub contact_important_notes_url: String,
    pub contact_notes_url: String,
    pub contact_tags_url: String,
    pub contact_relationships_url: String,
    pub primary_avatar_url: Option<String>,
    pub contact_references: Vec<Reference>,
    pub origin_segment_id: Option<i64>,
    pub origin_segment: Option<String>,
    pub create_date_time_utc: String,
    pub created_by_user: &'static str,
    pub modified_date_time_utc: String,
    pub modified_by_user: &'static str,
    pub tags: Vec<String>,
    pub organization_groups: Vec<String>,
    pub custom_fields: Vec<CustomFieldView>,
    pub custom_collections: Vec<CollectionView>,
}

impl FullContact {
    /// The contact in the contract's shape.
    #[must_use]
    pub fn of(view: &ContactView<'_>) -> Self {
        let ContactView { id, golden, .. } = *view;
        let text = |field| golden.field(field).map(str::to_owned);
        let number = |field| golden.field(field).and_then(|value| value.parse().ok());
        let giving = golden.giving.as_ref();
        let this_year = giving.and_then(|giving| giving.years.get(&view.shown.year)).copied().unwrap_or_default();
        let unavailable = || "Unavailable".to_owned();
        let url = |path: &str| format!("/api/{path}/ByContact/{id}");
        Self {
            is_current_user_following: None,
            id,
            contact_type: golden.contact_type.base,
            is_private: golden.field(Field::IsPrivate) == Some("true"),
            name: text(Field::Name),
            informal_name: text(Field::InformalName),
            formal_contact_name: text(Field::FormalContactName),
            alternate_contact_name: text(Field::AlternateContactName),
            preferred_salutation_name: text(Field::PreferredSalutationName),
            preferred_addressee_name: text(Field::PreferredAddresseeName),
            description: text(Field::Description),
            website: text(Field::Website),
            marital_status: text(Field::MaritalStatus),
            anniversary_month: number(Field::AnniversaryMonth),
            anniversary_day: number(Field::AnniversaryDay),
            anniversary_year: number(Field::AnniversaryYear),
            merged_into_contact_id: view.merged_into,
            address: golden.addresses.iter().find(|address| address.address.primary).map(AddressView::from),
            gift_ask_amount: "Unavailable",
            gift_ask_type: "Unavailable",
            life_to_date_giving: money(giving.map(|giving| giving.total).unwrap_or_default()),
            year_to_date_giving: money(this_year),
            last_gift_amount: giving.map_or_else(unavailable, |giving| money(giving.last.amount)),
            last_gift_date: giving.map_or_else(unavailable, |giving| giving.last.date.format("%-m/%-d/%Y").to_string()),
            contact_individuals: individuals(view),
            contact_gifts_url: url("Gift"),
            contact_passthrough_gifts_url: format!("/api/Gift/Passthrough/ByContact/{id}"),
            contact_planned_gifts_url: url("PlannedGift"),
            contact_recurring_gifts_url: url("RecurringGift"),
            contact_important_notes_url: format!("/api/ContactNote/Important/ByContact/{id}"),
            contact_notes_url: url("ContactNote"),
            contact_tags_url: url("ContactTag"),
            contact_relationships_url: url("Relationship"),
            primary_avatar_url: primary_avatar(golden),
            contact_references: golden.references.iter().cloned().collect(),
            origin_segment_id: number(Field::OriginSegmentId),
            origin_segment: text(Field::OriginSegmentCode),
            create_date_time_utc: compat_time(view.created_at),
            created_by_user: "API",
            modified_date_time_utc: compat_time(view.modified_at),
            modified_by_user: "API",
            tags: golden.tags.iter().cloned().collect(),
            organization_groups: golden.groups.iter().cloned().collect(),
            custom_fields: custom_fields(&golden.custom_fields, Entity::Contact, view.shown),
            custom_collections: collections(&golden.custom_objects, Entity::Contact, view.shown),
        }
    }
}

fn individuals(view: &ContactView<'_>) -> Vec<IndividualView> {
    view.golden.individuals.iter().enumerate().map(|(place, golden)| individual(view, place, golden)).collect()
}

/// The picture of the primary individual.
fn primary_avatar(golden: &Golden) -> Option<String> {
    golden.individuals.first()?.field(Field::AvatarUrl).map(str::to_owned)
}

/// The first individual is the primary one, the second the secondary one.
fn individual(view: &ContactView<'_>, place: usize, golden: &GoldenIndividual) -> IndividualView {
    let text = |field| golden.field(field).map(str::to_owned);
    let number = |field| golden.field(field).and_then(|value| value.parse::<i64>().ok());
    IndividualView {
        id: golden.id,
        contact_id: view.id,
        prefix: text(Field::Prefix),
        first_name: text(Field::FirstName),
        middle_name: text(Field::MiddleName),
        last_name: text(Field::LastName),
        suffix: text(Field::Suffix),
        prefix2: text(Field::Prefix2),
        pre_marriage_name: text(Field::PreMarriageName),
        nickname: text(Field::Nickname),
        gender: text(Field::Gender),
        is_primary: place == 0,
        can_be_primary: place != 0,
        is_secondary: place == 1,
        can_be_secondary: place > 1,
        birth_month: number(Field::BirthMonth),
        birth_day: number(Field::BirthDay),
        birth_year: number(Field::BirthYear),
        birth_date: birth_date(golden),
        approximate_age: number(Field::ApproximateAge),
        is_deceased: golden.field(Field::IsDeceased) == Some("true"),
        deceased_date: text(Field::DeceasedDate),
        passion: text(Field::Passion),
        avatar_url: text(Field::AvatarUrl),
        contact_methods: golden.methods.iter().filter(|own| !own.archived).map(MethodView::from).collect(),
        create_date_time_utc: compat_time(view.created_at),
        modified_date_time_utc: compat_time(view.modified_at),
        custom_fields: custom_fields(&golden.custom_fields, Entity::Individual, view.shown),
        custom_collections: collections(&golden.custom_objects, Entity::Individual, view.shown),
    }
}

/// `M/D/YYYY`, or empty when any part is missing (as observed in client code, contract 2.2).
fn birth_date(golden: &GoldenIndividual) -> String {
    let part = |field| golden.field(field);
    match (part(Field::BirthMonth), part(Field::BirthDay), part(Field::BirthYear)) {
        (Some(month), Some(day), Some(year)) => format!("{month}/{day}/{year}"),
        _ => String::new(),
    }
}
