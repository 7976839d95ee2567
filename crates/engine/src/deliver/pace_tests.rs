//! The pace follows the answers.

use super::*;
use tributary_webhook::send::Failure;

fn answer(status: u16, retry_after: Option<u64>) -> Attempt {
    let failure = (status != 200).then_some(Failure::HttpStatus);
    let retry_after = retry_after.map(Duration::from_secs);
    Attempt { status: Some(status), response: String::new(), retry_after, failure, duration: Duration::ZERO }
}

fn timeout() -> Attempt {
    Attempt { status: None, failure: Some(Failure::Timeout), ..answer(200, None) }
}

fn at(seconds: f64) -> Timestamp {
    #[expect(clippy::cast_possible_truncation, reason = "small numbers of a test")]
    let micros = (seconds * 1e6) as i64;
    Timestamp::UNIX_EPOCH + TimeDelta::microseconds(micros)
}

#[test]
fn slow_answers_halve_what_is_under_way_and_each_success_adds_one() {
    for slow in [answer(429, None), answer(502, None), answer(503, None), answer(504, None), timeout()] {
        let mut pace = Pace::new(32, at(0.0));
        let caps: Vec<usize> = (0..7)
            .map(|_| {
                pace.note_answer(at(0.0), &slow);
                pace.cap()
            })
            .collect();
        assert_eq!(caps, [16, 8, 4, 2, 1, 1, 1]);
        (0..40).for_each(|_| pace.note_answer(at(1.0), &answer(200, None)));
        assert_eq!(pace.cap(), 32);
    }
}

#[test]
fn other_failures_do_not_slow_down() {
    let mut pace = Pace::new(32, at(0.0));
    for status in [400, 404, 410, 500] {
        pace.note_answer(at(0.0), &answer(status, None));
    }
    assert_eq!((pace.cap(), pace.room(at(0.0), 0)), (32, 32));
}

#[test]
fn the_subscriber_is_left_alone_as_long_as_it_asks_but_no_longer_than_a_minute() {
    for (asked, held) in [(5, 5.0), (3_600, 60.0)] {
        let mut pace = Pace::new(32, at(0.0));
        pace.note_answer(at(0.0), &answer(429, Some(asked)));
        assert_eq!(pace.room(at(held - 0.1), 0), 0);
        assert_eq!(pace.opens_in(at(held - 1.0)), Duration::from_secs(1));
        assert!(pace.room(at(held), 0) > 0);
    }
}

#[test]
fn the_rate_falls_to_half_of_what_was_sent_and_grows_with_every_success() {
    let mut pace = Pace::new(1_000, at(0.0));
    (0..100).for_each(|_| pace.note_sent(at(0.5)));
    pace.note_answer(at(0.6), &answer(429, None));
    assert_eq!(pace.room(at(0.6), 0), 50);
    (0..50).for_each(|_| pace.note_sent(at(0.6)));
    assert_eq!(pace.room(at(0.6), 0), 0);
    assert_eq!(pace.room(at(0.8), 0), 10);
    // Further refusals of the same second say nothing new; those of the next one do.
    (0..9).for_each(|_| pace.note_answer(at(0.9), &answer(429, None)));
    assert!(pace.room(at(1.5), 0) <= pace.cap());
    pace.note_answer(at(2.0), &answer(429, None));
    (0..4_000).for_each(|_| pace.note_answer(at(2.1), &answer(200, None)));
    assert_eq!(pace.room(at(2.1), 0), 1_000);
}

#[test]
fn there_is_always_one_a_second() {
    let mut pace = Pace::new(32, at(0.0));
    for second in 0..100 {
        pace.note_answer(at(f64::from(second)), &answer(503, None));
    }
    pace.note_sent(at(99.0));
    pace.note_sent(at(99.0));
    assert_eq!(pace.room(at(99.0), 0), 0);
    assert_eq!(pace.room(at(100.0), 0), 1);
}
