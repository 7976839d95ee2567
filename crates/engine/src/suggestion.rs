//! A merge that is asked for by somebody who may not merge: kept for those who may, until they merge the two, say that
//! they are two, or leave them as they are.

use crate::change::Actor;
use crate::contacts::check_open;
use crate::merge::survivors;
use crate::{Engine, EngineError, Page};
use tributary_contact::issue::{Issue, IssueCode};
use tributary_contact::{ContactId, OrganizationId};
use tributary_store::{
    ContactRow, Counter, MergeSuggestionRow, Other, ReadTx, StoreExt, StoreResult, SuggestionClosed, SuggestionEnd,
    SuggestionFilter, WriteTx,
};

/// A suggestion, to be shown.
#[derive(Debug, Clone, PartialEq)]
pub struct MergeSuggestion {
    /// As it is stored.
    pub row: MergeSuggestionRow,
    /// The contact of the lesser number; none when it is no more.
    pub contact: Option<ContactRow>,
    /// The contact of the greater number; none when it is no more.
    pub other: Option<ContactRow>,
}

impl Engine {
    /// Suggests that two contacts are one. The same two are suggested once: while that is open, it is what comes back.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] for an unknown or archived contact, [`EngineError::Invalid`] for a contact and itself,
    /// [`EngineError::Conflict`] when one is merged away, or a person said that they are two.
    pub fn suggest_merge(
        &self,
        org: OrganizationId,
        actor: &Actor,
        (one, two): (ContactId, ContactId),
        note: Option<&str>,
    ) -> Result<MergeSuggestionRow, EngineError> {
        if one == two {
            let message = "A contact is always itself.";
            return Err(EngineError::Invalid(vec![Issue::new("contactId", IssueCode::InvalidValue, message)]));
        }
        let (contact, other) = (one.min(two), one.max(two));
        let created_at = self.now();
        self.transact("suggest_merge", |tx| {
            tx.allocate(org, Counter::Revision, 1)?;
            check_both(tx, org, (contact, other))?;
            if let Some(open) = open_about(tx, org, (contact, other))?.into_iter().next() {
                return Ok(open);
            }
            let row = MergeSuggestionRow {
                id: tx.allocate(org, Counter::MergeSuggestion, 1)?,
                contact,
                other,
                note: note.map(str::to_owned),
                actor: actor.to_string(),
                created_at,
                end: None,
            };
            tx.insert_merge_suggestion(org, &row)?;
            Ok(row)
        })
    }

    /// A page of suggestions, those that were made first at its head.
    ///
    /// # Errors
    /// Any failure of the store.
    pub fn merge_suggestions(
        &self,
        org: OrganizationId,
        filter: SuggestionFilter,
        skip: i64,
        take: i64,
    ) -> Result<Page<MergeSuggestion>, EngineError> {
        Ok(self.parts.store.reading(|tx| {
            let rows = tx.merge_suggestions(org, filter, skip, take)?;
            let mut ids: Vec<ContactId> = rows.iter().flat_map(|row| [row.contact, row.other]).collect();
            ids.sort_unstable();
            ids.dedup();
            let contacts = tx.contacts(org, &ids)?;
            let find = |id: ContactId| contacts.iter().find(|row| row.id == id).cloned();
            let shown =
                |row: MergeSuggestionRow| MergeSuggestion { contact: find(row.contact), other: find(row.other), row };
            let list = rows.into_iter().map(shown).collect();
            Ok(Page { list, total: tx.merge_suggestion_count(org, filter)? })
        })?)
    }

    /// Leaves the two as they are.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] when no suggestion of this number is open.
    pub fn decline_merge_suggestion(&self, org: OrganizationId, actor: &Actor, id: i64) -> Result<(), EngineError> {
        let end = SuggestionEnd { reason: SuggestionClosed::Declined, by: actor.to_string(), at: self.now() };
        let closed =
            self.parts.store.writing("decline_suggestion", |tx| tx.close_merge_suggestions(org, &[id], &end))?;
        if closed == 1 { Ok(()) } else { Err(EngineError::NotFound) }
    }
}

/// Both are on file and stand for themselves, and nobody said that they are two.
fn check_both(
    tx: &mut dyn WriteTx,
    org: OrganizationId,
    (one, two): (ContactId, ContactId),
) -> Result<(), EngineError> {
    let heads = tx.contact_heads(org, &[one, two])?;
    if heads.len() < 2 {
        return Err(EngineError::NotFound);
    }
    heads.iter().try_for_each(|head| check_open(head.archived, head.merged_into))?;
    let said = tx.not_duplicate_page(org, Some(one), 0, i64::MAX)?;
    let apart = said.iter().any(|row| {
        let other = if row.contact == one { row.other == Other::Contact(two) } else { row.contact == two };
        row.revoked.is_none() && other
    });
    if apart { Err(EngineError::conflict("A person said that the two are not one.")) } else { Ok(()) }
}

/// What is open about these two.
fn open_about(
    tx: &mut dyn ReadTx,
    org: OrganizationId,
    (one, two): (ContactId, ContactId),
) -> StoreResult<Vec<MergeSuggestionRow>> {
    let filter = SuggestionFilter { contact: Some(one), closed: false };
    let open = tx.merge_suggestions(org, filter, 0, i64::MAX)?;
    Ok(open.into_iter().filter(|row| (row.contact, row.other) == (one, two)).collect())
}

/// Closes what was suggested of two that have become one, whichever way.
pub(crate) fn close_merged(tx: &mut dyn WriteTx, org: OrganizationId, end: SuggestionEnd) -> StoreResult<()> {
    let open = tx.merge_suggestions(org, SuggestionFilter::default(), 0, i64::MAX)?;
    let named: Vec<ContactId> = open.iter().flat_map(|row| [row.contact, row.other]).collect();
    let survivors = survivors(tx, org, &named)?;
    let now = |contact: ContactId| survivors.get(&contact.0).copied().unwrap_or(contact.0);
    let one: Vec<i64> = open.iter().filter(|row| now(row.contact) == now(row.other)).map(|row| row.id).collect();
    if one.is_empty() { Ok(()) } else { tx.close_merge_suggestions(org, &one, &end).map(|_| ()) }
}

/// Closes what was suggested of two that a person says are two.
pub(crate) fn close_apart(
    tx: &mut dyn WriteTx,
    org: OrganizationId,
    pair: (ContactId, ContactId),
    end: &SuggestionEnd,
) -> StoreResult<()> {
    let open: Vec<i64> = open_about(tx, org, pair)?.iter().map(|row| row.id).collect();
    if open.is_empty() { Ok(()) } else { tx.close_merge_suggestions(org, &open, end).map(|_| ()) }
}
