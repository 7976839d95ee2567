//! Counts how often each level shows among pairs of the same individual, of relatives and of strangers, on
//! benchmark folders with truth; `crates/matching/src/calibrate/expected.rs` is made from what it prints:
//! `cargo run --release -p tributary-matching --example level_counts -- DIR...`

use flate2::read::GzDecoder;
use serde_json::Value;
use std::collections::{HashMap, HashSet};
use std::error::Error;
use std::fs::File;
use std::io::{BufRead, BufReader};
use tributary_contact::flat::{FlatContext, parse_flat, parse_record};
use tributary_matching::Level;
use tributary_matching::calibrate::material;
use tributary_matching::link::{OnFile, Settings};

type Counts = HashMap<Level, f64>;

fn main() -> Result<(), Box<dyn Error>> {
    let (mut same, mut relative, mut stranger) = (Counts::new(), Counts::new(), Counts::new());
    for folder in std::env::args().skip(1) {
        count(&folder, [&mut same, &mut relative, &mut stranger])?;
    }
    for level in Level::ALL {
        let [a, b, c] = [&same, &relative, &stranger].map(|counts| share(counts, *level));
        println!("        Level::{level:?} => ({a:.6}, {b:.6}, {c:.7}),");
    }
    Ok(())
}

/// The share of a level in its field, each level counting for a little that was not seen.
fn share(counts: &Counts, level: Level) -> f64 {
    let count = |level: &Level| counts.get(level).copied().unwrap_or_default() + 0.2;
    let field = Level::ALL.iter().filter(|other| other.field() == level.field());
    count(&level) / field.map(count).sum::<f64>()
}

fn count(folder: &str, [same, relative, stranger]: [&mut Counts; 3]) -> Result<(), Box<dyn Error>> {
    let contacts: Vec<OnFile> = read(folder, "contacts", |row| {
        let (group, submission) = parse_record(row, &FlatContext::default()).ok()?;
        Some(OnFile { group, submission })
    })?;
    let transactions =
        read(folder, "transactions", |row| Some(parse_flat(row, &FlatContext::default()).ok()?.submission))?;
    let truth = read(folder, "truth", |row| Some(row.clone()))?;
    let names: HashMap<String, usize> = contacts.iter().enumerate().map(|(at, row)| (name(row), at)).collect();
    let mut groups: HashMap<&str, i64> = HashMap::new();
    for row in &contacts {
        let next = i64::try_from(groups.len())?;
        groups.entry(&row.group).or_insert(next);
    }
    let material = material(&contacts, &transactions, &Settings::default());
    for (row, truth) in material.rows.iter().zip(&truth) {
        let people: HashSet<i64> =
            listed(truth, "trueReferenceIds").filter_map(|name| i64::try_from(*names.get(name)?).ok()).collect();
        let homes: HashSet<i64> =
            listed(truth, "trueContactIds").filter_map(|name| groups.get(name).copied()).collect();
        for (contact, individual, levels) in row.hypotheses() {
            let counts = match individual {
                Some(individual) if people.contains(&individual) => &mut *same,
                None if people.is_empty() && homes.contains(&contact) => &mut *relative,
                _ => continue,
            };
            levels.into_iter().for_each(|level| *counts.entry(level).or_default() += 1.0);
        }
    }
    for level in Level::ALL {
        *stranger.entry(*level).or_default() += material.strangers.seen(*level).0;
    }
    Ok(())
}

fn name(row: &OnFile) -> String {
    row.submission.reference.as_ref().map(|reference| reference.id.clone()).unwrap_or_default()
}

fn listed<'v>(row: &'v Value, name: &str) -> impl Iterator<Item = &'v str> {
    row.get(name).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}

fn read<T>(folder: &str, name: &str, row: impl Fn(&Value) -> Option<T>) -> Result<Vec<T>, Box<dyn Error>> {
    let lines = BufReader::new(GzDecoder::new(File::open(format!("{folder}/{name}.jsonl.gz"))?)).lines();
    let rows: Result<Vec<Option<T>>, Box<dyn Error>> =
        lines.map(|line| Ok(row(&serde_json::from_str(&line?)?))).collect();
    Ok(rows?.into_iter().flatten().collect())
}
