//! What can go wrong with a store, without a word of HTTP.

use tributary_contact::ContactId;

/// Result of a verb.
pub type StoreResult<T> = Result<T, StoreError>;

/// A failure of the store. Messages hold no personal data.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A version, state or unique key was not as the caller expected; read again and decide again.
    #[error("{what} was changed or taken by another writer")]
    Conflict {
        /// What clashed, for example `contact` or `reference`.
        what: &'static str,
    },
    /// A reference that was to be given to a contact is another one's.
    #[error("a reference is contact {contact}'s already")]
    ReferenceTaken {
        /// Whose it is.
        contact: ContactId,
    },
    /// The lease was lost: another worker holds a newer fencing token.
    #[error("the lease {lease} is no longer held")]
    Fenced {
        /// Name of the lease.
        lease: String,
    },
    /// The database stayed locked or kept refusing to serialize.
    #[error("the database is busy")]
    Busy(#[source] Option<BoxError>),
    /// The database cannot be reached or the connection broke.
    #[error("the database cannot be reached")]
    Unavailable(#[source] Option<BoxError>),
    /// A stored value cannot be understood.
    #[error("stored data is damaged: {table}.{column}")]
    Corrupt {
        /// Table.
        table: &'static str,
        /// Column.
        column: &'static str,
        /// Cause.
        #[source]
        source: BoxError,
    },
    /// The URL does not name a database this program opens.
    #[error("cannot open the database: {0}")]
    Url(String),
    /// The schema could not be brought up to date.
    #[error("migrations failed: {0}")]
    Migration(String),
    /// This backend leaves the task to the database's own tools.
    #[error("{0}")]
    Unsupported(&'static str),
    /// The body of a transaction was never run.
    #[error("the transaction was not run")]
    NotRun,
    /// Anything else.
    #[error("the database reported an error")]
    Other(#[source] BoxError),
}

/// A boxed cause.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;
