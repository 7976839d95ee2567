//! `tributary backup`: a consistent copy of a SQLite database, also while others use it.

use super::Context;
use crate::output::cell_at;
use crate::wire;
use anyhow::{Context as _, bail};
use clap::Args;
use serde_json::json;
use std::path::PathBuf;

/// Arguments of the command.
#[derive(Debug, Args)]
#[command(after_help = "\
The copy is two files: FILE and, beside it, the ledger of held submissions. To restore, stop every
process and put both back under the names of the originals (docs/operating.md).

  tributary backup /backups/tributary-2026-11-22.db

PostgreSQL has its own tool for this: pg_dump.")]
pub struct BackupArgs {
    /// The copy; must not exist yet
    file: PathBuf,
}

/// Runs the command.
pub fn run(args: &BackupArgs, context: &Context) -> anyhow::Result<()> {
    if args.file.exists() {
        bail!("{} exists already; a backup never overwrites", args.file.display());
    }
    let store = wire::store(context.config())?;
    store.backup(&args.file).context("the backup failed")?;
    let result = json!({"file": args.file.display().to_string(), "backend": store.backend()});
    context.output.print(&result, |result| format!("Written: {}", cell_at(result, &["file"])))?;
    Ok(())
}
