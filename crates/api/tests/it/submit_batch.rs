//! `POST /api/Contact/Batch`.

use crate::support::{World, request};
use actix_web::http::Method;
use insta::assert_snapshot;
use serde_json::{Value, json};

const PATH: &str = "/api/Contact/Batch";

fn batch(contacts: &Value) -> Value {
    json!({ "referenceSource": "Harbor Giving", "contacts": contacts })
}

fn held(world: &World) -> i64 {
    world.engine.health(world.organization).unwrap().ledger.held
}

#[actix_web::test]
async fn every_item_is_held_under_the_source_of_the_batch() {
    let world = World::new();
    let body = batch(&json!([{ "referenceId": "1", "lastName": "Trent" }, { "referenceId": "2", "lastName": "Lund" }]));
    assert_snapshot!(world.post(PATH, body).await, @"
    200
    x-request-id: 019b7c00-0001-7002-8000-000000000001
    ");
    assert_eq!(held(&world), 2);
    let found = world.get("/api/Contact/Transaction?referenceSource=Harbor+Giving&referenceId=2").await.json();
    assert_eq!((&found["total"], &found["list"][0]["submission"]["lastName"]), (&json!(1), &json!("Lund")));
}

#[actix_web::test]
async fn receipts_come_in_the_order_of_the_items() {
    let world = World::new();
    let body = batch(&json!([{ "referenceId": "1" }, { "referenceId": "2" }]));
    let asking = request(Method::POST, PATH, body)
        .insert_header(("Authorization", format!("Bearer {}", world.key)))
        .insert_header(("Prefer", "return=representation"));
    let answer = world.call(asking).await.json();
    let ids: Vec<_> = answer["list"].as_array().unwrap().iter().map(|receipt| &receipt["referenceId"]).collect();
    assert_eq!(ids, ["1", "2"]);
}

#[actix_web::test]
async fn one_bad_item_refuses_them_all_and_is_named_by_its_place() {
    let world = World::new();
    let items = json!([{ "lastName": "Trent" }, { "email": "nobody" }, { "lastName": "Lund", "contactType": "Club" }]);
    assert_snapshot!(world.post(PATH, batch(&items)).await, @r#"
    422
    x-request-id: 019b7c00-0001-7002-8000-000000000001
    {
      "error": {
        "code": "VALIDATION_FAILED",
        "details": [
          {
            "code": "INVALID_FORMAT",
            "field": "contacts[1].email",
            "message": "Not an e-mail address."
          },
          {
            "code": "INVALID_VALUE",
            "field": "contacts[2].contactType",
            "message": "Not a contact type of this organization."
          }
        ],
        "message": "One or more fields are not valid."
      },
      "message": "One or more fields are not valid."
    }
    "#);
    assert_eq!(held(&world), 0);
}

#[actix_web::test]
async fn malformed_items_are_told_to_legacy_clients_too() {
    let items = json!([{ "lastName": "Trent" }, "Lund", {}]);
    assert_snapshot!(World::new().post(PATH, batch(&items)).await, @r#"
    400
    x-request-id: 019b7c00-0001-7002-8000-000000000001
    {
      "error": {
        "code": "BAD_REQUEST",
        "details": [
          {
            "code": "INVALID_TYPE",
            "field": "contacts[1]",
            "message": "Not a JSON object."
          },
          {
            "code": "REQUIRED",
            "field": "contacts[2]",
            "message": "Needs a name, an e-mail, a phone, an address or a reference."
          }
        ],
        "message": "The request is invalid."
      },
      "message": "The request is invalid.",
      "modelState": {
        "unmatchedContactsBindingModel.contacts[1]": [
          "Not a JSON object."
        ],
        "unmatchedContactsBindingModel.contacts[2]": [
          "Needs a name, an e-mail, a phone, an address or a reference."
        ]
      }
    }
    "#);
}

#[actix_web::test]
async fn an_empty_batch_is_fine_and_a_missing_one_is_not() {
    let world = World::new();
    assert_eq!(world.post(PATH, batch(&json!([]))).await.status, 200);
    assert_snapshot!(world.post(PATH, json!({ "referenceSource": "Harbor Giving" })).await, @r#"
    400
    x-request-id: 019b7c00-0002-7002-8000-000000000002
    {
      "error": {
        "code": "BAD_REQUEST",
        "details": [
          {
            "code": "REQUIRED",
            "field": "contacts",
            "message": "A list of contacts is needed; it may be empty."
          }
        ],
        "message": "The request is invalid."
      },
      "message": "The request is invalid.",
      "modelState": {
        "unmatchedContactsBindingModel.contacts": [
          "A list of contacts is needed; it may be empty."
        ]
      }
    }
    "#);
    assert_eq!(world.post(PATH, json!({ "contacts": 7, "referenceSource": {} })).await.status, 400);
}

#[actix_web::test]
async fn more_than_a_thousand_items_are_a_413() {
    let world = World::new();
    let items = |count| json!(vec![json!({ "lastName": "Trent" }); count]);
    assert_snapshot!(world.post(PATH, batch(&items(1_001))).await, @r#"
    413
    x-request-id: 019b7c00-0001-7002-8000-000000000001
    {
      "error": {
        "code": "PAYLOAD_TOO_LARGE",
        "details": [],
        "message": "The batch has more than 1000 contacts."
      },
      "message": "The batch has more than 1000 contacts."
    }
    "#);
    assert_eq!(world.post(PATH, batch(&items(1_000))).await.status, 200);
}

#[actix_web::test]
async fn a_restricted_key_can_hide_no_foreign_source_in_an_item() {
    let world = World::new();
    let key = world.key_of(&["Harbor Giving"]);
    let items = json!([{ "referenceId": "1" }, { "referenceSource": "Kindness Hub", "referenceId": "2" }]);
    assert_eq!(world.send_as(&key, Method::POST, PATH, batch(&items)).await.status, 403);
    assert_eq!(held(&world), 0);
}
