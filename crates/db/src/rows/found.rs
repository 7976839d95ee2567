//! What look-ups and claims answer that is no table's row.

use super::ContactRecord;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Bool, Integer, Nullable, Text};

/// A contact that a look-up found.
#[derive(Debug, QueryableByName)]
pub(crate) struct FoundContact {
    #[diesel(sql_type = BigInt)]
    pub(crate) id: i64,
}

/// A contact and whether the reader follows it.
#[derive(Debug, QueryableByName)]
pub(crate) struct SeenRecord {
    #[diesel(embed)]
    pub(crate) contact: ContactRecord,
    #[diesel(sql_type = Bool)]
    pub(crate) followed: bool,
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
    #[diesel(sql_type = BigInt)]
    pub(crate) sequence: i64,
    #[diesel(sql_type = Integer)]
    pub(crate) attempt: i32,
    #[diesel(sql_type = Integer)]
    pub(crate) earlier_attempts: i32,
    /// Number of the open event of its contact that stands before it; none when it is the first.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub(crate) behind: Option<i64>,
}

/// A delivery whose claim was ended.
#[derive(Debug, PartialEq, Eq, Hash, QueryableByName)]
pub(crate) struct EndedDelivery {
    #[diesel(sql_type = BigInt)]
    pub(crate) webhook_id: i64,
    #[diesel(sql_type = Binary)]
    pub(crate) event_id: Vec<u8>,
}
