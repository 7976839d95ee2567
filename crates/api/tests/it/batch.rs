//! Batch runs.

use crate::support::{World, ines};
use insta::assert_snapshot;
use serde_json::json;
use tributary_store::StoreExt;

#[actix_web::test]
async fn a_run_reports_what_became_of_every_submission() {
    let world = World::new();
    world.submit(ines()).await;
    world.submit(json!({ "lastName": "Trent", "firstName": "Odalys", "email": "odalys@example.org" })).await;
    let mut run = world.run_batch().await;
    run["stepsMs"] = json!("[measured]");
    assert_snapshot!(format!("{run:#}"), @r#"
    {
      "chunks": 1,
      "counts": {
        "created": 2,
        "held": 0,
        "merged": 0,
        "needsUpdate": 0,
        "received": 2,
        "rejected": 0,
        "unchanged": 0
      },
      "dueAtUtc": null,
      "finishedAtUtc": "2026-01-02T03:04:05.000",
      "id": 1,
      "kind": "manual",
      "policy": "shipped",
      "reasons": {},
      "startedAtUtc": "2026-01-02T03:04:05.000",
      "state": "done",
      "stepsMs": "[measured]"
    }
    "#);
}

#[actix_web::test]
async fn runs_are_listed_newest_first_and_read_one_by_one() {
    let world = World::new();
    let (first, second) = (world.run_batch().await, world.run_batch().await);
    let list = world.get("/api/Batch?take=1").await.json();
    assert_eq!((&list["total"], &list["list"][0]["id"]), (&json!(2), &second["id"]));
    assert_eq!(world.get(&format!("/api/Batch/{}", first["id"])).await.json()["id"], first["id"]);
    assert_eq!(world.get("/api/Batch/4711").await.status, 404);
    assert_eq!(world.get("/api/Batch/x").await.status, 404);
}

#[actix_web::test]
async fn a_run_can_be_started_without_waiting_for_it() {
    let world = World::new();
    assert_snapshot!(world.post("/api/Batch/Run?wait=false", ()).await, @r#"
    202
    location: /api/Batch
    x-request-id: 019b7c00-0001-7002-8000-000000000001
    {
      "location": "/api/Batch",
      "state": "starting"
    }
    "#);
}

#[actix_web::test]
async fn wait_is_true_or_false() {
    assert_eq!(World::new().post("/api/Batch/Run?wait=perhaps", ()).await.status, 400);
}

#[actix_web::test]
async fn while_a_batch_runs_anywhere_another_is_refused() {
    let world = World::new();
    let (organization, now) = (world.organization, tributary_contact::clock::Clock::now(&*world.clock));
    let until = now + chrono::TimeDelta::seconds(60);
    let taken = world.engine.store().writing("test", |tx| tx.acquire_lease(organization, "batch", "other", now, until));
    assert!(taken.unwrap().is_some());
    assert_snapshot!(world.post("/api/Batch/Run", ()).await, @r#"
    409
    x-request-id: 019b7c00-0001-7002-8000-000000000001
    {
      "error": {
        "code": "CONFLICT",
        "details": [],
        "message": "A batch of this organization is running already."
      },
      "message": "A batch of this organization is running already."
    }
    "#);
    assert_eq!(world.post("/api/Batch/Run?wait=false", ()).await.status, 409);
}

#[actix_web::test]
async fn a_dry_run_tells_what_would_happen_and_stores_nothing() {
    let world = World::new();
    world.submit(ines()).await;
    assert_snapshot!(world.post("/api/Batch/Run?dryRun=true&take=1", ()).await);
    let health = world.engine.health(world.organization).unwrap();
    assert_eq!((health.ledger.held, world.get("/api/Batch").await.json()["total"].as_i64()), (1, Some(0)));
    assert_eq!(world.run_batch().await["counts"]["created"], 1);
}

#[actix_web::test]
async fn a_run_is_taken_back_once() {
    let world = World::new();
    world.submit(ines()).await;
    let run = world.run_batch().await["id"].clone();
    assert_eq!(world.get(&format!("/api/Batch/{run}/Undo")).await.status, 404, "nobody asked for it");
    let done = world.post(&format!("/api/Batch/{run}/Undo"), ()).await.json();
    assert_eq!(
        done,
        json!({
            "batchId": run, "state": "done", "rows": "review", "reversed": 1, "kept": 0, "failed": 0, "untouched": 0,
            "actor": done["actor"], "startedAtUtc": "2026-01-02T03:04:05.000",
            "finishedAtUtc": "2026-01-02T03:04:05.000",
        })
    );
    let told = world.get(&format!("/api/Batch/{run}/Undo")).await.json();
    assert_eq!((&told["reversed"], &told["keptRows"]), (&json!(1), &json!({ "list": [], "total": 0 })));
    assert_eq!(world.get("/api/Contact/Harbor%20Giving/hg-50022").await.status, 404);
    assert_eq!(world.post(&format!("/api/Batch/{run}/Undo"), ()).await.status, 409);
    assert_eq!(world.post("/api/Batch/4711/Undo", ()).await.status, 404);
    assert_eq!(world.post("/api/Batch/4711/Undo?wait=false", ()).await.status, 404);
    assert_eq!(world.post(&format!("/api/Batch/{run}/Undo"), json!({ "rows": "burn" })).await.status, 422);
}
