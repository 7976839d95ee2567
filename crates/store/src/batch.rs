//! Leases, id counters and batch runs.

use crate::StoreResult;
use tributary_contact::clock::Timestamp;
use tributary_contact::state::{Reason, State};
use tributary_contact::{OrganizationId, RecordId, RunId};

/// A held lease. The token goes up with every change of holder, so that work of a former holder is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fence {
    /// Name of the lease, for example `batch`.
    pub lease: String,
    /// Fencing token.
    pub token: i64,
}

/// Number spaces of an organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counter {
    /// Contact ids.
    Contact,
    /// Individuals, methods and addresses.
    Item,
    /// Batch runs.
    Run,
    /// API keys.
    ApiKey,
    /// Webhook subscriptions.
    Webhook,
    /// Tags and groups.
    Label,
    /// Tags and groups of contacts.
    ContactLabel,
    /// Notes.
    Note,
    /// Merges of contacts.
    Merge,
    /// What people said is not one.
    NotDuplicate,
    /// Scans for duplicates.
    DuplicateScan,
    /// Suggestions that two contacts are one.
    MergeSuggestion,
    /// Erasures.
    Erasure,
    /// Custom collections.
    CustomCollection,
    /// Gifts.
    Gift,
    /// Places in the feed of events; given out in order of commit, see [`crate::WriteEvents::insert_events`].
    Event,
    /// Replays of events.
    Replay,
    /// Versions of the matcher.
    MatcherDocument,
    /// Activations of versions of the matcher.
    MatcherActivation,
    /// Versions of the survivorship policy.
    Policy,
    /// Activations of versions of the policy.
    PolicyActivation,
    /// People who sign in.
    User,
    /// Changes of contacts made outside a batch; tells a running batch that what it remembers may be stale.
    Revision,
}

impl Counter {
    /// The name it is stored under.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Contact => "contact",
            Self::Item => "item",
            Self::Run => "run",
            Self::ApiKey => "api_key",
            Self::Webhook => "webhook",
            Self::Label => "label",
            Self::ContactLabel => "contact_label",
            Self::Note => "note",
            Self::Merge => "merge",
            Self::NotDuplicate => "not_duplicate",
            Self::DuplicateScan => "duplicate_scan",
            Self::MergeSuggestion => "merge_suggestion",
            Self::Erasure => "erasure",
            Self::CustomCollection => "custom_collection",
            Self::Gift => "gift",
            Self::Event => "event",
            Self::Replay => "replay",
            Self::MatcherDocument => "matcher_document",
            Self::MatcherActivation => "matcher_activation",
            Self::Policy => "policy",
            Self::PolicyActivation => "policy_activation",
            Self::User => "user",
            Self::Revision => "revision",
        }
    }
}

/// What started a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunKind {
    /// The nightly schedule.
    Scheduled,
    /// A person or a script.
    Manual,
}

impl RunKind {
    /// Stable text.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Scheduled => "scheduled",
            Self::Manual => "manual",
        }
    }

    /// The kind whose text this is.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Scheduled, Self::Manual].into_iter().find(|kind| kind.as_str() == text)
    }
}

/// Where a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunState {
    /// Going on, or cut off and to be resumed.
    Running,
    /// Finished, and everything adds up.
    Done,
    /// Finished, but the conservation check failed.
    Broken,
}

impl RunState {
    /// Stable text.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Done => "done",
            Self::Broken => "broken",
        }
    }

    /// The state whose text this is.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Running, Self::Done, Self::Broken].into_iter().find(|state| state.as_str() == text)
    }
}

/// A batch run.
#[derive(Debug, Clone, PartialEq)]
pub struct RunRow {
    /// Id.
    pub id: RunId,
    /// What started it.
    pub kind: RunKind,
    /// Where it stands.
    pub state: RunState,
    /// The due time it was started for, when scheduled.
    pub due_at: Option<Timestamp>,
    /// When it started.
    pub started_at: Timestamp,
    /// When it finished.
    pub finished_at: Option<Timestamp>,
    /// Last row of the ledger that belongs to it; later ones wait for the next run.
    pub cutoff: Option<RecordId>,
    /// Rows taken up so far.
    pub received: i64,
    /// Report as JSON: counts, durations per step, the outcome of the conservation check.
    pub report: String,
}

/// How many decisions of a run had an outcome, for a reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RunOutcome {
    /// Outcome.
    pub outcome: State,
    /// Reason.
    pub reason: Option<Reason>,
    /// How many.
    pub count: i64,
}

/// Reads about runs.
pub trait ReadBatch {
    /// One run.
    ///
    /// # Errors
    /// Any failure of the store.
    fn run(&mut self, organization: OrganizationId, id: RunId) -> StoreResult<Option<RunRow>>;
    /// Runs, newest first.
    ///
    /// # Errors
    /// Any failure of the store.
    fn runs(&mut self, organization: OrganizationId, skip: i64, take: i64) -> StoreResult<Vec<RunRow>>;
    /// How many runs there were.
    ///
    /// # Errors
    /// Any failure of the store.
    fn run_count(&mut self, organization: OrganizationId) -> StoreResult<i64>;
    /// Counts of the run's decisions per outcome and reason.
    ///
    /// # Errors
    /// Any failure of the store.
    fn run_outcomes(&mut self, organization: OrganizationId, id: RunId) -> StoreResult<Vec<RunOutcome>>;
    /// Transactions that the run's decisions say brought a person: a new contact, or a new individual of one. By id.
    /// Decisions that were taken back are left out, and people who were found to be others since.
    ///
    /// # Errors
    /// Any failure of the store.
    fn run_newcomers(&mut self, organization: OrganizationId, id: RunId) -> StoreResult<Vec<RecordId>>;
    /// The next number of a counter, without taking it.
    ///
    /// # Errors
    /// Any failure of the store.
    fn counter(&mut self, organization: OrganizationId, counter: Counter) -> StoreResult<i64>;
    /// Holder of a lease that has not expired.
    ///
    /// # Errors
    /// Any failure of the store.
    fn lease_holder(
        &mut self,
        organization: OrganizationId,
        lease: &str,
        now: Timestamp,
    ) -> StoreResult<Option<String>>;
}

/// Writes about leases, counters and runs.
pub trait WriteBatch {
    /// Takes a lease that is free, expired or already the holder's; none when another holds it.
    ///
    /// # Errors
    /// Any failure of the store.
    fn acquire_lease(
        &mut self,
        organization: OrganizationId,
        lease: &str,
        holder: &str,
        now: Timestamp,
        until: Timestamp,
    ) -> StoreResult<Option<Fence>>;
    /// Heartbeat and fence check in one: moves the end of the lease, and locks it until the transaction ends.
    ///
    /// # Errors
    /// [`crate::StoreError::Fenced`] when the token is no longer the lease's.
    fn extend_lease(&mut self, organization: OrganizationId, fence: &Fence, until: Timestamp) -> StoreResult<()>;
    /// Ends a lease; nothing happens when it is no longer held.
    ///
    /// # Errors
    /// Any failure of the store.
    fn release_lease(&mut self, organization: OrganizationId, fence: &Fence) -> StoreResult<()>;
    /// Reserves `count` numbers and hands the first one back. Numbers are never given twice, also not
    /// after a rollback by the same caller's retry; gaps are fine.
    ///
    /// # Errors
    /// Any failure of the store.
    fn allocate(&mut self, organization: OrganizationId, counter: Counter, count: i64) -> StoreResult<i64>;
    /// Stores a new run.
    ///
    /// # Errors
    /// Any failure of the store.
    fn insert_run(&mut self, organization: OrganizationId, run: &RunRow) -> StoreResult<()>;
    /// Stores state, end, cutoff, received and report of a run.
    ///
    /// # Errors
    /// Any failure of the store.
    fn update_run(&mut self, organization: OrganizationId, run: &RunRow) -> StoreResult<()>;
}
