//! `tributary needs-update`: the transactions that wait for a person.

use super::Context;
use crate::args::Tenant;
use crate::output::{Table, cell_at, list_table};
use crate::{outcome, parse, views};
use anyhow::Context as _;
use clap::{Args, Subcommand, ValueEnum};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use tributary_contact::flat::{FlatContext, parse_flat};
use tributary_contact::state::Reason;
use tributary_contact::{ContactId, ItemId, RecordId, Submission};
use tributary_engine::{Actor, Engine, EngineError, Resolution, Shown};
use tributary_store::NeedsUpdateFilter;

/// Subcommands.
#[derive(Debug, Subcommand)]
pub enum NeedsUpdateCommand {
    /// List what waits, oldest first
    List(ListArgs),
    /// Show one: what was sent, why it waits, and the contacts it may belong to
    Show {
        #[command(flatten)]
        tenant: Tenant,
        /// Transaction, by id
        #[arg(value_parser = parse::transaction)]
        id: RecordId,
    },
    /// Decide one
    #[command(after_help = "\
merge           into an individual of --contact (--individual where it has several)
add-individual  as a new individual of --contact
create          as a new contact
retry           back to the next batch, with --file FILE as its corrected flat body
reject          never

Every decision can be taken back: tributary transaction undo ID --organization ID")]
    Resolve(ResolveArgs),
}

/// Arguments of `list`.
#[derive(Debug, Args)]
pub struct ListArgs {
    #[command(flatten)]
    tenant: Tenant,
    /// Only this reason code
    #[arg(long, value_parser = parse::reason)]
    reason: Option<Reason>,
    /// Only this reference source
    #[arg(long, value_name = "NAME")]
    source: Option<String>,
    /// Leave out so many rows at the start
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(i64).range(0..))]
    skip: i64,
    /// Show at most so many rows
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(i64).range(1..=1000))]
    take: i64,
}

/// Arguments of `resolve`.
#[derive(Debug, Args)]
pub struct ResolveArgs {
    #[command(flatten)]
    tenant: Tenant,
    /// Transaction, by id
    #[arg(value_parser = parse::transaction)]
    id: RecordId,
    /// What to do with it
    #[arg(long, value_enum)]
    action: Action,
    /// The contact, by id
    #[arg(long, value_name = "ID", required_if_eq_any = [("action", "merge"), ("action", "add-individual")])]
    contact: Option<i64>,
    /// The individual of the contact, by id
    #[arg(long, value_name = "ID", requires = "contact")]
    individual: Option<i64>,
    /// The corrected flat body as JSON, for `retry`
    #[arg(long)]
    file: Option<PathBuf>,
}

/// What a person can decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Action {
    /// Into an individual of a contact.
    Merge,
    /// As a new individual of a contact.
    AddIndividual,
    /// As a new contact.
    Create,
    /// Back to the next batch.
    Retry,
    /// Never.
    Reject,
}

/// Runs the command.
pub fn run(command: NeedsUpdateCommand, context: &Context) -> anyhow::Result<()> {
    match command {
        NeedsUpdateCommand::List(args) => list(args, context),
        NeedsUpdateCommand::Show { tenant, id } => {
            let engine = context.engine()?;
            let item = engine.needs_update_item(tenant.id(), id)?.ok_or(EngineError::NotFound)?;
            let shown = Shown::at(engine.catalogue(tenant.id())?, engine.clock().now());
            Ok(context.output.print(&views::bucket_item(&item, &shown), item_text)?)
        }
        NeedsUpdateCommand::Resolve(args) => {
            let engine = context.engine()?;
            let resolution = resolution(&engine, &args)?;
            let view = resolve(&engine, &args, resolution)?;
            Ok(context
                .output
                .print(&view, |view| format!("{}: {}", cell_at(view, &["id"]), cell_at(view, &["state"])))?)
        }
    }
}

fn list(args: ListArgs, context: &Context) -> anyhow::Result<()> {
    let engine = context.engine()?;
    engine.organization(args.tenant.id())?;
    let filter = NeedsUpdateFilter { reason: args.reason, source: args.source, ..NeedsUpdateFilter::default() };
    let page = engine.needs_update(args.tenant.id(), &filter, args.skip, args.take)?;
    let rows: Vec<Value> = page.list.iter().map(views::transaction).collect();
    let columns = [
        ("id", "id"),
        ("received", "receivedAtUtc"),
        ("reason", "reason"),
        ("source", "referenceSource"),
        ("reference", "referenceId"),
    ];
    let text = |result: &Value| format!("{}{} in all\n", list_table(result, &columns), cell_at(result, &["total"]));
    Ok(context.output.print(&json!({"list": rows, "total": page.total}), text)?)
}

fn resolve(engine: &Engine, args: &ResolveArgs, resolution: Resolution) -> anyhow::Result<Value> {
    let view = engine.resolve(args.tenant.id(), args.id, resolution, &staff())?;
    Ok(views::transaction(&view))
}

/// Who decides on the command line: the account of the shell.
pub fn staff() -> Actor {
    Actor::Staff(std::env::var("USER").unwrap_or_else(|_| "command line".to_owned()))
}

fn resolution(engine: &Engine, args: &ResolveArgs) -> anyhow::Result<Resolution> {
    let contact =
        || args.contact.map(ContactId).ok_or_else(|| outcome::usage("--contact ID is needed for this action"));
    if args.file.is_some() && args.action != Action::Retry {
        return Err(outcome::usage("--file goes with --action retry only"));
    }
    Ok(match args.action {
        Action::Merge => Resolution::Merge { contact: contact()?, individual: args.individual.map(ItemId) },
        Action::AddIndividual => Resolution::AddIndividual { contact: contact()? },
        Action::Create => Resolution::Create,
        Action::Retry => {
            let catalogue = engine.catalogue(args.tenant.id())?;
            let read = |path: &Path| corrected(path, &catalogue.flat());
            Resolution::Retry { submission: args.file.as_deref().map(read).transpose()?.map(Box::new) }
        }
        Action::Reject => Resolution::Reject,
    })
}

fn corrected(path: &Path, defined: &FlatContext<'_>) -> anyhow::Result<Submission> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let body: Value = serde_json::from_str(&text).map_err(|error| {
        // The parser's own text can quote the body.
        anyhow::anyhow!("{} is not JSON: line {}, column {}", path.display(), error.line(), error.column())
    })?;
    let parsed = parse_flat(&body, defined).map_err(EngineError::Invalid)?;
    Ok(parsed.submission)
}

fn item_text(item: &Value) -> String {
    let mut table = Table::bare();
    for name in ["id", "receivedAtUtc", "reason", "sentence"] {
        table.row([name.to_owned(), cell_at(item, &[name])]);
    }
    for (name, value) in item.get("submission").and_then(Value::as_object).into_iter().flatten() {
        table.row([format!("  {name}"), crate::output::cell(value)]);
    }
    let mut text = table.text();
    for candidate in item.get("candidates").and_then(Value::as_array).into_iter().flatten() {
        let at = |name: &str| cell_at(candidate, &name.split('.').collect::<Vec<_>>());
        text.push_str(&format!("\ncontact {} ({}): {}\n", at("contactId"), at("contact.name"), at("sentence")));
    }
    text
}
