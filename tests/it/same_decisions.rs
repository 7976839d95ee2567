//! One matcher, whichever way the rows come: the sample submitted over HTTP and decided by the batch, on
//! each database, and the two files matched in memory give the same decisions, row by row.

use crate::support::{SAMPLE, World, read_lines, rows};
use serde_json::{Value, json};
use std::sync::OnceLock;

/// Rows on file, and as many incoming.
const ROWS: usize = 5_000;
/// Rows of a request.
const REQUEST: usize = 250;

#[test]
fn the_batch_on_sqlite_decides_as_link_does() {
    let linked = linked();
    assert_eq!(linked.len(), ROWS);
    for (batch, link) in on_sqlite().iter().zip(&linked) {
        let of_individual = link["level"] == "individual";
        assert_eq!(comparable(batch, of_individual), comparable(link, of_individual));
    }
}

#[test]
fn the_batch_on_postgresql_decides_as_on_sqlite() {
    if World::postgres_is_here() {
        let (postgres, sqlite) = (decided(&World::postgres()), on_sqlite());
        assert_eq!(postgres.len(), sqlite.len());
        for (postgres, sqlite) in postgres.iter().zip(sqlite) {
            assert_eq!(postgres, sqlite);
        }
    }
}

fn on_sqlite() -> &'static [Value] {
    static DECISIONS: OnceLock<Vec<Value>> = OnceLock::new();
    DECISIONS.get_or_init(|| decided(&World::sqlite()))
}

/// The whole way: `serve`, HTTP, `batch run`, `export decisions`.
fn decided(world: &World) -> Vec<Value> {
    let organization = world.organization("Bellford Food Share");
    world.load(&organization, &rows("contacts", ROWS));
    let server = world.serve();
    let client = server.client(&world.key(&organization));
    rows("transactions", ROWS).chunks(REQUEST).for_each(|request| client.submit_all(request));
    let run = world.cli(&["batch", "run", "--organization", &organization]);
    assert_eq!((&run["state"], &run["counts"]["received"]), (&json!("done"), &json!(ROWS)), "{run}");
    world.decisions(&organization)
}

fn linked() -> Vec<Value> {
    let world = World::sqlite();
    let out = world.file("linked.jsonl");
    let (contacts, transactions) = (format!("{SAMPLE}/contacts.jsonl.gz"), format!("{SAMPLE}/transactions.jsonl.gz"));
    let files = ["--contacts", &contacts, "--transactions", &transactions, "--decisions", out.to_str().unwrap()];
    let result = world.cli(&[&["link"], &files[..]].concat());
    assert_eq!(result["transactions"], ROWS);
    read_lines(&out)
}

/// What a line says, as far as both say it. Whom a row that was not merged fits best stands first among the candidates.
/// Where `link` finds a household likelier than one of its people, its confidence is in that household; the batch keeps
/// the one in the individual.
fn comparable(line: &Value, of_individual: bool) -> Value {
    let merged = line["decision"] == "merge";
    let only = |asked: bool, name: &str| if asked { line[name].clone() } else { Value::Null };
    json!({
        "referenceId": line["referenceId"],
        "decision": line["decision"],
        "level": only(merged || of_individual, "level"),
        "contactReferenceId": only(merged, "contactReferenceId"),
        "candidates": line["candidates"],
        "score": only(of_individual, "score"),
        "reason": line["reason"],
    })
}
