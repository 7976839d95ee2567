//! "No preview, or a preview that lies."

use super::{row, with};
use crate::support::{Stage, World};
use serde_json::{Value, json};
use std::collections::BTreeMap;

on_both_databases!(a_preview_changes_nothing_and_is_what_happens_then);

fn a_preview_changes_nothing_and_is_what_happens_then(make: fn() -> World) {
    let stage = Stage::set(make);
    stage.decide(&row("Harbor", "h-1", "Ines Lund", "ines@example.org"));
    let contact = stage.contact("Harbor", "h-1")["id"].clone();
    let merges = with(row("Mill", "m-1", "Ines Lund", "ines@example.org"), &json!({"phone": "614-555-0142"}));
    // Of a submission that nobody sent.
    let asked = stage.client.post("/api/Contact/Transaction?dryRun=true", &merges).json();
    assert_eq!((&asked["state"], &asked["contactId"]), (&json!("merged"), &contact), "{asked}");
    assert_eq!(stage.client.gauge("tributary_held"), 0);

    stage.client.submit_all(&[
        merges,
        row("Mill", "m-2", "Walter Brandt", "walter@example.org"),
        row("Mill", "m-3", "Bram Fennimore", "ines@example.org"),
        row("Harbor", "h-1", "Ines Lund", "ines@example.org"),
    ]);
    let state = |stage: &Stage| {
        let feed = stage.client.get("/api/Event?take=1000").json()["list"].clone();
        (
            stage.everything(&[&contact]),
            feed,
            stage.client.gauge("tributary_held"),
            stage.client.gauge("tributary_contacts"),
        )
    };
    let before = state(&stage);
    let dry = stage.client.post("/api/Batch/Run?dryRun=true", &json!({})).json();
    let by_command = stage.cli(&["batch", "run", "--dry-run"]);
    assert_eq!(before, state(&stage), "nothing was changed, nobody told");
    assert_eq!((&dry["counts"], &dry["contacts"]), (&by_command["counts"], &by_command["contacts"]));

    let run = stage.client.run_batch();
    assert_eq!(run["counts"], dry["counts"]);
    assert_eq!(run["reasons"], dry["reasons"]);
    for said in dry["transactions"].as_array().unwrap() {
        let done = stage.transaction(said["id"].as_str().unwrap());
        assert_eq!((&said["state"], &said["reason"]), (&done["state"], &done["reason"]), "{said}");
        assert_eq!(said["contactId"], done["contactId"], "{said}");
    }
    // The diff of each contact is the one that its history has since.
    let changed = dry["contacts"].as_array().unwrap();
    assert_eq!(changed.len(), 2, "{dry}");
    for said in changed {
        let history = stage.client.get(&format!("/api/Contact/{}/History?take=1000", said["contactId"])).json();
        let of_run = |entry: &&Value| entry["batchId"] == run["id"];
        let entries: Vec<&Value> = history["changes"]["list"].as_array().unwrap().iter().filter(of_run).collect();
        let done: Vec<&Value> = entries.iter().flat_map(|entry| entry["changes"].as_array().unwrap()).collect();
        assert_eq!(by_field(said["changes"].as_array().unwrap()), by_field(done), "{history}");
    }
    // A merge of two contacts is previewed as well.
    let two = stage.contact("Mill", "m-2")["id"].clone();
    let merge =
        |dry| stage.client.post(&format!("/api/Contact/{contact}/Merge"), &json!({"contactId": two, "dryRun": dry}));
    let (before, preview) = (state(&stage), merge(true).json());
    assert_eq!(before, state(&stage));
    assert_eq!(preview["changes"], merge(false).json()["changes"]);
}

fn by_field<'a>(changes: impl IntoIterator<Item = &'a Value>) -> BTreeMap<&'a str, (&'a Value, &'a Value)> {
    let entry = |own: &'a Value| (own["field"].as_str().unwrap(), (&own["before"], &own["after"]));
    changes.into_iter().map(entry).collect()
}
