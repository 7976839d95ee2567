//! The running delivery loop: lanes side by side, order, rotation while a thousand deliveries are under way.

use crate::deliver::header;
use crate::world::{World, answer, person, submission, world};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tributary_engine::{Engine, OnFile, WebhookInput};
use tributary_store::WebhookRow;
use tributary_webhook::Secret;
use tributary_webhook::verify::{SignatureHeaders, verify_standard};

/// Far longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(60);

fn subscribe(world: &World, url: &str) -> WebhookRow {
    let toggles = BTreeSet::from(["contactCreate".to_owned(), "contactUpdate".to_owned()]);
    let payload_url = url.to_owned();
    let new = WebhookInput { payload_url, secret: None, active: true, toggles, headers: None, options: None };
    world.engine.create_webhook(world.org, new).unwrap()
}

/// People, each of whom is changed twice after being created.
fn happen(world: &World, people: usize) {
    for round in 0..3 {
        let rows: Vec<_> = (0..people)
            .map(|n| person(&format!("r{n}"), "Ines", &format!("Lund{n}"), &format!("i{n}.{round}@example.org")))
            .collect();
        world.submit(&rows);
        world.run();
    }
}

/// Runs the loop until nothing is pending.
fn run_until_empty(world: &World) {
    let looping = world.runtime.spawn({
        let engine: Arc<Engine> = world.engine.clone();
        async move { engine.deliver_loop().await }
    });
    let begun = Instant::now();
    while world.engine.health(world.org).unwrap().deliveries.pending > 0 {
        assert!(begun.elapsed() < PATIENCE, "deliveries do not come to an end");
        std::thread::yield_now();
    }
    world.engine.shutdown();
    world.runtime.block_on(looping).unwrap();
}

#[test]
fn every_event_arrives_once_and_in_order_though_many_are_under_way() {
    let world = world();
    subscribe(&world, "https://a.example.org/");
    happen(&world, 60);
    run_until_empty(&world);
    let sent = world.sender.sent.lock().unwrap();
    let mut sequences: HashMap<i64, Vec<i64>> = HashMap::new();
    for request in sent.iter() {
        let body: serde_json::Value = serde_json::from_slice(&request.body).unwrap();
        let contact = body["contact"]["id"].as_i64().unwrap();
        sequences.entry(contact).or_default().push(body["sequence"].as_i64().unwrap());
    }
    assert_eq!(sent.len(), world.contact_events().len());
    assert!(sequences.values().any(|numbers| numbers.len() == 3));
    assert!(sequences.values().all(|numbers| (1..).zip(numbers).all(|(wanted, number)| wanted == *number)));
}

#[test]
fn a_receiver_that_always_fails_holds_up_no_other() {
    let world = world();
    let bad = subscribe(&world, "https://bad.example.org/");
    let good = subscribe(&world, "https://good.example.org/");
    happen(&world, 30);
    let script = |request: &tributary_webhook::OutgoingRequest| match request.url.contains("bad") {
        true => answer(503),
        false => answer(200),
    };
    *world.sender.script.lock().unwrap() = Some(Box::new(script));
    let looping = world.runtime.spawn({
        let engine: Arc<Engine> = world.engine.clone();
        async move { engine.deliver_loop().await }
    });
    let begun = Instant::now();
    let pending = |webhook: &WebhookRow| {
        let filter = tributary_store::DeliveryFilter::Pending;
        world.engine.webhook_deliveries(world.org, webhook.id, filter, None, 1_000).unwrap().len()
    };
    while pending(&good) > 0 {
        assert!(begun.elapsed() < PATIENCE);
        std::thread::yield_now();
    }
    assert!(pending(&bad) > 0);
    world.engine.shutdown();
    world.runtime.block_on(looping).unwrap();
}

#[test]
fn a_receiver_that_hangs_holds_up_no_other() {
    let world = world();
    subscribe(&world, "https://hangs.example.org/");
    let good = subscribe(&world, "https://good.example.org/");
    happen(&world, 60);
    let looping = world.runtime.spawn({
        let engine: Arc<Engine> = world.engine.clone();
        async move { engine.deliver_loop().await }
    });
    let begun = Instant::now();
    let filter = tributary_store::DeliveryFilter::Pending;
    let pending = || world.engine.webhook_deliveries(world.org, good.id, filter, None, 1_000).unwrap().len();
    while pending() > 0 {
        assert!(begun.elapsed() < PATIENCE);
        std::thread::yield_now();
    }
    assert_eq!(world.sender.sent.lock().unwrap().len(), world.contact_events().len());
    // Nothing more is heard of the lane that hangs: in the end the watchdog has it begun anew.
    assert_eq!(world.engine.end_silent_lanes(tokio::time::Instant::now()), 0);
    assert!(world.engine.end_silent_lanes(tokio::time::Instant::now() + Duration::from_secs(600)) > 0);
    looping.abort();
}

/// Changes whose way is measured, one after the other.
const MEASURED: usize = 300;
/// What the machine's other work may add to one of them: far less than a receiver that hangs would.
const NOISE: Duration = Duration::from_millis(100);

/// The 99th percentile of the time from a commit to the arrival at a healthy receiver.
fn p99_beside(others: &[&str]) -> Duration {
    let world = world();
    others.iter().for_each(|url| drop(subscribe(&world, url)));
    subscribe(&world, "https://good.example.org/");
    let (tell, arrived) = std::sync::mpsc::channel();
    let script = move |request: &tributary_webhook::OutgoingRequest| {
        if request.url.contains("good") {
            tell.send(()).unwrap();
        }
        answer(if request.url.contains("bad") { 503 } else { 200 })
    };
    *world.sender.script.lock().unwrap() = Some(Box::new(script));
    let looping = world.runtime.spawn({
        let engine: Arc<Engine> = world.engine.clone();
        async move { engine.deliver_loop().await }
    });
    let mut took: Vec<Duration> = (0..MEASURED)
        .map(|n| {
            let row = person(&format!("r{n}"), "Ines", &format!("Lund{n}"), &format!("i{n}@example.org"));
            let row = OnFile { group: n.to_string(), submission: submission(&row) };
            world.engine.announce_contacts(world.org, vec![row]).unwrap();
            let committed = Instant::now();
            arrived.recv_timeout(PATIENCE).unwrap();
            committed.elapsed()
        })
        .collect();
    looping.abort();
    took.sort_unstable();
    took[MEASURED * 99 / 100]
}

#[test]
fn beside_receivers_that_hang_or_fail_a_healthy_one_waits_at_most_twice_as_long() {
    let alone = p99_beside(&[]);
    let beside = p99_beside(&["https://hangs.example.org/", "https://bad.example.org/", "https://hangs.example.org/2"]);
    assert!(beside <= 2 * alone + NOISE, "{beside:?} beside them, {alone:?} alone");
}

#[test]
fn during_a_rotation_receivers_of_either_secret_accept_everything() {
    let world = world();
    let webhook = subscribe(&world, "https://a.example.org/");
    let on_file = |n: usize| {
        let row = person(&format!("r{n}"), "Ines", &format!("Lund{n}"), &format!("i{n}@example.org"));
        OnFile { group: n.to_string(), submission: submission(&row) }
    };
    world.engine.announce_contacts(world.org, (0..1_000).map(on_file).collect()).unwrap();
    assert_eq!(world.contact_events().len(), 1_000);
    let secrets = Arc::new(Mutex::new(vec![webhook.secret.clone()]));
    let (engine, org, known) = (world.engine.clone(), world.org, secrets.clone());
    let mut sent = 0;
    let script = move |_: &tributary_webhook::OutgoingRequest| {
        sent += 1;
        if sent == 200 {
            // Rotated from another thread, while deliveries are claimed, queued and under way.
            let (engine, known) = (engine.clone(), known.clone());
            std::thread::spawn(move || {
                let new = engine.rotate_webhook_secret(org, webhook.id, None, 86_400).unwrap();
                known.lock().unwrap().push(new.secret);
            });
        }
        answer(200)
    };
    *world.sender.script.lock().unwrap() = Some(Box::new(script));
    run_until_empty(&world);
    let secrets: Vec<Secret> = secrets.lock().unwrap().iter().map(|text| Secret::parse(text).unwrap()).collect();
    let mut signed: BTreeMap<usize, usize> = BTreeMap::new();
    for request in world.sender.sent.lock().unwrap().iter() {
        let headers = SignatureHeaders {
            id: header(request, "webhook-id"),
            timestamp: header(request, "webhook-timestamp"),
            signature: header(request, "webhook-signature"),
        };
        let now = headers.timestamp.parse().unwrap();
        assert!(verify_standard(&secrets[0], &headers, &request.body, now, 300).is_ok(), "the old secret");
        let rotated = headers.signature.contains(' ');
        let by_new = verify_standard(&secrets[1], &headers, &request.body, now, 300).is_ok();
        assert_eq!(by_new, rotated, "the new secret, once it is known");
        *signed.entry(usize::from(rotated)).or_default() += 1;
    }
    assert!(signed[&0] >= 200 && signed[&1] > 0, "{signed:?}");
}
