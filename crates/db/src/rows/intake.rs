//! Rows of submissions, runs and decisions.

use super::{One, Present, row};
use crate::schema::*;
use diesel::QueryResult;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment};
use diesel::sql_types::{Array, BigInt, Binary, Double, Integer, Nullable, Text};
use diesel::sqlite::Sqlite;

row! {
    /// A row of `contact_transaction`.
    TransactionRecord in contact_transaction {
        organization_id: i64 as BigInt,
        id: Vec<u8> as Binary,
        received_at: i64 as BigInt,
        reference_source: Option<String> as Nullable<Text>,
        reference_id: Option<String> as Nullable<Text>,
        key_id: Option<i64> as Nullable<BigInt>,
        body: String as Text,
        state: String as Text,
        reason: Option<String> as Nullable<Text>,
        level: Option<String> as Nullable<Text>,
        contact_id: Option<i64> as Nullable<BigInt>,
        individual_id: Option<i64> as Nullable<BigInt>,
        first_item: Option<i64> as Nullable<BigInt>,
        run_id: Option<i64> as Nullable<BigInt>,
        decided_at: Option<i64> as Nullable<BigInt>,
        policy: i64 as BigInt,
        refolded_policy: Option<i64> as Nullable<BigInt>,
        corrected: Option<i32> as Nullable<Integer>,
    }
}

row! {
    /// A row of `transaction_correction`.
    CorrectionRecord in transaction_correction {
        organization_id: i64 as BigInt,
        transaction_id: Vec<u8> as Binary,
        number: i32 as Integer,
        reference_source: Option<String> as Nullable<Text>,
        reference_id: Option<String> as Nullable<Text>,
        body: String as Text,
    }
}

row! {
    /// A row of `decision`.
    DecisionRecord in decision {
        organization_id: i64 as BigInt,
        transaction_id: Vec<u8> as Binary,
        number: i32 as Integer,
        run_id: Option<i64> as Nullable<BigInt>,
        outcome: String as Text,
        level: Option<String> as Nullable<Text>,
        reason: Option<String> as Nullable<Text>,
        contact_id: Option<i64> as Nullable<BigInt>,
        individual_id: Option<i64> as Nullable<BigInt>,
        score: Option<f64> as Nullable<Double>,
        explanation: String as Text,
        weights_version: String as Text,
        actor: String as Text,
        decided_at: i64 as BigInt,
        undone_at: Option<i64> as Nullable<BigInt>,
        policy: i64 as BigInt,
    }
}

row! {
    /// A row of `transaction_review`.
    ReviewRecord in transaction_review {
        organization_id: i64 as BigInt,
        transaction_id: Vec<u8> as Binary,
        assignee: Option<i64> as Nullable<BigInt>,
        question: Option<String> as Nullable<Text>,
        asked_at: Option<i64> as Nullable<BigInt>,
        steps: i32 as Integer,
    }
}

row! {
    /// A row of `review_step`.
    ReviewStepRecord in review_step {
        organization_id: i64 as BigInt,
        transaction_id: Vec<u8> as Binary,
        number: i32 as Integer,
        action: String as Text,
        assignee: Option<i64> as Nullable<BigInt>,
        question: Option<String> as Nullable<Text>,
        actor: String as Text,
        at: i64 as BigInt,
    }
}

row! {
    /// A row of `decision_choice`.
    ChoiceRecord in decision_choice {
        organization_id: i64 as BigInt,
        transaction_id: Vec<u8> as Binary,
        number: i32 as Integer,
        record_id: Vec<u8> as Binary,
    }
}

row! {
    /// A row of `batch_run`.
    RunRecord in batch_run {
        organization_id: i64 as BigInt,
        id: i64 as BigInt,
        kind: String as Text,
        state: String as Text,
        due_at: Option<i64> as Nullable<BigInt>,
        started_at: i64 as BigInt,
        finished_at: Option<i64> as Nullable<BigInt>,
        cutoff: Option<Vec<u8>> as Nullable<Binary>,
        received: i64 as BigInt,
        report: String as Text,
    }
}

row! {
    /// A row of `matcher_document`.
    MatcherDocumentRecord in matcher_document {
        organization_id: i64 as BigInt,
        number: i64 as BigInt,
        document: String as Text,
        report: String as Text,
        actor: String as Text,
        created_at: i64 as BigInt,
    }
}

row! {
    /// A row of `matcher_activation`.
    MatcherActivationRecord in matcher_activation {
        organization_id: i64 as BigInt,
        number: i64 as BigInt,
        document_number: Option<i64> as Nullable<BigInt>,
        actor: String as Text,
        activated_at: i64 as BigInt,
    }
}

row! {
    /// A row of `policy`.
    PolicyRecord in policy {
        organization_id: i64 as BigInt,
        number: i64 as BigInt,
        document: String as Text,
        actor: String as Text,
        created_at: i64 as BigInt,
    }
}

row! {
    /// A row of `policy_activation`.
    PolicyActivationRecord in policy_activation {
        organization_id: i64 as BigInt,
        number: i64 as BigInt,
        policy_number: Option<i64> as Nullable<BigInt>,
        actor: String as Text,
        activated_at: i64 as BigInt,
    }
}

row! {
    /// A row of `held_transaction`.
    HeldRecord in held_transaction {
        organization_id: i64 as BigInt,
        id: Vec<u8> as Binary,
        received_at: i64 as BigInt,
        reference_source: Option<String> as Nullable<Text>,
        reference_id: Option<String> as Nullable<Text>,
        key_id: Option<i64> as Nullable<BigInt>,
        body: String as Text,
    }
}

row! {
    /// A row of `gift`.
    GiftRecord in gift {
        organization_id: i64 as BigInt,
        source: String as Text,
        id: String as Text,
        number: i64 as BigInt,
        transaction_id: Vec<u8> as Binary,
    }
}
