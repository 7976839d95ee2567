//! The delivery loop: round after round while there is something due, and a short wait when there is
//! not. What a round does is the engine's; this only decides when.

use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tributary_engine::Engine;

/// Wait after the first idle round.
const SHORTEST: Duration = Duration::from_millis(200);
/// Wait while idle for longer: how late a delivery may be noticed that another process made due.
const LONGEST: Duration = Duration::from_secs(1);
/// Wait after a failure of the store.
const AFTER_FAILURE: Duration = Duration::from_secs(2);

/// Runs until told to stop.
pub async fn run(engine: Arc<Engine>, mut stop: watch::Receiver<bool>) {
    let mut wait = SHORTEST;
    while !*stop.borrow() {
        wait = match engine.deliver_once().await {
            Ok(outcome) if outcome.attempts > 0 => {
                wait = SHORTEST;
                continue;
            }
            Ok(_) => wait,
            Err(error) => {
                tracing::error!(%error, "a delivery round failed");
                AFTER_FAILURE
            }
        };
        pause(wait, &mut stop).await;
        wait = (wait * 2).min(LONGEST);
    }
}

/// Waits, unless told to stop.
async fn pause(wait: Duration, stop: &mut watch::Receiver<bool>) {
    tokio::select! {
        () = tokio::time::sleep(wait) => {}
        _ = stop.changed() => {}
    }
}
