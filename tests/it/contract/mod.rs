//! The contract, line by line: request and response pairs as data (`tests/contract/*.json`, described in
//! `docs/how-to/add-a-contract-case.md`), sent over real HTTP to the real binary on both databases.

mod case;
mod elsewhere;
mod pattern;
mod player;

use crate::support::World;
use case::Script;
use elsewhere::Elsewhere;
use player::Player;
use std::collections::BTreeSet;
use std::path::Path;

const SCRIPTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/contract");

on_both_databases!(every_case_of_the_contract_is_answered_as_written);

/// Each script has an organization of its own. All failures of all scripts are told at once.
fn every_case_of_the_contract_is_answered_as_written(make: fn() -> World) {
    let world = make();
    let server = world.serve();
    let (mut lines, mut cases, mut failures) = (BTreeSet::new(), 0, Vec::new());
    for script in scripts() {
        let mut player = Player::new(&world, &server, &script);
        cases += script.cases.len();
        lines.extend(script.cases.iter().flat_map(|case| case.covers.clone()));
        failures.extend(script.cases.iter().filter_map(|case| player.play(case).err()));
    }
    let database = world.url().split(':').next().unwrap_or_default();
    let elsewhere = Elsewhere::read();
    let (shown, left_out) = (elsewhere.shown.len(), elsewhere.left_out.len());
    let covered = lines.len();
    tell(&format!(
        "contract on {database}: {cases} cases cover {covered} lines of the reference, other tests {shown}; {left_out} are left out"
    ));
    failures.extend(elsewhere.wrong);
    assert!(failures.is_empty(), "{} of {cases} cases differ:\n\n{}", failures.len(), failures.join("\n\n"));
}

/// The scripts in order of their names.
fn scripts() -> Vec<Script> {
    let entries = std::fs::read_dir(SCRIPTS).unwrap().map(|entry| entry.unwrap().path());
    let mut paths: Vec<_> = entries.filter(|path| path.extension().is_some_and(|end| end == "json")).collect();
    paths.sort();
    paths.iter().map(|path| read(path)).collect()
}

fn read(path: &Path) -> Script {
    let text = std::fs::read_to_string(path).unwrap();
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The harness hides what `println!` says of a test that passes.
fn tell(line: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr(), "{line}");
}
