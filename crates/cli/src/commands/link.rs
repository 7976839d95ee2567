//! `tributary link`: the engine's own matcher on two files in memory.

use super::Context;
use crate::output::{Table, cell_at};
use crate::progress::Stopwatch;
use crate::rows;
use clap::Args;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use tributary_contact::Submission;
use tributary_matching::Thresholds;
use tributary_matching::calibrate::{Calibration, calibrate_lists};
use tributary_matching::link::{LinkDecision, OnFile, Settings, Verb, link};

/// Arguments of the command.
#[derive(Debug, Args)]
#[command(after_help = "\
Both files are JSON lines, plain or gzipped; a row of --contacts also has contactId, which says which
rows are one contact. Decisions are written in the order of the transactions:

  tributary link --contacts crm.jsonl.gz --transactions gifts.jsonl.gz --decisions decisions.jsonl")]
pub struct LinkArgs {
    /// What is on file
    #[arg(long, value_name = "FILE")]
    contacts: PathBuf,
    /// What comes in
    #[arg(long, value_name = "FILE")]
    transactions: PathBuf,
    /// Where decisions are written; gzipped when the name ends in .gz
    #[arg(long, value_name = "OUT")]
    decisions: PathBuf,
    /// Threads; 0 means one per core
    #[arg(long, default_value_t = 0)]
    threads: usize,
    /// Give the evidence of each candidate, field by field
    #[arg(long)]
    explain: bool,
    /// First learn the weights from the two files themselves; no labels are needed
    #[arg(long)]
    calibrate: bool,
    /// Two-letter country in which phones and addresses are read
    #[arg(long, value_name = "CODE", default_value = "US")]
    country: String,
}

/// Runs the command.
pub fn run(args: &LinkArgs, context: &Context) -> anyhow::Result<()> {
    let mut settings = settings(args, context);
    let calibration = if args.calibrate { Some(calibrated(args, &mut settings)?) } else { None };
    let reading = Stopwatch::start();
    let contacts = on_file(&args.contacts)?;
    let transactions = incoming(&args.transactions)?;
    let (read, rows, received) = (reading.seconds(), contacts.len(), transactions.len());
    let matching = Stopwatch::start();
    let linked = link(contacts, transactions, &settings)?;
    let (matched, writing) = (matching.seconds(), Stopwatch::start());
    write(&args.decisions, &linked.decisions)?;
    let result = json!({
        "contacts": rows,
        "households": linked.contacts,
        "transactions": received,
        "counts": counts(&linked.decisions),
        "calibration": calibration,
        "seconds": {"read": read, "match": matched, "write": writing.seconds()},
    });
    Ok(context.output.print(&result, text)?)
}

/// Learns from the two files, and has the run use what was learnt.
fn calibrated(args: &LinkArgs, settings: &mut Settings) -> anyhow::Result<Calibration> {
    let learnt = calibrate_lists(&on_file(&args.contacts)?, &incoming(&args.transactions)?, settings)?;
    (settings.weights, settings.thresholds) = (learnt.weights.clone(), learnt.thresholds);
    Ok(learnt)
}

fn settings(args: &LinkArgs, context: &Context) -> Settings {
    let matching = &context.config().matching;
    let thresholds =
        Thresholds { merge: matching.auto_probability, review: matching.review_probability, ..Thresholds::default() };
    let country = args.country.to_ascii_uppercase();
    Settings { thresholds, country, threads: args.threads, explain: args.explain, ..Settings::default() }
}

fn on_file(path: &Path) -> anyhow::Result<Vec<OnFile>> {
    let rows = rows::contacts(tributary_formats::open(path)?, None)?.all(&path.display().to_string())?;
    Ok(rows.into_iter().map(|row| OnFile { group: row.group, submission: row.submission }).collect())
}

fn incoming(path: &Path) -> anyhow::Result<Vec<Submission>> {
    rows::transactions(tributary_formats::open(path)?, None)?.all(&path.display().to_string())
}

fn write(path: &Path, decisions: &[LinkDecision]) -> anyhow::Result<()> {
    let mut writer = tributary_formats::Writer::create(path)?;
    decisions.iter().try_for_each(|decision| writer.write(decision))?;
    Ok(writer.finish()?)
}

/// How many were decided which way, and why a person has to look.
fn counts(decisions: &[LinkDecision]) -> Value {
    let count = |verb| decisions.iter().filter(|decision| decision.decision == verb).count();
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    for reason in decisions.iter().filter_map(|decision| decision.reason) {
        *reasons.entry(reason.as_str()).or_default() += 1;
    }
    json!({
        "merge": count(Verb::Merge),
        "create": count(Verb::Create),
        "review": count(Verb::Review),
        "reasons": reasons,
    })
}

fn text(result: &Value) -> String {
    let mut table = Table::bare();
    for name in ["contacts", "households", "transactions"] {
        table.row([name.to_owned(), cell_at(result, &[name])]);
    }
    for name in ["merge", "create", "review"] {
        table.row([format!("  {name}"), cell_at(result, &["counts", name])]);
    }
    if let Some(sentence) = result.pointer("/calibration/sentence").and_then(Value::as_str) {
        table.row(["calibration".to_owned(), sentence.to_owned()]);
    }
    for name in ["read", "match", "write"] {
        let seconds = result.get("seconds").and_then(|seconds| seconds.get(name)).and_then(Value::as_f64);
        table.row([format!("seconds to {name}"), format!("{:.2}", seconds.unwrap_or_default())]);
    }
    table.text()
}
