//! Rows about merges of contacts, what people said is not one, and runs that are taken back.

use super::{One, Present, row};
use crate::schema::*;
use diesel::QueryResult;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment};
use diesel::sql_types::{Array, BigInt, Binary, Nullable, Text};
use diesel::sqlite::Sqlite;

row! {
    /// A row of `contact_merge`.
    MergeRecord in contact_merge {
        organization_id: i64 as BigInt,
        id: i64 as BigInt,
        survivor_id: i64 as BigInt,
        merged_id: i64 as BigInt,
        detail: String as Text,
        actor: String as Text,
        merged_at: i64 as BigInt,
        undone_by: Option<String> as Nullable<Text>,
        undone_at: Option<i64> as Nullable<BigInt>,
    }
}

row! {
    /// A row of `not_duplicate`.
    NotDuplicateRecord in not_duplicate {
        organization_id: i64 as BigInt,
        id: i64 as BigInt,
        contact_id: i64 as BigInt,
        other_contact_id: Option<i64> as Nullable<BigInt>,
        reference_source: Option<String> as Nullable<Text>,
        reference_id: Option<String> as Nullable<Text>,
        transaction_id: Option<Vec<u8>> as Nullable<Binary>,
        contact_known: Option<i64> as Nullable<BigInt>,
        other_known: Option<i64> as Nullable<BigInt>,
        note: Option<String> as Nullable<Text>,
        actor: String as Text,
        created_at: i64 as BigInt,
        revoked_by: Option<String> as Nullable<Text>,
        revoked_at: Option<i64> as Nullable<BigInt>,
    }
}

row! {
    /// A row of `run_undo`.
    RunUndoRecord in run_undo {
        organization_id: i64 as BigInt,
        run_id: i64 as BigInt,
        afterwards: String as Text,
        state: String as Text,
        position: Option<Vec<u8>> as Nullable<Binary>,
        reversed: i64 as BigInt,
        untouched: i64 as BigInt,
        actor: String as Text,
        started_at: i64 as BigInt,
        finished_at: Option<i64> as Nullable<BigInt>,
    }
}

row! {
    /// A row of `run_undo_left`.
    LeftRecord in run_undo_left {
        organization_id: i64 as BigInt,
        run_id: i64 as BigInt,
        transaction_id: Vec<u8> as Binary,
        outcome: String as Text,
        reason: String as Text,
    }
}
