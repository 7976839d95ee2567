//! `POST /api/Contact/Transaction`.

use crate::support::{World, ines, request};
use actix_web::http::Method;
use insta::assert_snapshot;
use serde_json::json;

const PATH: &str = "/api/Contact/Transaction";

#[actix_web::test]
async fn a_submission_is_answered_by_an_empty_200_with_its_id() {
    assert_snapshot!(World::new().post(PATH, ines()).await, @"
    200
    location: /api/Contact/Transaction/019b7c00-0001-7001-8000-000000000001
    tributary-transaction-id: 019b7c00-0001-7001-8000-000000000001
    x-request-id: 019b7c00-0001-7002-8000-000000000001
    ");
}

#[actix_web::test]
async fn a_receipt_is_given_to_those_who_ask() {
    let world = World::new();
    let asking = request(Method::POST, PATH, ines())
        .insert_header(("Authorization", format!("bearer {}", world.key)))
        .insert_header(("Prefer", "respond-async, Return=Representation"));
    assert_snapshot!(world.call(asking).await, @r#"
    200
    location: /api/Contact/Transaction/019b7c00-0001-7001-8000-000000000001
    preference-applied: return=representation
    tributary-transaction-id: 019b7c00-0001-7001-8000-000000000001
    x-request-id: 019b7c00-0001-7002-8000-000000000001
    {
      "id": "019b7c00-0001-7001-8000-000000000001",
      "location": "/api/Contact/Transaction/019b7c00-0001-7001-8000-000000000001",
      "receivedAtUtc": "2026-01-02T03:04:05.000",
      "referenceId": "hg-50022",
      "referenceSource": "Harbor Giving",
      "state": "held",
      "warnings": []
    }
    "#);
}

#[actix_web::test]
async fn a_receipt_names_what_meant_nothing() {
    let world = World::new();
    let body = json!({"firstName": "Ines", "email": "ines@example.org", "shoeSize": 38});
    let asking = request(Method::POST, PATH, body)
        .insert_header(("Authorization", format!("bearer {}", world.key)))
        .insert_header(("Prefer", "return=representation"));
    let told = world.call(asking).await.body;
    let told: serde_json::Value = serde_json::from_str(&told).unwrap();
    let warning = &told["warnings"][0];
    assert_eq!((&warning["field"], &warning["code"]), (&json!("shoeSize"), &json!("UNKNOWN_FIELD")), "{told}");
}

#[actix_web::test]
async fn broken_json_is_told_by_its_place_without_a_quote() {
    let answer = World::new().post(PATH, "{\"email\": \"ines.lund@example.org\"\n oops}").await;
    assert!(!answer.body.contains("ines") && !answer.body.contains("oops"));
    assert_snapshot!(answer, @r#"
    400
    x-request-id: 019b7c00-0001-7002-8000-000000000001
    {
      "error": {
        "code": "BAD_REQUEST",
        "details": [],
        "message": "The body is not JSON: line 2, column 2."
      },
      "message": "The body is not JSON: line 2, column 2."
    }
    "#);
}

#[actix_web::test]
async fn an_empty_body_is_told_in_the_legacy_words() {
    assert_snapshot!(World::new().post(PATH, ()).await, @r#"
    400
    x-request-id: 019b7c00-0001-7002-8000-000000000001
    {
      "error": {
        "code": "BAD_REQUEST",
        "details": [],
        "message": "The argument cannot be null"
      },
      "message": "The argument cannot be null"
    }
    "#);
}

#[actix_web::test]
async fn values_that_cannot_be_accepted_are_a_422_with_all_of_them() {
    let answer =
        World::new().post(PATH, json!({ "contactType": "Club", "email": "nobody", "lastName": "Trent" })).await;
    assert_snapshot!(answer, @r#"
    422
    x-request-id: 019b7c00-0001-7002-8000-000000000001
    {
      "error": {
        "code": "VALIDATION_FAILED",
        "details": [
          {
            "code": "INVALID_VALUE",
            "field": "contactType",
            "message": "Not a contact type of this organization."
          },
          {
            "code": "INVALID_FORMAT",
            "field": "email",
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
async fn one_malformed_value_makes_it_a_400() {
    let answer = World::new().post(PATH, json!({ "email": "nobody", "lastName": {} })).await;
    assert_snapshot!(answer, @r#"
    400
    x-request-id: 019b7c00-0001-7002-8000-000000000001
    {
      "error": {
        "code": "BAD_REQUEST",
        "details": [
          {
            "code": "INVALID_TYPE",
            "field": "lastName",
            "message": "Must be a text."
          },
          {
            "code": "INVALID_FORMAT",
            "field": "email",
            "message": "Not an e-mail address."
          }
        ],
        "message": "The request is invalid."
      },
      "message": "The request is invalid.",
      "modelState": {
        "model.email": [
          "Not an e-mail address."
        ],
        "model.lastName": [
          "Must be a text."
        ]
      }
    }
    "#);
}

#[actix_web::test]
async fn a_body_that_is_no_object_is_a_400() {
    assert_eq!(World::new().post(PATH, "[]").await.status, 400);
    assert_eq!(World::new().post(PATH, "null").await.status, 400);
}

#[actix_web::test]
async fn a_key_restricted_to_sources_speaks_for_no_other() {
    let world = World::new();
    let key = world.key_of(&["Kindness Hub"]);
    assert_snapshot!(world.send_as(&key, Method::POST, PATH, ines()).await, @r#"
    403
    x-request-id: 019b7c00-0001-7002-8000-000000000001
    {
      "error": {
        "code": "FORBIDDEN",
        "details": [],
        "message": "The key is restricted to other reference sources."
      },
      "message": "The key is restricted to other reference sources."
    }
    "#);
    let own = json!({ "referenceSource": "Kindness Hub", "referenceId": "1", "lastName": "Trent" });
    assert_eq!(world.send_as(&key, Method::POST, PATH, own).await.status, 200);
    assert_eq!(world.send_as(&key, Method::POST, PATH, json!({ "email": "a@example.org" })).await.status, 200);
}

#[actix_web::test]
async fn a_body_over_the_limit_is_a_413() {
    let long = json!({ "lastName": "Trent", "notes": "x".repeat(256 * 1024) });
    assert_snapshot!(World::new().post(PATH, long).await, @r#"
    413
    x-request-id: 019b7c00-0001-7002-8000-000000000001
    {
      "error": {
        "code": "PAYLOAD_TOO_LARGE",
        "details": [],
        "message": "The body has more than 262144 bytes."
      },
      "message": "The body has more than 262144 bytes."
    }
    "#);
}

#[actix_web::test]
async fn a_switch_that_is_not_known_is_refused_rather_than_passed_over() {
    let world = World::new();
    assert_snapshot!(world.post(&format!("{PATH}?rehearse=true"), ines()).await, @r#"
    400
    x-request-id: 019b7c00-0001-7002-8000-000000000001
    {
      "error": {
        "code": "BAD_REQUEST",
        "details": [
          {
            "code": "INVALID_VALUE",
            "field": "rehearse",
            "message": "Not a parameter of this route."
          }
        ],
        "message": "The request is invalid."
      },
      "message": "The request is invalid.",
      "modelState": {
        "model.rehearse": [
          "Not a parameter of this route."
        ]
      }
    }
    "#);
    assert_eq!(world.engine.health(world.organization).unwrap().ledger.held, 0);
}

#[actix_web::test]
async fn unknown_fields_are_no_problem() {
    assert_eq!(World::new().post(PATH, json!({ "lastName": "Trent", "favouriteColour": "teal" })).await.status, 200);
}

#[actix_web::test]
async fn a_dry_run_answers_the_decision_and_holds_nothing() {
    let world = World::new();
    assert_snapshot!(world.post("/api/Contact/Transaction?dryRun=true", ines()).await);
    world.submit(ines()).await;
    world.run_batch().await;
    let mut again = ines();
    again["referenceId"] = json!("hg-50023");
    let known = world.post("/api/Contact/Transaction?dryRun=true", again.clone()).await.json();
    assert_eq!((&known["state"], &known["contactId"]), (&json!("merged"), &json!(1)), "{known:#}");
    again["email"] = json!("not a mailbox");
    assert_eq!(world.post("/api/Contact/Transaction?dryRun=true", again).await.status, 422);
    assert_eq!(world.engine.health(world.organization).unwrap().ledger.received, 1);
}
