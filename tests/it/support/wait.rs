//! Waiting for a condition, never for a time.

use super::block_on;
use std::time::{Duration, Instant};

/// Far longer than anything here takes, also on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);
/// Between two looks.
const LOOK: Duration = Duration::from_millis(20);

/// Looks again and again until there is something to return.
pub fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(begun.elapsed() < PATIENCE, "waited in vain for {what}");
        pause(LOOK);
    }
}

/// Lets time pass: between looks, or up to the moment of a kill.
pub fn pause(time: Duration) {
    block_on(async { tokio::time::sleep(time).await });
}
