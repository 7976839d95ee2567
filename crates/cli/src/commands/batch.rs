//! `tributary batch`: runs the batch now, takes a run back, or tells how it stands.

use super::Context;
use crate::args::Tenant;
use crate::outcome::{self, Told};
use crate::output::{Table, cell_at};
use crate::progress::Progress;
use crate::views;
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use std::sync::Arc;
use tributary_contact::{OrganizationId, RunId};
use tributary_engine::{
    Activation, Afterwards, Engine, EngineError, Replay, ReplayPage, RunStart, UndoStart, compat_time,
};
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
    /// Take past decisions again under another policy or other weights, and store nothing
    #[command(after_help = "\
  tributary batch replay --policy 2 --organization 1          what would policy-2 have decided
  tributary batch replay --weights shipped --organization 1   and the shipped weights

Each submission that a run decided meets the contacts as they are on file, of each only what was received
before it, once under what is in force and once under the other version. Listed is where the two differ.
What people said about the same submissions is held against both. Limits: docs/matching.md")]
    Replay(ReplayArgs),
    /// Tell what waits, the latest run, and when the next one is due
    Status {
        #[command(flatten)]
        tenant: Tenant,
    },
}

/// Arguments of `replay`.
#[derive(Debug, Clone, Copy, Args)]
pub struct ReplayArgs {
    #[command(flatten)]
    tenant: Tenant,
    /// The policy, by number, or `shipped`
    #[arg(long, value_name = "VERSION", value_parser = policy_version, required_unless_present = "weights")]
    policy: Option<i64>,
    /// The weights, by number of the version, or `shipped`
    #[arg(long, value_name = "VERSION", value_parser = weights_version)]
    weights: Option<i64>,
}

/// Runs the command.
pub fn run(command: &BatchCommand, context: &Context) -> anyhow::Result<()> {
    let engine = context.engine()?;
    match command {
        BatchCommand::Run { tenant, dry_run: true } => rehearse(&engine, tenant.id(), context),
        BatchCommand::Run { tenant, .. } => run_now(&engine, tenant.id(), context),
        BatchCommand::Replay(args) => replay(&engine, *args, context),
        BatchCommand::Undo { run, tenant, rows } => undo(&engine, tenant.id(), (RunId(*run), *rows), context),
        BatchCommand::Status { tenant } => status(&engine, tenant.id(), context),
    }
}

fn run_now(engine: &Arc<Engine>, organization: OrganizationId, context: &Context) -> anyhow::Result<()> {
    engine.organization(organization)?;
    let start = stoppable(engine, "batch", || engine.run_batch(organization, Activation::Manual))?;
    report(start?, context)
}

/// Shows progress, and lets Ctrl-C end the work after what is under way.
fn stoppable<T>(engine: &Arc<Engine>, stage: &'static str, work: impl FnOnce() -> T) -> anyhow::Result<T> {
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

fn policy_version(text: &str) -> Result<i64, String> {
    version(text, "policy-")
}

fn weights_version(text: &str) -> Result<i64, String> {
    version(text, "matcher-")
}

/// The number of a version; 0 is the shipped one.
fn version(text: &str, prefix: &str) -> Result<i64, String> {
    if text == "shipped" {
        return Ok(0);
    }
    let number = text.strip_prefix(prefix).unwrap_or(text).parse().ok().filter(|number| *number >= 0);
    number.ok_or_else(|| "a number, or `shipped`".to_owned())
}

fn replay(engine: &Arc<Engine>, args: ReplayArgs, context: &Context) -> anyhow::Result<()> {
    let ask = Replay { policy: args.policy, weights: args.weights, after: None, take: 0 };
    let mut whole: Option<ReplayPage> = None;
    let stage = Progress::detect().stage("replay", 0);
    let done = stage.follow(engine, || {
        engine.replay_all(args.tenant.id(), ask, &mut |page| match &mut whole {
            Some(whole) => whole.add(page),
            None => whole = Some(page),
        })
    });
    stage.finish();
    done.map_err(|error| match error {
        EngineError::NotFound => outcome::usage("There is no such organization or version."),
        other => other.into(),
    })?;
    let whole = whole.map(|page| views::replay(&page)).unwrap_or_default();
    Ok(context.output.print(&whole, replay_text)?)
}

fn replay_text(result: &Value) -> String {
    let mut table = Table::new(&["transaction", "now", "would be", "because", "why"]);
    let decided = |own: &Value, name: &str| {
        let part = |part: &str| cell_at(own, &[name, part]);
        format!("{} {}", part("state"), part("contactId")).trim_end().to_owned()
    };
    let differing = result.get("differing").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    for own in differing.iter().take(SHOWN) {
        let [id, because, why] = ["transactionId", "because", "why"].map(|name| cell_at(own, &[name]));
        table.row([id, decided(own, "now"), decided(own, "wouldBe"), because, why]);
    }
    let mut text = table.text();
    if differing.len() > SHOWN {
        text.push_str("… all with --json\n");
    }
    let mut sums = Table::new(&["", "policy", "weights", "right", "wrong", "missed", "to a person"]);
    for (name, versions, agreement) in
        [("in force", "inForce", "agreementInForce"), ("replayed", "replayed", "agreementReplayed")]
    {
        let of = |part: &str| cell_at(result, &[agreement, part]);
        let version = |part: &str| cell_at(result, &[versions, part]);
        let row = [version("policy"), version("weights"), of("right"), of("wrong"), of("missed"), of("waits")];
        sums.row(std::iter::once(name.to_owned()).chain(row));
    }
    let count = |name: &str| cell_at(result, &[name]);
    let sum = format!(
        "{} of {} decisions would be others; {} are others today anyway\n",
        differing.len(),
        count("compared"),
        count("drifted")
    );
    text + &sums.text() + &sum
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
