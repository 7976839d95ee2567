//! The routes of those who run it.

use crate::support::{World, ines, request};
use actix_web::http::Method;
use insta::assert_snapshot;
use tributary_api::ApiSettings;
use tributary_engine::{EngineError, Probe, Settings};

#[actix_web::test]
async fn health_and_readiness_need_no_key() {
    let world = World::new();
    assert_snapshot!(world.call(request(Method::GET, "/healthz", ())).await, @r#"
    200
    x-request-id: 019b7c00-0001-7002-8000-000000000001
    {
      "status": "up"
    }
    "#);
    assert_snapshot!(world.call(request(Method::GET, "/readyz", ())).await, @r#"
    200
    x-request-id: 019b7c00-0002-7002-8000-000000000002
    {
      "deliveryOldestDueSeconds": 0,
      "status": "ready"
    }
    "#);
}

#[actix_web::test]
async fn metrics_tell_what_waits_and_for_how_long() {
    let world = World::new();
    world.submit(ines()).await;
    world.run_batch().await;
    world.submit(ines()).await;
    world.clock.advance_ms(90_500);
    assert_snapshot!(world.call(request(Method::GET, "/metrics", ())).await.body, @r#"
    # HELP tributary_received Submissions ever received: those that are held and tributary_transactions add up to it.
    # TYPE tributary_received gauge
    tributary_received{organization="1"} 2
    # HELP tributary_held Submissions that wait for the next batch.
    # TYPE tributary_held gauge
    tributary_held{organization="1"} 1
    # HELP tributary_held_oldest_age_seconds Age of the submission that waits longest, 0 when none does.
    # TYPE tributary_held_oldest_age_seconds gauge
    tributary_held_oldest_age_seconds{organization="1"} 90
    # HELP tributary_contacts Contacts on file.
    # TYPE tributary_contacts gauge
    tributary_contacts{organization="1"} 1
    # HELP tributary_deliveries_pending Webhook deliveries not made yet, due or not.
    # TYPE tributary_deliveries_pending gauge
    tributary_deliveries_pending{organization="1"} 0
    # HELP tributary_deliveries_due Webhook deliveries that are due.
    # TYPE tributary_deliveries_due gauge
    tributary_deliveries_due{organization="1"} 0
    # HELP tributary_deliveries_oldest_due_age_seconds How long the delivery that waits longest could have been sent, 0 when none waits.
    # TYPE tributary_deliveries_oldest_due_age_seconds gauge
    tributary_deliveries_oldest_due_age_seconds{organization="1"} 0
    # HELP tributary_deliveries_dead Webhook deliveries given up.
    # TYPE tributary_deliveries_dead gauge
    tributary_deliveries_dead{organization="1"} 0
    # HELP tributary_webhooks_failing Webhooks whose latest deliveries failed, the paused ones among them.
    # TYPE tributary_webhooks_failing gauge
    tributary_webhooks_failing{organization="1"} 0
    # HELP tributary_webhooks_failing_a_day Webhooks that took nothing for a day or longer.
    # TYPE tributary_webhooks_failing_a_day gauge
    tributary_webhooks_failing_a_day{organization="1"} 0
    # HELP tributary_webhooks_paused Webhooks paused after days of failure; their events are kept.
    # TYPE tributary_webhooks_paused gauge
    tributary_webhooks_paused{organization="1"} 0
    # HELP tributary_webhooks_gone Webhooks switched off because their receivers answered 410.
    # TYPE tributary_webhooks_gone gauge
    tributary_webhooks_gone{organization="1"} 0
    # HELP tributary_transactions Transactions by state and reason.
    # TYPE tributary_transactions gauge
    tributary_transactions{organization="1",state="created",reason=""} 1
    "#);
}

#[actix_web::test]
async fn a_process_that_stops_is_not_ready_and_takes_nothing() {
    let world = World::new();
    world.engine.shutdown();
    assert_snapshot!(world.post("/api/Contact/Transaction", ines()).await, @r#"
    503
    retry-after: 5
    x-request-id: 019b7c00-0001-7002-8000-000000000001
    {
      "error": {
        "code": "SERVICE_UNAVAILABLE",
        "details": [],
        "message": "Not available just now. Try again."
      },
      "message": "Not available just now. Try again."
    }
    "#);
    assert_eq!(world.call(request(Method::GET, "/readyz", ())).await.status, 503);
    assert_eq!(world.call(request(Method::GET, "/healthz", ())).await.status, 200);
}

#[actix_web::test]
async fn a_defect_is_opaque() {
    let defect = || EngineError::Internal("the secret cause".into());
    let settings = Settings { probe: Probe::new(move |_| Err(defect())), ..Settings::default() };
    let world = World::of(ApiSettings { requests_per_hour: 0, ..ApiSettings::default() }, settings);
    world.submit(ines()).await;
    assert_snapshot!(world.post("/api/Batch/Run", ()).await, @r#"
    500
    x-request-id: 019b7c00-0002-7002-8000-000000000002
    {
      "error": {
        "code": "INTERNAL_ERROR",
        "details": [],
        "message": "Something went wrong on our side. Quote the request id when you ask about it."
      },
      "message": "Something went wrong on our side. Quote the request id when you ask about it."
    }
    "#);
}
