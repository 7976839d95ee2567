//! `kill -9` while submissions come in: what was acknowledged is there exactly once.

use crate::support::{Client, World, rows, until};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

on_both_databases!(every_acknowledged_submission_survives_a_kill_exactly_once);

/// How much has been acknowledged in all when each server is killed.
const KILLS: &[usize] = &[40, 330, 700];
/// Partners that submit at the same time.
const PARTNERS: usize = 6;
/// Every so many requests carry several rows.
const BATCH_EVERY: usize = 5;
/// Rows of such a request.
const BATCH: usize = 7;

/// What partners know.
struct Books {
    rows: Vec<Value>,
    next: AtomicUsize,
    /// Reference ids that were sent.
    sent: Mutex<BTreeSet<String>>,
    /// Transaction ids that were acknowledged, by reference id.
    acknowledged: Mutex<BTreeMap<String, String>>,
}

fn every_acknowledged_submission_survives_a_kill_exactly_once(make: fn() -> World) {
    let world = make();
    let organization = world.organization("Bellford Food Share");
    let key = world.key(&organization);
    let books = Books {
        rows: rows("transactions", 1_000),
        next: AtomicUsize::new(0),
        sent: Mutex::default(),
        acknowledged: Mutex::default(),
    };
    for enough in KILLS {
        let server = world.serve();
        let client = server.client(&key);
        std::thread::scope(|scope| {
            for _ in 0..PARTNERS {
                scope.spawn(|| books.submit_until_it_breaks(&client));
            }
            until("acknowledgements", || (books.acknowledged.lock().unwrap().len() >= *enough).then_some(()));
            server.kill();
        });
    }
    let server = world.serve();
    let client = server.client(&key);
    for (reference, id) in books.acknowledged.lock().unwrap().iter() {
        let found = client.get(&format!("/api/Contact/Transaction/{id}")).json();
        assert_eq!((&found["referenceId"], &found["state"]), (&json!(reference), &json!("held")));
    }
    let run = client.run_batch();
    assert_eq!((&run["state"], &run["counts"]["held"]), (&json!("done"), &json!(0)), "{run}");
    books.check(&world.decisions(&organization));
}

impl Books {
    /// Submits, one row or several at a time, until the server is gone.
    fn submit_until_it_breaks(&self, client: &Client) {
        loop {
            let number = self.next.fetch_add(1, Ordering::SeqCst);
            let count = if number.is_multiple_of(BATCH_EVERY) { BATCH } else { 1 };
            let rows: Vec<Value> = (0..count).map(|place| self.row(number, place)).collect();
            let body = json!({ "contacts": rows });
            let references = rows.iter().map(|row| row["referenceId"].as_str().unwrap().to_owned());
            self.sent.lock().unwrap().extend(references);
            let receipts = [("Prefer", "return=representation")];
            let Ok(answer) = client.try_post("/api/Contact/Batch", &receipts, &body) else { return };
            for receipt in answer.json()["list"].as_array().unwrap() {
                let text = |name: &str| receipt[name].as_str().unwrap().to_owned();
                self.acknowledged.lock().unwrap().insert(text("referenceId"), text("id"));
            }
        }
    }

    /// A row under a reference of its own.
    fn row(&self, number: usize, place: usize) -> Value {
        let mut row = self.rows[(number * BATCH + place) % self.rows.len()].clone();
        row["referenceId"] = json!(format!("R{number}-{place}"));
        row
    }

    /// Nothing acknowledged is missing, nothing is there twice, nothing was never sent.
    fn check(&self, decisions: &[Value]) {
        let (sent, acknowledged) = (self.sent.lock().unwrap(), self.acknowledged.lock().unwrap());
        let mut found = BTreeSet::new();
        for decision in decisions {
            let reference = decision["referenceId"].as_str().unwrap().to_owned();
            assert_ne!(decision["state"], "held", "{reference}");
            assert!(sent.contains(&reference), "{reference} was never sent");
            assert!(found.insert(reference.clone()), "{reference} is there twice");
        }
        let lost: Vec<&String> = acknowledged.keys().filter(|reference| !found.contains(*reference)).collect();
        assert!(lost.is_empty(), "acknowledged and lost: {lost:?}");
    }
}
