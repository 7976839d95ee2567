//! `tributary demo --exit`: the whole story in one command, on both databases with the same outcomes.

use crate::support::World;
use serde_json::{Value, json};
use std::sync::OnceLock;

#[test]
fn the_demo_on_sqlite_ends_well() {
    let report = on_sqlite();
    assert_eq!((&report["outcomes"]["received"], &report["outcomes"]["held"]), (&json!(5_000), &json!(0)));
    assert!(report["events"]["emitted"].as_u64().unwrap() > 1_000, "{}", report["events"]);
}

#[test]
fn the_demo_on_postgresql_comes_to_the_same_outcomes() {
    if World::postgres_is_here() {
        let (postgres, sqlite) = (played(&World::postgres()), on_sqlite());
        assert_eq!(postgres["outcomes"], sqlite["outcomes"]);
        assert_eq!(postgres["accuracy"], sqlite["accuracy"]);
        assert_eq!(postgres["events"], sqlite["events"]);
    }
}

fn on_sqlite() -> &'static Value {
    static REPORT: OnceLock<Value> = OnceLock::new();
    REPORT.get_or_init(|| played(&World::sqlite()))
}

/// The demo's report; `cli` has checked that the status was 0.
fn played(world: &World) -> Value {
    let folder = world.file("demo").display().to_string();
    let report = world.cli(&["demo", "--exit", "--listen", "127.0.0.1:0", "--data-dir", &folder]);
    let (outcomes, events) = (&report["outcomes"], &report["events"]);
    let parts = ["created", "merged", "individualAdded", "unchanged", "needsUpdate", "rejected", "held"];
    let sum: i64 = parts.iter().map(|part| outcomes[*part].as_i64().unwrap()).sum();
    assert_eq!(Some(sum), outcomes["received"].as_i64());
    assert_eq!((&events["emitted"], &events["refused"]), (&events["verified"], &json!(0)));
    report
}
