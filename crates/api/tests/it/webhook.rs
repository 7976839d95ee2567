//! Subscriptions.

use crate::support::World;
use actix_web::http::Method;
use insta::assert_snapshot;
use serde_json::{Value, json};

fn subscription() -> Value {
    json!({
        "payloadUrl": "https://hooks.example.org/crm", "secret": "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
        "contactCreate": true, "ContactUpdate": "true",
    })
}

#[actix_web::test]
async fn a_subscription_is_answered_with_its_secret_and_every_switch() {
    assert_snapshot!(World::new().post("/api/Webhook", subscription()).await, @r#"
    200
    x-request-id: 019b7c00-0001-7002-8000-000000000001
    {
      "active": true,
      "contactCreate": true,
      "contactDelete": false,
      "contactNoteCreate": false,
      "contactNoteDelete": false,
      "contactNoteUpdate": false,
      "contactUpdate": true,
      "createDateTimeUtc": "2026-01-02T03:04:05.000",
      "disabledReason": null,
      "eventCreate": false,
      "eventDelete": false,
      "eventUpdate": false,
      "failedAttempts": 0,
      "failingSinceUtc": null,
      "formSubmission": false,
      "giftCreate": false,
      "giftDelete": false,
      "giftUpdate": false,
      "id": 1,
      "payloadUrl": "https://hooks.example.org/crm",
      "projectCreate": false,
      "projectDelete": false,
      "projectUpdate": false,
      "secret": "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
      "warnings": []
    }
    "#);
}

#[actix_web::test]
async fn a_subscription_is_read_replaced_switched_and_ended() {
    let world = World::new();
    let made = world.post("/api/Webhook", subscription()).await.json();
    let path = format!("/api/Webhook/{}", made["id"]);
    assert_eq!(world.get(&path).await.json(), made);
    assert_eq!(world.get("/api/Webhook").await.json(), json!({ "list": [made], "total": 1 }));

    let replaced = world
        .send(
            Method::PUT,
            &path,
            json!({ "payloadUrl": "https://hooks.example.org/new", "contactDelete": true, "secret": "s3cret-value" }),
        )
        .await
        .json();
    assert_eq!((&replaced["contactCreate"], &replaced["contactDelete"]), (&json!(false), &json!(true)));
    assert_eq!(replaced["warnings"].as_array().unwrap().len(), 1);

    let off = world.send(Method::PUT, &format!("{path}/Active?active=false"), ()).await.json();
    assert_eq!((&off["active"], &off["payloadUrl"]), (&json!(false), &replaced["payloadUrl"]));

    let gone = world.send(Method::DELETE, &path, ()).await;
    assert_eq!((gone.status, gone.body.as_str()), (200, ""));
    assert_eq!(world.get(&path).await.status, 404);
    assert_eq!(world.send(Method::DELETE, &path, ()).await.status, 404);
}

#[actix_web::test]
async fn without_a_secret_one_is_made() {
    let made = World::new().post("/api/Webhook", json!({ "payloadUrl": "https://hooks.example.org/crm" })).await.json();
    assert!(made["secret"].as_str().unwrap().starts_with("whsec_"));
    assert_eq!(made["warnings"], json!([]));
}

#[actix_web::test]
async fn what_is_wrong_with_a_subscription_is_told() {
    let world = World::new();
    assert_snapshot!(world.post("/api/Webhook", json!({ "contactCreate": "maybe" })).await, @r#"
    400
    x-request-id: 019b7c00-0001-7002-8000-000000000001
    {
      "error": {
        "code": "BAD_REQUEST",
        "details": [
          {
            "code": "REQUIRED",
            "field": "payloadUrl",
            "message": "Says where events are sent."
          },
          {
            "code": "INVALID_VALUE",
            "field": "contactCreate",
            "message": "Must be true or false."
          }
        ],
        "message": "The request is invalid."
      },
      "message": "The request is invalid.",
      "modelState": {
        "model.contactCreate": [
          "Must be true or false."
        ],
        "model.payloadUrl": [
          "Says where events are sent."
        ]
      }
    }
    "#);
    assert_snapshot!(world.post("/api/Webhook", json!({ "payloadUrl": "https://127.0.0.1/x" })).await, @r#"
    422
    x-request-id: 019b7c00-0002-7002-8000-000000000002
    {
      "error": {
        "code": "VALIDATION_FAILED",
        "details": [
          {
            "code": "INVALID_VALUE",
            "field": "payloadUrl",
            "message": "the host is not a public address (setting webhook.allow_cidrs opens internal ranges)"
          }
        ],
        "message": "One or more fields are not valid."
      },
      "message": "One or more fields are not valid."
    }
    "#);
    let path = format!("/api/Webhook/{}", world.post("/api/Webhook", subscription()).await.json()["id"]);
    assert_snapshot!(world.send(Method::PUT, &format!("{path}/Active"), ()).await, @r#"
    400
    x-request-id: 019b7c00-0004-7002-8000-000000000004
    {
      "error": {
        "code": "BAD_REQUEST",
        "details": [
          {
            "code": "REQUIRED",
            "field": "active",
            "message": "A value is needed."
          }
        ],
        "message": "The request is invalid."
      },
      "message": "The request is invalid.",
      "modelState": {
        "model.active": [
          "A value is needed."
        ]
      }
    }
    "#);
}
