//! "A wrong merge cannot be undone."

use super::{row, with};
use crate::support::{Stage, World};
use serde_json::json;

on_both_databases!(what_the_batch_merged_is_taken_out_again, what_staff_merged_is_taken_apart_again);

fn what_the_batch_merged_is_taken_out_again(make: fn() -> World) {
    let stage = Stage::set(make);
    stage.decide(&row("Harbor", "h-1", "Ines Lund", "ines@example.org"));
    let contact = stage.contact("Harbor", "h-1")["id"].clone();
    let before = stage.everything(&[&contact]);
    // Another Ines Lund of the same mailbox, as far as the matcher can tell.
    let merged = stage.decide(&with(
        row("Mill", "m-1", "Ines Lund", "ines@example.org"),
        &json!({"phone": "614-555-0142", "gender": "Female", "tags": "Gala"}),
    ));
    assert_eq!(stage.transaction(&merged)["contactId"], contact);
    assert_ne!(before, stage.everything(&[&contact]));
    // Something that came later, and stays.
    let later =
        stage.decide(&with(row("Harbor", "h-1", "Ines Lund", "ines@example.org"), &json!({"tags": "Newsletter"})));
    let undone = stage.client.post(&format!("/api/Contact/Transaction/{merged}/Undo"), &json!({})).json();
    assert_eq!((&undone["state"], &undone["reason"]), (&json!("needs_update"), &json!("undone")));
    assert_eq!(stage.client.get("/api/Contact/Mill/m-1").status, 404);
    let contact_now = stage.everything(&[&contact]);
    assert!(contact_now[0]["tags"].to_string().contains("Newsletter"), "{contact_now:?}");
    assert!(!contact_now[0].to_string().contains("555-0142"), "{contact_now:?}");
    stage.client.post(&format!("/api/Contact/Transaction/{later}/Undo"), &json!({})).json();
    assert_eq!(before, stage.everything(&[&contact]), "as if they had never come");
    // As a contact of its own, it is not asked about again.
    stage.client.post(&format!("/api/NeedsUpdate/{merged}/Resolve"), &json!({"action": "create"})).json();
    assert_ne!(stage.contact("Mill", "m-1")["id"], contact);
}

fn what_staff_merged_is_taken_apart_again(make: fn() -> World) {
    let stage = Stage::set(make);
    stage.decide(&row("Harbor", "h-1", "Odalys Trent", "odalys@example.org"));
    stage.decide(&with(row("Mill", "m-1", "Odalys Trent", "trent@example.net"), &json!({"address1": "1 Mill Lane"})));
    let waits = stage.transaction(
        stage.client.get("/api/Contact/Transaction?referenceSource=Mill&referenceId=m-1").json()["list"][0]["id"]
            .as_str()
            .unwrap(),
    );
    if waits["state"] == "needs_update" {
        let resolve = format!("/api/NeedsUpdate/{}/Resolve", waits["id"].as_str().unwrap());
        stage.client.post(&resolve, &json!({"action": "create"})).json();
    }
    let (one, two) = (stage.contact("Harbor", "h-1")["id"].clone(), stage.contact("Mill", "m-1")["id"].clone());
    let before = stage.everything(&[&one, &two]);
    let merge = stage.client.post(&format!("/api/Contact/{one}/Merge"), &json!({"contactId": two})).json();
    assert_eq!(merge["mergedContactId"], two, "{merge}");
    // A row that came since goes back with its reference, a change since stays, and both are listed.
    let came = stage.decide(&with(row("Mill", "m-1", "Odalys Trent", "trent@example.net"), &json!({"tags": "Gala"})));
    let website = json!({"website": "https://trent.example.org"});
    assert_eq!(stage.client.put(&format!("/api/Contact/{one}"), &website).status, 200);
    let apart = stage.client.post(&format!("/api/Contact/{two}/Unmerge"), &json!({})).json();
    let kinds: Vec<&str> =
        apart["notRestored"].as_array().unwrap().iter().map(|left| left["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["wentAlong", "stayedChange"], "{apart}");
    assert_eq!(stage.transaction(&came)["contactId"], two);
    assert_eq!(stage.contact("Harbor", "h-1")["website"], "https://trent.example.org");
    // Without what came since, both are what they were.
    stage.client.post(&format!("/api/Contact/Transaction/{came}/Undo"), &json!({})).json();
    assert_eq!(stage.client.put(&format!("/api/Contact/{one}"), &json!({"website": null})).status, 200);
    assert_eq!(before, stage.everything(&[&one, &two]));
}
