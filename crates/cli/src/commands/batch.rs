//! `tributary batch`: runs the batch now, or tells how it stands.

use super::Context;
use crate::args::Tenant;
use crate::outcome::Told;
use crate::output::{Table, cell_at};
use crate::progress::Progress;
use crate::views;
use clap::Subcommand;
use serde_json::{Value, json};
use std::sync::Arc;
use tributary_contact::OrganizationId;
use tributary_engine::{Activation, Engine, RunStart, compat_time};
use tributary_store::RunState;

/// Subcommands.
#[derive(Debug, Subcommand)]
pub enum BatchCommand {
    /// Run the batch now, and wait for its end
    #[command(after_help = "\
The same run as at night: one at a time over all processes on the database. While another process runs
it, this command ends with status 1. Ctrl-C ends it after the rows under way; the next run goes on.")]
    Run {
        #[command(flatten)]
        tenant: Tenant,
    },
    /// Tell what waits, the latest run, and when the next one is due
    Status {
        #[command(flatten)]
        tenant: Tenant,
    },
}

/// Runs the command.
pub fn run(command: &BatchCommand, context: &Context) -> anyhow::Result<()> {
    let engine = context.engine()?;
    match command {
        BatchCommand::Run { tenant } => run_now(&engine, tenant.id(), context),
        BatchCommand::Status { tenant } => status(&engine, tenant.id(), context),
    }
}

fn run_now(engine: &Arc<Engine>, organization: OrganizationId, context: &Context) -> anyhow::Result<()> {
    engine.organization(organization)?;
    let runtime = super::runtime()?;
    let stopping = engine.clone();
    runtime.spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            stopping.shutdown();
        }
    });
    let stage = Progress::detect().stage("batch", 0);
    let start = stage.follow(engine, || engine.run_batch(organization, Activation::Manual));
    stage.finish();
    report(start?, context)
}

fn report(start: RunStart, context: &Context) -> anyhow::Result<()> {
    let (view, fine) = match start {
        RunStart::Finished(view) => {
            let fine = view.state == RunState::Done;
            (views::run(&view), fine)
        }
        RunStart::Stopped(view) => (views::run(&view), false),
        RunStart::AlreadyRunning => (json!({"state": "already_running"}), false),
        RunStart::NotDue => (json!({"state": "not_due"}), true),
    };
    context.output.print(&view, run_text)?;
    if fine { Ok(()) } else { Err(Told.into()) }
}

/// A run as text: its counts, then its reasons.
fn run_text(run: &Value) -> String {
    let state = cell_at(run, &["state"]);
    let Some(counts) = run.get("counts").and_then(Value::as_object) else {
        return match state.as_str() {
            "already_running" => {
                "Another process runs the batch of this organization, or died while it did: then its lease ends soon."
                    .to_owned()
            }
            _ => "Nothing is due.".to_owned(),
        };
    };
    let mut table = Table::bare();
    table.row(["run".to_owned(), format!("{} ({state})", cell_at(run, &["id"]))]);
    counts.iter().for_each(|(name, count)| table.row([name.clone(), count.to_string()]));
    for (reason, count) in run.get("reasons").and_then(Value::as_object).into_iter().flatten() {
        table.row([format!("  {reason}"), count.to_string()]);
    }
    table.text()
}

fn status(engine: &Engine, organization: OrganizationId, context: &Context) -> anyhow::Result<()> {
    engine.organization(organization)?;
    let health = engine.health(organization)?;
    let latest = engine.runs(organization, 0, 1)?.list.first().map(views::run);
    let result = json!({
        "running": engine.batch_running(organization)?,
        "nextDueAtUtc": engine.next_due(organization)?.map(compat_time),
        "held": health.ledger.held,
        "oldestHeldAtUtc": health.ledger.oldest.map(compat_time),
        "received": health.ledger.received,
        "latest": latest,
    });
    Ok(context.output.print(&result, status_text)?)
}

fn status_text(status: &Value) -> String {
    let rows = [
        ("running", "running"),
        ("next due (UTC)", "nextDueAtUtc"),
        ("held", "held"),
        ("oldest held (UTC)", "oldestHeldAtUtc"),
    ];
    let mut table = Table::bare();
    rows.iter().for_each(|(head, name)| table.row([(*head).to_owned(), cell_at(status, &[name])]));
    let latest = status.get("latest").filter(|latest| !latest.is_null());
    table.text() + &latest.map(run_text).unwrap_or_default()
}
