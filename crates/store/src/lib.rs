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
mod error;
mod event;
mod gift;
mod label;
mod ledger;
mod matcher;
mod note;
mod outbox;
mod replay;
mod transaction;
mod user;
mod webhook;

pub use access::{ApiKey, OnceRow, Organization, PermissionGroupRow, ReadAccess, WHOLE_ORGANIZATION, WriteAccess};
pub use audit::{AuditRow, ReadAudit, WriteAudit};
pub use batch::{Counter, Fence, ReadBatch, RunKind, RunOutcome, RunRow, RunState, WriteBatch};
pub use beside::{Avatar, PositionRow, ReadBeside, Rectangle, WriteBeside};
pub use contact::{
    AssignedRecord, ContactHead, ContactRow, ContactUpdate, KeyEntry, NewContact, ReadContacts, ReferenceEntry,
    WriteContacts,
};
pub use correction::{CorrectionRow, ReadCorrections, WriteCorrections};
pub use definition::{ContactTypeRow, CustomFieldRow, ReadDefinitions, WriteDefinitions};
pub use error::{StoreError, StoreResult};
pub use event::{EventKey, EventKind, EventRow, FedEvent, ReadEvents, WriteEvents};
pub use gift::{GiftRow, ReadGifts, WriteGifts};
pub use label::{
    ContactLabelRow, ContactOrder, LabelFilter, LabelKind, LabelRow, LabelledContacts, ReadLabels, WriteLabels,
};
pub use ledger::{Claim, HeldRow, Ledger, LedgerTally};
pub use matcher::{MatcherActivationRow, MatcherDocumentRow, ReadMatcher, WriteMatcher};
pub use note::{NoteOrder, NoteRow, NotesOf, ReadNotes, WriteNotes};
pub use outbox::{
    AttemptRow, ClaimedDelivery, DeliveryEnd, DeliveryFilter, DeliveryResult, DeliveryRow, DeliveryTally, NewDelivery,
    ReadOutbox, WriteOutbox,
};
pub use replay::{ReadReplays, ReplayFilter, ReplayRow, WriteReplays};
pub use transaction::{
    DecisionRow, NeedsUpdateFilter, ReadTransactions, Settlement, StateCount, TransactionRow, WriteTransactions,
};
pub use user::{ReadUsers, Role, SessionPurpose, SessionRow, UserRow, WriteUsers};
pub use webhook::{PreviousSecret, ReadWebhooks, WebhookOptions, WebhookRow, WriteWebhooks};

/// Reads about what an organization keeps beside its golden records.
pub trait ReadRecords: ReadLabels + ReadNotes + ReadDefinitions + ReadGifts {}

/// Writes about what an organization keeps beside its golden records.
pub trait WriteRecords: WriteLabels + WriteNotes + WriteDefinitions + WriteGifts {}

impl<T> ReadRecords for T where T: ReadLabels + ReadNotes + ReadDefinitions + ReadGifts {}

impl<T> WriteRecords for T where T: WriteLabels + WriteNotes + WriteDefinitions + WriteGifts {}

/// Everything that can be read inside one consistent snapshot.
pub trait ReadTx:
    ReadAccess
    + ReadContacts
    + ReadBeside
    + ReadTransactions
    + ReadCorrections
    + ReadBatch
    + ReadEvents
    + ReadOutbox
    + ReadReplays
    + ReadWebhooks
    + ReadAudit
    + ReadMatcher
    + ReadUsers
    + ReadRecords
{
}

/// Everything that can be done inside one write transaction.
pub trait WriteTx:
    ReadTx
    + WriteAccess
    + WriteContacts
    + WriteBeside
    + WriteTransactions
    + WriteCorrections
    + WriteBatch
    + WriteEvents
    + WriteOutbox
    + WriteReplays
    + WriteWebhooks
    + WriteAudit
    + WriteMatcher
    + WriteUsers
    + WriteRecords
{
}

impl<T> ReadTx for T where
    T: ReadAccess
        + ReadContacts
        + ReadBeside
        + ReadTransactions
        + ReadCorrections
        + ReadBatch
        + ReadEvents
        + ReadOutbox
        + ReadReplays
        + ReadWebhooks
        + ReadAudit
        + ReadMatcher
        + ReadUsers
        + ReadRecords
{
}

impl<T> WriteTx for T where
    T: ReadTx
        + WriteAccess
        + WriteContacts
        + WriteBeside
        + WriteTransactions
        + WriteCorrections
        + WriteBatch
        + WriteEvents
        + WriteOutbox
        + WriteReplays
        + WriteWebhooks
        + WriteAudit
        + WriteMatcher
        + WriteUsers
        + WriteRecords
{
}

/// Body of a read: runs once.
pub type ReadBody<'a> = &'a mut dyn FnMut(&mut dyn ReadTx) -> StoreResult<()>;
/// Body of a write: runs again after a serialization failure or a busy database, so it must do nothing
/// but use the transaction and assign its result.
pub type WriteBody<'a> = &'a mut dyn FnMut(&mut dyn WriteTx) -> StoreResult<()>;

/// An open database.
pub trait Store: Send + Sync {
    /// Runs the body in a read transaction (one snapshot).
    ///
    /// # Errors
    /// What the body returns, or [`StoreError::Unavailable`] when no connection can be had.
    fn read(&self, body: ReadBody<'_>) -> StoreResult<()>;

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
