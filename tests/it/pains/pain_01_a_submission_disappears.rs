//! "The caller gets 200 and nothing more; 404 means not yet, stuck and never alike."

use super::{poll, row};
use crate::support::{Stage, World, until};
use serde_json::json;

on_both_databases!(a_partner_knows_at_any_time_what_became_of_each_submission);

const SOURCE: &str = "Harbor";

fn a_partner_knows_at_any_time_what_became_of_each_submission(make: fn() -> World) {
    let stage = Stage::hearing(make, &["needsUpdate", "transactionRejected"]);
    let partner = stage.partner(SOURCE, &["transactions:write", "transactions:read", "contacts:read"]);
    assert_eq!(poll(&partner, SOURCE, "h-1"), (404, String::new()), "never seen");

    // A receipt, and the same one when the answer was lost and the request is sent again.
    let headers = [("Prefer", "return=representation"), ("Idempotency-Key", "first-of-the-night")];
    let sent = row(SOURCE, "h-1", "Odalys Fennimore", "fennimores@example.org");
    let receipt = partner.try_post("/api/Contact/Transaction", &headers, &sent).unwrap().json();
    let again = partner.try_post("/api/Contact/Transaction", &headers, &sent).unwrap().json();
    assert_eq!(receipt, again);
    let other = stage.client.submit(&row("Mill", "m-1", "Wilma Vos", "wilma@example.org"));
    assert_eq!(poll(&partner, SOURCE, "h-1"), (404, "held".to_owned()));
    let run = stage.client.run_batch();
    assert_eq!((&run["counts"]["received"], &run["counts"]["created"]), (&json!(2), &json!(2)), "{run}");
    assert_eq!(poll(&partner, SOURCE, "h-1").0, 200);

    // One that waits says so, and why; it tells nothing of whom it may be taken for.
    let waits = partner.submit(&row(SOURCE, "h-2", "Bram Vos", "wilma@example.org"));
    stage.client.run_batch();
    assert_eq!(poll(&partner, SOURCE, "h-2"), (404, "needs_update".to_owned()));
    let status = partner.get(&format!("/api/Contact/Transaction/{waits}")).json();
    assert_eq!((&status["state"], status["reason"].is_string()), (&json!("needs_update"), true), "{status}");
    assert!(status["sentence"].as_str().unwrap().len() > 20, "{status}");
    assert!(!status.to_string().contains("Wilma"), "{status}");
    let told = until("the event of the row that waits", || {
        let body = stage.event("needsUpdate");
        (body["transaction"]["id"] == json!(waits)).then_some(body)
    });
    assert_eq!(told["transaction"]["reason"], status["reason"]);

    // Corrected and sent again, it comes in; the first one is refused, and says that too.
    partner.submit(&row(SOURCE, "h-2", "Bram Vos", "bram.vos@example.org"));
    stage.client.run_batch();
    let list = partner.get("/api/Contact/Transaction?referenceSource=Harbor&referenceId=h-2").json();
    let states: Vec<&str> = list["list"].as_array().unwrap().iter().map(|own| own["state"].as_str().unwrap()).collect();
    assert_eq!(states, ["created", "needs_update"], "{list}");
    stage.client.post(&format!("/api/NeedsUpdate/{waits}/Resolve"), &json!({"action": "reject"})).json();
    assert_eq!(partner.get(&format!("/api/Contact/Transaction/{waits}")).json()["state"], "rejected");
    assert_eq!(stage.event("transactionRejected")["transaction"]["id"], json!(waits));
    // What another platform sent is not there for this one.
    assert_eq!(partner.get(&format!("/api/Contact/Transaction/{other}")).status, 404);
}
