//! Rows about merges of contacts, what may be one, what people said is not one, what was erased, and runs that are taken
//! back.

use super::{One, Present, row};
use crate::schema::*;
use diesel::QueryResult;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment};
use diesel::sql_types::{Array, BigInt, Binary, Double, Nullable, Text};
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
    /// A row of `merge_suggestion`.
    SuggestionRecord in merge_suggestion {
        organization_id: i64 as BigInt,
        id: i64 as BigInt,
        contact_id: i64 as BigInt,
        other_contact_id: i64 as BigInt,
        note: Option<String> as Nullable<Text>,
        actor: String as Text,
        created_at: i64 as BigInt,
        closed_reason: Option<String> as Nullable<Text>,
        closed_by: Option<String> as Nullable<Text>,
        closed_at: Option<i64> as Nullable<BigInt>,
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

row! {
    /// A row of `duplicate_scan`.
    ScanRecord in duplicate_scan {
        organization_id: i64 as BigInt,
        id: i64 as BigInt,
        state: String as Text,
        position: i64 as BigInt,
        last_contact: i64 as BigInt,
        contacts: i64 as BigInt,
        total: i64 as BigInt,
        weights_version: String as Text,
        actor: String as Text,
        started_at: i64 as BigInt,
        finished_at: Option<i64> as Nullable<BigInt>,
    }
}

row! {
    /// A row of `duplicate_pair`.
    PairRecord in duplicate_pair {
        organization_id: i64 as BigInt,
        contact_id: i64 as BigInt,
        other_contact_id: i64 as BigInt,
        score: f64 as Double,
        band: String as Text,
        explanation: String as Text,
        weights_version: String as Text,
        scan_id: i64 as BigInt,
        found_at: i64 as BigInt,
        closed_reason: Option<String> as Nullable<Text>,
        closed_at: Option<i64> as Nullable<BigInt>,
    }
}

row! {
    /// A row of `erasure`.
    ErasureRecord in erasure {
        organization_id: i64 as BigInt,
        id: i64 as BigInt,
        contact_id: i64 as BigInt,
        reason: String as Text,
        detail: String as Text,
        actor: String as Text,
        erased_at: i64 as BigInt,
        lifted_by: Option<String> as Nullable<Text>,
        lifted_at: Option<i64> as Nullable<BigInt>,
    }
}

row! {
    /// A row of `tombstone`.
    TombstoneRecord in tombstone {
        organization_id: i64 as BigInt,
        hash: Vec<u8> as Binary,
        erasure_id: i64 as BigInt,
        kind: String as Text,
    }
}

row! {
    /// A row of `erasure_salt`.
    SaltRecord in erasure_salt {
        organization_id: i64 as BigInt,
        salt: Vec<u8> as Binary,
    }
}
