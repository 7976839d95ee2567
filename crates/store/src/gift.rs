//! The register of gifts: which transaction brought a gift first. The gift itself is in that transaction.

use crate::StoreResult;
use tributary_contact::{OrganizationId, RecordId};

/// A gift and its first transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GiftRow {
    /// The platform it came from.
    pub source: String,
    /// The platform's id of it.
    pub id: String,
    /// Number from [`crate::Counter::Gift`].
    pub number: i64,
    /// The transaction that brought it first.
    pub transaction: RecordId,
}

/// Reads about gifts.
pub trait ReadGifts {
    /// The gifts with these sources and ids; unknown ones are left out.
    ///
    /// # Errors
    /// Any failure of the store.
    fn gifts(&mut self, organization: OrganizationId, wanted: &[(String, String)]) -> StoreResult<Vec<GiftRow>>;
    /// The gift with this number.
    ///
    /// # Errors
    /// Any failure of the store.
    fn gift(&mut self, organization: OrganizationId, number: i64) -> StoreResult<Option<GiftRow>>;
}

/// Writes about gifts.
pub trait WriteGifts {
    /// Registers gifts; one that is there already keeps its first transaction.
    ///
    /// # Errors
    /// Any failure of the store.
    fn insert_gifts(&mut self, organization: OrganizationId, new: &[GiftRow]) -> StoreResult<()>;
}
