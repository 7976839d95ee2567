//! What SQLite says differently: key arrays travel as JSON, of which `json_each` makes rows, so that a
//! look-up is one statement whatever the number of keys.

use super::shared::Tx;
use crate::convert::{key_entry, reference_entry};
use crate::error;
use crate::prepared::prepared;
use crate::rows::{FoundKey, FoundReference, GiftRecord};
use diesel::RunQueryDsl;
use diesel::sql_types::{BigInt, Text};
use std::collections::BTreeSet;
use tributary_contact::Reference;
use tributary_store::{KeyEntry, ReferenceEntry, StoreResult};
use uuid::Uuid;

pub(super) use super::bulk::{
    add_terms, delete_contacts, delete_keys, delete_references, finish, hold, insert, settle, update_contacts,
};

/// The greater of two numbers.
pub(super) const GREATER: &str = "max";

/// There is one writer, so no row can be locked by another.
pub(super) const SKIP_LOCKED: &str = "";

/// At most `$3` contacts for each key. `CROSS JOIN` keeps the keys outside; the limited select is run
/// once per key, along the primary key.
pub(super) const BY_KEY: &str = "SELECT k.value AS key, m.contact_id FROM json_each($1) AS k CROSS JOIN match_key AS m \
    WHERE m.organization_id = $2 AND m.key = k.value AND m.contact_id IN (SELECT c.contact_id FROM match_key AS c \
    WHERE c.organization_id = $2 AND c.key = k.value ORDER BY c.contact_id LIMIT $3)";

/// The contacts of references, given as an array of pairs.
const BY_REFERENCE: &str = "SELECT r.source, r.id, r.contact_id FROM json_each($1) AS k CROSS JOIN contact_reference AS r \
    WHERE r.organization_id = $2 AND r.source = k.value ->> 0 AND r.id = k.value ->> 1";

/// The gifts of an array of pairs.
const GIFTS: &str = "SELECT g.organization_id, g.source, g.id, g.number, g.transaction_id FROM json_each($1) AS k \
    CROSS JOIN gift AS g WHERE g.organization_id = $2 AND g.source = k.value ->> 0 AND g.id = k.value ->> 1";

/// The name of the contact `c` in lower case, out of its record.
pub(super) const CONTACT_NAME: &str = "lower(coalesce(c.record ->> '$.fields.name', ''))";

/// Where a text is inside another, byte by byte; 0 when it is not.
pub(super) const POSITION: &str = "instr";

/// Names of labels in the order of their bytes, the same on both databases.
pub(super) const FOLDED_IN_BINARY: &str = "folded";

/// Whether a column's number is in a list.
macro_rules! among {
    ($table:ident, $column:ident, $ids:expr) => {
        $crate::sqlite::among::among(
            $crate::schema::$table::$column,
            $crate::sqlite::among::Plain,
            $crate::sqlite::dialect::numbers(&$ids),
        )
    };
}
pub(super) use among;

/// Whether a column's text is in a list.
macro_rules! among_texts {
    ($table:ident, $column:ident, $texts:expr) => {
        $crate::sqlite::among::among(
            $crate::schema::$table::$column,
            $crate::sqlite::among::Plain,
            $crate::convert::json(&$texts)?,
        )
    };
}
pub(super) use among_texts;

/// Whether a column's UUID is in a list.
macro_rules! among_uuids {
    ($table:ident, $column:ident, $ids:expr) => {
        $crate::sqlite::among::among(
            $crate::schema::$table::$column,
            $crate::sqlite::among::Hex,
            $crate::sqlite::dialect::hexes(&$ids),
        )
    };
}
pub(super) use among_uuids;

/// A JSON array of numbers.
pub(super) fn numbers(ids: &[i64]) -> String {
    array(ids.iter().map(ToString::to_string))
}

/// A JSON array of UUIDs in hexadecimal.
pub(super) fn hexes(ids: &[Uuid]) -> String {
    array(ids.iter().map(|id| format!("\"{}\"", id.simple())))
}

fn array(items: impl Iterator<Item = String>) -> String {
    let mut text = String::from("[");
    for item in items {
        if text.len() > 1 {
            text.push(',');
        }
        text.push_str(&item);
    }
    text.push(']');
    text
}

/// At most `cap` contacts for each of the keys, which are distinct.
pub(super) fn contacts_by_key(
    tx: &mut Tx<'_>,
    organization: i64,
    keys: Vec<i64>,
    cap: i64,
) -> StoreResult<Vec<KeyEntry>> {
    let found: Vec<FoundKey> = prepared(BY_KEY)
        .bind::<Text, _>(numbers(&keys))
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
    let pairs: Vec<_> = references.iter().map(|reference| (&reference.source, &reference.id)).collect();
    let found: Vec<FoundReference> = prepared(BY_REFERENCE)
        .bind::<Text, _>(crate::convert::json(&pairs)?)
        .bind::<BigInt, _>(organization)
        .load(&mut tx.session.conn)
        .map_err(error::any)?;
    Ok(found.into_iter().map(reference_entry).collect())
}

/// The registered ones of these gifts.
pub(super) fn gifts(tx: &mut Tx<'_>, organization: i64, wanted: &[(String, String)]) -> StoreResult<Vec<GiftRecord>> {
    prepared(GIFTS)
        .bind::<Text, _>(crate::convert::json(wanted)?)
        .bind::<BigInt, _>(organization)
        .load(&mut tx.session.conn)
        .map_err(error::any)
}
