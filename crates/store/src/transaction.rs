//! Contact transactions that a batch has taken up, and the decisions about them.

use crate::StoreResult;
use tributary_contact::clock::Timestamp;
use tributary_contact::state::{Level, Reason, State};
use tributary_contact::{ContactId, ItemId, OrganizationId, RecordId, Reference, RunId, Submission};

/// A transaction as stored in the main database.
#[derive(Debug, Clone, PartialEq)]
pub struct TransactionRow {
    /// Id.
    pub id: RecordId,
    /// When it was received.
    pub received_at: Timestamp,
    /// The API key that sent it.
    pub key_id: Option<i64>,
    /// What counts: as it was sent, or as a person corrected it last.
    pub submission: Submission,
    /// As it was sent, when a correction counts in its place. Read only: a correction is stored by
    /// [`crate::WriteCorrections::insert_corrections`].
    pub sent: Option<Box<Submission>>,
    /// Where it stands. `held` here means: sent back by a person, waits for the next run.
    pub state: State,
    /// Why it waits or was rejected.
    pub reason: Option<Reason>,
    /// How it was merged.
    pub level: Option<Level>,
    /// The contact it belongs to; only in the states created, merged and unchanged.
    pub contact: Option<ContactId>,
    /// The individual it speaks of.
    pub individual: Option<ItemId>,
    /// First item number reserved for it, once it has been assigned.
    pub first_item: Option<ItemId>,
    /// The run that decided it last.
    pub run: Option<RunId>,
    /// When it was decided last.
    pub decided_at: Option<Timestamp>,
    /// The policy that it was decided under last; 0 is the shipped one.
    pub policy: i64,
    /// When its content was erased; it says nothing then.
    pub erased: Option<Timestamp>,
}

/// A change of a stored transaction's state.
#[derive(Debug, Clone, PartialEq)]
pub struct Settlement {
    /// Id.
    pub id: RecordId,
    /// State it must be in.
    pub expected: State,
    /// State it goes to.
    pub state: State,
    /// New reason.
    pub reason: Option<Reason>,
    /// New level.
    pub level: Option<Level>,
    /// New contact.
    pub contact: Option<ContactId>,
    /// New individual.
    pub individual: Option<ItemId>,
    /// New first item number.
    pub first_item: Option<ItemId>,
    /// The run that decides it, if a run does.
    pub run: Option<RunId>,
    /// When.
    pub decided_at: Option<Timestamp>,
    /// The policy that it is decided under; 0 is the shipped one.
    pub policy: i64,
}

/// A decision about a transaction; never changed but for `undone_at`.
#[derive(Debug, Clone, PartialEq)]
pub struct DecisionRow {
    /// The transaction.
    pub transaction: RecordId,
    /// 1 for its first decision, then 2, …
    pub number: i32,
    /// The run that took it, none when a person did.
    pub run: Option<RunId>,
    /// What was decided: an end state, `needs_update`, or `held` for "retry".
    pub outcome: State,
    /// How it was merged.
    pub level: Option<Level>,
    /// Why it waits or was rejected.
    pub reason: Option<Reason>,
    /// The contact.
    pub contact: Option<ContactId>,
    /// The individual.
    pub individual: Option<ItemId>,
    /// Evidence for the target in bits.
    pub score: Option<f64>,
    /// Candidates with evidence per field, as JSON without personal data.
    pub explanation: String,
    /// Version of the weights used.
    pub weights_version: String,
    /// Version of the policy used; 0 is the shipped one.
    pub policy: i64,
    /// `batch`, or who decided.
    pub actor: String,
    /// When.
    pub decided_at: Timestamp,
    /// When it was taken back.
    pub undone_at: Option<Timestamp>,
}

/// How many transactions are in a state, for a reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StateCount {
    /// State.
    pub state: State,
    /// Reason.
    pub reason: Option<Reason>,
    /// How many.
    pub count: i64,
}

/// Which transactions are looked for, the newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TransactionFilter {
    /// Only those in this state.
    pub state: Option<State>,
    /// Only those with this reason.
    pub reason: Option<Reason>,
    /// Only those whose text as it was sent has every one of these, whatever the case of ASCII letters. Corrected ones are
    /// all selected: they say something else too.
    pub texts: Vec<String>,
    /// Only those that were received before this one.
    pub before: Option<RecordId>,
}

/// Reads about transactions and decisions.
pub trait ReadTransactions {
    /// The transactions with these ids, by id.
    ///
    /// # Errors
    /// Any failure of the store.
    fn transactions(&mut self, organization: OrganizationId, ids: &[RecordId]) -> StoreResult<Vec<TransactionRow>>;
    /// Which of these ids have been moved here, by id.
    ///
    /// # Errors
    /// Any failure of the store.
    fn known_transactions(&mut self, organization: OrganizationId, ids: &[RecordId]) -> StoreResult<Vec<RecordId>>;
    /// Transactions that were sent under this reference, or corrected to it, newest first.
    ///
    /// # Errors
    /// Any failure of the store.
    fn transactions_by_reference(
        &mut self,
        organization: OrganizationId,
        reference: &Reference,
        limit: i64,
    ) -> StoreResult<Vec<TransactionRow>>;
    /// Transactions in a state, in order of receipt, after an id.
    ///
    /// # Errors
    /// Any failure of the store.
    fn transactions_in_state(
        &mut self,
        organization: OrganizationId,
        state: State,
        after: Option<RecordId>,
        limit: i64,
    ) -> StoreResult<Vec<TransactionRow>>;
    /// Counts per state and reason.
    ///
    /// # Errors
    /// Any failure of the store.
    fn state_counts(&mut self, organization: OrganizationId) -> StoreResult<Vec<StateCount>>;
    /// All decisions about a transaction, first to last.
    ///
    /// # Errors
    /// Any failure of the store.
    fn decisions(&mut self, organization: OrganizationId, transaction: RecordId) -> StoreResult<Vec<DecisionRow>>;
    /// Every transaction of the main database in order of receipt, after an id (for exports).
    ///
    /// # Errors
    /// Any failure of the store.
    fn transaction_page(
        &mut self,
        organization: OrganizationId,
        after: Option<RecordId>,
        limit: i64,
    ) -> StoreResult<Vec<TransactionRow>>;
    /// Looks through this many transactions at most, the newest first, and hands back those that the filter selects, with
    /// the last one that was looked at; none when it was the very first.
    ///
    /// # Errors
    /// Any failure of the store.
    fn transactions_back(
        &mut self,
        organization: OrganizationId,
        filter: &TransactionFilter,
        window: i64,
    ) -> StoreResult<(Vec<TransactionRow>, Option<RecordId>)>;
    /// The latest decision of each of these transactions, by transaction.
    ///
    /// # Errors
    /// Any failure of the store.
    fn latest_decisions(
        &mut self,
        organization: OrganizationId,
        transactions: &[RecordId],
    ) -> StoreResult<Vec<DecisionRow>>;
}

/// Writes about transactions and decisions.
pub trait WriteTransactions {
    /// Stores transactions that come from the ledger.
    ///
    /// # Errors
    /// [`crate::StoreError::Conflict`] when one is there already.
    fn insert_transactions(&mut self, organization: OrganizationId, new: &[TransactionRow]) -> StoreResult<()>;
    /// Changes states.
    ///
    /// # Errors
    /// [`crate::StoreError::Conflict`] when any is not in the expected state.
    fn settle_transactions(&mut self, organization: OrganizationId, changes: &[Settlement]) -> StoreResult<()>;
    /// Stores decisions.
    ///
    /// # Errors
    /// [`crate::StoreError::Conflict`] when a number is taken.
    fn insert_decisions(&mut self, organization: OrganizationId, new: &[DecisionRow]) -> StoreResult<()>;
    /// Marks decisions as taken back, by transaction and number.
    ///
    /// # Errors
    /// [`crate::StoreError::Conflict`] when any already was.
    fn mark_undone(
        &mut self,
        organization: OrganizationId,
        decisions: &[(RecordId, i32)],
        at: Timestamp,
    ) -> StoreResult<()>;
}
