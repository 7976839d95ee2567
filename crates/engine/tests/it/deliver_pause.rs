//! When deliveries are tried again, on a clock that stands still: exact times, pause, probe, resume.

use crate::deliver::{deliver_all, header, subscribe};
use crate::world::{World, answer, person, world};
use chrono::TimeDelta;
use std::time::Duration;
use tributary_contact::clock::{Clock, Timestamp};
use tributary_store::{DeliveryFilter, DeliveryRow, WebhookRow};
use tributary_webhook::schedule::STEPS;
use tributary_webhook::send::Attempt;

/// One event that waits for a subscriber.
fn waiting() -> (World, WebhookRow) {
    let world = world();
    let webhook = subscribe(&world);
    world.submit(&[person("hg-1", "Ines", "Lund", "ines@example.org")]);
    world.run();
    (world, webhook)
}

fn only(world: &World, webhook: &WebhookRow) -> DeliveryRow {
    let rows = world.engine.webhook_deliveries(world.org, webhook.id, DeliveryFilter::All, None, 9).unwrap();
    assert_eq!(rows.len(), 1);
    rows[0].clone()
}

fn now(world: &World) -> Timestamp {
    world.clock.now()
}

fn row(world: &World, webhook: &WebhookRow) -> WebhookRow {
    world.engine.webhook(world.org, webhook.id).unwrap().unwrap()
}

#[test]
fn each_attempt_comes_a_step_after_the_one_before_and_at_most_a_fifth_later() {
    let (world, webhook) = waiting();
    *world.sender.status.lock().unwrap() = Some(500);
    for (number, step) in (1..).zip(STEPS.iter().skip(1)) {
        assert_eq!(deliver_all(&world), 1, "attempt {number}");
        let due = only(&world, &webhook).due_at;
        let wait = (due - now(&world)).as_seconds_f64();
        let step = Duration::from_secs(*step).as_secs_f64();
        assert!((step..=step * 1.2).contains(&wait), "attempt {number}: {wait} s for a step of {step} s");
        world.clock.set(due - TimeDelta::milliseconds(1));
        assert_eq!(deliver_all(&world), 0, "early");
        world.clock.set(due);
    }
    assert_eq!(deliver_all(&world), 1);
    assert_eq!((only(&world, &webhook).state.as_str(), only(&world, &webhook).attempts), ("dead", 11));
    let log = world.engine.webhook_delivery(world.org, webhook.id, only(&world, &webhook).event).unwrap().unwrap();
    let numbers: Vec<i32> = log.attempts.iter().map(|attempt| attempt.number).collect();
    assert_eq!(numbers, (1..=11).collect::<Vec<_>>());
}

#[test]
fn what_a_receiver_asks_for_is_a_floor_and_no_longer_than_a_day() {
    for (asked, least) in [(120, 120.0), (3, 5.0), (999_999, 86_400.0)] {
        let (world, webhook) = waiting();
        let asks = move |_: &_| Attempt { retry_after: Some(Duration::from_secs(asked)), ..answer(500) };
        *world.sender.script.lock().unwrap() = Some(Box::new(asks));
        deliver_all(&world);
        let wait = (only(&world, &webhook).due_at - now(&world)).as_seconds_f64();
        assert!(wait >= least && wait <= (least * 1.2).min(86_400.0), "asked {asked}, waits {wait}");
    }
}

/// Lets everything fail for so many days, each of which brings another event.
fn fail_for(world: &World, days: usize) {
    *world.sender.status.lock().unwrap() = Some(500);
    for day in 0..days {
        let name = format!("d{day}.{}", now(world).timestamp());
        world.submit(&[person(&name, &format!("Odalys{day}"), &name, &format!("{name}@example.org"))]);
        world.run();
        for _ in 0..24 {
            deliver_all(world);
            world.clock.advance_ms(3_600_000);
        }
    }
}

fn pending(world: &World, webhook: &WebhookRow) -> Vec<DeliveryRow> {
    world.engine.webhook_deliveries(world.org, webhook.id, DeliveryFilter::Pending, None, 99).unwrap()
}

#[test]
fn five_days_without_a_success_pause_a_subscription_and_its_events_are_kept() {
    let (world, webhook) = waiting();
    fail_for(&world, 2);
    let told = row(&world, &webhook);
    assert!(told.warned_at.is_some() && told.paused_at.is_none(), "the operator was told after a day");
    fail_for(&world, 4);
    let paused = row(&world, &webhook);
    assert!(paused.active && paused.paused_at.is_some() && paused.failed_attempts >= 10, "{paused:?}");
    let kept = pending(&world, &webhook).len();
    assert!(kept > 0);
    world.submit(&[person("hg-3", "Bram", "Fenn", "bram@example.org")]);
    world.run();
    let sent = world.sender.sent.lock().unwrap().len();
    world.clock.advance_ms(20 * 3_600_000);
    deliver_all(&world);
    assert!(world.sender.sent.lock().unwrap().len() <= sent + 1, "no more than the daily probe");
    assert_eq!(pending(&world, &webhook).len(), kept + 1, "what came before and in the pause is kept");
}

#[test]
fn a_paused_subscription_is_tried_once_a_day_and_goes_on_in_order_after_a_success() {
    let (world, webhook) = waiting();
    fail_for(&world, 6);
    for _ in 0..3 {
        world.clock.set(row(&world, &webhook).probe_at.unwrap());
        assert_eq!(deliver_all(&world), 1, "one probe a day");
    }
    let (sent, kept) = (world.sender.sent.lock().unwrap().len(), pending(&world, &webhook));
    assert!(kept.len() >= 2);
    *world.sender.status.lock().unwrap() = None;
    world.clock.set(row(&world, &webhook).probe_at.unwrap());
    assert_eq!(deliver_all(&world), kept.len(), "the probe, and all that was kept");
    assert_eq!(row(&world, &webhook).paused_at, None);
    let first = header(&world.sender.sent.lock().unwrap()[sent], "webhook-id").to_owned();
    let oldest = kept.iter().map(|row| row.event).min().unwrap();
    assert_eq!(first, oldest.to_string(), "the oldest event is the probe");
}

#[test]
fn the_probe_of_a_paused_subscription_never_gives_its_event_up() {
    let (world, webhook) = waiting();
    fail_for(&world, 30);
    assert!(row(&world, &webhook).paused_at.is_some());
    let oldest = pending(&world, &webhook).into_iter().min_by_key(|row| row.event).unwrap();
    assert!(oldest.attempts > 11, "{oldest:?}");
}

#[test]
fn a_person_ends_a_pause_and_so_does_a_ping_that_is_taken() {
    for by_ping in [false, true] {
        let (world, webhook) = waiting();
        fail_for(&world, 6);
        assert!(row(&world, &webhook).paused_at.is_some());
        *world.sender.status.lock().unwrap() = None;
        if by_ping {
            let ping = world.runtime.block_on(world.engine.ping_webhook(world.org, webhook.id)).unwrap();
            assert!(ping.resumed && ping.attempt.succeeded());
        } else {
            world.engine.set_webhook_active(world.org, webhook.id, true).unwrap();
        }
        assert_eq!(row(&world, &webhook).paused_at, None);
        let kept = pending(&world, &webhook).len();
        assert_eq!(deliver_all(&world), kept);
    }
}

#[test]
fn a_clock_that_jumps_ahead_while_deliveries_are_under_way_loses_and_doubles_nothing() {
    let (world, webhook) = waiting();
    for n in 0..40 {
        world.submit(&[person(&format!("hg-{n}"), "Ines", &format!("Lund{n}"), &format!("i{n}@example.org"))]);
    }
    world.run();
    let clock = world.clock.clone();
    let mut sent = 0;
    *world.sender.script.lock().unwrap() = Some(Box::new(move |_| {
        sent += 1;
        if sent == 5 {
            clock.advance_ms(3_600_000);
        }
        answer(200)
    }));
    deliver_all(&world);
    assert!(pending(&world, &webhook).is_empty());
    let sent = world.sender.sent.lock().unwrap();
    let ids: std::collections::BTreeSet<_> = sent.iter().map(|request| header(request, "webhook-id")).collect();
    assert_eq!((sent.len(), ids.len()), (world.contact_events().len(), world.contact_events().len()));
}

#[test]
fn a_clock_that_jumps_back_holds_deliveries_back_no_longer_than_it_jumped() {
    let (world, _) = waiting();
    world.clock.advance_ms(-3_600_000);
    assert_eq!(deliver_all(&world), 0);
    world.clock.advance_ms(3_600_000);
    assert_eq!(deliver_all(&world), 1);
}
