//! `Idempotency-Key`: one effect, the same answer.

use crate::support::{Answer, World, ines, request};
use actix_web::http::Method;
use insta::assert_snapshot;
use serde_json::{Value, json};
use tributary_engine::Begun;

async fn post(world: &World, path: &str, key: &str, body: Value) -> Answer {
    let header = ("Authorization", format!("Bearer {}", world.key));
    let call = request(Method::POST, path, body).insert_header(header).insert_header(("Idempotency-Key", key));
    world.call(call).await
}

async fn held(world: &World) -> Value {
    let path = "/api/Contact/Transaction?referenceSource=Harbor+Giving&referenceId=hg-50022";
    world.get(path).await.json()["total"].clone()
}

#[actix_web::test]
async fn a_repeated_submission_is_held_once_and_gets_the_same_answer() {
    let world = World::new();
    let first = post(&world, "/api/Contact/Transaction", "a-1", ines()).await;
    let again = post(&world, "/api/Contact/Transaction", "a-1", ines()).await;
    assert_eq!((first.status, again.status, &first.body), (200, 200, &again.body));
    for name in ["location", "tributary-transaction-id"] {
        assert_eq!(first.header(name), again.header(name));
    }
    assert_eq!((first.header("idempotency-replayed"), again.header("idempotency-replayed")), (None, Some("true")));
    assert_eq!(held(&world).await, 1);
    post(&world, "/api/Contact/Transaction", "a-2", ines()).await;
    assert_eq!(held(&world).await, 2);
}

#[actix_web::test]
async fn a_repeated_batch_and_a_repeated_contact_have_one_effect() {
    let world = World::new();
    let batch = json!({ "contacts": [ines(), ines()] });
    for _ in 0..2 {
        assert_eq!(post(&world, "/api/Contact/Batch", "b", batch.clone()).await.status, 200);
    }
    assert_eq!(held(&world).await, 2);
    let person = json!({ "contactIndividuals": [{ "firstName": "Odalys" }] });
    let first = post(&world, "/api/Contact", "c", person.clone()).await;
    assert_eq!(first.json(), post(&world, "/api/Contact", "c", person.clone()).await.json());
    assert_ne!(first.json()["id"], post(&world, "/api/Contact", "d", person).await.json()["id"]);
}

#[actix_web::test]
async fn a_repeated_gift_is_held_once() {
    let world = World::new();
    let gift = |id: &str| {
        json!({ "transactionSource": "Harbor Giving", "transactionId": id, "giftDate": "2026-01-01", "amount": 5,
            "contact": { "referenceId": "hg-50022", "lastname": "Lund" } })
    };
    for _ in 0..2 {
        assert_eq!(post(&world, "/api/v2/Gift/Transaction", "g", gift("1")).await.status, 200);
        let many = json!({ "transactions": [gift("2"), gift("3")] });
        assert_eq!(post(&world, "/api/v2/Gift/Transactions", "h", many).await.status, 200);
    }
    assert_eq!(held(&world).await, 3);
    assert_eq!(post(&world, "/api/v2/Gift/Transaction", "g", gift("4")).await.status, 422);
}

#[actix_web::test]
async fn a_key_belongs_to_one_request_of_one_caller() {
    let world = World::new();
    post(&world, "/api/Contact/Transaction", "a", ines()).await;
    let mut other = ines();
    other["city"] = json!("Elsewhere");
    assert_snapshot!(post(&world, "/api/Contact/Transaction", "a", other).await, @r#"
    422
    x-request-id: 019b7c00-0002-7002-8000-000000000002
    {
      "error": {
        "code": "IDEMPOTENCY_KEY_REUSED",
        "details": [],
        "message": "This Idempotency-Key was given to another request."
      },
      "message": "This Idempotency-Key was given to another request."
    }
    "#);
    assert_eq!(post(&world, "/api/Contact/Batch", "a", json!({ "contacts": [] })).await.status, 422);
    let header = ("Authorization", format!("Bearer {}", world.stranger()));
    let stranger = request(Method::POST, "/api/Contact/Transaction", ines()).insert_header(header);
    assert_eq!(world.call(stranger.insert_header(("Idempotency-Key", "a"))).await.status, 200);
}

#[actix_web::test]
async fn what_was_refused_can_be_sent_again_under_the_same_key() {
    let world = World::new();
    let taken = json!({ "contactIndividuals": [{ "firstName": "Ada" }], "referenceSource": "A", "referenceId": "1" });
    world.post("/api/Contact", taken.clone()).await;
    assert_eq!(post(&world, "/api/Contact", "k", taken).await.status, 409);
    let free = json!({ "contactIndividuals": [{ "firstName": "Ada" }], "referenceSource": "A", "referenceId": "2" });
    assert_eq!(post(&world, "/api/Contact", "k", free).await.status, 200);
    assert_eq!(post(&world, "/api/Contact/Transaction", " ", ines()).await.status, 400);
}

#[actix_web::test]
async fn a_key_is_free_again_after_a_day() {
    let world = World::new();
    post(&world, "/api/Contact/Transaction", "a", ines()).await;
    world.clock.advance_ms(24 * 3_600_000);
    assert_eq!(post(&world, "/api/Contact/Transaction", "a", ines()).await.header("idempotency-replayed"), None);
    assert_eq!(held(&world).await, 2);
}

/// The content of a request as [`post`] sends it.
fn content(body: &Value) -> String {
    format!("POST /api/Contact/Transaction\n\n{body}")
}

fn claim(world: &World, key: &str) -> Begun {
    let key_id = world.engine.api_keys(world.organization).unwrap()[0].id;
    world.engine.begin_once(world.organization, key_id, key, content(&ines()).as_bytes()).unwrap()
}

#[actix_web::test]
async fn a_twin_is_told_to_wait_and_a_request_that_was_cut_off_is_taken_up() {
    let world = World::new();
    let Begun::Go(ticket) = claim(&world, "a") else { panic!("it is free") };
    let twin = post(&world, "/api/Contact/Transaction", "a", ines()).await;
    assert_eq!((twin.status, twin.header("retry-after")), (409, Some("1")));
    assert_eq!(twin.json()["error"]["code"], "IDEMPOTENCY_IN_PROGRESS");
    // The process held the row and died before it answered.
    let submission = tributary_contact::flat::parse_flat(&ines(), &Default::default()).unwrap().submission;
    let receipts = world.engine.submit_once(&ticket, Some(1), vec![submission]).await.unwrap();
    world.clock.advance_ms(60_000);
    let again = post(&world, "/api/Contact/Transaction", "a", ines()).await;
    assert_eq!(again.header("tributary-transaction-id"), Some(receipts[0].id.to_string().as_str()));
    assert_eq!(held(&world).await, 1);
    assert_eq!(world.run_batch().await["counts"]["received"], 1);
}

#[actix_web::test]
async fn a_request_that_was_cut_off_before_its_effect_is_done() {
    let world = World::new();
    assert!(matches!(claim(&world, "a"), Begun::Go(_)));
    world.clock.advance_ms(60_000);
    assert_eq!(post(&world, "/api/Contact/Transaction", "a", ines()).await.status, 200);
    assert_eq!(held(&world).await, 1);
}
