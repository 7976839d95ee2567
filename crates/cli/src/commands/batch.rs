//! `tributary batch`: runs the batch now, takes a run back, or tells how it stands.

use super::Context;
use crate::args::Tenant;
use crate::outcome::Told;
use crate::output::{Table, cell_at};
use crate::progress::Progress;
use crate::views;
use clap::Subcommand;
use serde_json::{Value, json};
use std::sync::Arc;
use tributary_contact::{OrganizationId, RunId};
use tributary_engine::{Activation, Afterwards, Engine, RunStart, UndoStart, compat_time};
use tributary_store::RunState;

/// Contacts of a dry run shown as text.
const SHOWN: usize = 20;

/// Subcommands.
#[derive(Debug, Subcommand)]
pub enum BatchCommand {
    /// Run the batch now, and wait for its end
    #[command(after_help = "\
The same run as at night: one at a time over all processes on the database. While another process runs
it, this command ends with status 1. Ctrl-C ends it after the rows under way; the next run goes on.

With --dry-run it is worked out what the run would do, and nothing is stored: counts, every row with its
decision, every contact with the values that would change. --json prints all of it, else the first ones.")]
    Run {
        #[command(flatten)]
        tenant: Tenant,
        /// Tell what the run would do, and store nothing
        #[arg(long)]
        dry_run: bool,
    },
    /// Take a whole run back
    #[command(after_help = "\
  tributary batch undo 12 --organization 1
  tributary batch undo 12 --organization 1 --rows hold      decide them again in the next run

Rows that a person decided about since, or whose contact a person changed since, stay as they are and are
counted as kept; `GET /api/Batch/{id}/Undo` lists them. Events tell of everything that changed back. Ctrl-C
ends it after the rows under way; the same command, or a running server, goes on.")]
    Undo {
        /// Number of the run
        #[arg(value_name = "RUN")]
        run: i64,
        #[command(flatten)]
        tenant: Tenant,
        /// Where its rows go: to a person, to the next run, or nowhere
        #[arg(long, value_name = "WHERE", value_parser = afterwards, default_value = "review")]
        rows: Afterwards,
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
        BatchCommand::Run { tenant, dry_run: true } => rehearse(&engine, tenant.id(), context),
        BatchCommand::Run { tenant, .. } => run_now(&engine, tenant.id(), context),
        BatchCommand::Undo { run, tenant, rows } => undo(&engine, tenant.id(), (RunId(*run), *rows), context),
        BatchCommand::Status { tenant } => status(&engine, tenant.id(), context),
    }
}

fn run_now(engine: &Arc<Engine>, organization: OrganizationId, context: &Context) -> anyhow::Result<()> {
    engine.organization(organization)?;
    let start = stoppable(engine, "batch", || engine.run_batch(organization, Activation::Manual))?;
    report(start?, context)
}

/// Does work that shows progress, and lets Ctrl-C end the work after what is under way.
pub fn stoppable<T>(engine: &Arc<Engine>, stage: &'static str, work: impl FnOnce() -> T) -> anyhow::Result<T> {
    let runtime = super::runtime()?;
    let stopping = engine.clone();
    runtime.spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            stopping.shutdown();
        }
    });
    let stage = Progress::detect().stage(stage, 0);
    let done = stage.follow(engine, work);
    stage.finish();
    Ok(done)
}

fn undo(
    engine: &Arc<Engine>,
    organization: OrganizationId,
    (run, rows): (RunId, Afterwards),
    context: &Context,
) -> anyhow::Result<()> {
    engine.organization(organization)?;
    let actor = super::needs_update::staff();
    let start = stoppable(engine, "undo", || engine.undo_run(organization, run, rows, &actor))?;
    let (view, fine) = match start? {
        UndoStart::Finished(view) => (views::run_undo(&view), view.failed == 0),
        UndoStart::Stopped(view) => (views::run_undo(&view), false),
        UndoStart::Busy => (json!({"state": "already_running"}), false),
    };
    context.output.print(&view, undo_text)?;
    if fine { Ok(()) } else { Err(Told.into()) }
}

fn afterwards(text: &str) -> Result<Afterwards, String> {
    Afterwards::parse(text).ok_or_else(|| "one of review, hold, reject".to_owned())
}

fn undo_text(undo: &Value) -> String {
    if cell_at(undo, &["state"]) == "already_running" {
        return "A batch of this organization is running; try again when it has ended.".to_owned();
    }
    let mut table = Table::bare();
    table.row(["run".to_owned(), format!("{} ({})", cell_at(undo, &["batchId"]), cell_at(undo, &["state"]))]);
    for name in ["reversed", "kept", "failed", "untouched"] {
        table.row([name.to_owned(), cell_at(undo, &[name])]);
    }
    table.text()
}

fn rehearse(engine: &Engine, organization: OrganizationId, context: &Context) -> anyhow::Result<()> {
    let dry = views::dry_run(&engine.dry_run(organization)?);
    Ok(context.output.print(&dry, dry_text)?)
}

/// A dry run as text: its counts, then the first contacts with what would change.
fn dry_text(dry: &Value) -> String {
    let mut table = Table::bare();
    table.row(["dry run".to_owned(), "nothing was stored".to_owned()]);
    counts(dry, &mut table);
    let contacts = dry.get("contacts").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    table.row(["contacts".to_owned(), format!("{} new or changed", contacts.len())]);
    contacts.iter().take(SHOWN).for_each(|contact| table.row(contact_row(contact)));
    if contacts.len() > SHOWN {
        table.row(["  …".to_owned(), "all with --json".to_owned()]);
    }
    table.text()
}

fn contact_row(contact: &Value) -> [String; 2] {
    let new = if contact.get("isNew") == Some(&Value::Bool(true)) { "new: " } else { "" };
    let changes = contact.get("changes").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let fields: Vec<_> = changes.iter().map(|change| cell_at(change, &["field"])).collect();
    [format!("  {}", cell_at(contact, &["contactId"])), format!("{new}{}", fields.join(", "))]
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
    if run.get("counts").is_none() {
        return match state.as_str() {
            "already_running" => {
                "Another process runs the batch of this organization, or died while it did: then its lease ends soon."
                    .to_owned()
            }
            _ => "Nothing is due.".to_owned(),
        };
    }
    let mut table = Table::bare();
    table.row(["run".to_owned(), format!("{} ({state})", cell_at(run, &["id"]))]);
    counts(run, &mut table);
    table.text()
}

/// Rows per outcome, then per reason.
fn counts(run: &Value, table: &mut Table) {
    let of = |name: &str| run.get(name).and_then(Value::as_object).into_iter().flatten();
    of("counts").for_each(|(name, count)| table.row([name.clone(), count.to_string()]));
    of("reasons").for_each(|(reason, count)| table.row([format!("  {reason}"), count.to_string()]));
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
