//! Time and identity come in from outside, so that tests and simulation decide both.

use chrono::{DateTime, SubsecRound, Utc};
use uuid::Uuid;

/// An instant in UTC, cut to microseconds: the coarser precision of the two databases.
pub type Timestamp = DateTime<Utc>;

/// Says what time it is.
pub trait Clock: Send + Sync {
    /// The current instant, cut to microseconds.
    fn now(&self) -> Timestamp;
}

/// The machine's own clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        #[expect(clippy::disallowed_methods, reason = "the one place where the machine's clock is read")]
        Utc::now().trunc_subsecs(6)
    }
}

/// Makes ids that sort by the time of their making (UUID version 7).
pub trait IdGen: Send + Sync {
    /// A new id, later than every id this generator gave before.
    fn next(&self) -> Uuid;
}

/// Ids from the machine's clock and randomness; monotonic inside the process.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemIds;

impl IdGen for SystemIds {
    fn next(&self) -> Uuid {
        #[expect(clippy::disallowed_methods, reason = "the one place where ids are made")]
        Uuid::now_v7()
    }
}
