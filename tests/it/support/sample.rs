//! The sample data that the binary ships.

use flate2::read::GzDecoder;
use serde_json::Value;
use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;

/// Where it lies.
pub const SAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../crates/cli/sample");

/// The first rows of `contacts` or `transactions`.
pub fn rows(file: &str, count: usize) -> Vec<Value> {
    let gzip = File::open(format!("{SAMPLE}/{file}.jsonl.gz")).unwrap();
    let lines = BufReader::new(GzDecoder::new(gzip)).lines().take(count);
    let rows: Vec<Value> = lines.map(|line| serde_json::from_str(&line.unwrap()).unwrap()).collect();
    assert_eq!(rows.len(), count);
    rows
}

/// Writes rows as JSON lines.
pub fn write_rows(path: &Path, rows: &[Value]) {
    let mut file = std::io::BufWriter::new(File::create(path).unwrap());
    rows.iter().for_each(|row| writeln!(file, "{row}").unwrap());
    file.flush().unwrap();
}
