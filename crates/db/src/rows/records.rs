//! Rows of labels, notes and what an organization defines for itself.

use super::{One, Present, row};
use crate::schema::*;
use diesel::QueryResult;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment};
use diesel::sql_types::{Array, BigInt, Bool, Nullable, Text};
use diesel::sqlite::Sqlite;

row! {
    /// A row of `label`.
    LabelRecord in label {
        organization_id: i64 as BigInt,
        kind: String as Text,
        id: i64 as BigInt,
        name: String as Text,
        folded: String as Text,
        parent: Option<String> as Nullable<Text>,
        created_at: i64 as BigInt,
        created_by: String as Text,
    }
}

row! {
    /// A row of `contact_label`.
    ContactLabelRecord in contact_label {
        organization_id: i64 as BigInt,
        kind: String as Text,
        label_id: i64 as BigInt,
        contact_id: i64 as BigInt,
        id: i64 as BigInt,
        created_at: i64 as BigInt,
        created_by: String as Text,
    }
}

row! {
    /// A row of `contact_note`.
    NoteRecord in contact_note {
        organization_id: i64 as BigInt,
        id: i64 as BigInt,
        contact_id: i64 as BigInt,
        kind: String as Text,
        note: String as Text,
        note_at: i64 as BigInt,
        important: bool as Bool,
        private: bool as Bool,
        time_spent: Option<String> as Nullable<Text>,
        created_at: i64 as BigInt,
        created_by: String as Text,
        modified_at: i64 as BigInt,
        modified_by: String as Text,
    }
}

row! {
    /// A row of `custom_field`.
    CustomFieldRecord in custom_field {
        organization_id: i64 as BigInt,
        entity: String as Text,
        folded: String as Text,
        definition: String as Text,
        created_at: i64 as BigInt,
        created_by: String as Text,
        modified_at: i64 as BigInt,
        modified_by: String as Text,
    }
}

row! {
    /// A row of `custom_collection`.
    CustomCollectionRecord in custom_collection {
        organization_id: i64 as BigInt,
        id: i64 as BigInt,
        entity: String as Text,
        name: String as Text,
        folded: String as Text,
        fields: String as Text,
    }
}

row! {
    /// A row of `contact_type`.
    ContactTypeRecord in contact_type {
        organization_id: i64 as BigInt,
        folded: String as Text,
        name: String as Text,
        base: String as Text,
    }
}
