//! The architecture's rules, checked against what cargo resolves: who may depend on what, and under which
//! licences everything is that the product is made of.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

/// Which of our rooms each room may know (design: `contact <- matching`, `contact <- store <- db`,
/// `contact, matching, store, formats, webhook <- engine <- api, console <- cli`).
const ARROWS: &[(&str, &[&str])] = &[
    ("contact", &[]),
    ("formats", &[]),
    ("webhook", &[]),
    ("matching", &["contact"]),
    ("store", &["contact"]),
    ("testkit", &["contact", "store"]),
    ("db", &["contact", "store"]),
    ("engine", &["contact", "matching", "store", "formats", "webhook"]),
    ("api", &["contact", "store", "engine"]),
    ("console", &["contact", "store", "engine"]),
    ("cli", &["contact", "matching", "store", "db", "formats", "webhook", "engine", "api", "console"]),
    ("sim", &["contact", "matching", "store", "db", "engine", "webhook", "testkit"]),
    ("bench", &["contact", "store", "db", "formats", "webhook", "engine", "api"]),
    ("e2e", &[]),
];

/// Libraries that only some rooms may use, by the beginning of their names.
const LIBRARIES: &[(&[&str], &[&str])] = &[
    (&["diesel", "libsqlite3-sys"], &["db"]),
    (&["tokio-postgres"], &["db", "testkit"]),
    (&["actix-"], &["api", "console", "cli", "bench"]),
    (&["reqwest", "hyper"], &["webhook", "cli"]),
];

/// Licences that ask nothing of a binary's users but the notice.
const LICENCES: &[&str] = &[
    "MIT",
    "MIT-0",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "Zlib",
    "Unlicense",
    "CC0-1.0",
    "Unicode-3.0",
    "BSL-1.0",
    "CDLA-Permissive-2.0",
];

fn metadata(further: &[&str]) -> Value {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    let mut cargo = Command::new(env!("CARGO"));
    cargo.current_dir(root).args(["metadata", "--format-version", "1", "--locked", "--offline"]).args(further);
    let done = cargo.output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    serde_json::from_slice(&done.stdout).unwrap()
}

/// The platform of this build; packages for others may not have been fetched.
fn host() -> String {
    let told = Command::new(env!("CARGO")).arg("-vV").output().unwrap().stdout;
    let told = String::from_utf8(told).unwrap();
    told.lines().find_map(|line| line.strip_prefix("host: ")).unwrap().to_owned()
}

/// What each of our rooms depends on outside its tests, by name.
fn dependencies() -> BTreeMap<String, BTreeSet<String>> {
    let metadata = metadata(&["--no-deps"]);
    let packages = metadata["packages"].as_array().unwrap().iter();
    let room = |package: &Value| {
        let shipped = |dependency: &&Value| dependency["kind"] != "dev";
        let names = package["dependencies"].as_array().unwrap().iter().filter(shipped);
        let names = names.map(|dependency| dependency["name"].as_str().unwrap().to_owned()).collect();
        (package["name"].as_str().unwrap().trim_start_matches("tributary-").to_owned(), names)
    };
    packages.map(room).collect()
}

#[test]
fn every_arrow_between_our_rooms_points_down() {
    for (room, known) in dependencies() {
        let rule = ARROWS.iter().find(|(name, _)| *name == room);
        let (_, allowed) = rule.unwrap_or_else(|| panic!("{room} is new: say here which rooms it may know"));
        let ours = known.iter().filter_map(|name| name.strip_prefix("tributary-"));
        let wrong: Vec<&str> = ours.filter(|name| !allowed.contains(name)).collect();
        assert!(wrong.is_empty(), "{room} must not know {wrong:?}");
    }
}

#[test]
fn sql_the_http_server_and_the_http_client_have_rooms_of_their_own() {
    for (room, known) in dependencies() {
        for (libraries, rooms) in LIBRARIES {
            let uses = known.iter().find(|name| libraries.iter().any(|library| name.starts_with(library)));
            if let Some(library) = uses {
                assert!(rooms.contains(&room.as_str()), "{room} must not use {library}");
            }
        }
    }
}

#[test]
fn each_dependency_stands_once_in_the_workspace_table() {
    let metadata = metadata(&["--no-deps"]);
    for package in metadata["packages"].as_array().unwrap() {
        let manifest = std::fs::read_to_string(package["manifest_path"].as_str().unwrap()).unwrap();
        let tables = manifest.split("\n[").filter(|table| {
            let head = table.lines().next().unwrap_or_default();
            head.ends_with("dependencies]")
        });
        let lines = tables.flat_map(|table| table.lines().skip(1)).filter(|line| line.contains('='));
        let own: Vec<&str> =
            lines.filter(|line| !line.contains("workspace = true") && !line.starts_with('#')).collect();
        assert!(own.is_empty(), "{}: {own:?} belong into the workspace table, with a reason", package["name"]);
    }
}

#[test]
fn every_licence_is_one_of_the_permissive_ones() {
    let metadata = metadata(&["--filter-platform", &host()]);
    let wrong: Vec<String> = metadata["packages"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|package| !package["license"].as_str().is_some_and(is_permitted))
        .map(|package| format!("{} ({})", package["name"], package["license"]))
        .collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

/// Whether an SPDX expression can be satisfied: every part of an `AND` by one choice of each `OR`. Cargo's
/// older `/` means `OR`. No expression in use nests deeper.
fn is_permitted(expression: &str) -> bool {
    let expression = expression.replace(['(', ')'], "").replace('/', " OR ");
    let choice = |part: &str| part.split(" OR ").any(|licence| LICENCES.contains(&licence.trim()));
    expression.split(" AND ").all(choice)
}

#[test]
fn a_licence_expression_is_read_as_spdx_means_it() {
    assert!(is_permitted("MIT OR GPL-3.0-only"));
    assert!(is_permitted("MIT/Apache-2.0"));
    assert!(is_permitted("(MIT OR Apache-2.0) AND Unicode-3.0"));
    assert!(!is_permitted("MIT AND GPL-3.0-only"));
    assert!(!is_permitted("AGPL-3.0"));
}
