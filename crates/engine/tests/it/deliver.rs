use crate::world::{World, person, world};
use std::collections::BTreeSet;
use tributary_engine::WebhookInput;
use tributary_store::{StoreExt, WebhookRow};
use tributary_webhook::schedule::STEPS;
use tributary_webhook::verify::{SignatureHeaders, verify_standard};
use tributary_webhook::{Secret, send::OutgoingRequest};

pub fn subscribe(world: &World) -> WebhookRow {
    let new = WebhookInput {
        payload_url: "https://hooks.example.org/crm".into(),
        secret: None,
        active: true,
        toggles: BTreeSet::from(["contactCreate".to_owned(), "contactUpdate".to_owned()]),
        headers: None,
        options: None,
    };
    world.engine.create_webhook(world.org, new).unwrap()
}

pub fn header<'a>(request: &'a OutgoingRequest, name: &str) -> &'a str {
    request.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v.as_str()).unwrap()
}

pub fn deliver_all(world: &World) -> usize {
    let mut attempts = 0;
    loop {
        let outcome = world.runtime.block_on(world.engine.deliver_once()).unwrap();
        attempts += outcome.attempts;
        if outcome.attempts == 0 {
            return attempts;
        }
    }
}

#[test]
fn events_are_signed_and_arrive_in_order_per_contact() {
    let world = world();
    let webhook = subscribe(&world);
    world.submit(&[
        person("hg-1", "Ines", "Lund", "ines.lund@example.org"),
        person("hg-1", "Ines", "Lund", "ines.lund@example.net"),
        person("hg-2", "Odalys", "Trent", "odalys@example.org"),
    ]);
    world.run();
    assert_eq!(deliver_all(&world), 3);
    let sent = world.sender.sent.lock().unwrap();
    let secret = Secret::parse(&webhook.secret).unwrap();
    let mut sequences = Vec::new();
    for request in sent.iter() {
        let headers = SignatureHeaders {
            id: header(request, "webhook-id"),
            timestamp: header(request, "webhook-timestamp"),
            signature: header(request, "webhook-signature"),
        };
        let now = headers.timestamp.parse().unwrap();
        verify_standard(&secret, &headers, &request.body, now, 300).unwrap();
        let body: serde_json::Value = serde_json::from_slice(&request.body).unwrap();
        assert_eq!(body["eventId"], header(request, "webhook-id"));
        sequences.push((body["contact"]["id"].as_i64().unwrap(), body["sequence"].as_i64().unwrap()));
    }
    let mut sorted = sequences.clone();
    sorted.sort_unstable();
    let of_first: Vec<_> = sequences.iter().filter(|(contact, _)| *contact == sorted[0].0).collect();
    assert_eq!(of_first, [&(sorted[0].0, 1), &(sorted[0].0, 2)]);
}

#[test]
fn a_failed_delivery_waits_its_step_and_holds_back_only_its_contact() {
    let world = world();
    subscribe(&world);
    world.submit(&[
        person("hg-1", "Ines", "Lund", "ines.lund@example.org"),
        person("hg-1", "Ines", "Lund", "ines.lund@example.net"),
    ]);
    world.run();
    *world.sender.status.lock().unwrap() = Some(500);
    assert_eq!(deliver_all(&world), 1);
    *world.sender.status.lock().unwrap() = None;
    world.clock.advance_ms(4_900);
    assert_eq!(deliver_all(&world), 0);
    world.clock.advance_ms(1_200);
    assert_eq!(deliver_all(&world), 2);
    let bodies: Vec<_> = world.sender.sent.lock().unwrap().iter().map(|request| request.body.clone()).collect();
    assert_eq!(bodies[0], bodies[1]);
}

#[test]
fn an_endpoint_that_is_gone_is_switched_off() {
    let world = world();
    let webhook = subscribe(&world);
    world.submit(&[person("hg-1", "Ines", "Lund", "ines@example.org")]);
    world.run();
    *world.sender.status.lock().unwrap() = Some(410);
    deliver_all(&world);
    let after = world.engine.webhook(world.org, webhook.id).unwrap().unwrap();
    assert_eq!((after.active, after.disabled_reason.as_deref()), (false, Some("gone")));
}

#[test]
fn an_event_out_of_attempts_is_dead_and_lets_the_next_one_go() {
    let world = world();
    subscribe(&world);
    world.submit(&[
        person("hg-1", "Ines", "Lund", "ines.lund@example.org"),
        person("hg-1", "Ines", "Lund", "ines.lund@example.net"),
    ]);
    world.run();
    *world.sender.status.lock().unwrap() = Some(503);
    for step in STEPS.iter().skip(1) {
        assert_eq!(deliver_all(&world), 1);
        world.clock.advance_ms(i64::try_from(step * 1_200).unwrap());
    }
    // The last attempt of the first event, and at once the first of the second.
    assert_eq!(deliver_all(&world), 2);
    world.clock.advance_ms(10_000);
    let now = tributary_contact::clock::Clock::now(&*world.clock);
    let tally = world.engine.store().reading(|tx| tx.delivery_tally(world.org, now)).unwrap();
    assert_eq!((tally.dead, tally.pending), (1, 1));
    *world.sender.status.lock().unwrap() = None;
    assert_eq!(deliver_all(&world), 1);
}

#[test]
fn a_private_target_is_refused_when_it_is_saved() {
    let world = world();
    let new = WebhookInput {
        payload_url: "http://10.0.0.1/crm".into(),
        secret: Some("whsec_short".into()),
        active: true,
        toggles: BTreeSet::new(),
        headers: None,
        options: None,
    };
    match world.engine.create_webhook(world.org, new) {
        Err(tributary_engine::EngineError::Invalid(issues)) => assert_eq!(issues.len(), 2),
        other => panic!("{other:?}"),
    }
}
