//! `tributary import`: a file of transactions into the holding ledger, or contacts that are on file
//! already. Every row is checked before the first one is stored.

use super::Context;
use crate::args::Tenant;
use crate::outcome;
use crate::output::cell_at;
use crate::progress::Progress;
use crate::rows::{self, Parsed};
use anyhow::bail;
use clap::{Args, ValueEnum};
use serde_json::{Value, json};
use std::path::PathBuf;
use tributary_contact::Submission;
use tributary_engine::{Engine, OnFile};
use tributary_formats::{Format, open};

/// Arguments of the command.
#[derive(Debug, Args)]
#[command(after_help = "\
JSON lines (.jsonl, .ndjson), plain or gzipped; one flat body of POST /api/Contact/Transaction a line.
With --as contacts a row also has contactId: rows that share it are one contact.

  tributary import gifts.jsonl.gz --organization 1 --source 'Harbor Giving'
  tributary import crm.jsonl --organization 1 --source crm --as contacts

All rows are checked first; if one is wrong, all problems are told and nothing is stored.")]
pub struct ImportArgs {
    /// File to read
    file: PathBuf,
    #[command(flatten)]
    tenant: Tenant,
    /// Reference source of rows that name none
    #[arg(long, value_name = "NAME")]
    source: String,
    /// What the rows are
    #[arg(long = "as", value_enum, default_value = "transactions")]
    kind: Kind,
    /// Leave rows with problems out instead of storing nothing
    #[arg(long)]
    skip_invalid: bool,
}

/// What the rows of a file are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// Submissions, to be matched by the next batch.
    Transactions,
    /// Contacts, on file at once, not matched.
    Contacts,
}

/// Runs the command.
pub fn run(args: &ImportArgs, context: &Context) -> anyhow::Result<()> {
    if Format::of(&args.file).is_none() {
        return Err(outcome::usage(format!("{} is neither .jsonl nor .jsonl.gz", args.file.display())));
    }
    let file = open(&args.file)?;
    let engine = context.engine()?;
    engine.organization(args.tenant.id())?;
    let source = Some(args.source.as_str());
    let result = match args.kind {
        Kind::Transactions => {
            let (submissions, skipped) = args.accept(rows::transactions(file, source)?)?;
            let stored = submit(&engine, args, submissions)?;
            json!({"rows": stored + skipped, "submitted": stored, "skipped": skipped})
        }
        Kind::Contacts => {
            let (rows, skipped) = args.accept(rows::contacts(file, source)?)?;
            let (stored, contacts) = (rows.len(), load(&engine, args, rows)?);
            json!({"rows": stored + skipped, "loaded": stored, "contacts": contacts, "skipped": skipped})
        }
    };
    Ok(context.output.print(&result, text)?)
}

impl ImportArgs {
    /// The rows to store and how many are left out.
    fn accept<T>(&self, parsed: Parsed<T>) -> anyhow::Result<(Vec<T>, usize)> {
        let file = self.file.display().to_string();
        if self.skip_invalid {
            rows::tell(&file, &parsed.problems, parsed.problems.len());
            return Ok((parsed.rows, parsed.bad_rows));
        }
        match parsed.all(&file) {
            Ok(rows) => Ok((rows, 0)),
            Err(error) => bail!("{error}; nothing was stored (--skip-invalid leaves such rows out)"),
        }
    }
}

fn submit(engine: &Engine, args: &ImportArgs, submissions: Vec<Submission>) -> anyhow::Result<usize> {
    let runtime = super::runtime()?;
    let stage = Progress::detect().stage("submit", submissions.len() as u64);
    let mut stored = 0;
    let mut waiting = submissions.into_iter();
    loop {
        let group: Vec<Submission> = waiting.by_ref().take(engine.settings().intake.group_rows).collect();
        if group.is_empty() {
            break;
        }
        stored += runtime.block_on(engine.submit(args.tenant.id(), None, group))?.len();
        stage.set(stored as u64, (stored + waiting.len()) as u64);
    }
    stage.finish();
    Ok(stored)
}

fn load(engine: &Engine, args: &ImportArgs, rows: Vec<OnFile>) -> anyhow::Result<usize> {
    let stage = Progress::detect().stage("load", rows.len() as u64);
    let contacts = stage.follow(engine, || engine.load_contacts(args.tenant.id(), rows));
    stage.finish();
    Ok(contacts?)
}

fn text(result: &Value) -> String {
    let at = |name| cell_at(result, &[name]);
    match result.get("contacts") {
        Some(contacts) => format!("{} rows on file as {contacts} contacts, {} left out", at("loaded"), at("skipped")),
        None => format!("{} rows submitted, {} left out; the next batch decides them", at("submitted"), at("skipped")),
    }
}
