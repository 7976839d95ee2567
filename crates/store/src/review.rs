//! Rows that wait for a person: which of them to list, how many there are, and what is said about them beside a
//! decision: whose they are, what their senders were asked, which values a person chose.

use crate::StoreResult;
use crate::transaction::TransactionRow;
use tributary_contact::clock::Timestamp;
use tributary_contact::state::Reason;
use tributary_contact::{OrganizationId, RecordId, UserId};

/// Which rows of the bucket to list.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct NeedsUpdateFilter {
    /// Only this reason.
    pub reason: Option<Reason>,
    /// Only this reference source.
    pub source: Option<String>,
    /// Only rows received at this time or later.
    pub received_from: Option<Timestamp>,
    /// Only rows received before this.
    pub received_before: Option<Timestamp>,
    /// Only rows of this person, or nobody's.
    pub assignee: Option<Assignee>,
    /// Only rows whose sender was asked something, or was not.
    pub asked: Option<bool>,
    /// Only rows of at least this score in bits; rows without one have none.
    pub score_from: Option<f64>,
    /// Only rows below this score in bits.
    pub score_below: Option<f64>,
    /// Only rows that come after this one in the order, wherever it stands by now.
    pub after: Option<RecordId>,
    /// Only rows that were received no later than this one.
    pub up_to: Option<RecordId>,
    /// In which order.
    pub order: BucketOrder,
}

/// Whose a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Assignee {
    /// Nobody's.
    Nobody,
    /// This user's.
    User(UserId),
}

/// In which order rows of the bucket come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum BucketOrder {
    /// The one received first comes first.
    #[default]
    Oldest,
    /// The one received last comes first.
    Newest,
    /// The one comes first whose best candidate is the surest.
    Surest,
    /// The one comes first whose best candidate is the least sure.
    LeastSure,
}

/// The rows of the bucket that wait for one reason and came from one source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BucketCount {
    /// Why they wait.
    pub reason: Option<Reason>,
    /// Their reference source; none for rows without a reference.
    pub source: Option<String>,
    /// How many.
    pub count: i64,
    /// When the oldest was received.
    pub oldest: Timestamp,
}

/// What is said about a row at present.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewRow {
    /// The transaction.
    pub transaction: RecordId,
    /// Who is to look at it.
    pub assignee: Option<UserId>,
    /// What its sender was asked.
    pub question: Option<String>,
    /// When it was asked.
    pub asked_at: Option<Timestamp>,
    /// How many steps led here.
    pub steps: i32,
}

/// What a step did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReviewAction {
    /// The row was given to somebody.
    Assign,
    /// It is nobody's again.
    Unassign,
    /// Its sender was asked something.
    Ask,
}

impl ReviewAction {
    /// Every one.
    pub const ALL: &'static [Self] = &[Self::Assign, Self::Unassign, Self::Ask];

    /// Stable text.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Assign => "assign",
            Self::Unassign => "unassign",
            Self::Ask => "ask",
        }
    }

    /// The one whose text this is.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|own| own.as_str() == text)
    }
}

/// A step, kept for good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewStepRow {
    /// The transaction.
    pub transaction: RecordId,
    /// 1 for its first step, then 2, …
    pub number: i32,
    /// What was done.
    pub action: ReviewAction,
    /// To whom it was given.
    pub assignee: Option<UserId>,
    /// What was asked.
    pub question: Option<String>,
    /// Who did it.
    pub actor: String,
    /// When.
    pub at: Timestamp,
}

/// Reads about rows that wait.
pub trait ReadReviews {
    /// A page of the needs-update bucket, in the order that the filter says.
    ///
    /// # Errors
    /// Any failure of the store.
    fn needs_update_page(
        &mut self,
        organization: OrganizationId,
        filter: &NeedsUpdateFilter,
        skip: i64,
        take: i64,
    ) -> StoreResult<Vec<TransactionRow>>;
    /// The ids of such a page, which are read without the rows.
    ///
    /// # Errors
    /// Any failure of the store.
    fn needs_update_ids(
        &mut self,
        organization: OrganizationId,
        filter: &NeedsUpdateFilter,
        skip: i64,
        take: i64,
    ) -> StoreResult<Vec<RecordId>>;
    /// How many rows of the bucket the filter selects.
    ///
    /// # Errors
    /// Any failure of the store.
    fn needs_update_count(&mut self, organization: OrganizationId, filter: &NeedsUpdateFilter) -> StoreResult<i64>;
    /// Those rows counted by reason and source, most first.
    ///
    /// # Errors
    /// Any failure of the store.
    fn needs_update_counts(
        &mut self,
        organization: OrganizationId,
        filter: &NeedsUpdateFilter,
    ) -> StoreResult<Vec<BucketCount>>;
    /// What is said about these transactions, by transaction; nothing for those about which nothing was said.
    ///
    /// # Errors
    /// Any failure of the store.
    fn reviews(&mut self, organization: OrganizationId, ids: &[RecordId]) -> StoreResult<Vec<ReviewRow>>;
    /// The steps of a transaction, first to last.
    ///
    /// # Errors
    /// Any failure of the store.
    fn review_steps(&mut self, organization: OrganizationId, id: RecordId) -> StoreResult<Vec<ReviewStepRow>>;
    /// The corrections that the decision of this number brought with it, by id.
    ///
    /// # Errors
    /// Any failure of the store.
    fn choices(&mut self, organization: OrganizationId, id: RecordId, number: i32) -> StoreResult<Vec<RecordId>>;
}

/// Writes about rows that wait.
pub trait WriteReviews {
    /// Stores what is said about transactions at present, in place of what was said before.
    ///
    /// # Errors
    /// Any failure of the store.
    fn put_reviews(&mut self, organization: OrganizationId, changed: &[ReviewRow]) -> StoreResult<()>;
    /// Stores steps.
    ///
    /// # Errors
    /// [`crate::StoreError::Conflict`] when a number is taken.
    fn insert_review_steps(&mut self, organization: OrganizationId, new: &[ReviewStepRow]) -> StoreResult<()>;
    /// Notes which corrections a decision brought with it.
    ///
    /// # Errors
    /// [`crate::StoreError::Conflict`] when one was noted already.
    fn insert_choices(
        &mut self,
        organization: OrganizationId,
        id: RecordId,
        number: i32,
        records: &[RecordId],
    ) -> StoreResult<()>;
}
