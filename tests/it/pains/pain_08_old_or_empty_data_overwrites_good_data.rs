//! "Old or empty data overwrites good data, or a field can never be cleared."

use super::{row, with};
use crate::support::{Stage, World};
use serde_json::{Value, json};

on_both_databases!(blank_and_older_values_change_nothing_and_a_cleared_one_goes);

fn blank_and_older_values_change_nothing_and_a_cleared_one_goes(make: fn() -> World) {
    let stage = Stage::set(make);
    // Two platforms give times; one of them may also take values away.
    let policy = json!({"fields": {"*": {"rule": "recency"}}, "sources": {"Harbor": {"may": {"gender": "clear"}}}});
    let number = stage.client.post("/api/Policy", &policy).json()["number"].clone();
    assert_eq!(stage.client.post(&format!("/api/Policy/{number}/Activate"), &json!({})).status, 200);
    let said = |more: Value| with(row("Harbor", "h-1", "Ines Lund", "ines@example.org"), &more);
    let gender = || stage.contact("Harbor", "h-1")["contactIndividuals"][0]["gender"].clone();
    stage.decide(&said(json!({"gender": "Female", "tags": "Gala", "changedAt": "2026-03-01T10:00:00Z"})));

    // Blank is not clear.
    stage.decide(&said(json!({"gender": "", "tags": null, "changedAt": "2026-03-02T10:00:00Z"})));
    assert_eq!(gender(), "Female");
    // Older never wins, whenever it comes and however long it waited.
    stage.decide(&said(json!({"gender": "Unknown", "changedAt": "2026-02-01T10:00:00Z"})));
    assert_eq!(gender(), "Female");
    // Of two that are held, the newer counts, whatever the order of receipt.
    stage.client.submit(&said(json!({"gender": "Newest", "changedAt": "2026-03-05T10:00:00Z"})));
    stage.client.submit(&said(json!({"gender": "Older", "changedAt": "2026-03-04T10:00:00Z"})));
    let run = stage.client.run_batch();
    assert_eq!((&run["counts"]["merged"], &run["counts"]["unchanged"]), (&json!(1), &json!(1)), "{run}");
    assert_eq!(gender(), "Newest");
    // Taken away, when the source may: and only with a newer time.
    stage.decide(&said(json!({"cleared": ["gender"], "changedAt": "2026-03-03T10:00:00Z"})));
    assert_eq!(gender(), "Newest");
    stage.decide(&said(json!({"cleared": ["gender"], "changedAt": "2026-03-06T10:00:00Z"})));
    assert_eq!(gender(), Value::Null);

    // What staff said holds against everybody; what changes who somebody is waits for a person.
    let person = stage.contact("Harbor", "h-1")["contactIndividuals"][0]["id"].clone();
    let edit = json!({"gender": "Woman"});
    assert_eq!(stage.client.put(&format!("/api/ContactIndividual/{person}"), &edit).status, 200);
    stage.decide(&said(json!({"gender": "Sender", "changedAt": "2099-01-01T00:00:00Z"})));
    assert_eq!(gender(), "Woman");
    let sensitive = stage.decide(&row("Harbor", "h-1", "Ines Okafor", "ines@example.org"));
    assert_eq!(stage.transaction(&sensitive)["reason"], "sensitive_change");
    let contact = stage.contact("Harbor", "h-1");
    assert_eq!(contact["contactIndividuals"][0]["lastName"], "Lund");

    // Who supplied what, and when.
    let history = stage.client.get(&format!("/api/Contact/{}/History", contact["id"])).json();
    let values = history["values"].as_array().unwrap();
    let of = |field: &str| values.iter().find(|own| own["field"] == format!("individuals/{person}/{field}")).cloned();
    assert_eq!(of("gender").unwrap()["kind"], "edit", "{history}");
    assert_eq!(of("lastName").unwrap()["referenceSource"], "Harbor");
}
