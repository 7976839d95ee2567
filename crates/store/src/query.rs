//! The facts of contacts, over which queries run, and the words of names, by which a search finds what was meant.

use crate::StoreResult;
use std::ops::RangeInclusive;
use tributary_contact::{ContactId, OrganizationId};

/// What can be asked of a contact. Times are microseconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactsRow {
    /// The contact.
    pub contact: ContactId,
    /// Whether it is archived.
    pub archived: bool,
    /// When it was created.
    pub created_at: i64,
    /// When it last changed.
    pub modified_at: i64,
    /// The facts (`tributary_contact::query::contact_facts`).
    pub facts: String,
}

/// Contacts between two numbers, both included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactsRange {
    /// The numbers.
    pub ids: RangeInclusive<i64>,
    /// Whether archived ones are wanted too.
    pub archived: bool,
}

/// Reads for queries and searches.
pub trait ReadQuery {
    /// The facts of these contacts, by id; those without any are left out.
    ///
    /// # Errors
    /// Any failure of the store.
    fn facts(&mut self, organization: OrganizationId, contacts: &[ContactId]) -> StoreResult<Vec<FactsRow>>;
    /// The first `limit` facts of a range, by id. Without needles all of them, otherwise those that hold one of these
    /// texts, byte by byte.
    ///
    /// # Errors
    /// Any failure of the store.
    fn facts_page(
        &mut self,
        organization: OrganizationId,
        range: &FactsRange,
        needles: &[String],
        limit: i64,
    ) -> StoreResult<Vec<FactsRow>>;
    /// The first `limit` facts that changed in a range of microseconds, by time and id, after this one.
    ///
    /// # Errors
    /// Any failure of the store.
    fn facts_changed(
        &mut self,
        organization: OrganizationId,
        modified: &RangeInclusive<i64>,
        after: Option<(i64, ContactId)>,
        limit: i64,
    ) -> StoreResult<Vec<FactsRow>>;
    /// How many contacts a range has.
    ///
    /// # Errors
    /// Any failure of the store.
    fn facts_count(&mut self, organization: OrganizationId, range: &FactsRange) -> StoreResult<i64>;
    /// A part of the contacts of a range, by id or the other way round.
    ///
    /// # Errors
    /// Any failure of the store.
    fn facts_ids(
        &mut self,
        organization: OrganizationId,
        range: &FactsRange,
        descending: bool,
        skip: i64,
        take: i64,
    ) -> StoreResult<Vec<ContactId>>;
    /// The words of names from one text up to another, that one left out, in the order of their bytes.
    ///
    /// # Errors
    /// Any failure of the store.
    fn words_between(
        &mut self,
        organization: OrganizationId,
        from: &str,
        until: &str,
        limit: i64,
    ) -> StoreResult<Vec<String>>;
}

/// Writes for queries and searches.
pub trait WriteQuery {
    /// Stores the facts of contacts that have none.
    ///
    /// # Errors
    /// Any failure of the store.
    fn insert_facts(&mut self, organization: OrganizationId, new: &[FactsRow]) -> StoreResult<()>;
    /// Removes the facts of contacts; one that has none is passed over.
    ///
    /// # Errors
    /// Any failure of the store.
    fn remove_facts(&mut self, organization: OrganizationId, contacts: &[ContactId]) -> StoreResult<()>;
    /// Adds words of names; one that is there stays.
    ///
    /// # Errors
    /// Any failure of the store.
    fn add_words(&mut self, organization: OrganizationId, words: &[String]) -> StoreResult<()>;
}
