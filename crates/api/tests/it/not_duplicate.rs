//! "Not a duplicate": said, listed, taken back.

use crate::support::{World, ines};
use serde_json::{Value, json};

/// Two contacts, and a submission under a reference.
async fn world() -> (World, [Value; 2], String) {
    let world = World::new();
    let mut ids = Vec::new();
    for name in ["Odalys", "Bram"] {
        let person = json!({ "contactIndividuals": [{ "firstName": name, "lastName": "Trent" }] });
        ids.push(world.post("/api/Contact", person).await.json()["id"].clone());
    }
    let transaction = world.submit(ines()).await;
    world.run_batch().await;
    (world, [ids[0].clone(), ids[1].clone()], transaction)
}

#[actix_web::test]
async fn what_was_said_is_listed_until_it_is_taken_back_and_after() {
    let (world, [one, two], transaction) = world().await;
    let body = json!({ "contactId": two, "otherContactId": one, "note": "Siblings." });
    let said = world.post("/api/NotDuplicate", body).await.json();
    assert_eq!(
        said,
        json!({
            "id": 1, "contactId": one, "otherContactId": two, "referenceSource": null, "referenceId": null,
            "transactionId": null, "untilMoreIsKnown": false, "note": "Siblings.", "actor": said["actor"],
            "createdAtUtc": "2026-01-02T03:04:05.000", "revokedBy": null, "revokedAtUtc": null,
        })
    );
    let row = json!({ "contactId": one, "transactionId": transaction, "untilMoreIsKnown": true });
    let row = world.post("/api/NotDuplicate", row).await.json();
    assert_eq!((&row["referenceId"], &row["untilMoreIsKnown"]), (&json!("hg-50022"), &json!(true)));
    let list = world.get(&format!("/api/NotDuplicate?contactId={two}")).await.json();
    assert_eq!((&list["total"], &list["list"][0]["note"]), (&json!(1), &json!("Siblings.")));
    assert_eq!(world.get("/api/NotDuplicate?take=1").await.json()["total"], 2);
    assert_eq!(world.send(actix_web::http::Method::DELETE, "/api/NotDuplicate/1", ()).await.status, 200);
    assert_eq!(world.send(actix_web::http::Method::DELETE, "/api/NotDuplicate/1", ()).await.status, 404);
    let list = world.get("/api/NotDuplicate").await.json();
    assert!(list["list"][0]["revokedBy"].as_str().unwrap().starts_with("key:"));
}

#[actix_web::test]
async fn what_cannot_be_meant_is_refused() {
    let (world, [one, two], transaction) = world().await;
    let say = async |body: Value| world.post("/api/NotDuplicate", body).await.status;
    assert_eq!(say(json!({ "contactId": one })).await, 400);
    assert_eq!(say(json!({ "otherContactId": one })).await, 400);
    assert_eq!(say(json!({ "contactId": one, "otherContactId": one })).await, 422);
    assert_eq!(say(json!({ "contactId": one, "otherContactId": two, "transactionId": transaction })).await, 422);
    assert_eq!(say(json!({ "contactId": one, "transactionId": "x" })).await, 422);
    assert_eq!(say(json!({ "contactId": one, "otherContactId": 4711 })).await, 404);
    let owner = world.get("/api/Contact/Harbor%20Giving/hg-50022").await.json()["id"].clone();
    assert_eq!(say(json!({ "contactId": owner, "transactionId": transaction })).await, 409, "it carries the reference");
}
