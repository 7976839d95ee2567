//! Finds the binary under test.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::SystemTime;

/// What the binary is built from, below the root of the workspace.
const SOURCES: &[&str] = &["crates", "migrations", "config", "Cargo.lock"];
/// Of those, what it does not hold.
const OTHERS: &[&str] = &["tests", "testkit", "bench", "sim", "examples"];

/// The binary: the one TRIBUTARY_BIN names, else the one of this build, made or brought up to date first.
pub fn path() -> &'static Path {
    static PATH: OnceLock<PathBuf> = OnceLock::new();
    PATH.get_or_init(|| match std::env::var_os("TRIBUTARY_BIN") {
        Some(path) => PathBuf::from(path),
        None => built(),
    })
}

/// `cargo test --workspace` has built it already; `cargo test -p tributary-e2e` has not.
fn built() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let profile = test.ancestors().nth(2).expect("the test runs in target/PROFILE/deps").to_owned();
    let binary = profile.join(format!("tributary{}", std::env::consts::EXE_SUFFIX));
    if is_outdated(&binary) {
        build(&profile);
    }
    binary
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

fn is_outdated(binary: &Path) -> bool {
    let Some(made) = modified(binary) else { return true };
    SOURCES.iter().any(|source| newest(&root().join(source)).is_some_and(|newest| newest > made))
}

fn modified(path: &Path) -> Option<SystemTime> {
    path.metadata().and_then(|metadata| metadata.modified()).ok()
}

/// When the newest file of a tree was changed.
fn newest(path: &Path) -> Option<SystemTime> {
    if !path.is_dir() {
        return modified(path);
    }
    let counts = |path: &PathBuf| !OTHERS.iter().any(|other| path.ends_with(other));
    let entries = std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path());
    entries.filter(counts).filter_map(|entry| newest(&entry)).max()
}

fn build(profile: &Path) {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.current_dir(root()).args(["build", "--package", "tributary-cli", "--target-dir"]);
    cargo.arg(profile.parent().unwrap());
    if profile.ends_with("release") {
        cargo.arg("--release");
    }
    assert!(cargo.status().unwrap().success(), "the binary could not be built");
}
