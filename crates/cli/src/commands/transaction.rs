//! `tributary transaction`: shows one, or takes its decision back.

use super::{Context, needs_update};
use crate::args::Tenant;
use crate::output::{cell, cell_at};
use crate::{parse, views};
use clap::Subcommand;
use serde_json::Value;
use tributary_contact::RecordId;
use tributary_engine::EngineError;

/// Subcommands.
#[derive(Debug, Subcommand)]
pub enum TransactionCommand {
    /// Show what was sent and every decision about it
    Show {
        #[command(flatten)]
        tenant: Tenant,
        /// Transaction, by id
        #[arg(value_parser = parse::transaction)]
        id: RecordId,
    },
    /// Take its latest decision back: it goes to needs-update, and its contact is as if it never came
    Undo {
        #[command(flatten)]
        tenant: Tenant,
        /// Transaction, by id
        #[arg(value_parser = parse::transaction)]
        id: RecordId,
    },
}

/// Runs the command.
pub fn run(command: &TransactionCommand, context: &Context) -> anyhow::Result<()> {
    let engine = context.engine()?;
    let view = match command {
        TransactionCommand::Show { tenant, id } => {
            engine.transaction(tenant.id(), *id)?.ok_or(EngineError::NotFound)?
        }
        TransactionCommand::Undo { tenant, id } => engine.undo_decision(tenant.id(), *id, &needs_update::staff())?,
    };
    Ok(context.output.print(&views::transaction(&view), text)?)
}

fn text(view: &Value) -> String {
    let mut lines = format!("{}: {}\n", cell_at(view, &["id"]), cell_at(view, &["state"]));
    let earlier = view.get("earlierDecisions").and_then(Value::as_array).into_iter().flatten();
    for decision in earlier.chain(view.get("decision").filter(|decision| !decision.is_null())) {
        let at = |name| decision.get(name).map(cell).unwrap_or_default();
        let undone = if at("undoneAtUtc").is_empty() { "" } else { " (undone)" };
        lines.push_str(&format!(
            "  {} {} {} by {}{undone}\n",
            at("decidedAtUtc"),
            at("outcome"),
            at("reason"),
            at("actor")
        ));
    }
    lines
}
