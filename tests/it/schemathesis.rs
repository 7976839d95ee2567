//! Schemathesis, which reads the description of the API and tries it out: every route with data that fits the
//! description and with data that does not, and sequences of calls. It finds nothing.

use crate::support::{World, python};
use std::path::Path;
use std::process::{Command, Stdio};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/schemathesis");
/// Cases per route and phase: what fits into about two minutes.
const EXAMPLES: &str = "12";
/// The same cases in every run: a change is judged by its content.
const SEED: &str = "20261123";

#[test]
fn schemathesis_finds_nothing() {
    let Some(python) = python::environment("schemathesis", &Path::new(FOLDER).join("requirements.txt")) else { return };
    // Bad credentials are part of what it tries.
    let world = World::sqlite().with("TRIBUTARY_LIMITS__FAILURES_PER_MINUTE", "0");
    let organization = world.organization("Bellford Food Share");
    let key = world.key(&organization);
    let server = world.serve();
    let mut run = Command::new(python.with_file_name("schemathesis"));
    run.arg("--config-file").arg(Path::new(FOLDER).join("schemathesis.toml"));
    run.args(["run", &format!("{}/openapi.json", server.base()), "--no-color", "--checks", "all"]);
    run.args(["--header", &format!("Authorization: Bearer {key}"), "--max-examples", EXAMPLES, "--seed", SEED]);
    run.args(["--generation-deterministic", "--request-timeout", "30"]);
    let done = run.current_dir(world.folder()).stdin(Stdio::null()).output().unwrap();
    let told = String::from_utf8_lossy(&done.stdout);
    assert!(done.status.success(), "{told}\n{}", String::from_utf8_lossy(&done.stderr));
}
