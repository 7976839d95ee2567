//! Webhook subscriptions.

use crate::fixture::{Fixture, at, attempt, conflict_of, webhook};
use std::collections::BTreeMap;
use tributary_contact::WebhookId;
use tributary_store::{DeliveryEnd, WebhookRow};

cases!(
    a_subscription_reads_back_as_it_was_stored,
    a_changed_subscription_reads_back_changed,
    health_is_noted_without_touching_the_rest,
    what_an_earlier_target_answered_says_nothing_about_the_present_one,
    a_deleted_subscription_takes_its_pending_deliveries_along,
);

fn a_subscription_reads_back_as_it_was_stored(f: &Fixture) {
    let off = WebhookRow { active: false, disabled_reason: Some("gone".to_owned()), ..webhook(2) };
    f.writing(|tx| tx.insert_webhook(f.organization, &off));
    f.writing(|tx| tx.insert_webhook(f.organization, &webhook(1)));
    assert_eq!(f.reading(|tx| tx.webhooks(f.organization)), [webhook(1), off]);
    assert_eq!(f.reading(|tx| tx.webhook(f.organization, WebhookId(1))), Some(webhook(1)));
    assert_eq!(f.reading(|tx| tx.webhook(f.other, WebhookId(1))), None);
    assert_eq!(conflict_of(f.try_writing(|tx| tx.insert_webhook(f.organization, &webhook(1)))), "webhook");
}

fn a_changed_subscription_reads_back_changed(f: &Fixture) {
    f.writing(|tx| tx.insert_webhook(f.organization, &webhook(1)));
    let changed = WebhookRow {
        payload_url: "https://example.org/other".to_owned(),
        active: false,
        failing_since: Some(at(3)),
        failed_attempts: 4,
        ..webhook(1)
    };
    assert!(f.writing(|tx| tx.update_webhook(f.organization, &changed)));
    assert!(!f.writing(|tx| tx.update_webhook(f.other, &changed)));
    assert_eq!(f.reading(|tx| tx.webhook(f.organization, WebhookId(1))), Some(changed));
}

fn health_is_noted_without_touching_the_rest(f: &Fixture) {
    f.writing(|tx| tx.insert_webhook(f.organization, &webhook(1)));
    let sick = WebhookRow { failing_since: Some(at(8)), failed_attempts: 3, ..webhook(1) };
    let noted = WebhookRow { secret: "another".to_owned(), ..sick.clone() };
    f.writing(|tx| tx.note_webhook_health(f.organization, &noted));
    assert_eq!(f.reading(|tx| tx.webhook(f.organization, WebhookId(1))), Some(sick));
    f.writing(|tx| tx.note_webhook_health(f.organization, &webhook(1)));
    assert_eq!(f.reading(|tx| tx.webhook(f.organization, WebhookId(1))), Some(webhook(1)));
}

fn what_an_earlier_target_answered_says_nothing_about_the_present_one(f: &Fixture) {
    f.writing(|tx| tx.insert_webhook(f.organization, &webhook(1)));
    let gone = WebhookRow {
        payload_url: "https://example.org/earlier".to_owned(),
        active: false,
        disabled_reason: Some("gone".to_owned()),
        ..webhook(1)
    };
    f.writing(|tx| tx.note_webhook_health(f.organization, &gone));
    assert_eq!(f.reading(|tx| tx.webhook(f.organization, WebhookId(1))), Some(webhook(1)));
}

fn a_deleted_subscription_takes_its_pending_deliveries_along(f: &Fixture) {
    f.writing(|tx| tx.insert_webhook(f.organization, &webhook(1)));
    f.emit(1, 1, 1, 0);
    f.emit(1, 2, 1, 1);
    f.emit(2, 1, 1, 0);
    let room = BTreeMap::from([(WebhookId(1), 1)]);
    let claimed = f.writing(|tx| tx.claim_deliveries(f.organization, at(0), at(9), &room));
    f.writing(|tx| tx.finish_deliveries(f.organization, &[attempt(&claimed[0], DeliveryEnd::Delivered)]));
    assert!(f.writing(|tx| tx.delete_webhook(f.organization, WebhookId(1))));
    assert!(!f.writing(|tx| tx.delete_webhook(f.organization, WebhookId(1))));
    let tally = f.reading(|tx| tx.delivery_tally(f.organization, at(9)));
    assert_eq!((tally.pending, tally.delivered), (1, 1));
}
