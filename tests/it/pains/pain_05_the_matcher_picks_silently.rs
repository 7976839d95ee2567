//! "The matcher picks silently, or two rows of one file glue together on a first name."

use super::{row, with};
use crate::support::{Stage, World};
use serde_json::json;

on_both_databases!(
    of_two_who_may_be_meant_none_is_picked_and_accepting_one_closes_the_other,
    rows_of_one_file_are_matched_by_the_same_rules,
);

fn of_two_who_may_be_meant_none_is_picked_and_accepting_one_closes_the_other(make: fn() -> World) {
    let stage = Stage::set(make);
    let address = json!({"address1": "402 Tannery Rd", "city": "Bellford", "state": "OH", "postal": "44090"});
    // Two of one name in one house, made by hand, since somebody knows that they are two.
    for (id, phone) in [("h-1", "614-555-0142"), ("h-2", "614-555-0177")] {
        let body = json!({
            "contactType": "Household", "referenceSource": "Harbor", "referenceId": id,
            "contactIndividuals": [{"firstName": "Robert", "lastName": "Okafor",
                "contactMethods": [{"type": "Home Phone", "value": phone}]}],
            "contactAddresses": [address],
        });
        assert_eq!(stage.client.post("/api/Contact", &body).status, 200, "{body}");
    }
    let contacts = ["h-1", "h-2"].map(|id| stage.contact("Harbor", id)["id"].clone());
    let before = stage.everything(&[&contacts[0], &contacts[1]]);
    let mut said = with(row("Mill", "m-1", "Robert Okafor", ""), &address);
    said.as_object_mut().unwrap().remove("email");
    let waits = stage.decide(&said);
    let status = stage.transaction(&waits);
    assert_eq!((&status["state"], &status["reason"]), (&json!("needs_update"), &json!("ambiguous")), "{status}");
    assert_eq!(before, stage.everything(&[&contacts[0], &contacts[1]]), "nobody was touched");

    // Both stand beside it, each with its evidence.
    let item = stage.client.get(&format!("/api/NeedsUpdate/{waits}")).json();
    let candidates = item["candidates"].as_array().unwrap();
    assert_eq!(candidates.len(), 2, "{item}");
    for candidate in candidates {
        assert!(contacts.contains(&candidate["contactId"]), "{candidate}");
        assert!(!candidate["sentence"].as_str().unwrap().is_empty() && !candidate["explanation"].is_null());
    }
    let resolve = format!("/api/NeedsUpdate/{waits}/Resolve");
    let accepted = stage.client.post(&resolve, &json!({"action": "merge", "contactId": contacts[1]})).json();
    assert_eq!((&accepted["state"], &accepted["contactId"]), (&json!("merged"), &contacts[1]));
    assert_eq!(stage.client.get("/api/NeedsUpdate").json()["total"], 0);
    assert_eq!(stage.client.post(&resolve, &json!({"action": "merge", "contactId": contacts[0]})).status, 409);
    assert_eq!(before[..1], stage.everything(&[&contacts[0]]));
}

fn rows_of_one_file_are_matched_by_the_same_rules(make: fn() -> World) {
    let stage = Stage::set(make);
    // One first name, one mailbox of a house, nothing else in common.
    let rows = [
        row("Gala", "g-1", "Robert Okafor", "robert@example.org"),
        row("Gala", "g-2", "Robert Lindqvist", "lindqvist@example.org"),
        row("Gala", "g-3", "Ines Lund", "lunds@example.org"),
        row("Gala", "g-4", "Bram Lund", "lunds@example.org"),
        row("Gala", "g-5", "Ines Lund", "lunds@example.org"),
    ];
    stage.client.submit_all(&rows);
    let run = stage.client.run_batch();
    assert_eq!((&run["counts"]["received"], &run["counts"]["created"]), (&json!(5), &json!(3)), "{run}");
    let id = |reference: &str| stage.contact("Gala", reference)["id"].clone();
    assert_ne!(id("g-1"), id("g-2"), "a first name is nobody");
    assert_eq!(id("g-3"), id("g-5"), "the same person");
    assert_eq!(super::poll(&stage.client, "Gala", "g-4"), (404, "needs_update".to_owned()));
}
