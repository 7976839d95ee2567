//! Requests without a valid credential, counted per network address in memory: whoever guesses is slowed
//! down, and costs nobody's budget. A valid credential is never held up by it.

use rustc_hash::FxHashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use tributary_contact::clock::Timestamp;

const MINUTE: i64 = 60;
/// Addresses above which the memory is emptied, so that it is bounded.
const AT_MOST: usize = 20_000;

/// The failures of the running minute.
#[derive(Debug)]
pub(crate) struct Failures {
    per_minute: u32,
    counts: Mutex<(i64, FxHashMap<IpAddr, u32>)>,
}

impl Failures {
    /// So many are let pass in a minute; 0: any number.
    pub(crate) fn new(per_minute: u32) -> Self {
        Self { per_minute, counts: Mutex::default() }
    }

    /// Counts one more; the seconds to wait when it is one too many.
    pub(crate) fn count(&self, address: IpAddr, now: Timestamp) -> Option<u32> {
        if self.per_minute == 0 {
            return None;
        }
        let minute = now.timestamp().div_euclid(MINUTE);
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.0 != minute || counts.1.len() >= AT_MOST {
            *counts = (minute, FxHashMap::default());
        }
        let count = counts.1.entry(address).or_default();
        *count = count.saturating_add(1);
        let over = *count > self.per_minute;
        over.then(|| u32::try_from((minute + 1) * MINUTE - now.timestamp()).unwrap_or(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_guesses_waits_for_the_next_minute_and_no_other_does() {
        let failures = Failures::new(2);
        let [guesser, other] = [1, 2].map(|last| IpAddr::from([10, 0, 0, last]));
        let count = |address, second| failures.count(address, Timestamp::from_timestamp(second, 0).unwrap());
        assert_eq!([count(guesser, 0), count(guesser, 1), count(guesser, 20)], [None, None, Some(40)]);
        assert_eq!(count(other, 21), None);
        assert_eq!(count(guesser, 60), None);
    }
}
