//! Matches two CSV files whose head lines have the names of flat fields (`referenceId,firstName,lastName,email,…`):
//! `cargo run -p tributary-matching --example link_csv -- on_file.csv incoming.csv`

use std::{collections::HashMap, error::Error};
use tributary_contact::{Submission, flat};
use tributary_matching::link::{OnFile, Settings, link};

fn main() -> Result<(), Box<dyn Error>> {
    let paths: Vec<String> = std::env::args().skip(1).collect();
    let [on_file, incoming] = paths.as_slice() else { return Err("two files are needed".into()) };
    let contacts = rows(on_file)?.into_iter().enumerate();
    let contacts = contacts.map(|(line, submission)| OnFile { group: line.to_string(), submission }).collect();
    for decision in link(contacts, rows(incoming)?, &Settings::default())?.decisions {
        println!("{}", serde_json::to_string(&decision)?);
    }
    Ok(())
}

fn rows(path: &str) -> Result<Vec<Submission>, Box<dyn Error>> {
    let mut rows = Vec::new();
    for row in csv::Reader::from_path(path)?.into_deserialize::<HashMap<String, String>>() {
        let read = flat::parse_flat(&serde_json::to_value(row?)?, &flat::FlatContext::default());
        rows.push(read.map_err(|issues| format!("line {}: {issues:?}", rows.len() + 2))?.submission);
    }
    Ok(rows)
}
