//! Secrets: sealed at rest, rotated with an overlap; the schemes and headers of a delivery.

use crate::deliver::{deliver_all, header, subscribe};
use crate::world::{World, person, world, world_with};
use std::collections::BTreeSet;
use tributary_engine::{EngineError, Settings, WebhookInput};
use tributary_store::{StoreExt, WebhookOptions, WebhookRow};
use tributary_webhook::send::OutgoingRequest;
use tributary_webhook::sign::Encoding;
use tributary_webhook::verify::{SignatureHeaders, verify_compat, verify_partner, verify_standard};
use tributary_webhook::{SealKeys, Secret};

const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
const OTHER_KEY: &str = "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=";

fn with_keys(keys: &[&str]) -> Settings {
    let mut settings = Settings::default();
    settings.delivery.secret_keys = SealKeys::parse(keys).unwrap();
    settings
}

fn stored(world: &World) -> WebhookRow {
    world.engine.store().reading(|tx| tx.webhooks(world.org)).unwrap().remove(0)
}

fn accepts(secret: &str, request: &OutgoingRequest) -> bool {
    let headers = SignatureHeaders {
        id: header(request, "webhook-id"),
        timestamp: header(request, "webhook-timestamp"),
        signature: header(request, "webhook-signature"),
    };
    let now = headers.timestamp.parse().unwrap();
    verify_standard(&Secret::parse(secret).unwrap(), &headers, &request.body, now, 300).is_ok()
}

fn last(world: &World) -> OutgoingRequest {
    world.sender.sent.lock().unwrap().last().unwrap().clone()
}

/// Has something happen and delivers it.
fn event(world: &World, number: usize) -> OutgoingRequest {
    world.submit(&[person(&format!("r{number}"), "Ines", &format!("Lund{number}"), &format!("i{number}@example.org"))]);
    world.run();
    assert_eq!(deliver_all(world), 1);
    last(world)
}

#[test]
fn a_secret_is_sealed_at_rest_and_signs_all_the_same() {
    let world = world_with(with_keys(&[KEY]));
    let webhook = subscribe(&world);
    assert!(stored(&world).secret.starts_with("sealed1:"));
    assert!(!format!("{:?}", stored(&world)).contains(&webhook.secret));
    assert_eq!(world.engine.webhook(world.org, webhook.id).unwrap().unwrap().secret, webhook.secret);
    assert!(accepts(&webhook.secret, &event(&world, 1)));
}

#[test]
fn plain_secrets_are_sealed_and_sealed_ones_move_to_a_new_key() {
    let world = world();
    let webhook = subscribe(&world);
    assert_eq!(stored(&world).secret, webhook.secret);
    assert_eq!(world.engine.unsealed_secrets().unwrap(), (1, 0));
    let world = world.restarted(with_keys(&[KEY]));
    assert_eq!((world.engine.seal_secrets().unwrap(), world.engine.seal_secrets().unwrap()), (1, 0));
    let under_first = stored(&world).secret;
    let world = world.restarted(with_keys(&[OTHER_KEY, KEY]));
    assert_eq!(world.engine.seal_secrets().unwrap(), 1);
    assert_ne!(stored(&world).secret, under_first);
    let world = world.restarted(with_keys(&[OTHER_KEY]));
    assert_eq!(world.engine.webhooks(world.org).unwrap()[0].secret, webhook.secret);
    let world = world.restarted(with_keys(&[KEY]));
    assert_eq!(world.engine.unsealed_secrets().unwrap(), (0, 1));
    assert!(world.engine.webhooks(world.org).is_err());
}

#[test]
fn what_cannot_be_signed_is_kept_without_counting_as_an_attempt() {
    let world = world_with(with_keys(&[KEY]));
    let webhook = subscribe(&world);
    world.submit(&[person("hg-1", "Ines", "Lund", "ines@example.org")]);
    world.run();
    let world = world.restarted(with_keys(&[OTHER_KEY]));
    for _ in 0..20 {
        assert!(world.runtime.block_on(world.engine.deliver_once()).is_err());
        world.clock.advance_ms(60_000);
    }
    let world = world.restarted(with_keys(&[KEY]));
    assert_eq!(deliver_all(&world), 1);
    assert_eq!(header(&last(&world), "tributary-attempt"), "1");
    assert!(accepts(&webhook.secret, &last(&world)));
}

#[test]
fn an_old_secret_signs_beside_the_new_one_for_its_overlap_and_no_longer() {
    let world = world();
    let webhook = subscribe(&world);
    let old = webhook.secret;
    let new = world.engine.rotate_webhook_secret(world.org, webhook.id, None, 86_400).unwrap().secret;
    let request = event(&world, 1);
    assert!(accepts(&old, &request) && accepts(&new, &request));
    assert!(header(&request, "webhook-signature").split(' ').count() == 2);
    world.clock.advance_ms(86_400_000);
    let request = event(&world, 2);
    assert!(!accepts(&old, &request) && accepts(&new, &request));
}

#[test]
fn after_a_leak_the_old_secrets_end_at_once() {
    let world = world();
    let webhook = subscribe(&world);
    world.engine.rotate_webhook_secret(world.org, webhook.id, None, 600).unwrap();
    let new = world.engine.rotate_webhook_secret(world.org, webhook.id, None, 0).unwrap();
    assert!(new.previous_secrets.is_empty());
    let request = event(&world, 1);
    assert!(!accepts(&webhook.secret, &request) && accepts(&new.secret, &request));
}

#[test]
fn no_more_than_three_secrets_are_live() {
    let world = world();
    let id = subscribe(&world).id;
    let rotate = |overlap| world.engine.rotate_webhook_secret(world.org, id, None, overlap);
    assert_eq!(rotate(600).unwrap().previous_secrets.len(), 1);
    assert_eq!(rotate(600).unwrap().previous_secrets.len(), 2);
    assert!(matches!(rotate(600), Err(EngineError::Conflict { .. })));
    world.clock.advance_ms(600_000);
    assert_eq!(rotate(600).unwrap().previous_secrets.len(), 1);
    assert!(matches!(rotate(604_801), Err(EngineError::Invalid(_))));
}

#[test]
fn a_retry_is_signed_with_what_is_live_when_it_is_sent() {
    let world = world();
    let webhook = subscribe(&world);
    world.submit(&[person("r1", "Ines", "Lund", "i@example.org")]);
    world.run();
    *world.sender.status.lock().unwrap() = Some(500);
    deliver_all(&world);
    let new = world.engine.rotate_webhook_secret(world.org, webhook.id, None, 0).unwrap().secret;
    world.clock.advance_ms(10_000);
    deliver_all(&world);
    assert!(accepts(&new, &last(&world)));
    assert_eq!(header(&last(&world), "tributary-attempt"), "2");
}

#[test]
fn a_subscription_has_its_own_headers_and_schemes() {
    let world = world_with(with_keys(&[KEY]));
    let options =
        WebhookOptions { compat: Some(true), compat_header: Some("X-Hub".into()), compat_hex: true, partner: true };
    let new = WebhookInput {
        payload_url: "https://hooks.example.org/crm".into(),
        secret: Some("s3cret-value".into()),
        active: true,
        toggles: BTreeSet::from(["contactCreate".to_owned()]),
        headers: Some(vec![("authorization".into(), "Bearer of good news".into())]),
        options: Some(options),
    };
    world.engine.create_webhook(world.org, new).unwrap();
    assert!(stored(&world).headers.starts_with("sealed1:"));
    let request = event(&world, 1);
    let secret = Secret::parse("s3cret-value").unwrap();
    assert!(accepts("s3cret-value", &request));
    assert_eq!(header(&request, "authorization"), "Bearer of good news");
    verify_compat(&secret, header(&request, "x-hub"), &request.body, Encoding::Hex).unwrap();
    let timestamp = header(&request, "x-webhook-timestamp");
    let headers = SignatureHeaders {
        id: header(&request, "x-webhook-id"),
        timestamp,
        signature: header(&request, "x-webhook-signature"),
    };
    verify_partner(&secret, &headers, &request.body, timestamp.parse().unwrap(), 300).unwrap();
}

#[test]
fn headers_that_belong_to_the_delivery_are_refused() {
    let world = world();
    for name in ["Host", "webhook-id", "Content-Type", "tributary-attempt", "X-Virtuous-Signature", "bad name"] {
        let new = WebhookInput {
            payload_url: "https://hooks.example.org/crm".into(),
            secret: None,
            active: true,
            toggles: BTreeSet::new(),
            headers: Some(vec![(name.into(), "x".into())]),
            options: None,
        };
        assert!(matches!(world.engine.create_webhook(world.org, new), Err(EngineError::Invalid(_))), "{name}");
    }
}
