//! The main job as its users live it: a partner submits and polls, the batch decides, staff resolve what
//! needs a person, the subscriber is told, and nobody sees another organization.

use crate::support::{Stage, World};
use serde_json::{Value, json};
use std::collections::BTreeSet;

on_both_databases!(
    a_submission_is_held_decided_and_told_to_the_subscriber,
    a_batch_of_submissions_is_taken_whole_or_not_at_all,
    the_command_line_runs_the_batch_while_the_server_serves,
    what_needs_a_person_is_shown_resolved_and_undone,
    staff_resolve_from_the_command_line_too,
    another_organization_sees_nothing,
);

impl Stage {
    /// Puts a row into the bucket; its id. It shares a mailbox with somebody on file under another first name.
    fn waiting(&self) -> String {
        self.client.submit(&odalys());
        self.client.run_batch();
        let id = self.client.submit(&bram());
        let run = self.client.run_batch();
        assert_eq!(run["counts"]["needsUpdate"], 1, "{run}");
        id
    }
}

fn odalys() -> Value {
    json!({
        "referenceSource": "Harbor Giving", "referenceId": "h-1", "contactType": "Household",
        "firstName": "Odalys", "lastName": "Fennimore", "email": "fennimores@example.org",
        "phone": "206-555-0143", "address1": "12 Larch Street", "city": "Tacoma", "state": "WA", "postal": "98402",
    })
}

fn bram() -> Value {
    json!({
        "referenceSource": "Harbor Giving", "referenceId": "h-2",
        "firstName": "Bram", "lastName": "Fennimore", "email": "fennimores@example.org",
    })
}

fn a_submission_is_held_decided_and_told_to_the_subscriber(make: fn() -> World) {
    let stage = Stage::set(make);
    let poll = || stage.client.get("/api/Contact/Harbor%20Giving/h-1");
    assert_eq!(poll().header("Tributary-Transaction-State"), "");
    let id = stage.client.submit(&odalys());
    let held = poll();
    assert_eq!((held.status, held.body.as_str()), (404, ""));
    assert_eq!(held.header("Tributary-Transaction-State"), "held");
    assert_eq!(stage.transaction(&id)["state"], "held");

    let run = stage.client.run_batch();
    assert_eq!((&run["state"], &run["counts"]["created"]), (&json!("done"), &json!(1)), "{run}");
    let contact = poll().json();
    assert_eq!(contact["contactIndividuals"][0]["firstName"], "Odalys");
    let transaction = stage.transaction(&id);
    assert_eq!((&transaction["state"], &transaction["contactId"]), (&json!("created"), &contact["id"]));

    let again = json!({"referenceSource": "Harbor Giving", "referenceId": "h-1", "firstName": "Odalys",
        "lastName": "Fennimore", "phone": "253-555-0199"});
    stage.client.submit(&again);
    assert_eq!(stage.client.run_batch()["counts"]["merged"], 1);
    assert_eq!(stage.told(&contact["id"], 2), ["contactCreate", "contactUpdate"]);
    assert_eq!(stage.receiver.order()[&contact["id"].as_i64().unwrap()], [1, 2]);
    stage.server.stop();
}

fn a_batch_of_submissions_is_taken_whole_or_not_at_all(make: fn() -> World) {
    let stage = Stage::set(make);
    let bad = json!({"contacts": [odalys(), {"firstName": "Nobody", "email": "no mailbox"}]});
    let refused = stage.client.post("/api/Contact/Batch", &bad);
    assert_eq!(refused.status, 422, "{}", refused.body);
    assert!(refused.body.contains("contacts[1].email") && !refused.body.contains("no mailbox"), "{}", refused.body);
    assert_eq!(stage.client.gauge("tributary_held"), 0);

    let good = json!({"contacts": [odalys(), bram()]});
    let taken =
        stage.client.try_post("/api/Contact/Batch", &[("Prefer", "return=representation")], &good).unwrap().json();
    let ids: BTreeSet<&str> = taken["list"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), 2);
    assert!(ids.iter().all(|id| stage.transaction(id)["state"] == "held"));
    assert_eq!(stage.client.gauge("tributary_held"), 2);
}

fn the_command_line_runs_the_batch_while_the_server_serves(make: fn() -> World) {
    let stage = Stage::set(make);
    let id = stage.client.submit(&odalys());
    let run = stage.cli(&["batch", "run"]);
    assert_eq!(run["counts"]["created"], 1, "{run}");
    assert_eq!(stage.transaction(&id)["state"], "created");
    assert_eq!(stage.client.get("/api/Batch").json()["list"][0]["id"], run["id"]);
    let contact = stage.transaction(&id)["contactId"].clone();
    assert_eq!(stage.told(&contact, 1), ["contactCreate"]);
    let status = stage.cli(&["batch", "status"]);
    assert_eq!((&status["held"], &status["running"]), (&json!(0), &json!(false)));
}

fn what_needs_a_person_is_shown_resolved_and_undone(make: fn() -> World) {
    let stage = Stage::set(make);
    let id = stage.waiting();
    let poll = stage.client.get("/api/Contact/Harbor%20Giving/h-2");
    assert_eq!((poll.status, poll.header("Tributary-Transaction-State")), (404, "needs_update"));
    let list = stage.client.get("/api/NeedsUpdate").json();
    assert_eq!((&list["total"], &list["list"][0]["id"]), (&json!(1), &json!(id)));
    let item = stage.client.get(&format!("/api/NeedsUpdate/{id}")).json();
    let household = item["candidates"][0]["contactId"].clone();
    assert!(item["sentence"].is_string() && household.is_i64(), "{item}");

    let resolve = format!("/api/NeedsUpdate/{id}/Resolve");
    let added = stage.client.post(&resolve, &json!({"action": "addIndividual", "contactId": household})).json();
    assert_eq!((&added["state"], &added["level"]), (&json!("merged"), &json!("household")), "{added}");
    let contact = stage.client.get(&format!("/api/Contact/{household}"));
    assert_eq!(contact.json()["contactIndividuals"].as_array().unwrap().len(), 2);
    assert_eq!(stage.client.post(&resolve, &json!({"action": "create"})).status, 409);
    assert_eq!(stage.told(&household, 2), ["contactCreate", "contactUpdate"]);

    let undone = stage.client.post(&format!("/api/Contact/Transaction/{id}/Undo"), &json!({})).json();
    assert_eq!((&undone["state"], &undone["reason"]), (&json!("needs_update"), &json!("undone")));
    let contact = stage.client.get(&format!("/api/Contact/{household}")).json();
    assert_eq!(contact["contactIndividuals"].as_array().unwrap().len(), 1);
    assert_eq!(stage.told(&household, 3).len(), 3);
}

fn staff_resolve_from_the_command_line_too(make: fn() -> World) {
    let stage = Stage::set(make);
    let id = stage.waiting();
    let list = stage.cli(&["needs-update", "list"]);
    assert_eq!((&list["total"], &list["list"][0]["id"]), (&json!(1), &json!(id)));
    let shown = stage.cli(&["needs-update", "show", &id]);
    assert_eq!(shown["submission"]["firstName"], "Bram");
    let (contact, individual) = (&shown["candidates"][0]["contactId"], &shown["candidates"][0]["individualId"]);
    let (contact, individual) = (contact.to_string(), individual.to_string());
    let target = ["--contact", contact.as_str(), "--individual", individual.as_str()];
    let merged = stage.cli(&[&["needs-update", "resolve", &id, "--action", "merge"], &target[..]].concat());
    assert_eq!(merged["contactId"].to_string(), contact);
    assert_eq!(stage.transaction(&id)["decision"]["actor"].as_str().unwrap().split(':').next(), Some("staff"));

    assert_eq!(stage.cli(&["transaction", "undo", &id])["state"], "needs_update");
    let created = stage.cli(&["needs-update", "resolve", &id, "--action", "create"]);
    assert_eq!(created["state"], "created");
    assert_ne!(created["contactId"].to_string(), contact);
    assert_eq!(stage.told(&created["contactId"], 1), ["contactCreate"]);
    assert_eq!(stage.cli(&["needs-update", "list"])["total"], 0);
}

fn another_organization_sees_nothing(make: fn() -> World) {
    let stage = Stage::set(make);
    let waiting = stage.waiting();
    let contact = stage.client.get("/api/Contact/Harbor%20Giving/h-1").json()["id"].clone();
    let other = stage.world.organization("Wexley Shelter");
    let stranger = stage.server.client(&stage.world.key(&other));
    for path in [
        format!("/api/Contact/Transaction/{waiting}"),
        format!("/api/NeedsUpdate/{waiting}"),
        format!("/api/Contact/{contact}"),
        "/api/Contact/Harbor%20Giving/h-1".to_owned(),
        "/api/Contact/Find?email=fennimores@example.org".to_owned(),
        "/api/Batch/1".to_owned(),
        "/api/Webhook/1".to_owned(),
    ] {
        let own = stage.client.get(&path).status;
        assert_eq!((own, stranger.get(&path).status), (200, 404), "{path}");
    }
    let held = stranger.get("/api/Contact/Harbor%20Giving/h-2");
    assert_eq!((held.status, held.header("Tributary-Transaction-State")), (404, ""));
    let resolve = stranger.post(&format!("/api/NeedsUpdate/{waiting}/Resolve"), &json!({"action": "reject"}));
    assert_eq!(resolve.status, 404);
    assert_eq!(stranger.get("/api/NeedsUpdate").json()["total"], 0);
    assert_eq!(stage.server.client("trib_unknown").get("/api/NeedsUpdate").status, 401);
    assert_eq!(stage.transaction(&waiting)["state"], "needs_update");
}
