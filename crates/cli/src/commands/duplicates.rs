//! `tributary duplicates`: looks for contacts that are on file twice, and lists what was found.

use super::{Context, batch, needs_update};
use crate::args::Tenant;
use crate::outcome::Told;
use crate::output::{Table, cell_at, list_table};
use crate::views;
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use std::sync::Arc;
use tributary_contact::{ContactId, OrganizationId};
use tributary_engine::{Engine, ScanStart, Shown};
use tributary_store::{PairBand, PairFilter, SuggestionFilter};

/// Subcommands.
#[derive(Debug, Subcommand)]
pub enum DuplicatesCommand {
    /// Look at every contact on file, and wait for the end
    #[command(after_help = "\
One at a time over all processes on the database; a batch may run beside it. Ctrl-C ends it after the
contacts under way; the same command, or a running server, goes on. A new scan brings the list up to date.")]
    Scan {
        #[command(flatten)]
        tenant: Tenant,
    },
    /// Tell how far the newest scan has come
    Status {
        #[command(flatten)]
        tenant: Tenant,
    },
    /// List the pairs that were found, the surest first
    List(ListArgs),
    /// List what others, who may not merge them, say is one contact
    Suggested(SuggestedArgs),
    /// Leave two contacts that were suggested as they are
    Decline {
        /// Number of the suggestion
        id: i64,
        #[command(flatten)]
        tenant: Tenant,
    },
}

/// Arguments of `suggested`.
#[derive(Debug, Args)]
pub struct SuggestedArgs {
    #[command(flatten)]
    tenant: Tenant,
    /// Only what is about this contact
    #[arg(long, value_name = "ID")]
    contact: Option<i64>,
    /// What needs nobody any more instead
    #[arg(long)]
    closed: bool,
    /// Leave out so many rows at the start
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(i64).range(0..))]
    skip: i64,
    /// Show at most so many rows
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(i64).range(1..=1000))]
    take: i64,
}

/// Arguments of `list`.
#[derive(Debug, Args)]
pub struct ListArgs {
    #[command(flatten)]
    tenant: Tenant,
    /// Only `certain` or only `likely` pairs
    #[arg(long, value_parser = band)]
    band: Option<PairBand>,
    /// Only pairs of this contact
    #[arg(long, value_name = "ID")]
    contact: Option<i64>,
    /// What needs nobody any more instead
    #[arg(long)]
    closed: bool,
    /// Leave out so many rows at the start
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(i64).range(0..))]
    skip: i64,
    /// Show at most so many rows
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(i64).range(1..=1000))]
    take: i64,
}

fn band(text: &str) -> Result<PairBand, String> {
    PairBand::parse(text).ok_or_else(|| "one of certain, likely".to_owned())
}

/// Runs the command.
pub fn run(command: &DuplicatesCommand, context: &Context) -> anyhow::Result<()> {
    let engine = context.engine()?;
    match command {
        DuplicatesCommand::Scan { tenant } => scan(&engine, tenant.id(), context),
        DuplicatesCommand::Status { tenant } => {
            let view = engine.duplicate_scan(tenant.id())?;
            Ok(context.output.print(&views::duplicate_scan(&view), scan_text)?)
        }
        DuplicatesCommand::List(args) => list(&engine, args, context),
        DuplicatesCommand::Suggested(args) => suggested(&engine, args, context),
        DuplicatesCommand::Decline { id, tenant } => {
            engine.decline_merge_suggestion(tenant.id(), &needs_update::staff(), *id)?;
            let text = |result: &Value| format!("declined: suggestion {}", cell_at(result, &["id"]));
            Ok(context.output.print(&json!({"id": id, "closed": "declined"}), text)?)
        }
    }
}

fn suggested(engine: &Engine, args: &SuggestedArgs, context: &Context) -> anyhow::Result<()> {
    let filter = SuggestionFilter { contact: args.contact.map(ContactId), closed: args.closed };
    let page = engine.merge_suggestions(args.tenant.id(), filter, args.skip, args.take)?;
    let rows: Vec<Value> = page.list.iter().map(|own| views::merge_suggestion(&own.row)).collect();
    let columns = [
        ("id", "id"),
        ("contact", "contactId"),
        ("other", "otherContactId"),
        ("by", "actor"),
        ("because", "note"),
        ("closed", "closed"),
    ];
    let text = |result: &Value| format!("{}{} in all\n", list_table(result, &columns), cell_at(result, &["total"]));
    Ok(context.output.print(&json!({"list": rows, "total": page.total}), text)?)
}

fn scan(engine: &Arc<Engine>, organization: OrganizationId, context: &Context) -> anyhow::Result<()> {
    engine.organization(organization)?;
    let actor = needs_update::staff();
    let start = batch::stoppable(engine, "scan", || engine.scan_duplicates(organization, &actor))?;
    let (view, fine) = match start? {
        ScanStart::Finished(view) => (views::duplicate_scan(&view), true),
        ScanStart::Stopped(view) => (views::duplicate_scan(&view), false),
        ScanStart::Busy => (json!({"state": "already_running"}), false),
    };
    context.output.print(&view, scan_text)?;
    if fine { Ok(()) } else { Err(Told.into()) }
}

fn scan_text(scan: &Value) -> String {
    if cell_at(scan, &["state"]) == "already_running" {
        return "A scan of this organization is running already.".to_owned();
    }
    let mut table = Table::bare();
    table.row(["scan".to_owned(), format!("{} ({})", cell_at(scan, &["id"]), cell_at(scan, &["state"]))]);
    for (head, name) in [("contacts", "contacts"), ("of", "total"), ("open pairs", "openPairs")] {
        table.row([head.to_owned(), cell_at(scan, &[name])]);
    }
    table.text()
}

fn list(engine: &Engine, args: &ListArgs, context: &Context) -> anyhow::Result<()> {
    let organization = args.tenant.id();
    let shown = Shown::at(engine.catalogue(organization)?, engine.clock().now());
    let filter = PairFilter { band: args.band, contact: args.contact.map(ContactId), closed: args.closed };
    let page = engine.duplicate_pairs(organization, filter, args.skip, args.take)?;
    let rows: Vec<Value> = page.list.iter().map(|pair| views::duplicate_pair(pair, &shown)).collect();
    let columns = [
        ("contact", "contactId"),
        ("other", "otherContactId"),
        ("band", "band"),
        ("score", "score"),
        ("because", "sentence"),
    ];
    let text = |result: &Value| format!("{}{} in all\n", list_table(result, &columns), cell_at(result, &["total"]));
    Ok(context.output.print(&json!({"list": rows, "total": page.total}), text)?)
}
