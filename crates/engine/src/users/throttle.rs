//! Slows guessing down: failed sign-ins are counted per address signed in with and per origin, in memory. Each
//! process counts for itself, and an unknown e-mail address is counted like a known one.

use chrono::TimeDelta;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use tributary_contact::clock::Timestamp;

/// How long failures are remembered, from the first one on.
const WINDOW: TimeDelta = TimeDelta::minutes(15);
/// Failures of one e-mail address in a window.
const PER_EMAIL: u32 = 10;
/// Failures from one origin in a window: an office shares one.
const PER_ORIGIN: u32 = 100;
/// Entries above which old ones are dropped, so that the memory is bounded.
const AT_MOST: usize = 20_000;

/// Failures of one e-mail address or origin.
struct Failures {
    since: Timestamp,
    count: u32,
}

/// Who tries to sign in.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Subject {
    Email(String),
    Origin(String),
}

impl Subject {
    const fn limit(&self) -> u32 {
        match self {
            Self::Email(_) => PER_EMAIL,
            Self::Origin(_) => PER_ORIGIN,
        }
    }
}

/// The memory of failures.
#[derive(Default)]
pub(super) struct Throttle(Mutex<HashMap<Subject, Failures>>);

impl Throttle {
    /// Counts a try before it is made, so that many at once are counted too. `Err` says how many seconds to wait.
    pub(super) fn attempt(&self, email: &str, origin: &str, now: Timestamp) -> Result<(), i64> {
        let mut failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let subjects = [Subject::Email(email.to_owned()), Subject::Origin(origin.to_owned())];
        if let Some(wait) = subjects.iter().filter_map(|subject| wait(&failures, subject, now)).max() {
            return Err(wait);
        }
        make_room(&mut failures, now);
        for subject in subjects {
            let entry = failures.entry(subject).or_insert(Failures { since: now, count: 0 });
            if now - entry.since >= WINDOW {
                *entry = Failures { since: now, count: 0 };
            }
            entry.count += 1;
        }
        Ok(())
    }

    /// The try was good: it and the failures of this e-mail address are forgotten.
    pub(super) fn forgive(&self, email: &str, origin: &str) {
        let mut failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        failures.remove(&Subject::Email(email.to_owned()));
        if let Some(entry) = failures.get_mut(&Subject::Origin(origin.to_owned())) {
            entry.count = entry.count.saturating_sub(1);
        }
    }
}

fn wait(failures: &HashMap<Subject, Failures>, subject: &Subject, now: Timestamp) -> Option<i64> {
    let entry = failures.get(subject)?;
    let left = entry.since + WINDOW - now;
    (entry.count >= subject.limit() && left > TimeDelta::zero()).then(|| left.num_seconds().max(1))
}

fn make_room(failures: &mut HashMap<Subject, Failures>, now: Timestamp) {
    if failures.len() < AT_MOST {
        return;
    }
    failures.retain(|_, entry| now - entry.since < WINDOW);
    if failures.len() >= AT_MOST {
        failures.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_timestamp(1_800_000_000 + seconds, 0).unwrap()
    }

    #[test]
    fn ten_failures_of_an_address_close_it_for_the_rest_of_the_window() {
        let throttle = Throttle::default();
        for try_number in 0..10 {
            assert_eq!(throttle.attempt("ada@x.org", &format!("10.0.0.{try_number}"), at(try_number)), Ok(()));
        }
        assert_eq!(throttle.attempt("ada@x.org", "10.0.0.99", at(60)), Err(840));
        assert_eq!(throttle.attempt("bob@x.org", "10.0.0.99", at(60)), Ok(()));
        assert_eq!(throttle.attempt("ada@x.org", "10.0.0.99", at(900)), Ok(()));
    }

    #[test]
    fn a_good_try_forgets_the_bad_ones() {
        let throttle = Throttle::default();
        for round in 0..50 {
            for _ in 0..9 {
                assert_eq!(throttle.attempt("ada@x.org", &round.to_string(), at(0)), Ok(()));
            }
            throttle.forgive("ada@x.org", &round.to_string());
        }
    }

    #[test]
    fn one_origin_that_tries_many_addresses_is_stopped() {
        let throttle = Throttle::default();
        for number in 0..100 {
            assert_eq!(throttle.attempt(&format!("{number}@x.org"), "1.2.3.4", at(0)), Ok(()));
        }
        assert_eq!(throttle.attempt("new@x.org", "1.2.3.4", at(1)), Err(899));
        assert_eq!(throttle.attempt("new@x.org", "5.6.7.8", at(1)), Ok(()));
    }

    #[test]
    fn the_memory_is_bounded() {
        let throttle = Throttle::default();
        for number in 0..30_000 {
            let _ = throttle.attempt(&format!("{number}@x.org"), &number.to_string(), at(0));
        }
        assert!(throttle.0.lock().unwrap().len() <= AT_MOST + 2);
    }
}
