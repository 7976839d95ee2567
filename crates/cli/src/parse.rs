//! Argument values that are words of the product.

use tributary_contact::RecordId;
use tributary_contact::state::Reason;
use tributary_engine::Scope;
use tributary_store::Role;

/// The id of a transaction.
pub fn transaction(text: &str) -> Result<RecordId, String> {
    text.parse().map(RecordId).map_err(|_| "not a transaction id (a UUID)".to_owned())
}

/// A scope of an API key.
pub fn scope(text: &str) -> Result<Scope, String> {
    let names = || Scope::ALL.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(", ");
    Scope::parse(text).ok_or_else(|| format!("must be one of {}", names()))
}

/// A reason code of the needs-update bucket.
pub fn reason(text: &str) -> Result<Reason, String> {
    let names = || Reason::ALL.iter().map(|reason| reason.as_str()).collect::<Vec<_>>().join(", ");
    Reason::parse(text).ok_or_else(|| format!("must be one of {}", names()))
}

/// The role of a person who signs in.
pub fn role(text: &str) -> Result<Role, String> {
    let names = || Role::ALL.map(Role::as_str).join(", ");
    Role::parse(text).ok_or_else(|| format!("must be one of {}", names()))
}
