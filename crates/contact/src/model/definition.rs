//! What an organization defines for itself: custom fields and custom collections, with their types.

use crate::state::text_enum;
use serde::{Deserialize, Serialize};

text_enum! {
    /// What a custom field belongs to.
    Entity {
        /// The contact as a whole.
        Contact => "Contact",
        /// A person of it.
        Individual => "ContactIndividual",
        /// A note about it.
        Note => "ContactNote",
    }
}

text_enum! {
    /// The type of a custom field's values (virtuous-contract.md 2.4).
    FieldType {
        /// Any text.
        Text => "Text",
        /// A decimal number.
        Number => "Number",
        /// A day.
        Date => "Date",
        /// Yes or no.
        Boolean => "Boolean",
        /// One of the options.
        Dropdown => "Dropdown",
    }
}

impl FieldType {
    /// The type that a client names, in any letter case; also the older `DateTime` and `List`.
    #[must_use]
    pub fn named(text: &str) -> Option<Self> {
        match text.to_ascii_lowercase().as_str() {
            "datetime" => Some(Self::Date),
            "list" => Some(Self::Dropdown),
            other => Self::ALL.iter().copied().find(|kind| kind.as_str().eq_ignore_ascii_case(other)),
        }
    }
}

/// A custom field, on its own or inside a collection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FieldDefinition {
    /// The name in requests and answers; unique in any letter case.
    pub name: String,
    /// The name that people see.
    pub display_name: String,
    /// Type of the values.
    pub data_type: FieldType,
    /// Whether an entry of a collection needs a value. Of no effect outside a collection.
    #[serde(default)]
    pub required: bool,
    /// What a [`FieldType::Dropdown`] offers; empty for every other type.
    #[serde(default)]
    pub options: Vec<String>,
}

/// A custom collection: entries of the same fields, any number of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CollectionDefinition {
    /// Number inside the organization.
    pub id: i64,
    /// What its entries belong to.
    pub entity: Entity,
    /// Its name; unique for its entity in any letter case.
    pub name: String,
    /// The fields of an entry.
    pub fields: Vec<FieldDefinition>,
}
