//! Two processes on one PostgreSQL, both with the schedule due at the same moment.

use crate::support::{World, rows, until};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Submissions, all in one request, so that no due minute falls between them.
const ROWS: usize = 400;

#[test]
fn the_batch_that_is_due_runs_once_and_decides_each_row_once() {
    if !World::postgres_is_here() {
        return;
    }
    let world =
        World::postgres().with("TRIBUTARY_SCHEDULE__ENABLED", "true").with("TRIBUTARY_SCHEDULE__CRON", "* * * * *");
    let organization = world.organization("Bellford Food Share");
    let key = world.key(&organization);
    let servers = [world.serve(), world.serve()];
    let clients = servers.each_ref().map(|server| server.client(&key));
    let [first, second] = &clients;
    let submitted = rows("transactions", ROWS);
    first.submit_all(&submitted);
    until("the scheduled batch", || (second.gauge("tributary_held") == 0).then_some(()));
    until("the end of every run", || {
        let runs = first.get("/api/Batch").json();
        let list = runs["list"].as_array().unwrap().clone();
        list.iter().all(|run| run["state"] != "running").then_some(list).map(|list| check_runs(&list))
    });
    let decisions = world.decisions(&organization);
    let references: BTreeSet<&str> = decisions.iter().map(|line| line["referenceId"].as_str().unwrap()).collect();
    assert_eq!((decisions.len(), references.len()), (ROWS, ROWS));
    for row in &submitted {
        let (source, id) = (row["referenceSource"].as_str().unwrap(), row["referenceId"].as_str().unwrap());
        let found = second.get(&format!("/api/Contact/Transaction?referenceSource={source}&referenceId={id}")).json();
        assert_eq!((&found["total"], &found["list"][0]["earlierDecisions"]), (&json!(1), &json!([])), "{id}");
    }
}

/// One run received all rows, no other any, and each served a due minute of its own.
fn check_runs(runs: &[Value]) {
    let received: Vec<i64> = runs.iter().map(|run| run["counts"]["received"].as_i64().unwrap()).collect();
    let working: Vec<&i64> = received.iter().filter(|count| **count > 0).collect();
    assert_eq!(working, [&i64::try_from(ROWS).unwrap()], "{received:?}");
    assert!(runs.iter().all(|run| run["kind"] == "scheduled" && run["state"] == "done"), "{runs:?}");
    let due: BTreeSet<&str> = runs.iter().map(|run| run["dueAtUtc"].as_str().unwrap()).collect();
    assert_eq!(due.len(), runs.len(), "two runs served one due time");
}
