//! The architecture's rules, checked against what cargo resolves: who may depend on what, and under which
//! licences everything is that the product is made of.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;
use toml::Table;

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
    ("bench", &["contact", "matching", "store", "db", "formats", "webhook", "engine", "api"]),
    ("e2e", &[]),
];

/// The file that `cargo deny` reads as well.
fn policy() -> Table {
    std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../deny.toml")).unwrap().parse().unwrap()
}

fn texts(list: &toml::Value) -> BTreeSet<&str> {
    list.as_array().unwrap().iter().map(|text| text.as_str().unwrap()).collect()
}

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

/// Who depends on each package, as cargo resolved it for this platform: tests and build scripts included.
fn dependents() -> BTreeMap<String, BTreeSet<String>> {
    let metadata = metadata(&["--filter-platform", &host()]);
    let packages = metadata["packages"].as_array().unwrap().iter();
    let names: BTreeMap<&str, &str> =
        packages.map(|package| (package["id"].as_str().unwrap(), package["name"].as_str().unwrap())).collect();
    let mut dependents = BTreeMap::<String, BTreeSet<String>>::new();
    for node in metadata["resolve"]["nodes"].as_array().unwrap() {
        let name = names[node["id"].as_str().unwrap()];
        for dependency in node["deps"].as_array().unwrap() {
            let of = names[dependency["pkg"].as_str().unwrap()];
            dependents.entry(of.to_owned()).or_default().insert(name.to_owned());
        }
    }
    dependents
}

#[test]
fn sql_the_http_server_and_the_http_client_have_rooms_of_their_own() {
    let (policy, dependents) = (policy(), dependents());
    let bans = policy["bans"]["deny"].as_array().unwrap();
    assert!(bans.len() > 5, "the rules are gone");
    for ban in bans {
        let library = ban["crate"].as_str().unwrap();
        let allowed = ban.get("wrappers").map(texts).unwrap_or_default();
        let users = dependents.get(library).into_iter().flatten();
        let wrong: Vec<&String> = users.filter(|user| !allowed.contains(user.as_str())).collect();
        assert!(wrong.is_empty(), "{wrong:?} must not use {library}");
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
    let policy = policy();
    let allowed = texts(&policy["licenses"]["allow"]);
    let wrong: Vec<String> = metadata["packages"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|package| !package["license"].as_str().is_some_and(|expression| is_permitted(expression, &allowed)))
        .map(|package| format!("{} ({})", package["name"], package["license"]))
        .collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

/// Whether an SPDX expression can be satisfied: every part of an `AND` by one choice of each `OR`. Cargo's
/// older `/` means `OR`. No expression in use nests deeper.
fn is_permitted(expression: &str, allowed: &BTreeSet<&str>) -> bool {
    let expression = expression.replace(['(', ')'], "").replace('/', " OR ");
    let choice = |part: &str| part.split(" OR ").any(|licence| allowed.contains(licence.trim()));
    expression.split(" AND ").all(choice)
}

#[test]
fn a_licence_expression_is_read_as_spdx_means_it() {
    let allowed = BTreeSet::from(["MIT", "Apache-2.0", "Unicode-3.0"]);
    let is_permitted = |expression| is_permitted(expression, &allowed);
    assert!(is_permitted("MIT OR GPL-3.0-only"));
    assert!(is_permitted("MIT/Apache-2.0"));
    assert!(is_permitted("(MIT OR Apache-2.0) AND Unicode-3.0"));
    assert!(!is_permitted("MIT AND GPL-3.0-only"));
    assert!(!is_permitted("AGPL-3.0"));
}
