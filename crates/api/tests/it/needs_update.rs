//! The bucket, and each way out of it.

use crate::support::{Answer, World, ines};
use insta::assert_snapshot;
use serde_json::{Value, json};

/// Shares a mailbox with Ines, under another first name: a person has to look.
fn sibling() -> Value {
    json!({
        "referenceSource": "Kindness Hub", "referenceId": "k-1",
        "firstName": "Bram", "lastName": "Okafor-Lund", "email": "ines.lund@example.org",
    })
}

/// A world in which one row waits; its id.
async fn waiting() -> (World, String) {
    let world = World::new();
    world.submit(ines()).await;
    world.run_batch().await;
    let id = world.submit(sibling()).await;
    let run = world.run_batch().await;
    assert_eq!(run["counts"]["needsUpdate"], 1, "{run}");
    (world, id)
}

async fn resolve(world: &World, id: &str, body: Value) -> Answer {
    world.post(&format!("/api/NeedsUpdate/{id}/Resolve"), body).await
}

/// The contact of the first candidate.
async fn candidate(world: &World, id: &str) -> Value {
    world.get(&format!("/api/NeedsUpdate/{id}")).await.json()["candidates"][0].clone()
}

#[actix_web::test]
async fn the_bucket_is_listed_by_reason_and_source() {
    let (world, id) = waiting().await;
    let all = world.get("/api/NeedsUpdate").await.json();
    assert_eq!((&all["total"], &all["list"][0]["id"]), (&json!(1), &json!(id)));
    let reason = all["list"][0]["reason"].as_str().unwrap();
    for (query, total) in [
        (format!("reason={reason}"), 1),
        ("reason=undone".to_owned(), 0),
        ("source=Kindness+Hub".to_owned(), 1),
        ("source=Harbor+Giving".to_owned(), 0),
    ] {
        assert_eq!(world.get(&format!("/api/NeedsUpdate?{query}")).await.json()["total"], total, "{query}");
    }
    let past_the_end = world.get("/api/NeedsUpdate?skip=1").await.json();
    assert_eq!((&past_the_end["list"], &past_the_end["total"]), (&json!([]), &json!(1)));
    assert_snapshot!(world.get("/api/NeedsUpdate?reason=whim&take=1001").await, @r#"
    400
    x-request-id: 019b7c00-000b-7002-8000-00000000000b
    {
      "error": {
        "code": "BAD_REQUEST",
        "details": [
          {
            "code": "INVALID_VALUE",
            "field": "reason",
            "message": "Not a reason code."
          },
          {
            "code": "INVALID_VALUE",
            "field": "take",
            "message": "Not a number that can be meant here."
          }
        ],
        "message": "The request is invalid."
      },
      "message": "The request is invalid.",
      "modelState": {
        "model.reason": [
          "Not a reason code."
        ],
        "model.take": [
          "Not a number that can be meant here."
        ]
      }
    }
    "#);
}

#[actix_web::test]
async fn a_row_is_shown_beside_the_contacts_it_may_mean() {
    let (world, id) = waiting().await;
    let item = world.get(&format!("/api/NeedsUpdate/{id}")).await.json();
    assert_eq!(item["submission"]["firstName"], "Bram");
    assert!(item["sentence"].is_string() && item["reason"].is_string());
    let candidate = &item["candidates"][0];
    assert_eq!(candidate["contact"]["contactIndividuals"][0]["firstName"], "Ines");
    assert_eq!(candidate["contactId"], candidate["contact"]["id"]);
    assert!(candidate["sentence"].is_string() && candidate["explanation"].is_object());
}

#[actix_web::test]
async fn what_does_not_wait_is_not_in_the_bucket() {
    let world = World::new();
    let id = world.submit(ines()).await;
    assert_eq!(world.get(&format!("/api/NeedsUpdate/{id}")).await.status, 404);
    assert_eq!(world.get("/api/NeedsUpdate/x").await.status, 404);
}

#[actix_web::test]
async fn merge_folds_the_row_into_the_contact() {
    let (world, id) = waiting().await;
    let candidate = candidate(&world, &id).await;
    let body =
        json!({ "action": "merge", "contactId": candidate["contactId"], "individualId": candidate["individualId"] });
    let answer = resolve(&world, &id, body).await;
    let row = answer.json();
    assert_eq!(
        (answer.status, &row["state"], &row["level"]),
        (200, &json!("merged"), &json!("individual")),
        "{answer}"
    );
    assert_eq!(world.get("/api/Contact/Kindness%20Hub/k-1").await.json()["id"], candidate["contactId"]);
}

#[actix_web::test]
async fn add_individual_makes_a_new_person_of_the_contact() {
    let (world, id) = waiting().await;
    let contact = candidate(&world, &id).await["contactId"].clone();
    let row = resolve(&world, &id, json!({ "action": "AddIndividual", "contactId": contact })).await.json();
    assert_eq!((&row["state"], &row["level"], &row["contactId"]), (&json!("merged"), &json!("household"), &contact));
    let people = world.get(&format!("/api/Contact/{contact}")).await.json()["contactIndividuals"].clone();
    assert_eq!(people.as_array().unwrap().len(), 2);
}

#[actix_web::test]
async fn create_makes_a_contact_of_its_own() {
    let (world, id) = waiting().await;
    let row = resolve(&world, &id, json!({ "action": "create" })).await.json();
    assert_eq!(row["state"], "created");
    assert_eq!(world.get("/api/Contact/Kindness%20Hub/k-1").await.json()["id"], row["contactId"]);
}

#[actix_web::test]
async fn retry_sends_it_back_corrected() {
    let (world, id) = waiting().await;
    let mut corrected = sibling();
    corrected["email"] = json!("bram@example.org");
    let row = resolve(&world, &id, json!({ "action": "retry", "contact": corrected })).await.json();
    assert_eq!((&row["state"], &row["submission"]["email"]), (&json!("held"), &json!("bram@example.org")));
    assert_eq!(row["submissionAsSent"]["email"], sibling()["email"]);
    assert_eq!(row["decision"]["correction"]["email"], "bram@example.org");
    world.run_batch().await;
    let later = world.get(&format!("/api/Contact/Transaction/{id}")).await.json();
    assert_eq!(later["submissionAsSent"]["email"], sibling()["email"]);
    assert_eq!(later["earlierDecisions"][1]["correction"]["email"], "bram@example.org");
}

#[actix_web::test]
async fn a_corrected_row_is_checked_like_any_other() {
    let (world, id) = waiting().await;
    let body = json!({ "action": "retry", "contact": { "email": "nobody" } });
    assert_snapshot!(resolve(&world, &id, body).await, @r#"
    422
    x-request-id: 019b7c00-0005-7002-8000-000000000005
    {
      "error": {
        "code": "VALIDATION_FAILED",
        "details": [
          {
            "code": "INVALID_FORMAT",
            "field": "contact.email",
            "message": "Not an e-mail address."
          }
        ],
        "message": "One or more fields are not valid."
      },
      "message": "One or more fields are not valid."
    }
    "#);
}

#[actix_web::test]
async fn reject_ends_it() {
    let (world, id) = waiting().await;
    let row = resolve(&world, &id, json!({ "action": "reject" })).await.json();
    assert_eq!((&row["state"], &row["reason"]), (&json!("rejected"), &json!("rejected_by_staff")));
    let again = resolve(&world, &id, json!({ "action": "create" })).await;
    assert_eq!(again.status, 409, "{again}");
    assert_eq!(world.get("/api/NeedsUpdate").await.json()["total"], 0);
}

#[actix_web::test]
async fn a_resolution_that_cannot_be_meant_is_refused() {
    let (world, id) = waiting().await;
    assert_snapshot!(resolve(&world, &id, json!({ "action": "merge" })).await, @r#"
    400
    x-request-id: 019b7c00-0005-7002-8000-000000000005
    {
      "error": {
        "code": "BAD_REQUEST",
        "details": [
          {
            "code": "REQUIRED",
            "field": "contactId",
            "message": "Says which contact is meant."
          }
        ],
        "message": "The request is invalid."
      },
      "message": "The request is invalid.",
      "modelState": {
        "model.contactId": [
          "Says which contact is meant."
        ]
      }
    }
    "#);
    assert_snapshot!(resolve(&world, &id, json!({ "action": "explode" })).await, @r#"
    422
    x-request-id: 019b7c00-0006-7002-8000-000000000006
    {
      "error": {
        "code": "VALIDATION_FAILED",
        "details": [
          {
            "code": "INVALID_VALUE",
            "field": "action",
            "message": "One of merge, addIndividual, create, retry, reject."
          }
        ],
        "message": "One or more fields are not valid."
      },
      "message": "One or more fields are not valid."
    }
    "#);
    assert_eq!(resolve(&world, &id, json!({})).await.status, 400);
    let nowhere = resolve(&world, &id, json!({ "action": "merge", "contactId": 4711 })).await;
    assert_eq!(nowhere.status, 404, "{nowhere}");
}
