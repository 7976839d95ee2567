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
      "compatEncoding": "base64",
      "compatHeader": null,
      "compatSignature": null,
      "contactArchive": false,
      "contactCreate": true,
      "contactDelete": false,
      "contactMerge": false,
      "contactNoteCreate": false,
      "contactNoteDelete": false,
      "contactNoteUpdate": false,
      "contactUnmerge": false,
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
      "headers": {},
      "id": 1,
      "needsUpdate": false,
      "nextProbeUtc": null,
      "partnerSignature": false,
      "pausedSinceUtc": null,
      "payloadUrl": "https://hooks.example.org/crm",
      "previousSecretsUntilUtc": [],
      "projectCreate": false,
      "projectDelete": false,
      "projectUpdate": false,
      "secret": "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
      "standardSecret": "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
      "state": "active",
      "transactionRejected": false,
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
    let mut listed = made.clone();
    for secret in ["secret", "standardSecret", "headers"] {
        listed[secret] = Value::Null;
    }
    assert_eq!(world.get("/api/Webhook").await.json(), json!({ "list": [listed], "total": 1 }));

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

/// A contact was created, and a subscriber waits to be told.
async fn told() -> (World, String, Value) {
    let world = World::new();
    let path = format!("/api/Webhook/{}", world.post("/api/Webhook", subscription()).await.json()["id"]);
    world.post("/api/Contact", json!({ "contactIndividuals": [{ "firstName": "Odalys" }] })).await;
    let event = world.get("/api/Event").await.json()["list"][0].clone();
    (world, path, event)
}

#[actix_web::test]
async fn the_feed_is_read_from_place_to_place_or_from_an_event_on() {
    let (world, _, event) = told().await;
    world.post("/api/Contact", json!({ "contactIndividuals": [{ "firstName": "Bram" }] })).await;
    let first = world.get("/api/Event?take=1").await.json();
    assert_eq!((&first["list"], &first["list"][0]["type"]), (&json!([event]), &json!("contactCreate")));
    let rest = world.get(&format!("/api/Event?after={}", first["next"].as_str().unwrap())).await.json();
    assert_eq!(rest["list"].as_array().unwrap().len(), 1);
    let of_event = world.get(&format!("/api/Event?after={}", event["eventId"].as_str().unwrap())).await.json();
    assert_eq!(of_event, rest);
    let end = world.get(&format!("/api/Event?after={}", rest["next"].as_str().unwrap())).await.json();
    assert_eq!(end, json!({ "list": [], "next": rest["next"] }));
    assert_eq!(world.get("/api/Event?after=elsewhere").await.status, 400);
    assert_eq!(world.get("/api/Event?after=019b76da-a800-73c1-9f2e-3d4c5b6a7988").await.status, 404);
}

#[actix_web::test]
async fn deliveries_are_listed_page_by_page_and_each_with_its_attempts() {
    let (world, path, event) = told().await;
    world.engine.deliver_once().await.unwrap();
    let id = event["eventId"].as_str().unwrap();
    let list = world.get(&format!("{path}/Deliveries?take=1")).await.json();
    assert_eq!((&list["list"][0]["eventId"], &list["list"][0]["state"]), (&json!(id), &json!("pending")));
    let next = world.get(&format!("{path}/Deliveries?take=1&before={}", list["next"].as_str().unwrap())).await.json();
    assert_eq!(next, json!({ "list": [], "next": null }));
    assert_eq!(world.get(&format!("{path}/Deliveries?state=dead")).await.json()["list"], json!([]));
    assert_eq!(world.get(&format!("{path}/Deliveries?state=lost&before=x")).await.status, 400);
    let detail = world.get(&format!("{path}/Deliveries/{id}")).await.json();
    let attempt = &detail["attemptList"][0];
    assert_eq!(
        (&attempt["number"], &attempt["outcome"], &attempt["status"]),
        (&json!(1), &json!("timeout"), &json!(null))
    );
    assert_eq!(world.get(&format!("{path}/Deliveries/{}", uuid::Uuid::nil())).await.status, 404);
}

#[actix_web::test]
async fn a_ping_tells_what_came_of_it() {
    let (world, path, _) = told().await;
    let ping = world.post(&format!("{path}/Ping"), ()).await;
    assert_eq!(ping.status, 200);
    let ping = ping.json();
    assert_eq!(
        (&ping["delivered"], &ping["outcome"], &ping["resumed"]),
        (&json!(false), &json!("timeout"), &json!(false))
    );
}

#[actix_web::test]
async fn one_event_or_many_are_sent_again() {
    let (world, path, event) = told().await;
    let one = world.post(&format!("{path}/Replay"), json!({ "eventId": event["eventId"] })).await;
    assert_eq!((one.status, one.json()["state"].clone()), (200, json!("pending")));
    let many =
        world.post(&format!("{path}/Replay"), json!({ "since": "2026-01-01T00:00:00Z", "onlyDead": true })).await;
    assert_eq!((many.status, many.json()["state"].clone()), (202, json!("running")));
    world.engine.step_replays().unwrap();
    let list = world.get(&format!("{path}/Replay")).await.json();
    assert_eq!((&list["total"], &list["list"][0]["state"]), (&json!(1), &json!("done")));
    for wrong in [json!({ "since": "yesterday" }), json!({ "eventId": "x" }), json!({ "contct": 5 })] {
        assert_eq!(world.post(&format!("{path}/Replay"), wrong).await.status / 100, 4);
    }
}

#[actix_web::test]
async fn a_secret_is_rotated_with_an_overlap() {
    let (world, path, _) = told().await;
    let path = format!("{path}/RotateSecret");
    let rotate = |body: Value| world.post(&path, body);
    let rotated = rotate(json!({})).await.json();
    assert_ne!(rotated["secret"], subscription()["secret"]);
    assert_eq!(rotated["previousSecretsUntilUtc"], json!(["2026-01-03T03:04:05.000"]));
    assert_eq!(rotate(json!({ "overlapSeconds": 60 })).await.status, 200);
    assert_eq!(rotate(json!({ "overlapSeconds": 60 })).await.status, 409);
    let leaked = rotate(json!({ "overlapSeconds": 0, "secret": "s3cret-value" })).await.json();
    assert_eq!((&leaked["secret"], &leaked["previousSecretsUntilUtc"]), (&json!("s3cret-value"), &json!([])));
    assert_eq!(leaked["standardSecret"], "whsec_czNjcmV0LXZhbHVl");
    assert_eq!(rotate(json!({ "overlapSeconds": 604_801 })).await.status / 100, 4);
}

#[actix_web::test]
async fn headers_and_schemes_are_kept_until_they_are_replaced() {
    let world = World::new();
    let with = json!({
        "payloadUrl": "https://hooks.example.org/crm", "headers": { "authorization": "Bearer x" },
        "compatEncoding": "hex", "compatSignature": true, "partnerSignature": true,
    });
    let made = world.post("/api/Webhook", with).await.json();
    assert_eq!((&made["headers"], &made["compatEncoding"]), (&json!({ "authorization": "Bearer x" }), &json!("hex")));
    let path = format!("/api/Webhook/{}", made["id"]);
    let plain = json!({ "payloadUrl": "https://hooks.example.org/crm" });
    assert_eq!(world.send(Method::PUT, &path, plain).await.json()["headers"], made["headers"]);
    let none = json!({ "payloadUrl": "https://hooks.example.org/crm", "headers": {} });
    assert_eq!(world.send(Method::PUT, &path, none).await.json()["headers"], json!({}));
    let host = json!({ "payloadUrl": "https://hooks.example.org/crm", "headers": { "host": "other" } });
    assert_eq!(world.post("/api/Webhook", host).await.status, 422);
}

#[actix_web::test]
async fn while_a_subscription_is_off_events_pass_it_by() {
    let world = World::new();
    let made = world.post("/api/Webhook", subscription()).await.json();
    let path = format!("/api/Webhook/{}", made["id"]);
    let create = async || {
        world.post("/api/Contact", json!({ "contactIndividuals": [{ "firstName": "Odalys" }] })).await.json();
        world.get(&format!("{path}/Deliveries")).await.json()["list"].as_array().unwrap().len()
    };
    assert_eq!(create().await, 1);
    world.send(Method::PUT, &format!("{path}/Active?active=false"), ()).await;
    assert_eq!(create().await, 1);
    world.send(Method::PUT, &format!("{path}/Active?active=true"), ()).await;
    assert_eq!(create().await, 2);
}
