//! Rows of contacts and what hangs on them.

use super::{One, Present, row};
use crate::schema::*;
use diesel::QueryResult;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment};
use diesel::sql_types::{Array, BigInt, Binary, Bool, Nullable, Text};
use diesel::sqlite::Sqlite;

row! {
    /// A row of `contact`.
    ContactRecord in contact {
        organization_id: i64 as BigInt,
        id: i64 as BigInt,
        version: i64 as BigInt,
        sequence: i64 as BigInt,
        record: String as Text,
        merged_into: Option<i64> as Nullable<BigInt>,
        archived: bool as Bool,
        created_at: i64 as BigInt,
        modified_at: i64 as BigInt,
    }
}

row! {
    /// A row of `contact_reference`.
    ReferenceRecord in contact_reference {
        organization_id: i64 as BigInt,
        source: String as Text,
        id: String as Text,
        contact_id: i64 as BigInt,
    }
}

row! {
    /// A row of `match_key`.
    KeyRecord in match_key {
        organization_id: i64 as BigInt,
        key: i64 as BigInt,
        contact_id: i64 as BigInt,
    }
}

row! {
    /// A row of `direct_record`.
    DirectRecord in direct_record {
        organization_id: i64 as BigInt,
        id: Vec<u8> as Binary,
        kind: String as Text,
        contact_id: i64 as BigInt,
        individual_id: i64 as BigInt,
        first_item: i64 as BigInt,
        received_at: i64 as BigInt,
        body: String as Text,
        policy: i64 as BigInt,
        refolded_policy: Option<i64> as Nullable<BigInt>,
    }
}

row! {
    /// A row of `contact_follow`.
    FollowRecord in contact_follow {
        organization_id: i64 as BigInt,
        follower: String as Text,
        contact_id: i64 as BigInt,
        followed_at: i64 as BigInt,
    }
}

row! {
    /// A row of `contact_position`.
    PositionRecord in contact_position {
        organization_id: i64 as BigInt,
        contact_id: i64 as BigInt,
        address_id: i64 as BigInt,
        latitude: i64 as BigInt,
        longitude: i64 as BigInt,
    }
}

row! {
    /// A row of `contact_facts`.
    FactsRecord in contact_facts {
        organization_id: i64 as BigInt,
        contact_id: i64 as BigInt,
        archived: bool as Bool,
        created_at: i64 as BigInt,
        modified_at: i64 as BigInt,
        facts: String as Text,
    }
}

row! {
    /// A row of `search_word`.
    WordRecord in search_word {
        organization_id: i64 as BigInt,
        word: String as Text,
    }
}

row! {
    /// A row of `individual_avatar`.
    AvatarRecord in individual_avatar {
        organization_id: i64 as BigInt,
        individual_id: i64 as BigInt,
        content_type: String as Text,
        image: Vec<u8> as Binary,
        stored_at: i64 as BigInt,
    }
}

row! {
    /// A row of `audit`.
    AuditRecord in audit {
        organization_id: i64 as BigInt,
        contact_id: i64 as BigInt,
        version: i64 as BigInt,
        at: i64 as BigInt,
        actor: String as Text,
        action: String as Text,
        record_id: Option<Vec<u8>> as Nullable<Binary>,
        run_id: Option<i64> as Nullable<BigInt>,
        changes: String as Text,
        position: i64 as BigInt,
        hash: Option<Vec<u8>> as Nullable<Binary>,
        erased: Option<Vec<u8>> as Nullable<Binary>,
    }
}
