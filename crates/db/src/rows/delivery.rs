//! Rows of events and their way to subscribers.

use super::{One, Present, row};
use crate::schema::*;
use diesel::QueryResult;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment};
use diesel::sql_types::{Array, BigInt, Binary, Bool, Integer, Nullable, Text};
use diesel::sqlite::Sqlite;

row! {
    /// A row of `event`.
    EventRecord in event {
        organization_id: i64 as BigInt,
        id: Vec<u8> as Binary,
        contact_id: i64 as BigInt,
        sequence: i64 as BigInt,
        kind: String as Text,
        body: String as Text,
        created_at: i64 as BigInt,
        position: i64 as BigInt,
    }
}

row! {
    /// A row of `webhook`.
    WebhookRecord in webhook {
        organization_id: i64 as BigInt,
        id: i64 as BigInt,
        payload_url: String as Text,
        secret: String as Text,
        active: bool as Bool,
        toggles: String as Text,
        disabled_reason: Option<String> as Nullable<Text>,
        failing_since: Option<i64> as Nullable<BigInt>,
        failed_attempts: i64 as BigInt,
        created_at: i64 as BigInt,
        previous_secrets: String as Text,
        headers: String as Text,
        options: String as Text,
        paused_at: Option<i64> as Nullable<BigInt>,
        probe_at: Option<i64> as Nullable<BigInt>,
        warned_at: Option<i64> as Nullable<BigInt>,
    }
}

row! {
    /// A row of `delivery`.
    DeliveryRecord in delivery {
        organization_id: i64 as BigInt,
        webhook_id: i64 as BigInt,
        event_id: Vec<u8> as Binary,
        contact_id: i64 as BigInt,
        sequence: i64 as BigInt,
        state: String as Text,
        attempt: i32 as Integer,
        due_at: i64 as BigInt,
        leased_until: i64 as BigInt,
        earlier_attempts: i32 as Integer,
    }
}

row! {
    /// A row of `attempt`.
    AttemptRecord in attempt {
        organization_id: i64 as BigInt,
        webhook_id: i64 as BigInt,
        event_id: Vec<u8> as Binary,
        number: i32 as Integer,
        started_at: i64 as BigInt,
        duration_ms: i64 as BigInt,
        status: Option<i32> as Nullable<Integer>,
        outcome: String as Text,
        response: String as Text,
    }
}

row! {
    /// A row of `replay`.
    ReplayRecord in replay {
        organization_id: i64 as BigInt,
        id: i64 as BigInt,
        webhook_id: i64 as BigInt,
        contact_id: Option<i64> as Nullable<BigInt>,
        since: Option<i64> as Nullable<BigInt>,
        until: Option<i64> as Nullable<BigInt>,
        only_dead: bool as Bool,
        state: String as Text,
        position: i64 as BigInt,
        last_position: i64 as BigInt,
        replayed: i64 as BigInt,
        actor: String as Text,
        created_at: i64 as BigInt,
        finished_at: Option<i64> as Nullable<BigInt>,
    }
}
