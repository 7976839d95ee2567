//! Policies: stored, put in force, reverted, and contacts folded anew by them.

use crate::support::{World, ines};
use actix_web::http::Method;
use serde_json::{Value, json};
use tributary_engine::Scope;

#[actix_web::test]
async fn all_problems_of_a_policy_are_told_at_once() {
    let world = World::new();
    let document = json!({
        "fields": { "shoeSize": { "rule": "recency" }, "tags": { "rule": "trust" } },
        "sources": { "Harbor Giving": { "trust": 5000, "create": "perhaps" } },
    });
    let answer = world.post("/api/Policy", document).await;
    assert_eq!(answer.status, 422, "{answer}");
    let body = answer.json();
    let details = body["error"]["details"].as_array().unwrap().iter();
    let mut details: Vec<_> =
        details.map(|one| (one["field"].as_str().unwrap(), one["code"].as_str().unwrap())).collect();
    details.sort_unstable();
    assert_eq!(
        details,
        [
            ("fields.shoeSize", "INVALID_VALUE"),
            ("fields.tags.rule", "INVALID_VALUE"),
            ("sources.Harbor Giving.create", "INVALID_VALUE"),
            ("sources.Harbor Giving.trust", "INVALID_VALUE"),
        ]
    );
    assert_eq!(world.get("/api/Policy").await.json()["total"], 1);
    assert_eq!(world.post("/api/Policy", json!([])).await.status, 400);
}

/// Stores a policy; its number comes back.
async fn put(world: &World, document: Value) -> i64 {
    let answer = world.post("/api/Policy", document).await;
    assert_eq!(answer.status, 200, "{answer}");
    answer.json()["number"].as_i64().unwrap()
}

#[actix_web::test]
async fn a_version_is_stored_put_in_force_and_reverted() {
    let world = World::new();
    assert_eq!(world.post("/api/Policy/Revert", ()).await.status, 409);
    let document = json!({ "about": "No. 1", "sources": { "Harbor Giving": { "strict": true } } });
    let number = put(&world, document).await;
    let stored = world.get(&format!("/api/Policy/{number}")).await.json();
    assert_eq!((&stored["version"], &stored["active"]), (&json!("policy-1"), &json!(false)));
    assert_eq!(stored["document"]["sources"]["Harbor Giving"]["autoMerge"], "never");
    let active = world.post("/api/Policy/1/Activate", ()).await.json();
    assert_eq!((&active["active"], &active["actor"]), (&json!(true), &json!("key:1")));
    let list = world.get("/api/Policy").await.json();
    let flags: Vec<_> = list["list"].as_array().unwrap().iter().map(|one| (&one["number"], &one["active"])).collect();
    assert_eq!(flags, [(&json!(1), &json!(true)), (&json!(0), &json!(false))]);
    assert_eq!(world.post("/api/Policy/Revert", ()).await.json()["version"], "shipped");
    assert_eq!(world.get("/api/Policy/7").await.status, 404);
    assert_eq!(world.post("/api/Policy/7/Activate", ()).await.status, 404);
    assert_eq!(world.post("/api/Policy/7/Refold", ()).await.status, 404);
}

#[actix_web::test]
async fn what_a_policy_makes_wait_is_told_to_the_partner_with_its_reason() {
    let world = World::new();
    put(&world, json!({ "sources": { "*": { "strict": true } } })).await;
    world.post("/api/Policy/1/Activate", ()).await;
    let id = world.submit(ines()).await;
    assert_eq!(world.run_batch().await["policy"], "policy-1");
    let view = world.get(&format!("/api/Contact/Transaction/{id}")).await.json();
    assert_eq!((&view["state"], &view["reason"]), (&json!("needs_update"), &json!("create_waits")));
    assert_eq!(view["decision"]["policyVersion"], "policy-1");
    let resolved = world.post(&format!("/api/NeedsUpdate/{id}/Resolve"), json!({ "action": "create" })).await;
    assert_eq!(resolved.status, 200, "{resolved}");
}

#[actix_web::test]
async fn contacts_are_folded_anew_after_a_dry_run_and_back() {
    let world = World::new();
    let mut later = ines();
    (later["referenceSource"], later["referenceId"], later["gender"]) = (json!("Online"), json!("9"), json!("F"));
    let mut first = ines();
    first["gender"] = json!("Female");
    world.submit(first).await;
    world.clock.advance_ms(1_000);
    world.submit(later).await;
    world.run_batch().await;
    let number = put(&world, json!({ "fields": { "gender": { "rule": "recency" } } })).await;
    let gender = async || {
        let contact = world.get("/api/Contact/1").await.json();
        contact["contactIndividuals"][0]["gender"].clone()
    };
    let dry = world.post(&format!("/api/Policy/{number}/Refold?dryRun=true"), ()).await.json();
    let change = &dry["changed"][0]["changes"][0];
    assert_eq!((&dry["seen"], &dry["next"]), (&json!(1), &Value::Null));
    assert_eq!((&change["before"], &change["after"]), (&json!("Female"), &json!("F")));
    assert_eq!(gender().await, "Female");
    assert_eq!(world.post(&format!("/api/Policy/{number}/Refold"), ()).await.json(), dry);
    assert_eq!(gender().await, "F");
    world.post("/api/Policy/Decided/Refold", ()).await;
    assert_eq!(gender().await, "Female");
    assert_eq!(world.post("/api/Policy/0/Refold?take=nine", ()).await.status, 400);
}

#[actix_web::test]
async fn a_policy_is_nobody_elses() {
    let world = World::new();
    put(&world, json!({})).await;
    let stranger = world.stranger();
    for (method, path) in [
        (Method::GET, "/api/Policy/1"),
        (Method::POST, "/api/Policy/1/Activate"),
        (Method::POST, "/api/Policy/1/Refold"),
    ] {
        assert_eq!(world.send_as(&stranger, method, path, ()).await.status, 404, "{path}");
    }
    let partner = world.key(Scope::OF_BOUND_KEYS);
    assert_eq!(world.send_as(&partner, Method::GET, "/api/Policy", ()).await.status, 403);
}
