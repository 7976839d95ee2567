//! Answers to polls, kept while nothing is committed. Partners ask for the same contact again and again, and the longest
//! part of the answer is to put it into words.

use actix_web::web::Bytes;
use rustc_hash::FxHashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tributary_contact::clock::Timestamp;
use tributary_contact::{OrganizationId, Reference};
use tributary_engine::Principal;
use tributary_store::Stamp;

/// Answers kept at most.
const AT_MOST: usize = 4_096;
/// Seconds that an answer is kept: what an organization defines is remembered for a while elsewhere too.
const SECONDS: i64 = 5;

/// When an answer was made: the state of the database, and a few seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Moment(Stamp, i64);

impl Moment {
    pub(crate) fn new(stamp: Stamp, now: Timestamp) -> Self {
        Self(stamp, now.timestamp().div_euclid(SECONDS))
    }
}

type Asked = (OrganizationId, i64, Reference);

/// The answers of one moment, by who asked for what.
#[derive(Debug, Default)]
pub(crate) struct Answers(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    moment: Option<Moment>,
    answers: FxHashMap<Asked, Bytes>,
}

impl Answers {
    /// The body that this caller got for this reference at the same moment.
    pub(crate) fn get(&self, moment: Moment, caller: &Principal, reference: &Reference) -> Option<Bytes> {
        let kept = self.kept();
        if kept.moment != Some(moment) {
            return None;
        }
        kept.answers.get(&asked(caller, reference)).cloned()
    }

    /// Keeps a body that was made of what was read after the moment, and forgets those of other moments.
    pub(crate) fn put(&self, moment: Moment, caller: &Principal, reference: &Reference, body: &Bytes) {
        let mut kept = self.kept();
        if kept.moment != Some(moment) || kept.answers.len() >= AT_MOST {
            kept.answers.clear();
            kept.moment = Some(moment);
        }
        kept.answers.insert(asked(caller, reference), body.clone());
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn asked(caller: &Principal, reference: &Reference) -> Asked {
    (caller.organization, caller.key_id, reference.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;
    use tributary_engine::RequestLimits;

    fn caller(key_id: i64) -> Principal {
        Principal {
            organization: OrganizationId(1),
            key_id,
            name: String::new(),
            scopes: Vec::new(),
            sources: Vec::new(),
            person: None,
            limits: RequestLimits::default(),
        }
    }

    fn moment(version: i64, second: i64) -> Moment {
        Moment::new(Stamp(1, version), DateTime::from_timestamp(second, 0).unwrap())
    }

    #[test]
    fn an_answer_is_given_again_to_its_caller_until_something_is_committed_or_time_passes() {
        let (answers, reference) = (Answers::default(), Reference { source: "Harbor".into(), id: "1".into() });
        let other = Reference { id: "2".into(), ..reference.clone() };
        answers.put(moment(7, 100), &caller(1), &reference, &Bytes::from_static(b"one"));
        assert_eq!(answers.get(moment(7, 104), &caller(1), &reference).unwrap(), "one");
        assert_eq!(answers.get(moment(7, 104), &caller(2), &reference), None);
        assert_eq!(answers.get(moment(7, 104), &caller(1), &other), None);
        assert_eq!(answers.get(moment(8, 104), &caller(1), &reference), None);
        assert_eq!(answers.get(moment(7, 105), &caller(1), &reference), None);
    }

    #[test]
    fn answers_of_an_earlier_moment_do_not_come_back() {
        let (answers, reference) = (Answers::default(), Reference { source: "Harbor".into(), id: "1".into() });
        answers.put(moment(7, 100), &caller(1), &reference, &Bytes::from_static(b"one"));
        answers.put(moment(8, 100), &caller(2), &reference, &Bytes::from_static(b"two"));
        assert_eq!(answers.get(moment(8, 100), &caller(1), &reference), None);
        assert_eq!(answers.get(moment(8, 100), &caller(2), &reference).unwrap(), "two");
    }
}
