//! The watchdog: a part of the delivery loop that broke off is begun anew, and a lane from which nothing was heard
//! for too long is ended, so that its deliveries are taken up again when their leases are over.

use crate::Engine;
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::Instant;

/// How long a lane may be silent on top of a lease: it waits for the database, or its subscriber asked for time.
const PATIENCE: Duration = Duration::from_secs(180);

impl Engine {
    /// Ends the lanes that gave no sign of life for a lease and three minutes before `now`; how many. The step
    /// function of the watchdog.
    pub fn end_silent_lanes(&self, now: Instant) -> usize {
        let limit = PATIENCE + Duration::from_secs(self.settings().delivery.lease_seconds.into());
        let ended = self.deliveries.end_silent(now, limit);
        for (organization, webhook) in &ended {
            count("lane");
            tracing::error!(
                organization = organization.0,
                webhook = webhook.0,
                "a delivery lane stood still and is begun anew"
            );
        }
        ended.len()
    }
}

/// Runs a part of the loop until it ends while `stopping`; when it breaks off before, it is begun anew after `rest`.
pub(super) async fn keep_running<F: Future<Output = ()> + Send + 'static>(
    part: &'static str,
    rest: Duration,
    stopping: impl Fn() -> bool,
    work: impl Fn() -> F,
) {
    loop {
        // In a set, so that the part ends with whoever waits here.
        let mut running = JoinSet::new();
        running.spawn(work());
        let ended = running.join_next().await;
        if stopping() {
            return;
        }
        count(part);
        let error = ended.and_then(Result::err).map(|error| error.to_string());
        tracing::error!(part, error, "a part of the delivery loop broke off and is begun anew");
        tokio::time::sleep(rest).await;
    }
}

fn count(part: &'static str) {
    metrics::counter!("tributary_delivery_restarts_total", "part" => part).increment(1);
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[tokio::test]
    async fn a_part_that_breaks_off_is_begun_anew_until_the_end() {
        let begun = Arc::new(AtomicUsize::new(0));
        let work = || {
            let begun = begun.clone();
            async move { assert!(begun.fetch_add(1, Ordering::SeqCst) > 0, "the first one breaks off") }
        };
        keep_running("test", Duration::ZERO, || begun.load(Ordering::SeqCst) == 2, work).await;
        assert_eq!(begun.load(Ordering::SeqCst), 2);
    }
}
