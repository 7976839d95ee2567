//! `kill -9` while the batch runs: it is resumed, and comes to what an undisturbed run comes to.

use crate::support::{World, pause, rows, until, write_rows};
use serde_json::{Value, json};
use std::time::Duration;

on_both_databases!(a_batch_that_is_killed_comes_to_the_same_end);

/// Rows on file and rows submitted.
const ROWS: usize = 1_200;
/// Each kill: once so many rows are decided, and so many milliseconds later, in the middle of a chunk.
const KILLS: &[(i64, u64)] = &[(0, 37), (240, 11), (600, 23)];

fn a_batch_that_is_killed_comes_to_the_same_end(make: fn() -> World) {
    let (calm, organization) = prepared(make);
    let run = calm.cli(&["batch", "run", "--organization", &organization]);
    let expected = calm.decisions(&organization);

    let (world, organization) = prepared(make);
    let key = world.key(&organization);
    let cut_off = KILLS.iter().filter(|kill| killed_early(&world, &key, **kill)).count();
    assert!(cut_off > 0, "no kill came before the end of the batch");
    let server = world.serve();
    let client = server.client(&key);
    let resumed = client.run_batch();
    assert_eq!(resumed["state"], "done", "{resumed}");
    let decisions = world.decisions(&organization);
    assert_eq!(states(&decisions), states(&expected));
    for (decision, expected) in decisions.iter().zip(&expected) {
        assert_eq!(decision, expected);
    }
    let calm_server = calm.serve();
    let calm_client = calm_server.client("none");
    assert_eq!(client.gauge("tributary_contacts"), calm_client.gauge("tributary_contacts"));
    let runs = client.get("/api/Batch").json();
    let whole = runs["list"].as_array().unwrap().iter().find(|run| run["counts"]["received"] == ROWS);
    assert_eq!(whole.expect("one run received every row")["counts"], run["counts"]);
}

/// A world with contacts on file and submissions held, whose batch works in small chunks.
fn prepared(make: fn() -> World) -> (World, String) {
    let world = make().with("TRIBUTARY_BATCH__CHUNK_ROWS", "60").with("TRIBUTARY_BATCH__LEASE_SECONDS", "5");
    let organization = world.organization("Bellford Food Share");
    world.load(&organization, &rows("contacts", ROWS));
    let file = world.file("transactions.jsonl");
    write_rows(&file, &rows("transactions", ROWS));
    let path = file.display().to_string();
    world.cli(&["import", &path, "--organization", &organization, "--source", "online"]);
    (world, organization)
}

/// Starts or resumes the batch and kills the server at the moment; whether rows were left.
fn killed_early(world: &World, key: &str, (decided, later): (i64, u64)) -> bool {
    let server = world.serve();
    let client = server.client(key);
    let all = i64::try_from(ROWS).unwrap();
    until("the start of the batch", || {
        let started = client.post("/api/Batch/Run?wait=false", &json!(null)).status == 202;
        started.then_some(())
    });
    until("the moment of the kill", || (client.gauge("tributary_held") <= all - decided).then_some(()));
    pause(Duration::from_millis(later));
    server.kill();
    let server = world.serve();
    server.client(key).gauge("tributary_held") > 0
}

/// How many rows are in which state.
fn states(decisions: &[Value]) -> std::collections::BTreeMap<&str, usize> {
    let mut states = std::collections::BTreeMap::new();
    decisions.iter().for_each(|line| *states.entry(line["state"].as_str().unwrap()).or_default() += 1);
    states
}
