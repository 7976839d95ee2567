//! Events, deliveries and attempts.

use crate::fixture::{Fixture, at, attempt, conflict_of, event};
use std::collections::BTreeMap;
use tributary_contact::WebhookId;
use tributary_store::{ClaimedDelivery, DeliveryEnd, DeliveryFilter, DeliveryTally, EventKind, EventRow};
use uuid::Uuid;

cases!(
    events_are_fed_in_order,
    an_event_is_stored_once,
    a_claim_counts_as_an_attempt_and_holds_the_stored_body,
    nothing_is_claimed_before_it_is_due,
    the_oldest_due_comes_first_up_to_the_room,
    a_subscriber_without_room_gets_nothing,
    events_of_one_contact_go_out_one_after_the_other,
    no_event_is_claimed_without_those_before_it,
    a_later_event_waits_for_the_retry_of_an_earlier_one,
    a_given_up_event_no_longer_blocks,
    a_leased_delivery_is_claimed_again_when_the_lease_is_over,
    a_late_result_of_a_taken_over_claim_is_dropped,
    a_result_is_used_once,
    attempts_are_kept_first_to_last,
    the_outbox_is_counted,
    deliveries_are_listed_newest_event_first,
    what_has_to_wait_does_not_hide_what_can_go,
    what_waited_is_due_at_once_when_the_earlier_one_ends,
    what_is_given_back_was_never_tried,
    dead_and_pending_deliveries_are_listed_apart,
);

fn claim(f: &Fixture, now: i64, until: i64, room: &[(i64, i64)]) -> Vec<ClaimedDelivery> {
    let room: BTreeMap<_, _> = room.iter().map(|(webhook, limit)| (WebhookId(*webhook), *limit)).collect();
    f.writing(|tx| tx.claim_deliveries(f.organization, at(now), at(until), &room))
}

fn events(claimed: &[ClaimedDelivery]) -> Vec<Uuid> {
    claimed.iter().map(|delivery| delivery.event).collect()
}

fn finish(f: &Fixture, claimed: &[ClaimedDelivery], end: DeliveryEnd) -> usize {
    let results: Vec<_> = claimed.iter().map(|delivery| attempt(delivery, end)).collect();
    f.writing(|tx| tx.finish_deliveries(f.organization, &results))
}

fn events_are_fed_in_order(f: &Fixture) {
    let (first, second) = (event(f.record_id().0, 1, 1), event(f.record_id().0, 1, 2));
    let second = EventRow { kind: EventKind::ContactDelete, ..second };
    f.writing(|tx| tx.insert_events(f.organization, &[second.clone(), first.clone()]));
    assert_eq!(f.reading(|tx| tx.event_page(f.organization, None, 9)), [first.clone(), second.clone()]);
    assert_eq!(f.reading(|tx| tx.event_page(f.organization, Some(first.id), 9)), [second]);
    assert_eq!(f.reading(|tx| tx.event_page(f.organization, None, 1)), [first]);
    assert!(f.reading(|tx| tx.event_page(f.other, None, 9)).is_empty());
}

fn an_event_is_stored_once(f: &Fixture) {
    let row = event(f.record_id().0, 1, 1);
    f.writing(|tx| tx.insert_events(f.organization, std::slice::from_ref(&row)));
    let again = f.try_writing(|tx| tx.insert_events(f.organization, std::slice::from_ref(&row)));
    assert_eq!(conflict_of(again), "event");
}

fn a_claim_counts_as_an_attempt_and_holds_the_stored_body(f: &Fixture) {
    let id = f.emit(1, 5, 1, 0);
    let claimed = claim(f, 0, 10, &[(1, 9)]);
    assert_eq!(events(&claimed), [id]);
    assert_eq!((claimed[0].attempt, claimed[0].contact.0, claimed[0].webhook.0), (1, 5, 1));
    assert_eq!(claimed[0].body, event(id, 5, 1).body);
    assert!(claim(f, 9, 20, &[(1, 9)]).is_empty(), "it is leased");
}

fn nothing_is_claimed_before_it_is_due(f: &Fixture) {
    let id = f.emit(1, 1, 1, 5);
    assert!(claim(f, 4, 20, &[(1, 9)]).is_empty());
    assert_eq!(events(&claim(f, 5, 20, &[(1, 9)])), [id]);
}

fn the_oldest_due_comes_first_up_to_the_room(f: &Fixture) {
    let late = f.emit(1, 1, 1, 3);
    let early = f.emit(1, 2, 1, 1);
    let middle = f.emit(2, 3, 1, 2);
    let last = f.emit(1, 4, 1, 4);
    assert_eq!(events(&claim(f, 9, 20, &[(1, 2), (2, 2)])), [early, late, middle]);
    assert_eq!(events(&claim(f, 9, 20, &[(1, 2), (2, 2)])), [last]);
}

fn a_subscriber_without_room_gets_nothing(f: &Fixture) {
    f.emit(1, 1, 1, 0);
    f.emit(2, 1, 1, 0);
    assert!(claim(f, 1, 20, &[]).is_empty());
    let claimed = claim(f, 1, 20, &[(1, 0), (2, 1)]);
    assert_eq!(claimed.iter().map(|delivery| delivery.webhook.0).collect::<Vec<_>>(), [2]);
}

fn events_of_one_contact_go_out_one_after_the_other(f: &Fixture) {
    let second = f.emit(1, 7, 2, 0);
    let first = f.emit(1, 7, 1, 1);
    let elsewhere = f.emit(2, 7, 2, 0);
    let claimed = claim(f, 2, 20, &[(1, 9), (2, 9)]);
    assert_eq!(events(&claimed), [first, second, elsewhere]);
    assert!(claim(f, 3, 20, &[(1, 9)]).is_empty());
    let third = f.emit(1, 7, 3, 0);
    assert!(claim(f, 3, 20, &[(1, 9)]).is_empty(), "the ones before it are under way");
    assert_eq!(finish(f, &claimed, DeliveryEnd::Delivered), 3);
    assert_eq!(events(&claim(f, 3, 20, &[(1, 9)])), [third]);
}

fn no_event_is_claimed_without_those_before_it(f: &Fixture) {
    // The first was put off; the second would be due before it.
    let first = f.emit(1, 7, 1, 4);
    f.emit(1, 7, 2, 0);
    f.emit(1, 7, 3, 1);
    let other = f.emit(1, 8, 1, 2);
    let free = claim(f, 3, 20, &[(1, 9)]);
    assert_eq!(events(&free), [other]);
    finish(f, &free, DeliveryEnd::Delivered);
    let claimed = claim(f, 25, 40, &[(1, 1)]);
    assert_eq!(events(&claimed), [first]);
    finish(f, &claimed, DeliveryEnd::Retry(at(60)));
    assert!(claim(f, 45, 50, &[(1, 9)]).is_empty());
    let all = claim(f, 60, 70, &[(1, 9)]);
    assert_eq!(all.iter().map(|row| row.event).next(), Some(first));
}

fn a_later_event_waits_for_the_retry_of_an_earlier_one(f: &Fixture) {
    let (first, second) = (f.emit(1, 7, 1, 0), f.emit(1, 7, 2, 0));
    let claimed = claim(f, 0, 20, &[(1, 9)]);
    finish(f, &claimed[..1], DeliveryEnd::Retry(at(30)));
    finish(f, &claimed[1..], DeliveryEnd::Released);
    assert!(claim(f, 29, 30, &[(1, 9)]).is_empty());
    let again = claim(f, 30, 40, &[(1, 9)]);
    assert_eq!((events(&again), again[0].attempt, again[1].attempt), (vec![first, second], 2, 1));
}

fn a_given_up_event_no_longer_blocks(f: &Fixture) {
    f.emit(1, 7, 1, 0);
    let second = f.emit(1, 7, 2, 0);
    finish(f, &claim(f, 0, 20, &[(1, 1)]), DeliveryEnd::Dead);
    assert_eq!(events(&claim(f, 1, 20, &[(1, 9)])), [second]);
}

fn a_leased_delivery_is_claimed_again_when_the_lease_is_over(f: &Fixture) {
    let id = f.emit(1, 1, 1, 0);
    claim(f, 0, 10, &[(1, 9)]);
    let again = claim(f, 10, 20, &[(1, 9)]);
    assert_eq!((events(&again), again[0].attempt), (vec![id], 2));
}

fn a_late_result_of_a_taken_over_claim_is_dropped(f: &Fixture) {
    f.emit(1, 1, 1, 0);
    let slow = claim(f, 0, 10, &[(1, 9)]);
    let new = claim(f, 10, 20, &[(1, 9)]);
    assert_eq!(finish(f, &slow, DeliveryEnd::Dead), 0);
    assert_eq!(finish(f, &new, DeliveryEnd::Delivered), 1);
    let attempts = f.reading(|tx| tx.attempts(f.organization, new[0].event, WebhookId(1)));
    assert_eq!(attempts.iter().map(|attempt| attempt.number).collect::<Vec<_>>(), [2]);
}

fn a_result_is_used_once(f: &Fixture) {
    f.emit(1, 1, 1, 0);
    let claimed = claim(f, 0, 10, &[(1, 9)]);
    let twice = [claimed.clone(), claimed.clone()].concat();
    assert_eq!(finish(f, &twice, DeliveryEnd::Retry(at(5))), 1);
    assert_eq!(finish(f, &claimed, DeliveryEnd::Delivered), 0);
    assert_eq!(finish(f, &[], DeliveryEnd::Delivered), 0);
}

fn attempts_are_kept_first_to_last(f: &Fixture) {
    let id = f.emit(1, 1, 1, 0);
    let first = claim(f, 0, 10, &[(1, 9)]);
    finish(f, &first, DeliveryEnd::Retry(at(20)));
    let second = claim(f, 20, 30, &[(1, 9)]);
    finish(f, &second, DeliveryEnd::Delivered);
    let expected = [&first, &second].map(|claimed| attempt(&claimed[0], DeliveryEnd::Delivered).attempt);
    assert_eq!(f.reading(|tx| tx.attempts(f.organization, id, WebhookId(1))), expected);
    assert!(f.reading(|tx| tx.attempts(f.organization, id, WebhookId(2))).is_empty());
}

fn the_outbox_is_counted(f: &Fixture) {
    assert_eq!(f.reading(|tx| tx.delivery_tally(f.organization, at(0))), DeliveryTally::default());
    f.emit(1, 1, 1, 0);
    f.emit(1, 2, 1, 1);
    finish(f, &claim(f, 0, 10, &[(1, 1)]), DeliveryEnd::Delivered);
    finish(f, &claim(f, 1, 10, &[(1, 1)]), DeliveryEnd::Dead);
    f.emit(1, 3, 1, 2);
    f.emit(2, 3, 1, 3);
    f.emit(2, 4, 1, 50);
    let expected = DeliveryTally { pending: 3, due: 2, dead: 1, delivered: 1 };
    assert_eq!(f.reading(|tx| tx.delivery_tally(f.organization, at(9))), expected);
}

fn deliveries_are_listed_newest_event_first(f: &Fixture) {
    let ids = [1, 2, 3].map(|contact| f.emit(1, contact, 1, contact));
    f.emit(2, 1, 1, 1);
    finish(f, &claim(f, 1, 10, &[(1, 1)]), DeliveryEnd::Delivered);
    let list =
        |before, limit| f.reading(|tx| tx.deliveries(f.organization, WebhookId(1), DeliveryFilter::All, before, limit));
    let all = list(None, 9);
    assert_eq!(all.iter().map(|row| row.event).collect::<Vec<_>>(), [ids[2], ids[1], ids[0]]);
    assert_eq!(
        (all[2].state.as_str(), all[2].attempts, (all[2].due_at - at(1)).num_milliseconds()),
        ("delivered", 1, 12)
    );
    assert_eq!((all[0].state.as_str(), all[0].attempts, all[0].contact.0), ("pending", 0, 3));
    assert_eq!(list(Some(ids[2]), 1), all[1..2]);
}

fn what_has_to_wait_does_not_hide_what_can_go(f: &Fixture) {
    for sequence in 1..=40 {
        f.emit(1, 1, sequence, 0);
    }
    let other = f.emit(1, 2, 1, 1);
    let claimed = claim(f, 2, 20, &[(1, 20)]);
    assert_eq!((claimed.len(), claimed[8].event), (9, other));
    assert_eq!(f.reading(|tx| tx.oldest_due(f.organization, WebhookId(1), at(2))), None, "what waits is not due");
}

fn what_waited_is_due_at_once_when_the_earlier_one_ends(f: &Fixture) {
    f.emit(1, 1, 1, 0);
    let second = f.emit(1, 1, 2, 0);
    let third = f.emit(1, 1, 3, 0);
    let one = |now, until| claim(f, now, until, &[(1, 1)]);
    finish(f, &one(1, 20), DeliveryEnd::Delivered);
    let next = one(2, 20);
    assert_eq!(events(&next), [second]);
    assert!(one(3, 45).is_empty(), "the third one is put off");
    finish(f, &next, DeliveryEnd::Retry(at(50)));
    assert!(one(49, 60).is_empty());
    finish(f, &one(50, 60), DeliveryEnd::Dead);
    assert_eq!(events(&one(51, 70)), [third]);
}

fn what_is_given_back_was_never_tried(f: &Fixture) {
    let id = f.emit(1, 1, 1, 0);
    finish(f, &claim(f, 1, 20, &[(1, 9)]), DeliveryEnd::Released);
    let again = claim(f, 2, 20, &[(1, 9)]);
    assert_eq!((events(&again), again[0].attempt), (vec![id], 1));
    assert!(f.reading(|tx| tx.attempts(f.organization, id, WebhookId(1))).is_empty());
    finish(f, &again, DeliveryEnd::Delivered);
    assert_eq!(f.reading(|tx| tx.attempts(f.organization, id, WebhookId(1))).len(), 1);
}

fn dead_and_pending_deliveries_are_listed_apart(f: &Fixture) {
    let ids = [1, 2, 3].map(|contact| f.emit(1, contact, 1, contact));
    finish(f, &claim(f, 1, 10, &[(1, 1)]), DeliveryEnd::Delivered);
    finish(f, &claim(f, 2, 10, &[(1, 1)]), DeliveryEnd::Dead);
    let list = |filter| f.reading(|tx| tx.deliveries(f.organization, WebhookId(1), filter, None, 9));
    let of = |filter| list(filter).iter().map(|row| row.event).collect::<Vec<_>>();
    assert_eq!(of(DeliveryFilter::Dead), [ids[1]]);
    assert_eq!(of(DeliveryFilter::Pending), [ids[2]]);
    assert_eq!(f.reading(|tx| tx.delivery(f.organization, WebhookId(1), ids[1])).unwrap().state, "dead");
    assert!(f.reading(|tx| tx.delivery(f.organization, WebhookId(2), ids[1])).is_none());
}
