//! One attempt to deliver: what goes out, what comes back, and why it failed.

mod answer;
mod failure;
mod http;
mod tls;

pub use answer::RESPONSE_BYTES;
pub use failure::Failure;
pub use http::{HttpSender, SenderError, SenderSettings};

use bytes::Bytes;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

/// A request to be sent by POST.
#[derive(Debug, Clone)]
pub struct OutgoingRequest {
    /// Target as stored with the subscription.
    pub url: String,
    /// Headers, see [`crate::delivery_headers`], and those the subscriber added.
    pub headers: Vec<(String, String)>,
    /// The signed bytes.
    pub body: Bytes,
}

/// What became of one attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// Status of the answer, when one came.
    pub status: Option<u16>,
    /// Start of the answer's body, at most [`RESPONSE_BYTES`], as text a database can keep.
    pub response: String,
    /// How long the receiver asked to wait; only on a failure.
    pub retry_after: Option<Duration>,
    /// Why it failed; none when the event is delivered.
    pub failure: Option<Failure>,
    /// From the start to the last byte that was read.
    pub duration: Duration,
}

impl Attempt {
    /// Whether the event is delivered: a 2xx answer that arrived whole, or up to the reading limit.
    #[must_use]
    pub fn succeeded(&self) -> bool {
        self.failure.is_none()
    }

    /// Whether the receiver seems overloaded, so that fewer deliveries should be under way to it.
    #[must_use]
    pub fn asks_to_slow_down(&self) -> bool {
        matches!(self.status, Some(429 | 502 | 503 | 504)) || self.failure == Some(Failure::Timeout)
    }
}

/// Sends requests. A trait, so that the engine's tests decide the answers.
pub trait Sender: Send + Sync {
    /// Makes one attempt. Never fails: a failure is a result like others.
    fn send<'a>(&'a self, request: OutgoingRequest) -> Pin<Box<dyn Future<Output = Attempt> + Send + 'a>>;
}
