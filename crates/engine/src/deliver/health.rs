//! How a subscription stands after attempts. Pure.

use crate::DeliverySettings;
use chrono::TimeDelta;
use tributary_contact::clock::Timestamp;
use tributary_store::WebhookRow;
use tributary_webhook::send::Attempt;

/// Failed attempts without which a subscription is not paused, however long the row of failures.
const FEWEST_FAILURES: i64 = 10;
/// After this long without a success the operator is told.
const TELL_AFTER: TimeDelta = TimeDelta::hours(24);

/// The subscription after these attempts: any success ends a row of failures and a pause, 410 switches it off, five
/// days without a success pause it. Decided by time on every failure, not only when an event runs out of attempts.
pub(super) fn after(
    row: &WebhookRow,
    attempts: &[(&Attempt, Timestamp)],
    now: Timestamp,
    settings: &DeliverySettings,
) -> WebhookRow {
    let mut after = row.clone();
    let failed: Vec<_> = attempts.iter().filter(|(attempt, _)| !attempt.succeeded()).collect();
    if failed.len() < attempts.len() {
        well(&mut after);
    } else if let Some((_, first)) = failed.first() {
        after.failing_since = after.failing_since.or(Some(*first));
        after.failed_attempts += i64::try_from(failed.len()).unwrap_or(0);
        suffer(&mut after, now, settings);
    }
    if failed.iter().any(|(attempt, _)| attempt.status == Some(410)) {
        after.active = false;
        after.disabled_reason = Some("gone".to_owned());
    }
    after
}

/// Nothing is known against the subscription.
pub(crate) fn well(row: &mut WebhookRow) {
    (row.failing_since, row.failed_attempts, row.warned_at) = (None, 0, None);
    (row.paused_at, row.probe_at) = (None, None);
}

fn suffer(row: &mut WebhookRow, now: Timestamp, settings: &DeliverySettings) {
    let failing = row.failing_since.map_or(TimeDelta::zero(), |since| now - since);
    if failing >= TELL_AFTER {
        row.warned_at = row.warned_at.or(Some(now));
    }
    if failing >= seconds(settings.pause_after_seconds) && row.failed_attempts >= FEWEST_FAILURES {
        row.paused_at = row.paused_at.or(Some(now));
        row.probe_at = Some(now + seconds(settings.probe_seconds));
    }
}

pub(super) fn seconds(count: u32) -> TimeDelta {
    TimeDelta::seconds(i64::from(count))
}
