//! `tributary calibrate`: learns weights from an organization's own rows and decisions.

use super::{Context, needs_update};
use crate::args::Tenant;
use crate::output::{Table, cell_at};
use crate::progress::Progress;
use clap::Args;
use serde_json::Value;

/// Weights listed at most.
const LISTED: usize = 12;

/// Arguments of the command.
#[derive(Debug, Args)]
#[command(after_help = "\
Learns from submissions as they met what was on file before them, and from what people decided. A part of
the rows is held back: only when the learnt weights do at least as well on them as the shipped ones are
they stored as a new version and used by the next run. Take a version back: tributary matcher revert")]
pub struct CalibrateArgs {
    #[command(flatten)]
    tenant: Tenant,
    /// Store nothing, only tell
    #[arg(long)]
    dry_run: bool,
}

/// Runs the command.
pub fn run(args: &CalibrateArgs, context: &Context) -> anyhow::Result<()> {
    let engine = context.engine()?;
    let stage = Progress::detect().stage("calibrate", 0);
    let done = stage.follow(&engine, || engine.calibrate(args.tenant.id(), args.dry_run, &needs_update::staff()));
    stage.finish();
    Ok(context.output.print(&serde_json::to_value(&done?)?, text)?)
}

fn text(result: &Value) -> String {
    let at = |path: &[&str]| cell_at(result, path);
    let mut table = Table::bare();
    for (name, path) in [
        ("version in force", &["version"][..]),
        ("rows looked at", &["rows"]),
        ("labels: known people", &["labels", "same"]),
        ("labels: new relatives", &["labels", "relative"]),
        ("labels: nobody on file", &["labels", "other"]),
        ("held back: rows", &["heldBack", "rows"]),
        ("held back: labels", &["heldBack", "labels"]),
        ("held back: gain, bits per row", &["heldBack", "gain"]),
    ] {
        table.row([name.to_owned(), at(path)]);
    }
    format!("{}\n{}\n{}", at(&["sentence"]), table.text(), moved(result))
}

/// The weights that moved furthest, in bits for the same individual and for a relative.
fn moved(result: &Value) -> String {
    let list = result.get("changed").and_then(Value::as_array).into_iter().flatten();
    let mut table = Table::new(&["level", "same: shipped", "learnt", "relative: shipped", "learnt"]);
    let number = |weight: &Value, name: &str, place: usize| {
        let value = weight.get(name).and_then(|pair| pair.get(place)).and_then(Value::as_f64);
        format!("{:+.2}", value.unwrap_or_default())
    };
    for weight in list.take(LISTED) {
        let cells = [("same", 0), ("same", 1), ("relative", 0), ("relative", 1)];
        let numbers = cells.map(|(name, place)| number(weight, name, place));
        table.row([cell_at(weight, &["phrase"])].into_iter().chain(numbers));
    }
    table.text()
}
