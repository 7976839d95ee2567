//! The hourly budget.

use crate::support::{World, call, request};
use actix_web::http::Method;
use insta::assert_snapshot;
use serde_json::json;
use std::net::SocketAddr;
use tributary_api::{ApiSettings, BodySizes};

#[actix_web::test]
async fn when_the_hour_is_spent_the_answer_says_how_long_to_wait() {
    let world = World::with(ApiSettings { requests_per_hour: 2, ..ApiSettings::default() });
    let path = "/api/Organization/Current";
    let first = world.get(path).await;
    assert_eq!(first.header("x-ratelimit-remaining"), Some("1"));
    assert_eq!(world.get("/api/Batch/7").await.header("x-ratelimit-remaining"), Some("0"));
    assert_snapshot!(world.get(path).await, @r#"
    429
    retry-after: 3355
    x-ratelimit-limit: 2
    x-ratelimit-remaining: 0
    x-ratelimit-reset: 1767326400
    x-request-id: 019b7c00-0003-7002-8000-000000000003
    {
      "error": {
        "code": "RATE_LIMITED",
        "details": [],
        "message": "The hourly number of requests is used up."
      },
      "message": "The hourly number of requests is used up."
    }
    "#);
    world.clock.advance_ms(3_600_000);
    assert_eq!(world.get(path).await.status, 200);
}

#[actix_web::test]
async fn requests_without_a_valid_key_are_not_counted() {
    let world = World::with(ApiSettings { requests_per_hour: 1, ..ApiSettings::default() });
    let answer = world.call(request(Method::GET, "/api/Batch", ())).await;
    assert_eq!((answer.status, answer.header("x-ratelimit-limit")), (401, None));
    assert_eq!(world.get("/api/Batch").await.status, 200);
}

/// One second of two processes may grant more than the limit, by what the other one accepts in it; not the next.
#[actix_web::test]
async fn processes_on_one_database_share_a_budget() {
    let settings = ApiSettings { requests_per_hour: 10, ..ApiSettings::default() };
    let world = World::with(settings.clone());
    let twin = world.twin(settings);
    let get = async |state| {
        let header = ("Authorization", format!("Bearer {}", world.key));
        call(state, request(Method::GET, "/api/Organization/Current", ()).insert_header(header)).await
    };
    for _ in 0..4 {
        assert_eq!(get(&world.state).await.status, 200);
        assert_eq!(get(&twin).await.status, 200);
    }
    world.state.tell_usage().await.unwrap();
    twin.tell_usage().await.unwrap();
    assert_eq!(get(&twin).await.header("x-ratelimit-remaining"), Some("1"));
    // It was told before its twin was, so it grants one that the hour no longer has.
    assert_eq!(get(&world.state).await.header("x-ratelimit-remaining"), Some("5"));
    twin.tell_usage().await.unwrap();
    world.state.tell_usage().await.unwrap();
    assert_eq!(get(&world.state).await.status, 429);
    assert_eq!(get(&twin).await.header("x-ratelimit-remaining"), Some("0"));
    twin.tell_usage().await.unwrap();
    assert_eq!(get(&twin).await.status, 429);
    // A process that begins anew knows of nothing until it was told once.
    let fresh = world.twin(ApiSettings { requests_per_hour: 10, ..ApiSettings::default() });
    assert_eq!(get(&fresh).await.status, 200);
    fresh.tell_usage().await.unwrap();
    assert_eq!(get(&fresh).await.status, 429);
}

#[actix_web::test]
async fn the_last_use_of_a_key_is_kept() {
    let world = World::new();
    let used = || world.engine.api_keys(world.organization).unwrap()[0].last_used_at;
    assert_eq!(used(), None);
    world.get("/api/Batch").await;
    world.state.tell_usage().await.unwrap();
    let first = used();
    assert!(first.is_some());
    world.clock.advance_ms(59_000);
    world.get("/api/Batch").await;
    world.state.tell_usage().await.unwrap();
    assert_eq!(used(), first);
    world.clock.advance_ms(1_000);
    world.get("/api/Batch").await;
    world.state.tell_usage().await.unwrap();
    assert!(used() > first);
}

#[actix_web::test]
async fn a_limit_of_the_organization_and_of_a_key_is_in_force() {
    let world = World::with(ApiSettings { requests_per_hour: 100, ..ApiSettings::default() });
    world.engine.set_request_limit(world.organization, Some(50)).unwrap();
    let first = world.get("/api/Batch").await;
    assert_eq!(first.header("x-ratelimit-limit"), Some("50"));
    let made = world.post("/api/Key", json!({ "name": "small", "requestsPerHour": 3 })).await.json();
    let answer = world.send_as(made["key"].as_str().unwrap(), Method::GET, "/api/Batch", ()).await;
    assert_eq!((answer.header("x-ratelimit-limit"), answer.header("x-ratelimit-remaining")), (Some("3"), Some("2")));
}

#[actix_web::test]
async fn an_address_that_sends_many_bad_keys_is_slowed_down_and_good_keys_are_not() {
    let world = World::with(ApiSettings { failures_per_minute: 2, ..ApiSettings::default() });
    let peer: SocketAddr = "10.1.2.3:4000".parse().unwrap();
    let bad = async || world.call(request(Method::GET, "/api/Batch", ()).peer_addr(peer)).await;
    assert_eq!([bad().await.status, bad().await.status], [401, 401]);
    let slowed = bad().await;
    assert_eq!((slowed.status, slowed.header("retry-after")), (429, Some("55")));
    let header = ("Authorization", format!("Bearer {}", world.key));
    let good = request(Method::GET, "/api/Batch", ()).peer_addr(peer).insert_header(header);
    assert_eq!(world.call(good).await.status, 200);
}

#[actix_web::test]
async fn sizes_are_those_of_the_settings() {
    let sizes = BodySizes { single: 60, batch: 120, items: 1 };
    let world = World::with(ApiSettings { sizes, ..ApiSettings::default() });
    let body = |letters: usize| json!({ "referenceSource": "x", "referenceId": "y".repeat(letters) });
    assert_eq!(world.post("/api/Contact/Transaction", body(10)).await.status, 200);
    assert_eq!(world.post("/api/Contact/Transaction", body(60)).await.status, 413);
    assert_eq!(world.post("/api/Contact/Batch", json!({ "contacts": [body(3), body(4)] })).await.status, 413);
    assert_eq!(world.post("/api/Contact/Batch", json!({ "contacts": [body(3)] })).await.status, 200);
}
