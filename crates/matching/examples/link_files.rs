//! Matches two gzipped JSON-lines files of the benchmark's flat shape and writes decisions for its scorer:
//! `cargo run --release -p tributary-matching --example link_files -- DIR OUT [--explain] [--threads N] [--country CC] [--weights FILE]`,
//! where DIR holds contacts.jsonl.gz and transactions.jsonl.gz.

use flate2::read::GzDecoder;
use serde_json::Value;
use std::error::Error;
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::time::Instant;
use tributary_contact::{Address, BaseType, ContactType, Field, Method, Reference, Submission};
use tributary_matching::calibrate::calibrate_lists;
use tributary_matching::link::{OnFile, Settings, link};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [dir, out, options @ ..] = arguments.as_slice() else {
        return Err("usage: link_files DIR OUT [options]".into());
    };
    let mut settings = settings(options);
    let start = Instant::now();
    let contacts = read(&format!("{dir}/contacts.jsonl.gz"), |row| OnFile {
        group: text(row, "contactId").unwrap_or_default(),
        submission: submission(row),
    })?;
    let transactions = read(&format!("{dir}/transactions.jsonl.gz"), submission)?;
    let parsed = start.elapsed();
    if options.iter().any(|option| option == "--calibrate") {
        let learnt = calibrate_lists(&contacts, &transactions, &settings)?;
        println!(
            "{}",
            serde_json::to_string(&(&learnt.sentence, &learnt.rates_learnt, &learnt.held_back, &learnt.changed))?
        );
        (settings.weights, settings.thresholds) = (learnt.weights, learnt.thresholds);
    }
    let outcome = link(contacts, &transactions, &settings)?;
    let linked = start.elapsed() - parsed;
    let mut file = BufWriter::new(File::create(out)?);
    for decision in &outcome.decisions {
        serde_json::to_writer(&mut file, decision)?;
        file.write_all(b"\n")?;
    }
    file.flush()?;
    println!(
        "read {:.2} s, link {:.2} s, all {:.2} s; decided again {}",
        parsed.as_secs_f64(),
        linked.as_secs_f64(),
        start.elapsed().as_secs_f64(),
        outcome.decided_again
    );
    Ok(())
}

fn settings(options: &[String]) -> Settings {
    let after = |name: &str| options.iter().skip_while(|option| *option != name).nth(1).cloned();
    let mut settings = Settings { explain: options.iter().any(|option| option == "--explain"), ..Settings::default() };
    settings.threads = after("--threads").and_then(|count| count.parse().ok()).unwrap_or(0);
    settings.country = after("--country").unwrap_or(settings.country);
    if let Some(path) = after("--weights") {
        settings.weights =
            File::open(path).ok().and_then(|file| serde_json::from_reader(file).ok()).unwrap_or(settings.weights);
    }
    settings.thresholds.merge = after("--merge").and_then(|p| p.parse().ok()).unwrap_or(settings.thresholds.merge);
    settings
}

fn read<T>(path: &str, row: impl Fn(&Value) -> T) -> Result<Vec<T>, Box<dyn Error>> {
    let lines = BufReader::new(GzDecoder::new(File::open(path)?)).lines();
    lines.map(|line| Ok(row(&serde_json::from_str(&line?)?))).collect()
}

fn text(row: &Value, name: &str) -> Option<String> {
    row.get(name).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
}

const FIELDS: &[(&str, Field)] = &[
    ("title", Field::Prefix),
    ("firstName", Field::FirstName),
    ("middleName", Field::MiddleName),
    ("lastName", Field::LastName),
    ("suffix", Field::Suffix),
    ("name", Field::Name),
];

fn submission(row: &Value) -> Submission {
    let base = text(row, "contactType").and_then(|name| BaseType::parse(&name));
    Submission {
        reference: text(row, "referenceSource")
            .zip(text(row, "referenceId"))
            .map(|(source, id)| Reference { source, id }),
        contact_type: base.map(|base| ContactType { base, custom: None }),
        fields: FIELDS.iter().filter_map(|(name, field)| text(row, name).map(|value| (*field, value))).collect(),
        methods: [("email", "emailType", "Home Email"), ("phone", "phoneType", "Home Phone")]
            .into_iter()
            .filter_map(|(value, label, usual)| method(text(row, value)?, text(row, label), usual))
            .collect(),
        addresses: address(row).into_iter().collect(),
        ..Submission::default()
    }
}

fn method(value: String, label: Option<String>, usual: &str) -> Option<Method> {
    Some(Method { label: label.unwrap_or_else(|| usual.to_owned()), value, opted_in: None, primary: false })
}

fn address(row: &Value) -> Option<Address> {
    let address = Address {
        address1: text(row, "address1"),
        address2: text(row, "address2"),
        city: text(row, "city"),
        state: text(row, "state"),
        postal: text(row, "postal"),
        country: text(row, "country"),
        ..Address::default()
    };
    (!address.is_empty()).then_some(address)
}
