//! The bucket as a whole: who looks at what, what senders are asked and see, many rows at once, rules.

use crate::support::{World, ines};
use actix_web::http::Method;
use insta::assert_snapshot;
use serde_json::{Value, json};
use tributary_engine::{NewUser, Scope};
use tributary_store::Role;

/// Shares a mailbox with Ines, under another first name: a person has to look.
fn sibling() -> Value {
    json!({
        "referenceSource": "Kindness Hub", "referenceId": "k-1",
        "firstName": "Bram", "lastName": "Okafor-Lund", "email": "ines.lund@example.org", "originSegmentCode": "GALA",
    })
}

/// A world in which one row waits; its id.
async fn waiting() -> (World, String) {
    let world = World::new();
    world.submit(ines()).await;
    world.run_batch().await;
    let id = world.submit(sibling()).await;
    world.run_batch().await;
    (world, id)
}

fn reviewer(world: &World) {
    let new = NewUser { email: "ada@example.org".into(), name: "Ada".into(), role: Role::Reviewer, password: None };
    world.engine.create_user(world.organization, new).unwrap();
}

#[actix_web::test]
async fn a_candidate_lies_beside_the_row_field_by_field() {
    let (world, id) = waiting().await;
    let item = world.get(&format!("/api/NeedsUpdate/{id}")).await.json();
    assert_eq!((&item["ageHours"], &item["assignee"], &item["steps"]), (&json!(0), &Value::Null, &json!([])));
    assert!(item["score"].is_number());
    let candidate = &item["candidates"][0];
    let differences = candidate["differences"].as_array().unwrap();
    let of = |field: &str| differences.iter().find(|own| own["field"].as_str().unwrap().ends_with(field)).unwrap();
    assert_eq!(
        of("originSegmentCode"),
        &json!({ "field": "originSegmentCode", "incoming": "GALA", "onFile": null, "result": "GALA" })
    );
    assert_eq!((&of("/firstName")["incoming"], &of("/firstName")["onFile"]), (&json!("Bram"), &json!("Ines")));
    assert!(candidate["changes"].as_array().unwrap().iter().any(|own| own["field"] == "originSegmentCode"));
}

#[actix_web::test]
async fn a_merge_keeps_the_values_that_a_person_chose() {
    let (world, id) = waiting().await;
    let item = world.get(&format!("/api/NeedsUpdate/{id}")).await.json();
    let candidate = &item["candidates"][0];
    let field = candidate["differences"].as_array().unwrap().iter();
    let field = field.map(|own| own["field"].as_str().unwrap()).find(|own| own.ends_with("/firstName")).unwrap();
    let mut body = json!({ "action": "merge", "contactId": candidate["contactId"], "keep": { field: "incoming" } });
    let path = format!("/api/NeedsUpdate/{id}/Resolve");
    for (keep, status) in
        [(json!({ "passion": "incoming" }), 422), (json!({ "originSegmentCode": "mine" }), 422), (json!([]), 400)]
    {
        let mut bad = body.clone();
        bad["keep"] = keep;
        assert_eq!(world.post(&path, bad).await.status, status);
    }
    body["keep"][field] = json!("incoming");
    assert_eq!(world.post(&path, body).await.status, 200);
    let contact = world.get(&format!("/api/Contact/{}", candidate["contactId"])).await.json();
    assert_eq!(contact["contactIndividuals"][0]["firstName"], "Bram");
}

#[actix_web::test]
async fn rows_are_listed_by_whose_they_are_how_old_and_how_sure() {
    let (world, id) = waiting().await;
    reviewer(&world);
    let path = format!("/api/NeedsUpdate/{id}/Assign");
    let given = world.post(&path, json!({ "assignee": "ada@example.org" })).await.json();
    assert_eq!((&given["assignee"]["email"], &given["assignee"]["name"]), (&json!("ada@example.org"), &json!("Ada")));
    for (query, total) in [
        ("assignee=ada%40example.org", 1),
        ("assignee=none", 0),
        ("receivedFrom=2026-01-02T03:04:05", 1),
        ("receivedUntil=2026-01-02", 0),
        ("scoreFrom=-60&sort=-score", 1),
        ("scoreBelow=-60&sort=score", 0),
        ("asked=true", 0),
        ("asked=false&sort=-received", 1),
    ] {
        assert_eq!(world.get(&format!("/api/NeedsUpdate?{query}")).await.json()["total"], total, "{query}");
    }
    assert_eq!(world.get("/api/NeedsUpdate?assignee=ghost%40example.org").await.status, 422);
    let bad = world.get("/api/NeedsUpdate?sort=age&asked=often&scoreFrom=high&receivedFrom=soon&assignee=me").await;
    let fields: Vec<Value> =
        bad.json()["error"]["details"].as_array().unwrap().iter().map(|own| own["field"].clone()).collect();
    assert_eq!(
        (bad.status, fields),
        (400, vec![json!("receivedFrom"), json!("scoreFrom"), json!("asked"), json!("assignee"), json!("sort")])
    );
    assert_eq!(world.post(&path, json!({ "assignee": "ghost@example.org" })).await.status, 422);
    assert_eq!(world.post(&path, json!({})).await.status, 400);
    assert_eq!(world.post(&path, json!({ "assignee": null })).await.json()["assignee"], Value::Null);
}

#[actix_web::test]
async fn the_bucket_is_counted() {
    let (world, _) = waiting().await;
    assert_snapshot!(world.get("/api/NeedsUpdate/Counts?source=Kindness+Hub").await, @r#"
    200
    x-request-id: 019b7c00-0005-7002-8000-000000000005
    {
      "oldestReceivedAtUtc": "2026-01-02T03:04:05.000",
      "reasons": [
        {
          "count": 1,
          "oldestReceivedAtUtc": "2026-01-02T03:04:05.000",
          "reason": "household",
          "sentence": "The household is known, but which of its people this is cannot be told."
        }
      ],
      "sources": [
        {
          "count": 1,
          "oldestReceivedAtUtc": "2026-01-02T03:04:05.000",
          "source": "Kindness Hub"
        }
      ],
      "total": 1
    }
    "#);
    assert_eq!(world.get("/api/NeedsUpdate/Counts?source=Elsewhere").await.json()["total"], 0);
}

#[actix_web::test]
async fn a_sender_sees_its_question_and_nothing_of_anybody_else() {
    let (world, id) = waiting().await;
    let partner = world.key_of(&["Kindness Hub"]);
    let status = format!("/api/Contact/Transaction/{id}");
    let by_reference = "/api/Contact/Transaction?referenceSource=Kindness+Hub&referenceId=k-1";
    assert_eq!(world.send_as(&partner, Method::GET, &status, ()).await.json().get("question"), None);
    let asked =
        world.post(&format!("/api/NeedsUpdate/{id}/Ask"), json!({ "question": "Which of the two is it?" })).await;
    assert_eq!(asked.json()["question"]["text"], "Which of the two is it?");
    reviewer(&world);
    world.post(&format!("/api/NeedsUpdate/{id}/Assign"), json!({ "assignee": "ada@example.org" })).await;
    let seen = world.send_as(&partner, Method::GET, &status, ()).await;
    assert_eq!(seen.json()["question"]["text"], "Which of the two is it?");
    let listed = world.send_as(&partner, Method::GET, by_reference, ()).await;
    assert_eq!(listed.json()["list"][0]["question"], seen.json()["question"]);
    let candidate = world.get(&format!("/api/NeedsUpdate/{id}")).await.json()["candidates"][0]["contactId"].to_string();
    let explanation = world.send_as(&partner, Method::GET, &format!("{status}/Explanation"), ()).await;
    for answer in [&seen, &listed, &explanation] {
        assert_eq!(answer.status, 200, "{answer}");
        for foreign in ["Ines", "hg-50022", "Tannery", "5550104477", "(555)", "ada@example.org", "\"Ada\""] {
            assert!(!answer.body.contains(foreign), "{foreign}: {answer}");
        }
        for name in ["contact", "contactId", "individual", "individualId"] {
            assert!(!answer.body.contains(&format!("\"{name}\":{candidate}")), "{name}: {answer}");
        }
    }
    // The bucket itself is not the sender's.
    for (method, path) in
        [(Method::GET, "/api/NeedsUpdate".to_owned()), (Method::GET, format!("/api/NeedsUpdate/{id}"))]
    {
        assert_eq!(world.send_as(&partner, method, &path, ()).await.status, 403);
    }
}

#[actix_web::test]
async fn what_staff_corrects_is_not_told_to_the_sender() {
    let (world, id) = waiting().await;
    let partner = world.key_of(&["Kindness Hub"]);
    let mut corrected = sibling();
    corrected["phone"] = json!("(555) 010-4477");
    corrected["firstName"] = json!("Ines");
    world.post(&format!("/api/NeedsUpdate/{id}/Resolve"), json!({ "action": "retry", "contact": corrected })).await;
    world.run_batch().await;
    let path = format!("/api/Contact/Transaction/{id}");
    let seen = world.send_as(&partner, Method::GET, &path, ()).await;
    assert!(!seen.body.contains("Ines") && !seen.body.contains("010-4477"), "{seen}");
    assert_eq!(seen.json()["submission"]["firstName"], "Bram");
    let staff = world.get(&path).await.json();
    assert_eq!(
        (&staff["submission"]["firstName"], &staff["submissionAsSent"]["firstName"]),
        (&json!("Ines"), &json!("Bram"))
    );
}

#[actix_web::test]
async fn many_rows_are_decided_after_a_look_at_what_it_would_do() {
    let (world, id) = waiting().await;
    let ask = |dry: bool| json!({ "action": "create", "filter": { "source": "Kindness Hub" }, "dryRun": dry });
    let said = world.post("/api/NeedsUpdate/Resolve", ask(true)).await;
    assert_eq!(world.get("/api/NeedsUpdate").await.json()["total"], 1);
    assert_eq!(
        (&said.json()["dryRun"], &said.json()["doneCount"], &said.json()["done"][0]["transactionId"]),
        (&json!(true), &json!(1), &json!(id))
    );
    let done = world.post("/api/NeedsUpdate/Resolve", ask(false)).await.json();
    assert_eq!(
        (&done["done"][0]["state"], &done["leftCount"], &done["next"]),
        (&json!("created"), &json!(0), &Value::Null)
    );
    assert_eq!(world.get("/api/NeedsUpdate").await.json()["total"], 0);
    assert_eq!(world.post(&format!("/api/Contact/Transaction/{id}/Undo"), ()).await.json()["reason"], "undone");
    let left = world.post("/api/NeedsUpdate/Resolve", ask(false)).await.json();
    assert_eq!(left["left"][0]["reason"], "one_by_one");
}

#[actix_web::test]
async fn a_bulk_action_that_cannot_be_meant_is_refused_whole() {
    let world = World::new();
    let body = json!({ "action": "merge", "into": "any", "filter": { "reasn": "doubtful", "asked": "often" }, "dry": true, "after": 7 });
    assert_snapshot!(world.post("/api/NeedsUpdate/Resolve", body).await, @r#"
    422
    x-request-id: 019b7c00-0001-7002-8000-000000000001
    {
      "error": {
        "code": "VALIDATION_FAILED",
        "details": [
          {
            "code": "INVALID_VALUE",
            "field": "dry",
            "message": "Not a member of this body."
          },
          {
            "code": "INVALID_VALUE",
            "field": "filter.reasn",
            "message": "Rows are not chosen by this."
          },
          {
            "code": "INVALID_VALUE",
            "field": "filter.asked",
            "message": "Must be true or false."
          },
          {
            "code": "INVALID_VALUE",
            "field": "into",
            "message": "One of only, best."
          },
          {
            "code": "INVALID_FORMAT",
            "field": "after",
            "message": "Not the id of a submission."
          }
        ],
        "message": "One or more fields are not valid."
      },
      "message": "One or more fields are not valid."
    }
    "#);
    assert_snapshot!(world.post("/api/NeedsUpdate/Resolve", json!({ "action": "ask" })).await, @r#"
    400
    x-request-id: 019b7c00-0002-7002-8000-000000000002
    {
      "error": {
        "code": "BAD_REQUEST",
        "details": [
          {
            "code": "REQUIRED",
            "field": "filter",
            "message": "Says which rows are meant; {} means all of them."
          },
          {
            "code": "REQUIRED",
            "field": "question",
            "message": "Says what the sender is asked."
          }
        ],
        "message": "The request is invalid."
      },
      "message": "The request is invalid.",
      "modelState": {
        "model.filter": [
          "Says which rows are meant; {} means all of them."
        ],
        "model.question": [
          "Says what the sender is asked."
        ]
      }
    }
    "#);
    assert_eq!(world.post("/api/NeedsUpdate/Resolve", json!({ "filter": {} })).await.status, 400);
}

#[actix_web::test]
async fn rules_of_the_policy_are_carried_out() {
    let (world, id) = waiting().await;
    let reason = world.get(&format!("/api/NeedsUpdate/{id}")).await.json()["reason"].clone();
    let rules =
        json!({ "triage": [{ "reason": reason, "action": "askPartner", "question": "Which of the two is it?" }] });
    let policy = world.post("/api/Policy", rules.clone()).await.json();
    assert_eq!(policy["document"]["triage"][0]["after"], 0);
    world.post(&format!("/api/Policy/{}/Activate", policy["number"]), ()).await;
    let dry = world.post("/api/NeedsUpdate/Triage?dryRun=true", ()).await.json();
    assert_eq!((&dry["seen"], &dry["done"][0]["action"]), (&json!(1), &json!("askPartner")));
    let done = world.post("/api/NeedsUpdate/Triage", ()).await.json();
    assert_eq!(done["done"], json!([{ "transactionId": id, "action": "askPartner", "rule": 0 }]));
    assert_eq!(world.post("/api/NeedsUpdate/Triage", ()).await.json()["done"], json!([]));
    let partner = world.key(&[Scope::ReadTransactions]);
    let seen = world.send_as(&partner, Method::GET, &format!("/api/Contact/Transaction/{id}"), ()).await.json();
    assert_eq!(seen["question"]["text"], "Which of the two is it?");
    let ghost = json!({ "triage": [{ "action": "assign", "assignee": "ghost@example.org" }] });
    assert_eq!(world.post("/api/Policy", ghost).await.status, 422);
}
