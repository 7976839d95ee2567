//! Kinds of failed attempts, and how an error of the HTTP client is sorted into them.

use crate::guard::{GuardError, ResolveError};
use std::error::Error;
use std::io;

/// Why an attempt failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Failure {
    /// Not done in time: connecting, or the whole exchange.
    Timeout,
    /// No connection.
    Connect,
    /// The host name was not found.
    Dns,
    /// No secure connection, or a certificate that does not hold.
    Tls,
    /// The target is not a public address.
    BlockedAddress,
    /// The stored URL or a header cannot be sent, under the rules in force now.
    InvalidRequest,
    /// An answer other than 2xx.
    HttpStatus,
    /// 410: the receiver wants no more events.
    Gone,
    /// The connection broke before the answer was complete.
    Reset,
    /// The answer was not HTTP.
    Protocol,
}

impl Failure {
    /// Stable code for records, metrics and answers.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Timeout => "timeout",
            Self::Connect => "connect",
            Self::Dns => "dns",
            Self::Tls => "tls",
            Self::BlockedAddress => "blocked_address",
            Self::InvalidRequest => "invalid_request",
            Self::HttpStatus => "http_status",
            Self::Gone => "gone",
            Self::Reset => "reset",
            Self::Protocol => "protocol",
        }
    }

    /// What a status means: none for 2xx. Redirects are failures, they are never followed.
    pub(super) fn of_status(status: u16) -> Option<Self> {
        match status {
            200..=299 => None,
            410 => Some(Self::Gone),
            _ => Some(Self::HttpStatus),
        }
    }

    /// Sorts an error of the HTTP client. The guard's own refusal comes first, since it also looks like a failed
    /// look-up.
    pub(super) fn of_error(error: &reqwest::Error) -> Self {
        if has_cause(error, |cause| cause.downcast_ref() == Some(&ResolveError::Blocked)) {
            Self::BlockedAddress
        } else if error.is_timeout() {
            Self::Timeout
        } else if error.is_dns() {
            Self::Dns
        } else if has_cause(error, |cause| cause.is::<rustls::Error>()) {
            Self::Tls
        } else if error.is_connect() {
            Self::Connect
        } else if is_reset(error) {
            Self::Reset
        } else {
            Self::Protocol
        }
    }
}

impl From<GuardError> for Failure {
    fn from(error: GuardError) -> Self {
        match error {
            GuardError::BlockedAddress | GuardError::BlockedName => Self::BlockedAddress,
            _ => Self::InvalidRequest,
        }
    }
}

/// Whether the peer ended the connection in the middle of an exchange.
fn is_reset(error: &reqwest::Error) -> bool {
    has_cause(error, |cause| {
        let by_hyper = cause.downcast_ref::<hyper::Error>();
        let by_system = cause.downcast_ref::<io::Error>().map(io::Error::kind);
        by_hyper.is_some_and(|error| error.is_incomplete_message() || error.is_canceled() || error.is_closed())
            || matches!(
                by_system,
                Some(
                    io::ErrorKind::ConnectionReset
                        | io::ErrorKind::ConnectionAborted
                        | io::ErrorKind::BrokenPipe
                        | io::ErrorKind::UnexpectedEof
                )
            )
    })
}

fn has_cause(error: &reqwest::Error, wanted: impl Fn(&(dyn Error + 'static)) -> bool) -> bool {
    std::iter::successors(error.source(), |cause| next_cause(*cause)).any(wanted)
}

/// An I/O error names the source of what it wraps, not the wrapped error itself; this one steps into it.
fn next_cause<'a>(cause: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    match cause.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(wrapped) => Some(wrapped),
        None => cause.source(),
    }
}
