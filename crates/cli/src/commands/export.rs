//! `tributary export`: data out, one JSON value a line.

use super::Context;
use crate::args::Tenant;
use crate::output::cell_at;
use clap::{Args, Subcommand};
use serde_json::json;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use tributary_engine::{DecisionLine, Engine, EngineError};

/// Subcommands.
#[derive(Debug, Subcommand)]
pub enum ExportCommand {
    /// The latest decision about every transaction, in the shape that score.py of the benchmark reads
    Decisions(ExportArgs),
}

/// Arguments of each.
#[derive(Debug, Args)]
#[command(after_help = "\
  tributary export decisions --organization 1 --output decisions.jsonl.gz

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
    let ExportCommand::Decisions(args) = command;
    let engine = context.engine()?;
    engine.organization(args.tenant.id())?;
    match &args.output {
        None => Ok(to_stdout(&engine, args)?),
        Some(path) => {
            let rows = to_file(&engine, args, path)?;
            let result = json!({"file": path.display().to_string(), "rows": rows});
            let text = |result: &_| format!("{} rows: {}", cell_at(result, &["rows"]), cell_at(result, &["file"]));
            Ok(context.output.print(&result, text)?)
        }
    }
}

fn to_stdout(engine: &Engine, args: &ExportArgs) -> Result<(), EngineError> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    engine.export_decisions(args.tenant.id(), &mut |line: &DecisionLine| {
        serde_json::to_writer(&mut out, line)?;
        out.write_all(b"\n")
    })?;
    out.flush().map_err(|error| EngineError::Internal(Box::new(error)))
}

fn to_file(engine: &Engine, args: &ExportArgs, path: &Path) -> anyhow::Result<u64> {
    let mut writer = tributary_formats::Writer::create(path)?;
    let mut rows = 0;
    engine.export_decisions(args.tenant.id(), &mut |line: &DecisionLine| {
        rows += 1;
        writer.write(line).map_err(io::Error::other)
    })?;
    writer.finish()?;
    Ok(rows)
}
