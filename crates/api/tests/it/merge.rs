//! Merge, unmerge, and who may be meant.

use crate::support::{World, ines};
use serde_json::{Value, json};

/// Two contacts of one person.
async fn two(world: &World) -> (Value, Value) {
    let mut ids = Vec::new();
    for (reference, email) in [("r1", "odalys@example.org"), ("r2", "o.trent@example.net")] {
        let person = json!({
            "contactIndividuals": [{ "firstName": "Odalys", "lastName": "Trent",
                "contactMethods": [{ "type": "Home Email", "value": email }] }],
            "referenceSource": "Harbor Giving", "referenceId": reference,
        });
        ids.push(world.post("/api/Contact", person).await.json()["id"].clone());
    }
    world.clock.advance_ms(1_000);
    (ids[0].clone(), ids[1].clone())
}

#[actix_web::test]
async fn a_merge_is_previewed_made_and_taken_back() {
    let world = World::new();
    let (survivor, other) = two(&world).await;
    let merge = format!("/api/Contact/{survivor}/Merge");
    let preview = world.post(&merge, json!({ "contactId": other, "dryRun": true })).await.json();
    assert_eq!(preview["dryRun"], true);
    assert_eq!(world.get(&format!("/api/Contact/{other}")).await.json()["mergedIntoContactId"], Value::Null);
    let made = world.post(&merge, json!({ "contactId": other })).await.json();
    assert_eq!(made["contact"]["contactIndividuals"], preview["contact"]["contactIndividuals"]);
    assert_eq!((&made["mergedContactId"], &made["changes"]), (&other, &preview["changes"]));
    assert_eq!(made["contact"]["contactIndividuals"][0]["contactMethods"].as_array().unwrap().len(), 2);
    let away = world.get(&format!("/api/Contact/{other}")).await;
    assert_eq!((away.status, &away.json()["mergedIntoContactId"]), (200, &survivor));
    assert_eq!(world.get("/api/Contact/Harbor%20Giving/r2").await.json()["id"], survivor);
    assert_eq!(world.post(&merge, json!({ "contactId": other })).await.status, 409);
    let back = world.post(&format!("/api/Contact/{survivor}/Unmerge"), json!({ "contactId": other })).await.json();
    assert_eq!(
        (&back["contact"]["id"], &back["survivor"]["id"], &back["notRestored"]),
        (&other, &survivor, &json!([]))
    );
    assert_eq!(world.get("/api/Contact/Harbor%20Giving/r2").await.json()["id"], other);
    assert_eq!(world.post(&format!("/api/Contact/{other}/Unmerge"), ()).await.status, 409);
}

#[actix_web::test]
async fn a_merge_that_cannot_be_meant_is_refused() {
    let world = World::new();
    let (survivor, other) = two(&world).await;
    let merge = format!("/api/Contact/{survivor}/Merge");
    let wrong = json!({ "individuals": [{ "into": 4 }], "keep": { "website": "both" }, "dryRun": "perhaps" });
    let answer = world.post(&merge, wrong).await;
    let details = answer.json()["error"]["details"].clone();
    let fields: Vec<&str> = details.as_array().unwrap().iter().map(|one| one["field"].as_str().unwrap()).collect();
    assert_eq!((answer.status, fields), (400, vec!["contactId", "individuals[0].from", "keep", "dryRun"]));
    assert_eq!(world.post(&merge, json!({ "contactId": survivor })).await.status, 422);
    assert_eq!(world.post(&merge, json!({ "contactId": 4711 })).await.status, 404);
    assert_eq!(world.post(&merge, json!({ "contactId": other, "keep": { "passion": "merged" } })).await.status, 422);
    assert_eq!(world.post("/api/Contact/4711/Merge", json!({ "contactId": other })).await.status, 404);
}

#[actix_web::test]
async fn who_may_be_meant_is_answered_as_the_batch_would_decide() {
    let world = World::new();
    world.submit(ines()).await;
    world.run_batch().await;
    let mut again = ines();
    again["referenceId"] = json!("hg-other");
    let answer = world.post("/api/Contact/CheckDuplicates", again).await.json();
    assert_eq!((&answer["recommendation"], &answer["candidates"][0]["band"]), (&json!("merge"), &json!("certain")));
    let candidate = &answer["candidates"][0];
    assert!(candidate["matchedOn"].as_array().unwrap().contains(&json!("email")), "{candidate}");
    assert_eq!(candidate["contact"]["id"], candidate["contactId"]);
    let nobody = json!({ "firstName": "Bo", "lastName": "Fennimore", "email": "bo@example.org" });
    let answer = world.post("/api/Contact/CheckDuplicates", nobody).await.json();
    assert_eq!((&answer["recommendation"], &answer["candidates"]), (&json!("create"), &json!([])));
    assert_eq!(world.get("/api/Batch").await.json()["list"][0]["counts"]["held"], 0, "nothing is stored");
    let bound = world.key_of(&["Harbor Giving"]);
    let refused = world.send_as(&bound, actix_web::http::Method::POST, "/api/Contact/CheckDuplicates", ines()).await;
    assert_eq!(refused.status, 403);
    assert_eq!(world.post("/api/Contact/CheckDuplicates", json!({ "contactId": "x" })).await.status, 422);
    assert_eq!(world.post("/api/Contact/CheckDuplicates", json!({ "email": "nobody" })).await.status, 422);
}

#[actix_web::test]
async fn a_contact_on_file_is_held_against_all_others() {
    let world = World::new();
    let shared = json!([{ "firstName": "Odalys", "lastName": "Trent",
        "contactMethods": [{ "type": "Home Email", "value": "odalys@example.org" }] }]);
    let one = world.post("/api/Contact", json!({ "contactIndividuals": shared })).await.json()["id"].clone();
    let two = world.post("/api/Contact", json!({ "contactIndividuals": shared })).await.json()["id"].clone();
    let found = world.post("/api/Contact/CheckDuplicates", json!({ "contactId": one })).await.json();
    assert_eq!(found["candidates"][0]["contactId"], two);
    assert_eq!(found["candidates"].as_array().unwrap().len(), 1, "not itself");
    world.post("/api/NotDuplicate", json!({ "contactId": two, "otherContactId": one })).await;
    let found = world.post("/api/Contact/CheckDuplicates", json!({ "contactId": one })).await.json();
    assert_eq!(found["candidates"], json!([]));
}
