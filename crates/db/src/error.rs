//! What a diesel error means to the callers of the port.

use diesel::result::{DatabaseErrorKind as Kind, Error};
use tributary_store::StoreError;

/// Texts by which the databases say that a transaction may be tried again (neither driver hands out a code).
const BUSY: &[&str] = &["database is locked", "database table is locked", "deadlock detected", "lock timeout"];
/// Texts by which they say that they cannot work at all at the moment.
const UNAVAILABLE: &[&str] = &[
    "disk I/O error",
    "unable to open database file",
    "database or disk is full",
    "terminating connection",
    "the database system is",
];

/// The store error for a failed statement; a violated key is a conflict about `what`.
pub(crate) fn on(what: &'static str) -> impl FnOnce(Error) -> StoreError {
    move |error| match error {
        Error::DatabaseError(Kind::UniqueViolation, _) => StoreError::Conflict { what },
        Error::DatabaseError(Kind::SerializationFailure, _) => StoreError::Busy(Some(error.into())),
        Error::DatabaseError(Kind::UnableToSendCommand | Kind::ClosedConnection, _) => {
            StoreError::Unavailable(Some(error.into()))
        }
        Error::DatabaseError(_, ref info) if says(info.message(), BUSY) => StoreError::Busy(Some(error.into())),
        Error::DatabaseError(_, ref info) if says(info.message(), UNAVAILABLE) => {
            StoreError::Unavailable(Some(error.into()))
        }
        other => StoreError::Other(other.into()),
    }
}

/// The store error for a failed statement that violates no key.
pub(crate) fn any(error: Error) -> StoreError {
    on("row")(error)
}

/// Whether another connection holds what the statement needs.
pub(crate) fn is_busy(error: &Error) -> bool {
    matches!(error, Error::DatabaseError(_, info) if says(info.message(), BUSY))
}

fn says(message: &str, texts: &[&str]) -> bool {
    texts.iter().any(|text| message.contains(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn database(kind: Kind, message: &str) -> Error {
        Error::DatabaseError(kind, Box::new(message.to_owned()))
    }

    #[test]
    fn a_violated_key_is_a_conflict() {
        let error = on("reference")(database(Kind::UniqueViolation, "…"));
        assert!(matches!(error, StoreError::Conflict { what: "reference" }));
    }

    #[test]
    fn a_lock_or_a_deadlock_may_be_tried_again() {
        for message in BUSY {
            assert!(matches!(any(database(Kind::Unknown, message)), StoreError::Busy(_)));
        }
        assert!(matches!(any(database(Kind::SerializationFailure, "…")), StoreError::Busy(_)));
    }

    #[test]
    fn a_broken_connection_is_unavailable() {
        assert!(matches!(any(database(Kind::UnableToSendCommand, "…")), StoreError::Unavailable(_)));
        assert!(matches!(any(database(Kind::Unknown, "disk I/O error")), StoreError::Unavailable(_)));
    }
}
