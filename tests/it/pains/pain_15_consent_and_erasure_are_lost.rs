//! "Consent and erasure are lost: a merge flips a subscription, the next sync resurrects a deleted person."

use super::{poll, row, with};
use crate::support::{Stage, World};
use serde_json::{Value, json};

on_both_databases!(
    an_opt_out_survives_every_merge_and_can_be_traced,
    who_was_erased_is_not_brought_back_by_the_next_sync,
);

/// The mailboxes of a contact, each with its consent.
fn mailboxes(contact: &Value) -> Vec<(String, bool)> {
    let people = contact["contactIndividuals"].as_array().unwrap().iter();
    let methods = people.flat_map(|person| person["contactMethods"].as_array().unwrap());
    methods.map(|own| (own["value"].as_str().unwrap().to_owned(), own["isOptedIn"].as_bool().unwrap())).collect()
}

fn an_opt_out_survives_every_merge_and_can_be_traced(make: fn() -> World) {
    let stage = Stage::set(make);
    stage.decide(&row("Harbor", "h-1", "Ines Lund", "ines@example.org"));
    let contact = stage.contact("Harbor", "h-1");
    let method = &contact["contactIndividuals"][0]["contactMethods"][0]["id"];
    assert_eq!(stage.client.put(&format!("/api/ContactMethod/{method}"), &json!({"isOptedIn": false})).status, 200);
    let out = vec![("ines@example.org".to_owned(), false)];
    // The batch merges rows that say nothing, or are put on a list; staff merges a twin that is opted in.
    stage.decide(&with(row("Mill", "m-1", "Ines Lund", "ines@example.org"), &json!({"emailLists": ["Newsletter"]})));
    assert_eq!(mailboxes(&stage.contact("Mill", "m-1")), out);
    let twin = json!({"referenceSource": "Gala", "referenceId": "g-1", "contactIndividuals": [{"firstName": "Ines",
        "lastName": "Lund", "contactMethods": [{"type": "Home Email", "value": "Ines@example.org", "isOptedIn": true}]}]});
    let twin = stage.client.post("/api/Contact", &twin).json()["id"].clone();
    let merge = format!("/api/Contact/{twin}/Merge");
    stage.client.post(&merge, &json!({"contactId": contact["id"]})).json();
    assert!(mailboxes(&stage.contact("Harbor", "h-1")).iter().all(|(_, opted_in)| !opted_in), "an opt-out wins");
    stage.client.post(&format!("/api/Contact/{}/Unmerge", contact["id"]), &json!({})).json();
    assert_eq!(mailboxes(&stage.contact("Harbor", "h-1")), out);
    // Who said so, and when.
    let consent = stage.client.get(&format!("/api/Contact/{}/Consent", contact["id"])).json();
    let opted_out = consent["changes"]["list"].as_array().unwrap().iter().find(|own| own["action"] == "edit");
    let opted_out = opted_out.unwrap_or_else(|| panic!("{consent}"));
    assert_eq!((&opted_out["before"], &opted_out["after"]), (&json!(true), &json!(false)));
    assert!(opted_out["actor"].is_string() && opted_out["atUtc"].is_string());
}

fn who_was_erased_is_not_brought_back_by_the_next_sync(make: fn() -> World) {
    let stage = Stage::set(make);
    let ines = || with(row("Harbor", "h-1", "Ines Lund", "ines@example.org"), &json!({"phone": "614-555-0142"}));
    let sent = stage.decide(&ines());
    stage.decide(&row("Harbor", "h-2", "Walter Brandt", "walter@example.org"));
    let contact = stage.contact("Harbor", "h-1")["id"].clone();
    let erased =
        stage.client.post(&format!("/api/Contact/{contact}/Erase"), &json!({"reason": "Asked for by letter."}));
    assert_eq!(erased.json()["contactId"], contact);
    assert_eq!(stage.client.get(&format!("/api/Contact/{contact}")).status, 404);
    let status = stage.transaction(&sent);
    assert_eq!(
        (&status["state"], status["erasedAtUtc"].is_string()),
        (&json!("created"), true),
        "counts add up as before"
    );
    assert!(!status.to_string().contains("Lund") && !status.to_string().contains("ines"), "{status}");
    let feed = stage.client.get("/api/Event?take=1000").body;
    assert!(!feed.contains("ines@example.org") && feed.contains("walter@example.org"), "{feed}");

    // The nightly sync sends her again, by reference, and under a new one by mailbox alone.
    let rows = [
        ines(),
        row("Mill", "m-7", "Ines Lund", "INES@example.org"),
        row("Mill", "m-8", "Ida Marsh", "ida@example.org"),
    ];
    stage.client.submit_all(&rows);
    let run = stage.client.run_batch();
    assert_eq!((&run["counts"]["created"], &run["counts"]["needsUpdate"]), (&json!(1), &json!(2)), "{run}");
    assert_eq!(run["reasons"]["erased"], 2, "{run}");
    for (source, id) in [("Harbor", "h-1"), ("Mill", "m-7")] {
        assert_eq!(poll(&stage.client, source, id), (404, "needs_update".to_owned()));
    }
    let refused = json!({"contactIndividuals": [{"firstName": "Ines", "lastName": "Lund",
        "contactMethods": [{"type": "Work Email", "value": "ines@example.org"}]}]});
    assert_eq!(stage.client.post("/api/Contact", &refused).status, 409);
    // A person decides: refused, what was sent goes as she did; or she has come back.
    let list = stage.client.get("/api/NeedsUpdate?reason=erased").json();
    let ids: Vec<&str> = list["list"].as_array().unwrap().iter().map(|own| own["id"].as_str().unwrap()).collect();
    stage.client.post(&format!("/api/NeedsUpdate/{}/Resolve", ids[0]), &json!({"action": "reject"})).json();
    assert!(!stage.transaction(ids[0]).to_string().contains("Lund"));
    stage.client.post(&format!("/api/NeedsUpdate/{}/Resolve", ids[1]), &json!({"action": "create"})).json();
    let back = stage.transaction(ids[1]);
    assert_eq!(back["state"], "created", "{back}");
    assert_ne!(back["contactId"], contact);
}
