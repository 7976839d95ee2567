//! `tributary link`: the engine's own matcher on two files in memory.

use super::Context;
use crate::blocks::{self, Account, Understood};
use crate::output::{Table, cell_at};
use crate::progress::Stopwatch;
use clap::Args;
use rayon::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use tributary_contact::Submission;
use tributary_contact::flat::{plain_flat, plain_record};
use tributary_matching::Thresholds;
use tributary_matching::calibrate::{Calibration, calibrate_lists};
use tributary_matching::link::{Filing, LinkDecision, Linker, OnFile, Prepared, Settings, Verb};

/// Arguments of the command.
#[derive(Debug, Args)]
#[command(after_help = "\
Both files are JSON lines, plain or gzipped; a row of --contacts also has contactId, which says which
rows are one contact. Decisions are written in the order of the transactions:

  tributary link --contacts crm.jsonl.gz --transactions gifts.jsonl.gz --decisions decisions.jsonl

A row with problems is told by its line and decided on what can be read of it; if that is nothing, a person has
to look. Lines that are not JSON are told and left out. The status is 1 only when a file breaks off or has no row
at all.")]
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
    let pool = rayon::ThreadPoolBuilder::new().num_threads(args.threads).build()?;
    let mut settings = settings(args, context);
    let calibration = if args.calibrate { Some(calibrated(args, &mut settings)?) } else { None };
    let mut result = pool.install(|| in_pool(args, settings))?;
    if let (Some(members), Some(calibration)) = (result.as_object_mut(), calibration) {
        members.insert("calibration".to_owned(), serde_json::to_value(calibration)?);
    }
    Ok(context.output.print(&result, text)?)
}

/// Files what is on file, then decides and writes block by block.
fn in_pool(args: &LinkArgs, settings: Settings) -> anyhow::Result<Value> {
    let (reading, mut rows) = (Stopwatch::start(), 0);
    let country = settings.country.clone();
    let mut filing = Filing::new(settings);
    let quick = |line: &[u8]| Some(Prepared::plain(&plain_record(line)?, &country));
    let careful = |row: &Value| {
        let (row, issues) = blocks::on_file(row);
        (row.map(|row| Prepared::on_file(&row, &country)), issues)
    };
    let filed = blocks::in_blocks(&args.contacts, quick, careful, |block| {
        rows += block.len();
        filing.add_prepared(block);
        Ok(())
    })?;
    filed.tell(&args.contacts);
    let mut linker = filing.finish();
    let (households, read, matching) = (linker.contacts(), reading.seconds(), Stopwatch::start());
    let (counts, decided) = decide(args, &country, &mut linker)?;
    decided.tell(&args.transactions);
    Ok(json!({
        "contacts": rows,
        "households": households,
        "transactions": counts.total(),
        "counts": counts.json(),
        "problems": {"contacts": filed.json(), "transactions": decided.json()},
        "seconds": {"read": read, "match": matching.seconds()},
    }))
}

/// Decides on the transactions and writes the decisions. A file of decisions that did not come to its end is taken
/// away again.
fn decide(args: &LinkArgs, country: &str, linker: &mut Linker) -> anyhow::Result<(Counts, Account)> {
    let mut writer = tributary_formats::Writer::create(&args.decisions)?;
    let mut counts = Counts::default();
    let quick = |line: &[u8]| Some(Prepared::plain(&plain_flat(line)?, country));
    let careful = |row: &Value| {
        let (row, issues) = blocks::transaction(row);
        (row.map(|row| Prepared::incoming(&row, country)), issues)
    };
    let decided = blocks::in_blocks(&args.transactions, quick, careful, |block| {
        let decisions = linker.decide_prepared(&block);
        counts.add(&decisions);
        Ok(written(&decisions)?.iter().try_for_each(|lines| writer.write_lines(lines))?)
    });
    match decided {
        Ok(account) => {
            writer.finish()?;
            Ok((counts, account))
        }
        Err(error) => {
            drop(writer);
            std::fs::remove_file(&args.decisions)?;
            Err(error)
        }
    }
}

/// Decisions that one thread writes at a time.
const WRITTEN: usize = 256;

/// The decisions as JSON lines, in runs.
fn written(decisions: &[LinkDecision]) -> serde_json::Result<Vec<Vec<u8>>> {
    let lines = |decisions: &[LinkDecision]| -> serde_json::Result<Vec<u8>> {
        decisions.iter().try_fold(Vec::with_capacity(WRITTEN * 160), |mut lines, decision| {
            serde_json::to_writer(&mut lines, decision)?;
            lines.push(b'\n');
            Ok(lines)
        })
    };
    decisions.par_chunks(WRITTEN).map(lines).collect()
}

/// Learns from the two files, and has the run use what was learnt. The run tells what is wrong with the files.
fn calibrated(args: &LinkArgs, settings: &mut Settings) -> anyhow::Result<Calibration> {
    let contacts: Vec<OnFile> = all(&args.contacts, blocks::on_file)?;
    let transactions: Vec<Submission> = all(&args.transactions, blocks::transaction)?;
    let learnt = calibrate_lists(&contacts, &transactions, settings)?;
    (settings.weights, settings.thresholds) = (learnt.weights.clone(), learnt.thresholds);
    Ok(learnt)
}

fn all<T: Send>(path: &Path, understand: impl Fn(&Value) -> Understood<T> + Sync) -> anyhow::Result<Vec<T>> {
    let mut rows = Vec::new();
    blocks::in_blocks(
        path,
        |_| None,
        understand,
        |mut block| {
            rows.append(&mut block);
            Ok(())
        },
    )?;
    Ok(rows)
}

/// How many were decided which way, and why a person has to look.
#[derive(Default)]
struct Counts {
    verbs: [usize; 3],
    reasons: BTreeMap<&'static str, usize>,
}

impl Counts {
    fn add(&mut self, decisions: &[LinkDecision]) {
        for decision in decisions {
            let [merge, create, review] = &mut self.verbs;
            *match decision.decision {
                Verb::Merge => merge,
                Verb::Create => create,
                Verb::Review => review,
            } += 1;
            if let Some(reason) = decision.reason {
                *self.reasons.entry(reason.as_str()).or_default() += 1;
            }
        }
    }

    fn total(&self) -> usize {
        self.verbs.iter().sum()
    }

    fn json(&self) -> Value {
        let [merge, create, review] = self.verbs;
        json!({"merge": merge, "create": create, "review": review, "reasons": self.reasons})
    }
}

fn settings(args: &LinkArgs, context: &Context) -> Settings {
    let matching = &context.config().matching;
    let thresholds =
        Thresholds { merge: matching.auto_probability, review: matching.review_probability, ..Thresholds::default() };
    let country = args.country.to_ascii_uppercase();
    Settings { thresholds, country, threads: args.threads, explain: args.explain, ..Settings::default() }
}

fn text(result: &Value) -> String {
    let mut table = Table::bare();
    for name in ["contacts", "households", "transactions"] {
        table.row([name.to_owned(), cell_at(result, &[name])]);
    }
    for name in ["merge", "create", "review"] {
        table.row([format!("  {name}"), cell_at(result, &["counts", name])]);
    }
    for file in ["contacts", "transactions"] {
        for (count, what) in [("rows", "with problems"), ("unreadableLines", "lines that are not JSON")] {
            let cell = cell_at(result, &["problems", file, count]);
            if cell != "0" {
                table.row([format!("{file} {what}"), cell]);
            }
        }
    }
    if let Some(sentence) = result.pointer("/calibration/sentence").and_then(Value::as_str) {
        table.row(["calibration".to_owned(), sentence.to_owned()]);
    }
    for name in ["read", "match"] {
        let seconds = result.get("seconds").and_then(|seconds| seconds.get(name)).and_then(Value::as_f64);
        table.row([format!("seconds to {name}"), format!("{:.2}", seconds.unwrap_or_default())]);
    }
    table.text()
}
