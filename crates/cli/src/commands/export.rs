//! `tributary export`: data out, one JSON value a line.

use super::Context;
use crate::args::Tenant;
use crate::output::cell_at;
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use tributary_engine::{AuditLine, DecisionLine, Engine, EngineError};

/// Subcommands.
#[derive(Debug, Subcommand)]
pub enum ExportCommand {
    /// The latest decision about every transaction, in the shape that score.py of the benchmark reads
    Decisions(ExportArgs),
    /// Every change of every contact in order of commit, with what was before and after, and its hash in the chain
    Audit(ExportArgs),
}

/// Arguments of each.
#[derive(Debug, Args)]
#[command(after_help = "\
  tributary export decisions --organization 1 --output decisions.jsonl.gz
  tributary export audit --organization 1 --output audit.jsonl.gz

Without --output the rows go to standard output, and --json has no effect.")]
pub struct ExportArgs {
    #[command(flatten)]
    tenant: Tenant,
    /// File to write; gzipped when its name ends in .gz
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Runs the command.
pub fn run(command: &ExportCommand, context: &Context) -> anyhow::Result<()> {
    let (ExportCommand::Decisions(args) | ExportCommand::Audit(args)) = command;
    let engine = context.engine()?;
    engine.organization(args.tenant.id())?;
    match &args.output {
        None => Ok(to_stdout(&engine, command)?),
        Some(path) => {
            let rows = to_file(&engine, command, path)?;
            let result = json!({"file": path.display().to_string(), "rows": rows});
            let text = |result: &_| format!("{} rows: {}", cell_at(result, &["rows"]), cell_at(result, &["file"]));
            Ok(context.output.print(&result, text)?)
        }
    }
}

/// Hands each row to `write` as JSON.
fn rows(
    engine: &Engine,
    command: &ExportCommand,
    write: &mut dyn FnMut(&Value) -> io::Result<()>,
) -> Result<(), EngineError> {
    match command {
        ExportCommand::Decisions(args) => {
            engine.export_decisions(args.tenant.id(), &mut |line: &DecisionLine| write(&serde_json::to_value(line)?))
        }
        ExportCommand::Audit(args) => {
            engine.export_audit(args.tenant.id(), &mut |line: &AuditLine| write(&serde_json::to_value(line)?))
        }
    }
}

fn to_stdout(engine: &Engine, command: &ExportCommand) -> Result<(), EngineError> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    rows(engine, command, &mut |line| {
        serde_json::to_writer(&mut out, line)?;
        out.write_all(b"\n")
    })?;
    out.flush().map_err(|error| EngineError::Internal(Box::new(error)))
}

fn to_file(engine: &Engine, command: &ExportCommand, path: &Path) -> anyhow::Result<u64> {
    let mut writer = tributary_formats::Writer::create(path)?;
    let mut count = 0;
    rows(engine, command, &mut |line| {
        count += 1;
        writer.write(line).map_err(io::Error::other)
    })?;
    writer.finish()?;
    Ok(count)
}
