//! What a direct record changes about what other records brought: numbered items (people, methods, addresses),
//! the order of people, references. Items are named by number, and by what they were for the case that the
//! record that gave the number is taken away.

use super::ids::ItemId;
use super::submission::{Address, Degrees, Method, Reference};
use crate::state::text_enum;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

text_enum! {
    /// A value of a method or an address. The text is the name partners use.
    ItemField {
        /// Type of a method, label of an address.
        Label => "label",
        /// Value of a method.
        Value => "value",
        /// `true` or `false`: consent to a method.
        OptedIn => "isOptedIn",
        /// `true` when it is made the primary one of its kind.
        Primary => "isPrimary",
        /// `true` when it is put away.
        Archived => "isArchived",
        /// Street line.
        Address1 => "address1",
        /// Second line.
        Address2 => "address2",
        /// City.
        City => "city",
        /// State, province or region.
        State => "state",
        /// Postal code.
        Postal => "postal",
        /// Country name or code.
        Country => "country",
        /// Latitude in degrees.
        Latitude => "latitude",
        /// Longitude in degrees.
        Longitude => "longitude",
        /// First month of the season, 1 to 12.
        StartMonth => "startMonth",
        /// First day of the season, 1 to 31.
        StartDay => "startDay",
        /// Last month of the season, 1 to 12.
        EndMonth => "endMonth",
        /// Last day of the season, 1 to 31.
        EndDay => "endDay",
    }
}

text_enum! {
    /// The place of an individual among the people of its contact.
    Rank {
        /// The first.
        Primary => "primary",
        /// The second.
        Secondary => "secondary",
    }
}

/// What an item was when it was edited.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Item {
    /// A person.
    Individual,
    /// A method of the individual that the record speaks of.
    Method(Method),
    /// An address of the contact.
    Address(Address),
}

/// A change of one numbered item. Of several the latest word on each value counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ItemEdit {
    /// Its number when it was edited.
    pub item: ItemId,
    /// What it was then.
    pub was: Item,
    /// Whether it is taken away. Only a direct record brings it back.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub removed: bool,
    /// Values it gets, never blank.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<ItemField, String>,
    /// Values it loses.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub cleared: BTreeSet<ItemField>,
}

impl ItemEdit {
    /// An edit that says nothing yet.
    #[must_use]
    pub const fn new(item: ItemId, was: Item) -> Self {
        Self { item, was, removed: false, values: BTreeMap::new(), cleared: BTreeSet::new() }
    }

    /// Whether the value is set to `true`.
    #[must_use]
    pub fn says(&self, field: ItemField) -> bool {
        self.values.get(&field).is_some_and(|value| value == "true")
    }

    /// The last word on a flag, if it says any.
    #[must_use]
    pub fn flag(&self, field: ItemField) -> Option<bool> {
        self.values.get(&field).map(|value| value == "true")
    }

    /// Changes the type and the value of a method.
    pub fn change_method(&self, method: &mut Method) {
        for (field, place) in [(ItemField::Label, &mut method.label), (ItemField::Value, &mut method.value)] {
            if let Some(value) = self.values.get(&field) {
                place.clone_from(value);
            }
        }
    }

    /// Changes the parts of an address.
    pub fn change_address(&self, address: &mut Address) {
        let texts = [
            (ItemField::Label, &mut address.label),
            (ItemField::Address1, &mut address.address1),
            (ItemField::Address2, &mut address.address2),
            (ItemField::City, &mut address.city),
            (ItemField::State, &mut address.state),
            (ItemField::Postal, &mut address.postal),
            (ItemField::Country, &mut address.country),
        ];
        for (field, place) in texts {
            self.change(field, place, |text| Some(text.to_owned()));
        }
        self.change(ItemField::Latitude, &mut address.latitude, Degrees::parse);
        self.change(ItemField::Longitude, &mut address.longitude, Degrees::parse);
        let days = [
            (ItemField::StartMonth, &mut address.start_month),
            (ItemField::StartDay, &mut address.start_day),
            (ItemField::EndMonth, &mut address.end_month),
            (ItemField::EndDay, &mut address.end_day),
        ];
        for (field, place) in days {
            self.change(field, place, |text| text.parse().ok());
        }
    }

    fn change<T>(&self, field: ItemField, place: &mut Option<T>, parse: impl Fn(&str) -> Option<T>) {
        if let Some(value) = self.values.get(&field) {
            *place = parse(value);
        } else if self.cleared.contains(&field) {
            *place = None;
        }
    }
}

/// Everything a direct record changes about what others brought. A submission of a partner has none of it, and is
/// not heard when it has.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Edits {
    /// Changes of numbered items, in order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<ItemEdit>,
    /// The place that the individual of the record gets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rank: Option<Rank>,
    /// References taken away. Any later record that carries one brings it back.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub removed_references: BTreeSet<Reference>,
}

impl Edits {
    /// Whether nothing is changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
