//! Reading what became of a submission, and taking a decision back.

use crate::support::{World, ines};
use actix_web::http::Method;
use insta::assert_snapshot;
use serde_json::json;
use tributary_engine::Scope;

#[actix_web::test]
async fn a_held_submission_says_so() {
    let world = World::new();
    let id = world.submit(ines()).await;
    assert_snapshot!(world.get(&format!("/api/Contact/Transaction/{id}")).await, @r#"
    200
    x-request-id: 019b7c00-0002-7002-8000-000000000002
    {
      "batchId": null,
      "contactId": null,
      "decidedAtUtc": null,
      "decision": null,
      "earlierDecisions": [],
      "id": "019b7c00-0001-7001-8000-000000000001",
      "individualId": null,
      "level": null,
      "location": "/api/Contact/Transaction/019b7c00-0001-7001-8000-000000000001",
      "reason": null,
      "receivedAtUtc": "2026-01-02T03:04:05.000",
      "referenceId": "hg-50022",
      "referenceSource": "Harbor Giving",
      "sentence": null,
      "state": "held",
      "submission": {
        "address1": "402 Tannery Rd",
        "birthDay": "4",
        "birthMonth": "9",
        "birthYear": "1979",
        "city": "Bellford",
        "country": "US",
        "customFields": {
          "shirtSize": "M"
        },
        "email": "ines.lund@example.org",
        "emailType": "Home Email",
        "firstName": "Ines",
        "lastName": "Okafor-Lund",
        "phone": "(555) 010-4477",
        "phoneType": "Mobile Phone",
        "postal": "44090",
        "referenceId": "hg-50022",
        "referenceSource": "Harbor Giving",
        "state": "OH",
        "tags": "Monthly;Spring Gala",
        "title": "Dr"
      },
      "submissionAsSent": null
    }
    "#);
}

#[actix_web::test]
async fn a_decided_submission_tells_what_became_of_it_and_why() {
    let world = World::new();
    let id = world.submit(ines()).await;
    world.run_batch().await;
    assert_snapshot!(world.get(&format!("/api/Contact/Transaction/{id}")).await, @r#"
    200
    x-request-id: 019b7c00-0003-7002-8000-000000000003
    {
      "batchId": 1,
      "contactId": 1,
      "decidedAtUtc": "2026-01-02T03:04:05.000",
      "decision": {
        "actor": "batch",
        "batchId": 1,
        "contactId": 1,
        "correction": null,
        "decidedAtUtc": "2026-01-02T03:04:05.000",
        "explanation": [],
        "individualId": 1,
        "level": null,
        "number": 1,
        "outcome": "created",
        "policyVersion": "shipped",
        "reason": null,
        "score": -60.0,
        "undoneAtUtc": null,
        "weightsVersion": "shipped-4"
      },
      "earlierDecisions": [],
      "id": "019b7c00-0001-7001-8000-000000000001",
      "individualId": 1,
      "level": null,
      "location": "/api/Contact/Transaction/019b7c00-0001-7001-8000-000000000001",
      "reason": null,
      "receivedAtUtc": "2026-01-02T03:04:05.000",
      "referenceId": "hg-50022",
      "referenceSource": "Harbor Giving",
      "sentence": null,
      "state": "created",
      "submission": {
        "address1": "402 Tannery Rd",
        "birthDay": "4",
        "birthMonth": "9",
        "birthYear": "1979",
        "city": "Bellford",
        "country": "US",
        "customFields": {
          "shirtSize": "M"
        },
        "email": "ines.lund@example.org",
        "emailType": "Home Email",
        "firstName": "Ines",
        "lastName": "Okafor-Lund",
        "phone": "(555) 010-4477",
        "phoneType": "Mobile Phone",
        "postal": "44090",
        "referenceId": "hg-50022",
        "referenceSource": "Harbor Giving",
        "state": "OH",
        "tags": "Monthly;Spring Gala",
        "title": "Dr"
      },
      "submissionAsSent": null
    }
    "#);
}

#[actix_web::test]
async fn submissions_of_one_reference_are_listed_newest_first() {
    let world = World::new();
    let first = world.submit(ines()).await;
    let second = world.submit(ines()).await;
    let path = "/api/Contact/Transaction?referenceSource=Harbor%20Giving&referenceId=hg-50022";
    let found = world.get(path).await.json();
    let ids: Vec<_> = found["list"].as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap()).collect();
    assert_eq!(ids, [&second, &first]);
    assert_eq!(found["total"], 2);
}

#[actix_web::test]
async fn an_unknown_reference_is_an_empty_list_and_half_a_reference_a_problem() {
    let world = World::new();
    let path = "/api/Contact/Transaction";
    assert_snapshot!(world.get(&format!("{path}?referenceSource=A&referenceId=1")).await, @r#"
    200
    x-request-id: 019b7c00-0001-7002-8000-000000000001
    {
      "list": [],
      "total": 0
    }
    "#);
    assert_snapshot!(world.get(&format!("{path}?referenceSource=A")).await, @r#"
    400
    x-request-id: 019b7c00-0002-7002-8000-000000000002
    {
      "error": {
        "code": "BAD_REQUEST",
        "details": [
          {
            "code": "REQUIRED",
            "field": "referenceId",
            "message": "A value is needed."
          }
        ],
        "message": "The request is invalid."
      },
      "message": "The request is invalid.",
      "modelState": {
        "model.referenceId": [
          "A value is needed."
        ]
      }
    }
    "#);
}

#[actix_web::test]
async fn what_cannot_be_an_id_is_a_404() {
    assert_snapshot!(World::new().get("/api/Contact/Transaction/7").await, @r#"
    404
    x-request-id: 019b7c00-0001-7002-8000-000000000001
    {
      "error": {
        "code": "NOT_FOUND",
        "details": [],
        "message": "There is no such thing."
      },
      "message": "There is no such thing."
    }
    "#);
}

#[actix_web::test]
async fn a_restricted_key_sees_what_was_sent_by_it_or_under_its_source() {
    let world = World::new();
    let (key, successor, other) =
        (world.key_of(&["Harbor Giving"]), world.key_of(&["Harbor Giving"]), world.key_of(&["Kindness Hub"]));
    let submit = |body| world.send_as(&key, Method::POST, "/api/Contact/Transaction", body);
    let with = submit(ines()).await.header("tributary-transaction-id").unwrap().to_owned();
    let without = submit(json!({ "lastName": "Trent" })).await.header("tributary-transaction-id").unwrap().to_owned();
    let seen = async |key: &str, id: &str| {
        world.send_as(key, Method::GET, &format!("/api/Contact/Transaction/{id}"), ()).await.status
    };
    assert_eq!((seen(&key, &with).await, seen(&key, &without).await), (200, 200));
    assert_eq!((seen(&successor, &with).await, seen(&successor, &without).await), (200, 404));
    assert_eq!((seen(&other, &with).await, seen(&other, &without).await), (404, 404));
    let by_reference = "/api/Contact/Transaction?referenceSource=Harbor+Giving&referenceId=hg-50022";
    assert_eq!(world.send_as(&other, Method::GET, by_reference, ()).await.status, 403);
}

#[actix_web::test]
async fn a_partner_learns_how_candidates_compare_but_not_who_they_are() {
    let world = World::new();
    world.submit(ines()).await;
    world.run_batch().await;
    let sibling = json!({
        "referenceSource": "Kindness Hub", "referenceId": "k-1",
        "firstName": "Pål", "lastName": "Okafor-Lund", "email": "ines.lund@example.org",
    });
    let id = world.submit(sibling).await;
    world.run_batch().await;
    let path = format!("/api/Contact/Transaction/{id}");
    let partner = world.key(&[Scope::Submit, Scope::ReadTransactions]);
    let seen = world.send_as(&partner, Method::GET, &path, ()).await;
    assert!(!seen.body.contains("hg-50022") && !seen.body.contains("Ines"));
    let explanation = &seen.json()["decision"]["explanation"];
    assert!(!explanation.to_string().contains("\"contact\""), "{explanation}");
    let staff = world.get(&path).await.json();
    assert!(staff["decision"]["explanation"].to_string().contains("\"contact\""), "{staff}");
}

#[actix_web::test]
async fn a_decision_is_taken_back_into_the_bucket() {
    let world = World::new();
    let id = world.submit(ines()).await;
    world.run_batch().await;
    let answer = world.post(&format!("/api/Contact/Transaction/{id}/Undo"), ()).await;
    let body = answer.json();
    assert_eq!((answer.status, &body["state"], &body["reason"]), (200, &json!("needs_update"), &json!("undone")));
    assert_eq!(world.get("/api/Contact/Harbor%20Giving/hg-50022").await.status, 404);
    let again = world.post(&format!("/api/Contact/Transaction/{id}/Undo"), ()).await;
    assert_eq!(again.status, 409, "{again}");
}
