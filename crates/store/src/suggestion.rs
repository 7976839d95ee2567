//! Contacts that somebody who may not merge them says are one, for those who may.

use crate::StoreResult;
use tributary_contact::clock::Timestamp;
use tributary_contact::{ContactId, OrganizationId};

/// Why a suggestion needs nobody's attention any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SuggestionClosed {
    /// The two are one now.
    Merged,
    /// A person said that they are two.
    NotDuplicate,
    /// A person left them as they are.
    Declined,
    /// One of the two is no more.
    Gone,
}

impl SuggestionClosed {
    /// Stable text.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Merged => "merged",
            Self::NotDuplicate => "notDuplicate",
            Self::Declined => "declined",
            Self::Gone => "gone",
        }
    }

    /// The one whose text this is.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Merged, Self::NotDuplicate, Self::Declined, Self::Gone].into_iter().find(|own| own.as_str() == text)
    }
}

/// How a suggestion came to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SuggestionEnd {
    /// Why.
    pub reason: SuggestionClosed,
    /// By whom.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// Somebody says that two contacts are one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MergeSuggestionRow {
    /// Number, from [`crate::Counter::MergeSuggestion`].
    pub id: i64,
    /// The lesser number.
    pub contact: ContactId,
    /// The greater number.
    pub other: ContactId,
    /// Why, in the words of whoever said it.
    pub note: Option<String>,
    /// Who said it.
    pub actor: String,
    /// When.
    pub created_at: Timestamp,
    /// How it ended; none while it is open.
    pub end: Option<SuggestionEnd>,
}

/// Which suggestions to list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SuggestionFilter {
    /// Only those about this contact, on either side.
    pub contact: Option<ContactId>,
    /// Closed ones instead of open ones.
    pub closed: bool,
}

/// Reads about suggestions.
pub trait ReadSuggestions {
    /// A page, those that were made first at its head.
    ///
    /// # Errors
    /// Any failure of the store.
    fn merge_suggestions(
        &mut self,
        organization: OrganizationId,
        filter: SuggestionFilter,
        skip: i64,
        take: i64,
    ) -> StoreResult<Vec<MergeSuggestionRow>>;
    /// How many there are.
    ///
    /// # Errors
    /// Any failure of the store.
    fn merge_suggestion_count(&mut self, organization: OrganizationId, filter: SuggestionFilter) -> StoreResult<i64>;
}

/// Writes about suggestions.
pub trait WriteSuggestions {
    /// Stores a suggestion.
    ///
    /// # Errors
    /// [`crate::StoreError::Conflict`] when the number is taken.
    fn insert_merge_suggestion(&mut self, organization: OrganizationId, new: &MergeSuggestionRow) -> StoreResult<()>;
    /// Closes those of these numbers that are open; how many that are.
    ///
    /// # Errors
    /// Any failure of the store.
    fn close_merge_suggestions(
        &mut self,
        organization: OrganizationId,
        ids: &[i64],
        end: &SuggestionEnd,
    ) -> StoreResult<usize>;
    /// Closes those about any of these contacts, on either side, that are open.
    ///
    /// # Errors
    /// Any failure of the store.
    fn close_merge_suggestions_about(
        &mut self,
        organization: OrganizationId,
        contacts: &[ContactId],
        end: &SuggestionEnd,
    ) -> StoreResult<()>;
}
