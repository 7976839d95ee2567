//! The rows as stored, one struct per table, and how each backend inserts many of them.
//!
//! The macro is the one list of a table's columns: from it follow the selection, SQLite's prepared
//! single-row insert and PostgreSQL's `unnest` of one array per column.

use crate::schema::*;
use diesel::QueryResult;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{Array, BigInt, Binary, Bool, Double, Integer, Nullable, Text};
use diesel::sqlite::Sqlite;

/// What an insert does with a row whose key is there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Present {
    /// Fails.
    Refuse,
    /// Leaves the stored row as it is.
    Keep,
}

/// SQLite's insert of one row, kept if it is there already. Its text does not depend on the row, so that it is
/// built and prepared once per connection; diesel's own insert is built anew for every row.
struct One<'a, R, const KEEP: bool>(&'a R);

impl<R: 'static, const KEEP: bool> QueryId for One<'_, R, KEEP> {
    type QueryId = One<'static, R, KEEP>;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<R, const KEEP: bool> RunQueryDsl<crate::sqlite::Conn> for One<'_, R, KEEP> {}

macro_rules! row {
    ($(#[$meta:meta])* $name:ident in $table:ident { $($field:ident: $rust:ty as $sql:ty),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Queryable, QueryableByName, Selectable, Insertable)]
        #[diesel(table_name = $table, treat_none_as_default_value = false)]
        pub(crate) struct $name {
            $(pub(crate) $field: $rust,)+
        }

        impl crate::sqlite::Insert for $name {
            const TABLE: &'static str = stringify!($table);

            fn insert(&self, conn: &mut crate::sqlite::Conn, present: Present) -> QueryResult<usize> {
                match present {
                    Present::Refuse => One::<_, false>(self).execute(conn),
                    Present::Keep => One::<_, true>(self).execute(conn),
                }
            }
        }

        impl<const KEEP: bool> QueryFragment<Sqlite> for One<'_, $name, KEEP> {
            fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
                pass.push_sql(concat!("INSERT INTO ", stringify!($table)));
                let (mut columns, mut values) = (" (", ") VALUES (");
                $(
                    pass.push_sql(std::mem::replace(&mut columns, ", "));
                    pass.push_sql(stringify!($field));
                )+
                $(
                    pass.push_sql(std::mem::replace(&mut values, ", "));
                    pass.push_bind_param::<$sql, _>(&self.0.$field)?;
                )+
                pass.push_sql(if KEEP { ") ON CONFLICT DO NOTHING" } else { ")" });
                Ok(())
            }
        }

        impl crate::postgres::Insert for $name {
            const TABLE: &'static str = stringify!($table);
            const COLUMNS: &'static [&'static str] = &[$(stringify!($field)),+];

            fn execute(rows: &[Self], sql: String, conn: &mut crate::postgres::Conn) -> QueryResult<usize> {
                diesel::sql_query(sql)
                    $(.bind::<Array<$sql>, _>(rows.iter().map(|row| &row.$field).collect::<Vec<_>>()))+
                    .execute(conn)
            }
        }
    };
}

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
    }
}

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

/// A contact that a look-up found.
#[derive(Debug, QueryableByName)]
pub(crate) struct FoundContact {
    #[diesel(sql_type = BigInt)]
    pub(crate) id: i64,
}

/// How many rows a query counted.
#[derive(Debug, QueryableByName)]
pub(crate) struct Counted {
    #[diesel(sql_type = BigInt)]
    pub(crate) count: i64,
}

/// A pair that a look-up by key found.
#[derive(Debug, QueryableByName)]
pub(crate) struct FoundKey {
    #[diesel(sql_type = BigInt)]
    pub(crate) key: i64,
    #[diesel(sql_type = BigInt)]
    pub(crate) contact_id: i64,
}

/// A reference that a look-up found.
#[derive(Debug, QueryableByName)]
pub(crate) struct FoundReference {
    #[diesel(sql_type = Text)]
    pub(crate) source: String,
    #[diesel(sql_type = Text)]
    pub(crate) id: String,
    #[diesel(sql_type = BigInt)]
    pub(crate) contact_id: i64,
}

/// A delivery that is due.
#[derive(Debug, QueryableByName)]
pub(crate) struct DueDelivery {
    #[diesel(sql_type = Binary)]
    pub(crate) event_id: Vec<u8>,
    #[diesel(sql_type = BigInt)]
    pub(crate) contact_id: i64,
    #[diesel(sql_type = Integer)]
    pub(crate) attempt: i32,
    #[diesel(sql_type = Integer)]
    pub(crate) earlier_attempts: i32,
    #[diesel(sql_type = BigInt)]
    pub(crate) due_at: i64,
    /// 0 when it is free to go; otherwise when the one it waits for is due, or no longer leased.
    #[diesel(sql_type = BigInt)]
    pub(crate) free_at: i64,
}

/// A delivery that has to wait for an earlier one.
#[derive(Debug)]
pub(crate) struct PutOff {
    pub(crate) event_id: Vec<u8>,
    pub(crate) due_at: i64,
}

/// A delivery whose claim was ended.
#[derive(Debug, PartialEq, Eq, Hash, QueryableByName)]
pub(crate) struct EndedDelivery {
    #[diesel(sql_type = BigInt)]
    pub(crate) webhook_id: i64,
    #[diesel(sql_type = Binary)]
    pub(crate) event_id: Vec<u8>,
}
