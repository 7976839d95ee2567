//! The storage port: what the engine asks of a database, as bulk verbs of the pipeline.
//!
//! No diesel and no SQL here. Two backends implement it (`tributary-db`), and both pass the same
//! conformance suite (`tributary-db/tests`). Every verb takes the organization first: no verb reads or
//! writes across organizations, except the list of organizations itself.

mod access;
mod audit;
mod batch;
mod beside;
mod contact;
mod correction;
mod definition;
mod duplicate;
mod erasure;
mod error;
mod event;
mod gift;
mod label;
mod ledger;
mod matcher;
mod merge;
mod not_duplicate;
mod note;
mod outbox;
mod policy;
mod query;
mod replay;
mod review;
mod run_undo;
mod suggestion;
mod transaction;
mod user;
mod webhook;

pub use access::{ApiKey, OnceRow, Organization, PermissionGroupRow, ReadAccess, WHOLE_ORGANIZATION, WriteAccess};
pub use audit::{AuditRow, ChainHead, ChainedRow, ReadAudit, WriteAudit};
pub use batch::{Counter, Fence, ReadBatch, RunKind, RunOutcome, RunRow, RunState, WriteBatch};
pub use beside::{Avatar, PositionRow, ReadBeside, Rectangle, WriteBeside};
pub use contact::{
    AssignedRecord, ContactHead, ContactRow, ContactUpdate, KeyEntry, NewContact, ReadContacts, ReferenceEntry, Seek,
    SeenContact, WriteContacts,
};
pub use correction::{CorrectionRow, ReadCorrections, WriteCorrections};
pub use definition::{ContactTypeRow, CustomFieldRow, ReadDefinitions, WriteDefinitions};
pub use duplicate::{
    DuplicatePairRow, DuplicateScanRow, PairBand, PairClosed, PairFilter, ReadDuplicates, WriteDuplicates,
};
pub use erasure::{ErasureRow, Gone, ReadErasures, TombstoneKind, TombstoneRow, WriteErasures};
pub use error::{StoreError, StoreResult};
pub use event::{EventKey, EventKind, EventRow, FedEvent, ReadEvents, WriteEvents};
pub use gift::{GiftRow, ReadGifts, WriteGifts};
pub use label::{
    ContactLabelRow, ContactOrder, LabelFilter, LabelKind, LabelRow, LabelledContacts, ReadLabels, WriteLabels,
};
pub use ledger::{Claim, HeldRow, Ledger, LedgerTally};
pub use matcher::{MatcherActivationRow, MatcherDocumentRow, ReadMatcher, WriteMatcher};
pub use merge::{MergeRow, ReadMerges, RecordMove, WriteMerges};
pub use not_duplicate::{NotDuplicateRow, Other, ReadNotDuplicates, WriteNotDuplicates};
pub use note::{NoteOrder, NoteRow, NotesOf, ReadNotes, WriteNotes};
pub use outbox::{
    AttemptRow, ClaimedDelivery, DeliveryEnd, DeliveryFilter, DeliveryResult, DeliveryRow, DeliveryTally, NewDelivery,
    ReadOutbox, WriteOutbox,
};
pub use policy::{PolicyActivationRow, PolicyRow, ReadPolicies, WritePolicies};
pub use query::{FactsRange, FactsRow, ReadQuery, WriteQuery};
pub use replay::{ReadReplays, ReplayFilter, ReplayRow, WriteReplays};
pub use review::{
    Assignee, BucketCount, BucketOrder, NeedsUpdateFilter, ReadReviews, ReviewAction, ReviewRow, ReviewStepRow,
    WriteReviews,
};
pub use run_undo::{LeftRow, ReadRunUndos, RunUndoRow, WriteRunUndos};
pub use suggestion::{
    MergeSuggestionRow, ReadSuggestions, SuggestionClosed, SuggestionEnd, SuggestionFilter, WriteSuggestions,
};
pub use transaction::{
    DecisionRow, ReadTransactions, Settlement, StateCount, TransactionFilter, TransactionRow, WriteTransactions,
};
pub use user::{ReadUsers, Role, SessionPurpose, SessionRow, UserRow, WriteUsers};
pub use webhook::{PreviousSecret, ReadWebhooks, WebhookOptions, WebhookRow, WriteWebhooks};

/// Reads about what is kept beside golden records: what the organization says, and what queries run over.
pub trait ReadRecords: ReadLabels + ReadNotes + ReadDefinitions + ReadGifts + ReadQuery {}

/// Writes about what is kept beside golden records: what the organization says, and what queries run over.
pub trait WriteRecords: WriteLabels + WriteNotes + WriteDefinitions + WriteGifts + WriteQuery {}

impl<T> ReadRecords for T where T: ReadLabels + ReadNotes + ReadDefinitions + ReadGifts + ReadQuery {}

impl<T> WriteRecords for T where T: WriteLabels + WriteNotes + WriteDefinitions + WriteGifts + WriteQuery {}

/// Everything that can be read inside one consistent snapshot.
pub trait ReadTx:
    ReadAccess
    + ReadContacts
    + ReadMerges
    + ReadNotDuplicates
    + ReadDuplicates
    + ReadSuggestions
    + ReadErasures
    + ReadBeside
    + ReadTransactions
    + ReadCorrections
    + ReadReviews
    + ReadBatch
    + ReadRunUndos
    + ReadEvents
    + ReadOutbox
    + ReadReplays
    + ReadWebhooks
    + ReadAudit
    + ReadMatcher
    + ReadPolicies
    + ReadUsers
    + ReadRecords
{
}

/// Everything that can be done inside one write transaction.
pub trait WriteTx:
    ReadTx
    + WriteAccess
    + WriteContacts
    + WriteMerges
    + WriteNotDuplicates
    + WriteDuplicates
    + WriteSuggestions
    + WriteErasures
    + WriteBeside
    + WriteTransactions
    + WriteCorrections
    + WriteReviews
    + WriteBatch
    + WriteRunUndos
    + WriteEvents
    + WriteOutbox
    + WriteReplays
    + WriteWebhooks
    + WriteAudit
    + WriteMatcher
    + WritePolicies
    + WriteUsers
    + WriteRecords
{
}

impl<T> ReadTx for T where
    T: ReadAccess
        + ReadContacts
        + ReadMerges
        + ReadNotDuplicates
        + ReadDuplicates
        + ReadSuggestions
        + ReadErasures
        + ReadBeside
        + ReadTransactions
        + ReadCorrections
        + ReadReviews
        + ReadBatch
        + ReadRunUndos
        + ReadEvents
        + ReadOutbox
        + ReadReplays
        + ReadWebhooks
        + ReadAudit
        + ReadMatcher
        + ReadPolicies
        + ReadUsers
        + ReadRecords
{
}

impl<T> WriteTx for T where
    T: ReadTx
        + WriteAccess
        + WriteContacts
        + WriteMerges
        + WriteNotDuplicates
        + WriteDuplicates
        + WriteSuggestions
        + WriteErasures
        + WriteBeside
        + WriteTransactions
        + WriteCorrections
        + WriteReviews
        + WriteBatch
        + WriteRunUndos
        + WriteEvents
        + WriteOutbox
        + WriteReplays
        + WriteWebhooks
        + WriteAudit
        + WriteMatcher
        + WritePolicies
        + WriteUsers
        + WriteRecords
{
}

/// Body of a read: runs once.
pub type ReadBody<'a> = &'a mut dyn FnMut(&mut dyn ReadTx) -> StoreResult<()>;
/// Body of a write: runs again after a serialization failure or a busy database, so it must do nothing
/// but use the transaction and assign its result.
pub type WriteBody<'a> = &'a mut dyn FnMut(&mut dyn WriteTx) -> StoreResult<()>;

/// A state of a database: by which connection it was read, and what that connection calls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp(pub u64, pub i64);

/// An open database.
pub trait Store: Send + Sync {
    /// Runs the body in a read transaction (one snapshot).
    ///
    /// # Errors
    /// What the body returns, or [`StoreError::Unavailable`] when no connection can be had.
    fn read(&self, body: ReadBody<'_>) -> StoreResult<()>;

    /// Runs a body of one statement, without a transaction around it and on this thread, if that is done in no time:
    /// on a file, with a connection at hand. `false` when it is not, and then the body did not run.
    ///
    /// # Errors
    /// What the body returns.
    fn glance(&self, _body: ReadBody<'_>) -> StoreResult<bool> {
        Ok(false)
    }

    /// The state of the database, read in no time: while it is the same, nothing was committed by anybody, but for what
    /// the ledger holds. None where there is no such sign.
    fn stamp(&self) -> Option<Stamp> {
        None
    }

    /// Runs the body in a write transaction, committed durably when it returns `Ok`, rolled back otherwise.
    /// `name` tells metrics and logs which write this is.
    ///
    /// # Errors
    /// What the body returns, or [`StoreError::Unavailable`] when no connection can be had.
    fn write(&self, name: &'static str, body: WriteBody<'_>) -> StoreResult<()>;

    /// The holding ledger. On SQLite a file of its own, so that intake does not wait for a batch.
    fn ledger(&self) -> &dyn Ledger;

    /// How many statements this store has sent since it was opened; for the tests that bound a chunk's cost.
    fn statement_count(&self) -> u64;

    /// Name of the backend: `sqlite` or `postgres`.
    fn backend(&self) -> &'static str;

    /// Writes a consistent copy of the database to files beginning with this path.
    ///
    /// # Errors
    /// [`StoreError::Unsupported`] where the server's own tools have to be used.
    fn backup(&self, path: &std::path::Path) -> StoreResult<()>;
}

/// Forms of [`Store::read`] and [`Store::write`] that hand back a value.
pub trait StoreExt: Store {
    /// Reads a value in one snapshot.
    ///
    /// # Errors
    /// As [`Store::read`].
    fn reading<T>(&self, mut body: impl FnMut(&mut dyn ReadTx) -> StoreResult<T>) -> StoreResult<T> {
        let mut out = None;
        self.read(&mut |tx| {
            out = Some(body(tx)?);
            Ok(())
        })?;
        out.ok_or(StoreError::NotRun)
    }

    /// What one statement finds, if it can be looked up at once; none when it cannot.
    ///
    /// # Errors
    /// As [`Store::glance`].
    fn glancing<T>(&self, mut body: impl FnMut(&mut dyn ReadTx) -> StoreResult<T>) -> StoreResult<Option<T>> {
        let mut out = None;
        self.glance(&mut |tx| {
            out = Some(body(tx)?);
            Ok(())
        })?;
        Ok(out)
    }

    /// Writes, and hands back what the last run of the body returned.
    ///
    /// # Errors
    /// As [`Store::write`].
    fn writing<T>(
        &self,
        name: &'static str,
        mut body: impl FnMut(&mut dyn WriteTx) -> StoreResult<T>,
    ) -> StoreResult<T> {
        let mut out = None;
        self.write(name, &mut |tx| {
            out = Some(body(tx)?);
            Ok(())
        })?;
        out.ok_or(StoreError::NotRun)
    }
}

impl<S: Store + ?Sized> StoreExt for S {}
