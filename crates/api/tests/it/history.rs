//! Where the values of a contact come from, and its changes.

use crate::support::{World, ines};
use serde_json::json;

#[actix_web::test]
async fn a_history_says_who_supplied_what_and_what_was_before() {
    let world = World::new();
    let transaction = world.submit(ines()).await;
    let run = world.run_batch().await["id"].clone();
    let contact = world.get("/api/Contact/Harbor%20Giving/hg-50022").await.json()["id"].clone();
    world.clock.advance_ms(1_000);
    let path = format!("/api/Contact/{contact}");
    world.send(actix_web::http::Method::PUT, &path, json!({ "website": "https://ines.example.org" })).await;
    let history = world.get(&format!("{path}/History")).await.json();
    let value = |field: &str| {
        let values = history["values"].as_array().unwrap();
        values.iter().find(|value| value["field"].as_str().unwrap().ends_with(field)).unwrap().clone()
    };
    let name = value("/lastName");
    assert_eq!(
        (&name["recordId"], &name["kind"], &name["actor"]),
        (&json!(transaction), &json!("transaction"), &json!(null))
    );
    assert_eq!(
        (&name["referenceSource"], &name["receivedAtUtc"]),
        (&json!("Harbor Giving"), &json!("2026-01-02T03:04:05.000"))
    );
    let website = value("website");
    assert_eq!(website["kind"], "edit");
    assert!(website["actor"].as_str().unwrap().starts_with("key:"));
    assert_eq!(history["changes"]["total"], 2);
    let [edit, created] = [0, 1].map(|at| history["changes"]["list"][at].clone());
    assert_eq!((&edit["action"], &edit["version"], &edit["weightsVersion"]), (&json!("edit"), &json!(2), &json!(null)));
    assert_eq!(edit["changes"], json!([{ "field": "website", "before": null, "after": "https://ines.example.org" }]));
    assert_eq!(
        (&created["actor"], &created["batchId"], &created["recordId"]),
        (&json!("batch"), &run, &json!(transaction))
    );
    assert!(created["weightsVersion"].as_str().unwrap().starts_with("shipped"));
    assert_eq!((&created["policyVersion"], &edit["policyVersion"]), (&json!("shipped"), &json!(null)));
    let part = world.get(&format!("{path}/History?skip=1&take=5")).await.json();
    assert_eq!(part["changes"]["list"].as_array().unwrap().len(), 1);
    assert_eq!(world.get("/api/Contact/4711/History").await.status, 404);
}
