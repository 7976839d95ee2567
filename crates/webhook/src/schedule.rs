//! When a failed delivery is tried again.

use chrono::{DateTime, NaiveDateTime, Utc};
use std::time::Duration;

/// Seconds before each attempt, the first included: 11 attempts over 75 h 35 min 35 s. Covers a weekend and
/// ends where the example in Standard Webhooks ends; the 30 s step covers a restart of the receiver.
pub const STEPS: [u64; 11] = [0, 5, 30, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400];

/// The longest wait a receiver can ask for.
pub const LONGEST_WAIT: Duration = Duration::from_secs(86_400);

/// How much later than its step an attempt may come, as a share of the step.
const JITTER: f64 = 0.2;

/// Wait before the attempt that follows a failed one, on the shipped [`STEPS`]; none when the event is dead.
/// See [`next_delay_of`].
#[must_use]
pub fn next_delay(attempt_just_failed: i32, unit_random: f64, retry_after: Option<Duration>) -> Option<Duration> {
    next_delay_of(&STEPS, attempt_just_failed, unit_random, retry_after)
}

/// Wait before the attempt that follows `attempt_just_failed` (counted from 1) on a list of steps in seconds.
/// Both the step and what the receiver asked for are floors: chance (`unit_random` in 0..1) only makes the wait
/// longer, by up to a fifth. The asked part stops at 24 hours.
#[must_use]
pub fn next_delay_of(
    steps: &[u64],
    attempt_just_failed: i32,
    unit_random: f64,
    retry_after: Option<Duration>,
) -> Option<Duration> {
    let attempts_made = usize::try_from(attempt_just_failed.max(1)).ok()?;
    let step = Duration::from_secs(*steps.get(attempts_made)?);
    let asked = retry_after.unwrap_or_default().min(LONGEST_WAIT);
    let stretch = 1.0 + JITTER * unit_random.clamp(0.0, 1.0);
    Some(step.mul_f64(stretch).max(asked.mul_f64(stretch).min(LONGEST_WAIT)))
}

/// Reads a `Retry-After` value: seconds, or an HTTP date in any of the three forms of RFC 9110 section 5.6.7,
/// measured from `now`. A date that has passed asks for nothing; nonsense gives none.
#[must_use]
pub fn parse_retry_after(value: &str, now: DateTime<Utc>) -> Option<Duration> {
    let value = value.trim();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        // digits that do not fit ask for longer than anyone waits
        return Some(Duration::from_secs(value.parse().unwrap_or(u64::MAX)));
    }
    let wait = parse_http_date(value)?.signed_duration_since(now);
    Some(wait.to_std().unwrap_or_default())
}

/// Reads an HTTP date in any of the three forms of RFC 9110 section 5.6.7.
pub(crate) fn parse_http_date(value: &str) -> Option<DateTime<Utc>> {
    ["%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"]
        .iter()
        .find_map(|form| NaiveDateTime::parse_from_str(value.trim(), form).ok())
        .map(|date| date.and_utc())
}
