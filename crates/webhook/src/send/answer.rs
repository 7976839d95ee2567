//! Reading an answer: only its start, and only until the deadline.

use super::Failure;
use crate::schedule::{parse_http_date, parse_retry_after};
use chrono::{DateTime, Utc};
use reqwest::header::{DATE, HeaderMap, HeaderName, RETRY_AFTER};
use std::time::Duration;
use tokio::time::{Instant, timeout_at};

/// How much of an answer's body is read and kept, in bytes.
pub const RESPONSE_BYTES: usize = 16 * 1024;

/// The part of an answer that is kept.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) response: String,
    pub(super) retry_after: Option<Duration>,
    pub(super) failure: Option<Failure>,
}

impl Answer {
    /// Reads an answer whose head has arrived. Dropping the rest closes the connection. `sent_at` is the time of
    /// the attempt, for a `Retry-After` date in an answer without a `Date`.
    pub(super) async fn read(mut head: reqwest::Response, deadline: Instant, sent_at: Option<DateTime<Utc>>) -> Self {
        let status = head.status().as_u16();
        let mut body = Vec::new();
        let broken = match timeout_at(deadline, read_start(&mut head, &mut body)).await {
            Ok(Ok(())) => None,
            Ok(Err(error)) => Some(Failure::of_error(&error)),
            Err(_) => Some(Failure::Timeout),
        };
        let failure = Failure::of_status(status).or(broken);
        let retry_after = failure.and_then(|_| retry_after(head.headers(), sent_at));
        Self { status, response: storable_text(&body), retry_after, failure }
    }
}

/// Reads to the end of the body or to the limit. What was read stays in `body` when it breaks off.
async fn read_start(head: &mut reqwest::Response, body: &mut Vec<u8>) -> reqwest::Result<()> {
    while body.len() < RESPONSE_BYTES {
        let Some(chunk) = head.chunk().await? else { return Ok(()) };
        let room = RESPONSE_BYTES - body.len();
        body.extend(chunk.iter().take(room));
    }
    Ok(())
}

/// Text within the limit and without NUL, which PostgreSQL does not store.
fn storable_text(body: &[u8]) -> String {
    let mut text = String::from_utf8_lossy(body).replace('\0', "\u{fffd}");
    text.truncate(text.floor_char_boundary(RESPONSE_BYTES));
    text
}

/// A date is measured from the receiver's own clock where it says what that shows.
fn retry_after(headers: &HeaderMap, sent_at: Option<DateTime<Utc>>) -> Option<Duration> {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let now = text(DATE).and_then(parse_http_date).or(sent_at);
    // without any clock a date asks for nothing, but seconds still count
    parse_retry_after(text(RETRY_AFTER)?, now.unwrap_or(DateTime::<Utc>::MAX_UTC))
}
