//! Time and ids that a test decides.

use chrono::TimeDelta;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use tributary_contact::clock::{Clock, IdGen, Timestamp};
use uuid::Uuid;

/// A clock that stands still until it is moved.
#[derive(Debug)]
pub struct FakeClock(Mutex<Timestamp>);

impl FakeClock {
    /// A clock that stands at this time.
    #[must_use]
    pub const fn at(time: Timestamp) -> Self {
        Self(Mutex::new(time))
    }

    /// Moves it to this time.
    pub fn set(&self, time: Timestamp) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = time;
    }

    /// Moves it on by so many milliseconds.
    pub fn advance_ms(&self, milliseconds: i64) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) += TimeDelta::milliseconds(milliseconds);
    }
}

impl Default for FakeClock {
    /// Stands at 2026-01-02T03:04:05Z.
    fn default() -> Self {
        Self::at(Timestamp::UNIX_EPOCH + TimeDelta::seconds(1_767_323_045))
    }
}

impl Clock for FakeClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Ids in the form of UUID version 7 that count up from a seed: the same in every run, each later
/// than all before it.
#[derive(Debug)]
pub struct SeededIds {
    seed: u16,
    next: AtomicU64,
}

impl SeededIds {
    /// Ids that hold this seed (of which twelve bits count), so that two generators never give the same id.
    #[must_use]
    pub const fn new(seed: u16) -> Self {
        Self { seed: seed & 0xfff, next: AtomicU64::new(1) }
    }
}

impl Default for SeededIds {
    fn default() -> Self {
        Self::new(0)
    }
}

impl IdGen for SeededIds {
    fn next(&self) -> Uuid {
        let number = self.next.fetch_add(1, Ordering::SeqCst);
        // Time in milliseconds (48 bits) counts, then version 7, the seed, and the variant.
        let high = (0x019b_7c00_0000 + number) << 16 | 0x7000 | u64::from(self.seed);
        Uuid::from_u64_pair(high, 1 << 63 | number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_of_version_seven_and_sort_by_their_making() {
        let ids = SeededIds::new(5);
        let (first, second) = (ids.next(), ids.next());
        assert!(first < second);
        assert_eq!(first.get_version_num(), 7);
        assert_ne!(SeededIds::new(6).next(), first);
    }

    #[test]
    fn a_clock_moves_only_when_it_is_moved() {
        let clock = FakeClock::default();
        let before = clock.now();
        assert_eq!(clock.now(), before);
        clock.advance_ms(1_500);
        assert_eq!((clock.now() - before).num_milliseconds(), 1_500);
    }
}
