//! Lines of the reference that no case shows: those that another test shows, and those that are left out.

use std::path::Path;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
const LINES: &str = include_str!("../../contract/elsewhere.txt");

/// What stands in the file, one line of the reference each.
#[derive(Debug, Default)]
pub struct Elsewhere {
    /// Lines that a test outside of the cases shows.
    pub shown: Vec<&'static str>,
    /// Lines that are left out, each with a reason beside it.
    pub left_out: Vec<&'static str>,
    /// Tests that are named and not there, and lines that cannot be read.
    pub wrong: Vec<String>,
}

impl Elsewhere {
    /// Reads the file and looks for each test that it names.
    pub fn read() -> Self {
        let mut all = Self::default();
        for line in LINES.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            match line.split_once(" | ") {
                Some((line, place)) if place.contains("::") => {
                    all.shown.push(line);
                    all.wrong.extend(missing(place));
                }
                Some((line, reason)) if reason.starts_with("left out: ") => all.left_out.push(line),
                _ => all.wrong.push(format!("neither a test nor a reason: {line}")),
            }
        }
        all
    }
}

/// The test of `path/of/file.rs::name`, if there is none.
fn missing(place: &str) -> Option<String> {
    let (file, name) = place.split_once("::")?;
    let text = std::fs::read_to_string(Path::new(ROOT).join(file)).unwrap_or_default();
    let there = text.contains(&format!("fn {name}(")) || text.contains(&format!("    {name},"));
    (!there).then(|| format!("no such test: {place}"))
}
