//! The hourly budget.

use crate::support::{World, request};
use actix_web::http::Method;
use insta::assert_snapshot;
use tributary_api::ApiSettings;

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
