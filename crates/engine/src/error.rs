//! What a use case can answer instead of a result. The API maps each to a status in one place.

use tributary_contact::ContactId;
use tributary_contact::issue::Issue;
use tributary_store::StoreError;

/// A failure of a use case. Messages hold no personal data.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The input is not acceptable; every problem is named.
    #[error("the input has {} problem(s)", .0.len())]
    Invalid(Vec<Issue>),
    /// There is no such thing in this organization.
    #[error("not found")]
    NotFound,
    /// The request clashes with the present state.
    #[error("{message}")]
    Conflict {
        /// What clashes, for the caller.
        message: String,
        /// The contact that has what was asked for, where that is what clashes.
        existing: Option<ContactId>,
    },
    /// It is about somebody whose data were erased.
    #[error("{message}")]
    Erased {
        /// What that means, for the caller.
        message: String,
    },
    /// Another writer changed the same contact meanwhile, again and again; the request can be repeated.
    #[error("the contact was changed meanwhile")]
    Raced,
    /// Too much is waiting; come back shortly.
    #[error("too many submissions are waiting")]
    Busy,
    /// The database cannot be reached.
    #[error("the database cannot be reached")]
    Unavailable(#[source] StoreError),
    /// The process is shutting down.
    #[error("the process is shutting down")]
    Stopped,
    /// Anything else: a defect or damaged data.
    #[error("internal error")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl EngineError {
    pub(crate) fn conflict(message: impl Into<String>) -> Self {
        Self::Conflict { message: message.into(), existing: None }
    }

    pub(crate) fn internal(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Internal(cause.into())
    }
}

impl From<StoreError> for EngineError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict { what: "reference" } => Self::conflict("The reference belongs to another contact."),
            StoreError::ReferenceTaken { contact } => Self::Conflict {
                message: format!("The reference belongs to contact {contact}."),
                existing: Some(contact),
            },
            // Two writers made the same label at once: the second finds it when it tries again.
            StoreError::Conflict { what: "contact" | "label" } => Self::Raced,
            StoreError::Conflict { what } => Self::conflict(format!("The {what} was changed or taken meanwhile.")),
            StoreError::Busy(_) | StoreError::Unavailable(_) => Self::Unavailable(error),
            other => Self::Internal(Box::new(other)),
        }
    }
}
