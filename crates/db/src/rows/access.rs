//! Rows of the organization, its keys, its users and their sessions.

use super::{One, Present, row};
use crate::schema::*;
use diesel::QueryResult;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment};
use diesel::sql_types::{Array, BigInt, Binary, Integer, Nullable, Text};
use diesel::sqlite::Sqlite;

row! {
    /// A row of `organization`.
    OrganizationRecord in organization {
        organization_id: i64 as BigInt,
        name: String as Text,
        time_zone: String as Text,
        country: String as Text,
        batch_cron: String as Text,
        last_due_at: i64 as BigInt,
        key_version: i32 as Integer,
        created_at: i64 as BigInt,
    }
}

row! {
    /// A row of `api_key`.
    ApiKeyRecord in api_key {
        organization_id: i64 as BigInt,
        id: i64 as BigInt,
        name: String as Text,
        hash: String as Text,
        scopes: String as Text,
        sources: String as Text,
        created_at: i64 as BigInt,
        expires_at: Option<i64> as Nullable<BigInt>,
        revoked_at: Option<i64> as Nullable<BigInt>,
        last_used_at: Option<i64> as Nullable<BigInt>,
        replaces: Option<i64> as Nullable<BigInt>,
        permission_group: Option<String> as Nullable<Text>,
    }
}

row! {
    /// A row of `permission_group`.
    PermissionGroupRecord in permission_group {
        organization_id: i64 as BigInt,
        folded: String as Text,
        name: String as Text,
        scopes: String as Text,
    }
}

row! {
    /// A row of `request_once`.
    OnceRecord in request_once {
        organization_id: i64 as BigInt,
        key_id: i64 as BigInt,
        token: String as Text,
        fingerprint: String as Text,
        seed: Vec<u8> as Binary,
        begun_at: i64 as BigInt,
        expires_at: i64 as BigInt,
        effect: Option<i64> as Nullable<BigInt>,
        answer: Option<String> as Nullable<Text>,
    }
}

row! {
    /// A row of `app_user`.
    UserRecord in app_user {
        organization_id: i64 as BigInt,
        id: i64 as BigInt,
        email: String as Text,
        name: String as Text,
        role: String as Text,
        password_hash: String as Text,
        totp_secret: Option<String> as Nullable<Text>,
        totp_step: Option<i64> as Nullable<BigInt>,
        created_at: i64 as BigInt,
        last_sign_in_at: Option<i64> as Nullable<BigInt>,
        disabled_at: Option<i64> as Nullable<BigInt>,
    }
}

row! {
    /// A row of `user_session`.
    SessionRecord in user_session {
        organization_id: i64 as BigInt,
        hash: String as Text,
        user_id: i64 as BigInt,
        purpose: String as Text,
        created_at: i64 as BigInt,
        seen_at: i64 as BigInt,
        expires_at: i64 as BigInt,
    }
}
