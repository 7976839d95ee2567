//! What PostgreSQL says differently: key arrays are arrays, of which `unnest` makes rows.

use super::shared::Tx;
use crate::convert::{key_entry, reference_entry};
use crate::error;
use crate::prepared::prepared;
use crate::rows::{FoundKey, FoundReference, GiftRecord};
use diesel::RunQueryDsl;
use diesel::sql_types::{Array, BigInt, Text};
use std::collections::BTreeSet;
use tributary_contact::Reference;
use tributary_store::{KeyEntry, ReferenceEntry, StoreResult};

pub(super) use super::bulk::{
    add_terms, delete_contacts, delete_keys, delete_references, finish, insert, settle, update_contacts,
};
pub(super) use super::hold::hold;

/// The greater of two numbers.
pub(super) const GREATER: &str = "greatest";

/// Two workers never wait for each other's claim.
pub(super) const SKIP_LOCKED: &str = " FOR UPDATE OF d SKIP LOCKED";

/// At most `$3` contacts for each key, along the primary key.
pub(super) const BY_KEY: &str = "SELECT k.key, m.contact_id FROM unnest($1::bigint[]) AS k (key) CROSS JOIN LATERAL \
    (SELECT c.contact_id FROM match_key AS c WHERE c.organization_id = $2 AND c.key = k.key \
    ORDER BY c.contact_id LIMIT $3) AS m";

/// The contacts of references, each along the primary key: the limit keeps the planner from joining the
/// whole table.
const BY_REFERENCE: &str = "SELECT r.source, r.id, r.contact_id FROM unnest($1::text[], $2::text[]) AS k (source, id) \
    CROSS JOIN LATERAL (SELECT c.source, c.id, c.contact_id FROM contact_reference AS c \
    WHERE c.organization_id = $3 AND c.source = k.source AND c.id = k.id LIMIT 1) AS r";

/// The gifts of an array of pairs, each along the primary key.
const GIFTS: &str = "SELECT g.* FROM unnest($1::text[], $2::text[]) AS k (source, id) CROSS JOIN LATERAL \
    (SELECT c.organization_id, c.source, c.id, c.number, c.transaction_id FROM gift AS c \
    WHERE c.organization_id = $3 AND c.source = k.source AND c.id = k.id LIMIT 1) AS g";

/// The name of the contact `c` in lower case, out of its record.
pub(super) const CONTACT_NAME: &str = "lower(coalesce(c.record::jsonb -> 'fields' ->> 'name', '')) COLLATE \"C\"";

/// Where a text is inside another, byte by byte; 0 when it is not.
pub(super) const POSITION: &str = "strpos";

/// Names of labels in the order of their bytes, the same on both databases.
pub(super) const FOLDED_IN_BINARY: &str = "folded COLLATE \"C\"";

/// Whether a column's number is in a list.
macro_rules! among {
    ($table:ident, $column:ident, $ids:expr) => {
        $crate::schema::$table::$column.eq_any($ids)
    };
}
pub(super) use among;

/// Whether a column's text is in a list.
macro_rules! among_texts {
    ($table:ident, $column:ident, $texts:expr) => {
        $crate::schema::$table::$column.eq_any($texts)
    };
}
pub(super) use among_texts;

/// Whether a column's UUID is in a list.
macro_rules! among_uuids {
    ($table:ident, $column:ident, $ids:expr) => {
        $crate::schema::$table::$column.eq_any($ids.into_iter().map($crate::convert::bytes).collect::<Vec<_>>())
    };
}
pub(super) use among_uuids;

/// At most `cap` contacts for each of the keys, which are distinct.
pub(super) fn contacts_by_key(
    tx: &mut Tx<'_>,
    organization: i64,
    keys: Vec<i64>,
    cap: i64,
) -> StoreResult<Vec<KeyEntry>> {
    let found: Vec<FoundKey> = prepared(BY_KEY)
        .bind::<Array<BigInt>, _>(keys)
        .bind::<BigInt, _>(organization)
        .bind::<BigInt, _>(cap.max(0))
        .load(&mut tx.session.conn)
        .map_err(error::any)?;
    Ok(found.into_iter().map(key_entry).collect())
}

/// The contacts that carry the references.
pub(super) fn contacts_by_reference(
    tx: &mut Tx<'_>,
    organization: i64,
    references: &BTreeSet<&Reference>,
) -> StoreResult<Vec<ReferenceEntry>> {
    let found: Vec<FoundReference> = prepared(BY_REFERENCE)
        .bind::<Array<Text>, _>(references.iter().map(|reference| &reference.source).collect::<Vec<_>>())
        .bind::<Array<Text>, _>(references.iter().map(|reference| &reference.id).collect::<Vec<_>>())
        .bind::<BigInt, _>(organization)
        .load(&mut tx.session.conn)
        .map_err(error::any)?;
    Ok(found.into_iter().map(reference_entry).collect())
}

/// The registered ones of these gifts.
pub(super) fn gifts(tx: &mut Tx<'_>, organization: i64, wanted: &[(String, String)]) -> StoreResult<Vec<GiftRecord>> {
    prepared(GIFTS)
        .bind::<Array<Text>, _>(wanted.iter().map(|(source, _)| source).collect::<Vec<_>>())
        .bind::<Array<Text>, _>(wanted.iter().map(|(_, id)| id).collect::<Vec<_>>())
        .bind::<BigInt, _>(organization)
        .load(&mut tx.session.conn)
        .map_err(error::any)
}
