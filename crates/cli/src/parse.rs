//! Argument values that are words of the product.

use chrono::{DateTime, NaiveDate};
use tributary_contact::RecordId;
use tributary_contact::clock::Timestamp;
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

/// A time: RFC 3339, or the beginning of a day in UTC.
pub fn time(text: &str) -> Result<Timestamp, String> {
    let instant = DateTime::parse_from_rfc3339(text).ok().map(|at| at.to_utc());
    let day = || NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?.and_hms_opt(0, 0, 0);
    instant
        .or_else(|| day().map(|at| at.and_utc()))
        .ok_or_else(|| "a time like 2026-11-23T09:00:00Z, or a day".to_owned())
}

/// The role of a person who signs in.
pub fn role(text: &str) -> Result<Role, String> {
    let names = || Role::ALL.map(Role::as_str).join(", ");
    Role::parse(text).ok_or_else(|| format!("must be one of {}", names()))
}
