//! What stands on a contact under names of the organization's own: custom fields, collections, amounts.

use crate::Catalogue;
use chrono::Datelike;
use chrono_tz::Tz;
use rust_decimal::Decimal;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use tributary_contact::clock::Timestamp;
use tributary_contact::{CustomObject, CustomValue, Entity};
use tributary_store::Organization;
use utoipa::ToSchema;

/// What a contact is shown with that is not its own: the organization's definitions, and which year it is there.
#[derive(Debug, Clone)]
pub struct Shown {
    /// Names of custom fields and numbers of collections.
    pub catalogue: Arc<Catalogue>,
    /// The year that `yearToDateGiving` is about, in the organization's zone.
    pub year: i32,
}

impl Shown {
    /// As it is seen at a time.
    #[must_use]
    pub fn at(catalogue: Arc<Catalogue>, at: Timestamp) -> Self {
        let year = year_in(&catalogue.time_zone, at);
        Self { catalogue, year }
    }

    /// As it is seen at a time by one who knows of no definitions: custom fields then have names made of their own.
    pub(crate) fn without_definitions(organization: &Organization, at: Timestamp) -> Self {
        Self { catalogue: Arc::default(), year: year_in(&organization.time_zone, at) }
    }
}

fn year_in(zone: &str, at: Timestamp) -> i32 {
    zone.parse::<Tz>().map_or_else(|_| at.year(), |zone| at.with_timezone(&zone).year())
}

/// Contract shape of one value of a collection's entry.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct NamedValue {
    /// Name of the field.
    pub name: String,
    /// Its value as text.
    pub value: String,
}

impl From<&CustomValue> for NamedValue {
    fn from(value: &CustomValue) -> Self {
        Self { name: value.name.clone(), value: value.value.clone() }
    }
}

/// Contract shape of an entry of a custom collection.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CollectionView {
    /// None when the organization defines no collection of this name (any more).
    pub custom_collection_id: Option<i64>,
    /// Name of the collection.
    pub custom_collection_name: String,
    /// Number of the entry among those of its contact or individual.
    pub collection_instance_id: i64,
    /// Its values.
    pub fields: Vec<NamedValue>,
}

/// Contract shape of a custom field on read.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CustomFieldView {
    /// Name of the field.
    pub name: String,
    /// Its value as text.
    pub value: String,
    /// The name that people see.
    pub display_name: String,
}

/// Custom fields in the contract's shape.
pub(crate) fn custom_fields(values: &BTreeMap<String, String>, entity: Entity, shown: &Shown) -> Vec<CustomFieldView> {
    let view = |(name, value): (&String, &String)| {
        let defined = shown.catalogue.field(entity, name).map(|definition| definition.display_name.clone());
        let display_name = defined.unwrap_or_else(|| display_name(name));
        CustomFieldView { name: name.clone(), value: value.clone(), display_name }
    };
    values.iter().map(view).collect()
}

/// Entries of custom collections in the contract's shape.
pub(crate) fn collections(objects: &BTreeSet<CustomObject>, entity: Entity, shown: &Shown) -> Vec<CollectionView> {
    objects.iter().map(|object| collection_view(object, entity, shown)).collect()
}

/// An entry of a custom collection in the contract's shape.
pub(crate) fn collection_view(object: &CustomObject, entity: Entity, shown: &Shown) -> CollectionView {
    CollectionView {
        custom_collection_id: shown.catalogue.collection_named(entity, &object.name).map(|known| known.id),
        custom_collection_name: object.name.clone(),
        collection_instance_id: object.instance(),
        fields: object.fields.iter().map(NamedValue::from).collect(),
    }
}

/// An amount as the contract shows totals (2.2): `$1,200`, with cents only where there are any.
#[must_use]
pub fn money(amount: Decimal) -> String {
    let text = if amount.fract().is_zero() { amount.trunc().to_string() } else { format!("{amount:.2}") };
    let (whole, cents) = text.split_once('.').map_or((text.as_str(), None), |(whole, cents)| (whole, Some(cents)));
    let mut grouped = String::with_capacity(text.len() + 8);
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let cents = cents.map(|cents| format!(".{cents}")).unwrap_or_default();
    format!("${grouped}{cents}")
}

/// `shirtSize` -> `Shirt Size`.
fn display_name(name: &str) -> String {
    let mut display = String::with_capacity(name.len() + 4);
    let mut previous_lower = false;
    for c in name.chars() {
        if c.is_uppercase() && previous_lower {
            display.push(' ');
        }
        previous_lower = c.is_lowercase();
        if display.is_empty() { display.extend(c.to_uppercase()) } else { display.push(c) }
    }
    display
}
