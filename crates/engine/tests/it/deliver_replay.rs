//! Replays, the feed and retention.

use crate::deliver::{deliver_all, header, subscribe};
use crate::world::{World, person, world};
use chrono::TimeDelta;
use tributary_contact::clock::Clock;
use tributary_engine::{Actor, EngineError, FeedPlace};
use tributary_store::{DeliveryFilter, EventRow, ReplayFilter, StoreExt, WebhookRow};
use tributary_webhook::schedule::STEPS;
use uuid::Uuid;

fn staff() -> Actor {
    Actor::Staff("ann".into())
}

/// Three people, one after the other and an hour apart, each delivered once.
fn told() -> (World, WebhookRow, Vec<EventRow>) {
    let world = world();
    let webhook = subscribe(&world);
    for (reference, first) in [("hg-1", "Ines"), ("hg-2", "Odalys"), ("hg-3", "Bram")] {
        world.submit(&[person(reference, first, first, &format!("{first}@example.org"))]);
        world.run();
        world.clock.advance_ms(3_600_000);
    }
    assert_eq!(deliver_all(&world), 3);
    let events = world.events();
    world.sender.sent.lock().unwrap().clear();
    (world, webhook, events)
}

fn arrived(world: &World) -> Vec<Uuid> {
    let sent = world.sender.sent.lock().unwrap();
    sent.iter().map(|request| header(request, "webhook-id").parse().unwrap()).collect()
}

fn replayed(world: &World, webhook: &WebhookRow, filter: ReplayFilter) -> Vec<Uuid> {
    world.engine.replay_webhook(world.org, webhook.id, filter, &staff()).unwrap();
    deliver_all(world);
    let done = world.engine.webhook_replays(world.org, webhook.id).unwrap();
    assert!(done[0].finished_at.is_some());
    // Different contacts are sent side by side.
    let mut arrived = arrived(world);
    arrived.sort_unstable();
    assert_eq!(usize::try_from(done[0].replayed).unwrap(), arrived.len());
    arrived
}

#[test]
fn one_event_is_sent_again_with_its_id_and_bytes_and_a_new_number() {
    let (world, webhook, events) = told();
    world.engine.replay_event(world.org, webhook.id, events[1].id).unwrap();
    assert_eq!(deliver_all(&world), 1);
    let sent = world.sender.sent.lock().unwrap();
    assert_eq!(sent[0].body, events[1].body.as_bytes());
    assert_eq!(
        (header(&sent[0], "webhook-id"), header(&sent[0], "tributary-attempt")),
        (&*events[1].id.to_string(), "2")
    );
    let unknown = world.engine.replay_event(world.org, webhook.id, Uuid::nil());
    assert!(matches!(unknown, Err(EngineError::NotFound)));
}

#[test]
fn events_are_sent_again_by_contact_by_time_and_all_of_them() {
    let (world, webhook, events) = told();
    let contact = ReplayFilter { contact: Some(events[2].contact), ..ReplayFilter::default() };
    assert_eq!(replayed(&world, &webhook, contact), [events[2].id]);
    let (world, webhook, events) = told();
    let since = ReplayFilter { since: Some(events[1].created_at), ..ReplayFilter::default() };
    assert_eq!(replayed(&world, &webhook, since), [events[1].id, events[2].id]);
    let (world, webhook, events) = told();
    let until = ReplayFilter { until: Some(events[1].created_at), ..ReplayFilter::default() };
    assert_eq!(replayed(&world, &webhook, until), [events[0].id]);
    let (world, webhook, events) = told();
    let all: Vec<Uuid> = events.iter().map(|event| event.id).collect();
    assert_eq!(replayed(&world, &webhook, ReplayFilter::default()), all);
}

#[test]
fn what_was_given_up_is_sent_again_with_a_schedule_of_its_own() {
    let world = world();
    let webhook = subscribe(&world);
    world.submit(&[person("hg-1", "Ines", "Lund", "ines@example.org")]);
    world.run();
    *world.sender.status.lock().unwrap() = Some(500);
    for step in STEPS {
        world.clock.advance_ms(i64::try_from(step * 1_200).unwrap());
        deliver_all(&world);
    }
    let dead = |world: &World| world.engine.webhook_deliveries(world.org, webhook.id, DeliveryFilter::Dead, None, 9);
    assert_eq!(dead(&world).unwrap().len(), 1);
    world.engine.set_webhook_active(world.org, webhook.id, true).unwrap();
    let only_dead = ReplayFilter { only_dead: true, ..ReplayFilter::default() };
    world.engine.replay_webhook(world.org, webhook.id, only_dead, &staff()).unwrap();
    deliver_all(&world);
    assert!(dead(&world).unwrap().is_empty(), "it waits for its second attempt again");
    *world.sender.status.lock().unwrap() = None;
    world.clock.advance_ms(10_000);
    deliver_all(&world);
    assert!(
        world.engine.webhook_deliveries(world.org, webhook.id, DeliveryFilter::Pending, None, 9).unwrap().is_empty()
    );
}

#[test]
fn a_replay_goes_on_after_a_restart() {
    let (world, webhook, events) = told();
    world.engine.replay_webhook(world.org, webhook.id, ReplayFilter::default(), &staff()).unwrap();
    let settings = world.settings();
    let world = world.restarted(settings);
    assert_eq!(deliver_all(&world), events.len());
    assert!(world.engine.webhook_replays(world.org, webhook.id).unwrap()[0].finished_at.is_some());
    assert_eq!(world.engine.step_replays().unwrap(), 0);
}

#[test]
fn the_feed_hands_out_every_envelope_once_and_in_order() {
    let (world, _, events) = told();
    let feed = |after, take| world.engine.event_feed(world.org, after, take).unwrap();
    let first = feed(FeedPlace::Position(0), 2);
    assert_eq!(first.iter().map(|fed| &fed.event).collect::<Vec<_>>(), [&events[0], &events[1]]);
    let rest = feed(FeedPlace::Position(first[1].position), 9);
    assert_eq!(rest.iter().map(|fed| &fed.event).collect::<Vec<_>>(), [&events[2]]);
    assert_eq!(feed(FeedPlace::Event(events[1].id), 9), rest);
    assert!(feed(FeedPlace::Position(rest[0].position), 9).is_empty());
    let unknown = world.engine.event_feed(world.org, FeedPlace::Event(Uuid::nil()), 9);
    assert!(matches!(unknown, Err(EngineError::NotFound)));
}

#[test]
fn deliveries_are_kept_a_month_and_events_three() {
    let (world, webhook, events) = told();
    let deliveries = || world.engine.webhook_deliveries(world.org, webhook.id, DeliveryFilter::All, None, 99).unwrap();
    world.clock.advance_ms(TimeDelta::days(29).num_milliseconds());
    world.engine.sweep_outbox().unwrap();
    assert_eq!((deliveries().len(), world.events().len()), (3, 3));
    world.clock.advance_ms(TimeDelta::days(2).num_milliseconds());
    world.engine.sweep_outbox().unwrap();
    assert_eq!((deliveries().len(), world.events().len()), (0, 3));
    let log = world.engine.store().reading(|tx| tx.attempts(world.org, events[0].id, webhook.id)).unwrap();
    assert!(log.is_empty());
    world.clock.advance_ms(TimeDelta::days(60).num_milliseconds());
    world.engine.sweep_outbox().unwrap();
    assert!(world.events().is_empty());
    let tally = world.engine.health(world.org).unwrap().deliveries;
    assert_eq!((tally.delivered, tally.pending, tally.dead), (3, 0, 0));
}

#[test]
fn what_still_waits_when_its_event_grows_old_is_given_up_and_not_forgotten() {
    let world = world();
    let webhook = subscribe(&world);
    world.submit(&[person("hg-1", "Ines", "Lund", "ines@example.org")]);
    world.run();
    world.engine.set_webhook_active(world.org, webhook.id, false).unwrap();
    world.clock.advance_ms(TimeDelta::days(91).num_milliseconds());
    world.engine.sweep_outbox().unwrap();
    let dead = world.engine.webhook_deliveries(world.org, webhook.id, DeliveryFilter::Dead, None, 9).unwrap();
    assert_eq!((dead.len(), world.events().len()), (1, 1));
    assert!(dead[0].due_at <= world.clock.now());
}
