//! When a failed delivery is tried again.

use chrono::{DateTime, TimeZone, Utc};
use proptest::prelude::*;
use std::time::Duration;
use tributary_webhook::schedule::{LONGEST_WAIT, STEPS, next_delay_of};
use tributary_webhook::{next_delay, parse_retry_after};

fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(1994, 11, 6, 8, 49, 7).unwrap()
}

#[test]
fn the_steps_are_eleven_and_span_three_days() {
    assert_eq!(STEPS.len(), 11);
    assert_eq!(STEPS.iter().sum::<u64>(), 75 * 3600 + 35 * 60 + 35);
}

#[test]
fn without_chance_the_waits_are_the_steps_and_then_the_event_is_dead() {
    let waits: Vec<_> = (1..=12).map(|attempt| next_delay(attempt, 0.0, None)).collect();
    let expected: Vec<_> = STEPS.iter().skip(1).map(|step| Some(seconds(*step))).chain([None, None]).collect();
    assert_eq!(waits, expected);
}

#[test]
fn a_receiver_that_asks_for_more_gets_more_up_to_a_day() {
    assert_eq!(next_delay(1, 0.0, Some(seconds(120))), Some(seconds(120)));
    assert_eq!(next_delay(4, 0.0, Some(seconds(120))), Some(seconds(1800)));
    assert_eq!(next_delay(1, 0.9, Some(seconds(999_999))), Some(LONGEST_WAIT));
    assert_eq!(next_delay(1, 0.9, Some(seconds(u64::MAX))), Some(LONGEST_WAIT));
    assert_eq!(next_delay(11, 0.0, Some(seconds(120))), None);
}

#[test]
fn an_instance_may_have_its_own_steps() {
    assert_eq!(next_delay_of(&[0, 7], 1, 0.0, None), Some(seconds(7)));
    assert_eq!(next_delay_of(&[0, 7], 2, 0.0, None), None);
    assert_eq!(next_delay_of(&[], 1, 0.0, None), None);
}

#[test]
fn retry_after_is_read_as_seconds_or_as_any_http_date() {
    for value in
        ["30", " 30 ", "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"]
    {
        assert_eq!(parse_retry_after(value, now()), Some(seconds(30)), "{value}");
    }
}

#[test]
fn retry_after_that_has_passed_or_never_comes_or_is_nonsense_does_no_harm() {
    assert_eq!(parse_retry_after("Sun, 06 Nov 1994 08:00:00 GMT", now()), Some(Duration::ZERO));
    assert_eq!(parse_retry_after("99999999999999999999999", now()), Some(seconds(u64::MAX)));
    for nonsense in ["", "-1", "1.5", "soon", "30 s", "Sun, 99 Nov 1994 08:49:37 GMT", "+5"] {
        assert_eq!(parse_retry_after(nonsense, now()), None, "{nonsense}");
    }
}

proptest! {
    #[test]
    fn a_wait_is_never_shorter_than_its_step_nor_a_fifth_longer(attempt in 1..=10_i32, chance in 0.0..1.0_f64) {
        let step = seconds(STEPS[usize::try_from(attempt).unwrap()]);
        let wait = next_delay(attempt, chance, None).unwrap();
        prop_assert!(wait >= step && wait <= step.mul_f64(1.2));
    }

    #[test]
    fn what_the_receiver_asked_is_never_undercut(
        attempt in 1..=10_i32, chance in 0.0..1.0_f64, asked in 0..=86_400_u64,
    ) {
        let step = seconds(STEPS[usize::try_from(attempt).unwrap()]);
        let wait = next_delay(attempt, chance, Some(seconds(asked))).unwrap();
        prop_assert!(wait >= step && wait >= seconds(asked));
        prop_assert!(wait <= step.mul_f64(1.2).max(LONGEST_WAIT));
    }

    #[test]
    fn no_attempt_number_and_no_header_breaks_the_schedule(attempt: i32, chance: f64, asked: u64, value: String) {
        let _ = next_delay(attempt, chance, Some(seconds(asked)));
        let _ = parse_retry_after(&value, now());
    }
}
