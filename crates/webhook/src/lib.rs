//! Outgoing webhooks: sign, verify, guard, send. No database, and no clock of its own.
//!
//! The wire format is Standard Webhooks 1.0.0 (<https://www.standardwebhooks.com>) beside two older
//! schemes that partners' receivers already check. The reasons stand at the rules.

pub mod guard;
pub mod headers;
pub mod schedule;
pub mod seal;
pub mod secret;
pub mod send;
pub mod sign;
pub mod verify;

pub use guard::{AddressGuard, GuardError};
pub use headers::{Compat, SignedDelivery, delivery_headers};
pub use schedule::{next_delay, parse_retry_after};
pub use seal::SealKeys;
pub use secret::{Secret, SecretError};
pub use send::{Attempt, Failure, HttpSender, OutgoingRequest, Sender, SenderSettings};
