//! Replays: requests that are kept, and deliveries that begin anew.

use crate::fixture::{Fixture, at, attempt};
use std::collections::BTreeMap;
use tributary_contact::{ContactId, WebhookId};
use tributary_store::{ClaimedDelivery, DeliveryEnd, DeliveryFilter, EventKey, ReplayFilter, ReplayRow};
use uuid::Uuid;

cases!(
    a_request_reads_back_and_goes_on_from_where_it_was,
    events_are_found_by_contact_by_time_and_by_their_end,
    a_renewed_delivery_begins_its_schedule_anew,
    what_was_never_delivered_can_be_sent_too,
    what_is_under_way_is_not_renewed,
    ended_deliveries_are_removed_with_their_attempts,
    everything_that_waits_can_be_hastened,
    the_probe_is_the_oldest_event_due_or_not,
);

fn request(id: i64, filter: ReplayFilter) -> ReplayRow {
    ReplayRow {
        id,
        webhook: WebhookId(1),
        filter,
        position: 0,
        last_position: 1_000,
        replayed: 0,
        actor: "key:1".to_owned(),
        created_at: at(3),
        finished_at: None,
    }
}

fn claim(f: &Fixture, now: i64) -> Vec<ClaimedDelivery> {
    let room = BTreeMap::from([(WebhookId(1), 99)]);
    f.writing(|tx| tx.claim_deliveries(f.organization, at(now), at(now + 10), &room))
}

fn finish(f: &Fixture, claimed: &[ClaimedDelivery], end: DeliveryEnd) {
    let results: Vec<_> = claimed.iter().map(|delivery| attempt(delivery, end)).collect();
    assert_eq!(f.writing(|tx| tx.finish_deliveries(f.organization, &results)), claimed.len());
}

fn keys(f: &Fixture, filter: ReplayFilter) -> Vec<EventKey> {
    f.reading(|tx| tx.events_to_replay(f.organization, &request(1, filter), 9))
}

fn found(f: &Fixture, filter: ReplayFilter) -> Vec<Uuid> {
    keys(f, filter).iter().map(|key| key.id).collect()
}

fn a_request_reads_back_and_goes_on_from_where_it_was(f: &Fixture) {
    let filter = ReplayFilter { contact: Some(ContactId(4)), since: Some(at(1)), until: Some(at(9)), only_dead: true };
    let asked = request(1, filter);
    f.writing(|tx| tx.insert_replay(f.organization, &asked));
    f.writing(|tx| tx.insert_replay(f.organization, &request(2, ReplayFilter::default())));
    assert_eq!(f.reading(|tx| tx.running_replays(f.organization))[0], asked);
    let further = ReplayRow { position: 7, replayed: 3, ..asked.clone() };
    assert!(f.writing(|tx| tx.update_replay(f.organization, 0, &further)));
    assert!(!f.writing(|tx| tx.update_replay(f.organization, 0, &further)), "somebody else has done it");
    let done = ReplayRow { finished_at: Some(at(8)), ..further };
    assert!(f.writing(|tx| tx.update_replay(f.organization, 7, &done)));
    assert_eq!(f.reading(|tx| tx.running_replays(f.organization)).len(), 1);
    let all = f.reading(|tx| tx.replays(f.organization, WebhookId(1), 9));
    assert_eq!(all.iter().map(|row| row.id).collect::<Vec<_>>(), [2, 1]);
    assert_eq!(all[1], done);
    assert!(f.reading(|tx| tx.running_replays(f.other)).is_empty());
}

fn events_are_found_by_contact_by_time_and_by_their_end(f: &Fixture) {
    let ids = [1, 2, 3].map(|contact| f.emit(1, contact, 1, contact));
    assert_eq!(found(f, ReplayFilter::default()), ids);
    assert_eq!(found(f, ReplayFilter { contact: Some(ContactId(2)), ..ReplayFilter::default() }), [ids[1]]);
    assert!(found(f, ReplayFilter { since: Some(at(2)), ..ReplayFilter::default() }).is_empty());
    assert_eq!(found(f, ReplayFilter { until: Some(at(2)), ..ReplayFilter::default() }), ids);
    finish(f, &claim(f, 1), DeliveryEnd::Dead);
    assert_eq!(found(f, ReplayFilter { only_dead: true, ..ReplayFilter::default() }), [ids[0]]);
    let after =
        ReplayRow { position: keys(f, ReplayFilter::default())[0].position, ..request(1, ReplayFilter::default()) };
    assert_eq!(f.reading(|tx| tx.events_to_replay(f.organization, &after, 1))[0].id, ids[1]);
    let until = ReplayRow { last_position: after.position, ..request(1, ReplayFilter::default()) };
    assert_eq!(f.reading(|tx| tx.events_to_replay(f.organization, &until, 9)).len(), 1);
}

fn a_renewed_delivery_begins_its_schedule_anew(f: &Fixture) {
    f.emit(1, 1, 1, 0);
    finish(f, &claim(f, 0), DeliveryEnd::Retry(at(1)));
    finish(f, &claim(f, 1), DeliveryEnd::Dead);
    let events = keys(f, ReplayFilter::default());
    assert_eq!(f.writing(|tx| tx.renew_deliveries(f.organization, WebhookId(1), &events, at(20))), 1);
    assert!(claim(f, 19).is_empty());
    let again = claim(f, 20);
    assert_eq!((again[0].attempt, again[0].earlier_attempts), (3, 2));
}

fn what_was_never_delivered_can_be_sent_too(f: &Fixture) {
    f.emit(2, 1, 1, 0);
    let events = keys(f, ReplayFilter::default());
    assert_eq!(f.writing(|tx| tx.renew_deliveries(f.organization, WebhookId(1), &events, at(5))), 1);
    assert_eq!(claim(f, 5)[0].event, events[0].id);
}

fn what_is_under_way_is_not_renewed(f: &Fixture) {
    f.emit(1, 1, 1, 0);
    let claimed = claim(f, 0);
    let events = keys(f, ReplayFilter::default());
    assert_eq!(f.writing(|tx| tx.renew_deliveries(f.organization, WebhookId(1), &events, at(5))), 0);
    finish(f, &claimed, DeliveryEnd::Delivered);
}

fn ended_deliveries_are_removed_with_their_attempts(f: &Fixture) {
    let ids = [1, 2, 3].map(|contact| f.emit(1, contact, 1, 0));
    let claimed = claim(f, 0);
    finish(f, &claimed[..1], DeliveryEnd::Delivered);
    finish(f, &claimed[1..2], DeliveryEnd::Dead);
    let remove = |before, limit| f.writing(|tx| tx.remove_deliveries(f.organization, WebhookId(1), at(before), limit));
    assert_eq!(remove(1, 9), 0);
    assert_eq!((remove(100, 1), remove(100, 9), remove(100, 9)), (1, 1, 0));
    let left = f.reading(|tx| tx.deliveries(f.organization, WebhookId(1), DeliveryFilter::All, None, 9));
    assert_eq!(left.iter().map(|row| row.event).collect::<Vec<_>>(), [ids[2]]);
    for id in ids {
        assert!(f.reading(|tx| tx.attempts(f.organization, id, WebhookId(1))).is_empty());
    }
    assert_eq!(f.reading(|tx| tx.delivery_tally(f.organization, at(9))).delivered, 1, "counts are kept");
}

fn everything_that_waits_can_be_hastened(f: &Fixture) {
    f.emit(1, 1, 1, 100);
    f.emit(1, 2, 1, 0);
    f.emit(2, 3, 1, 100);
    assert_eq!(claim(f, 0).len(), 1);
    assert_eq!(f.writing(|tx| tx.hasten_deliveries(f.organization, WebhookId(1), at(1))), 1);
    assert_eq!(claim(f, 1).len(), 1);
}

fn the_probe_is_the_oldest_event_due_or_not(f: &Fixture) {
    let first = f.emit(1, 1, 1, 500);
    f.emit(1, 2, 1, 0);
    let probe = f.writing(|tx| tx.claim_probe(f.organization, WebhookId(1), at(10)));
    assert_eq!((probe.len(), probe[0].event, probe[0].attempt), (1, first, 1));
    assert!(f.writing(|tx| tx.claim_probe(f.organization, WebhookId(9), at(10))).is_empty());
}
