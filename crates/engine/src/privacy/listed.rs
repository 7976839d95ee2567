//! Erasures as they are listed, and their tombstones lifted.

use crate::change::Actor;
use crate::privacy::EraseCounts;
use crate::{Engine, EngineError, Page};
use serde::{Deserialize, Serialize};
use tributary_contact::{ContactId, OrganizationId, RecordId};
use tributary_store::{ErasureRow, StoreExt};

/// An erasure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erasure {
    /// As it is stored.
    pub row: ErasureRow,
    /// Contacts that had been merged into it and went with it.
    pub merged: Vec<ContactId>,
    /// What was erased.
    pub counts: EraseCounts,
    /// Rows that share something with it and may be about somebody else: they wait as before.
    pub left: Vec<RecordId>,
}

/// What is stored of an erasure beside its row.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Detail {
    pub(super) merged: Vec<ContactId>,
    pub(super) counts: EraseCounts,
    pub(super) left: Vec<RecordId>,
}

impl Erasure {
    pub(super) fn of(row: ErasureRow) -> Result<Self, EngineError> {
        let Detail { merged, counts, left } = serde_json::from_str(&row.detail).map_err(EngineError::internal)?;
        Ok(Self { row, merged, counts, left })
    }
}

impl Engine {
    /// A page of the erasures, the newest first, also those whose tombstones were lifted.
    ///
    /// # Errors
    /// Any failure of the store.
    pub fn erasures(&self, org: OrganizationId, skip: i64, take: i64) -> Result<Page<Erasure>, EngineError> {
        let (rows, total) =
            self.parts.store.reading(|tx| Ok((tx.erasure_page(org, skip, take)?, tx.erasure_count(org)?)))?;
        Ok(Page { list: rows.into_iter().map(Erasure::of).collect::<Result<_, _>>()?, total })
    }

    /// Lifts the tombstone of an erasure: what comes of the person from now on is decided as of anybody. What was
    /// erased stays so.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] when none of this number stands.
    pub fn lift_tombstone(&self, org: OrganizationId, actor: &Actor, id: i64) -> Result<Erasure, EngineError> {
        let at = self.now();
        let row = self.transact("lift_tombstone", |tx| {
            if !tx.lift_tombstones(org, id, &actor.to_string(), at)? {
                return Err(EngineError::NotFound);
            }
            tx.erasure(org, id)?.ok_or(EngineError::NotFound)
        })?;
        tracing::info!(organization = org.0, erasure = id, "the tombstone of an erasure was lifted");
        Erasure::of(row)
    }
}
