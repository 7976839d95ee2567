//! `tributary needs-update`: the transactions that wait for a person.

mod filter;
mod many;

use super::Context;
use crate::args::Tenant;
use crate::output::{Table, cell_at, list_table};
use crate::{outcome, parse, views};
use anyhow::Context as _;
use clap::{Args, Subcommand, ValueEnum};
use filter::{FilterArgs, Sort};
use many::{ManyArgs, TriageArgs};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use tributary_contact::flat::{FlatContext, parse_flat};
use tributary_contact::merge::Side;
use tributary_contact::{ContactId, ItemId, RecordId, Submission};
use tributary_engine::{Actor, Engine, EngineError, Resolution, Shown};
use tributary_store::NeedsUpdateFilter;

/// Subcommands.
#[derive(Debug, Subcommand)]
pub enum NeedsUpdateCommand {
    /// List what waits, oldest first
    List(ListArgs),
    /// Count what waits, by reason and by source
    Count {
        #[command(flatten)]
        tenant: Tenant,
        #[command(flatten)]
        filter: FilterArgs,
    },
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

With merge, --keep FIELD=incoming or --keep FIELD=onFile says whose value holds where `show` tells a
difference; it is locked then like any direct change.

Every decision can be taken back: tributary transaction undo ID --organization ID")]
    Resolve(ResolveArgs),
    /// Do one thing with all that fit a filter; each is a decision of its own
    #[command(after_help = "\
  tributary needs-update resolve-many --organization 1 --action reject --reason too_little --dry-run
  tributary needs-update resolve-many --organization 1 --action merge --reason merge_waits --source 'Harbor CRM'
  tributary needs-update resolve-many --organization 1 --action assign --to ada@example.org --assignee none

What has to be looked at one by one is left out, and the reason told. Every decision can be taken back:
tributary transaction undo ID --organization ID")]
    ResolveMany(ManyArgs),
    /// Carry out the triage rules of the policy; each batch does so at its end
    Triage(TriageArgs),
    /// Give one to a user, or make it nobody's
    Assign {
        #[command(flatten)]
        tenant: Tenant,
        /// Transaction, by id
        #[arg(value_parser = parse::transaction)]
        id: RecordId,
        /// The user, by e-mail address
        #[arg(long, value_name = "EMAIL", required_unless_present = "nobody")]
        to: Option<String>,
        /// Make it nobody's
        #[arg(long, conflicts_with = "to")]
        nobody: bool,
    },
    /// Ask the sender of one something; the question is shown with its status
    Ask {
        #[command(flatten)]
        tenant: Tenant,
        /// Transaction, by id
        #[arg(value_parser = parse::transaction)]
        id: RecordId,
        /// The question; nothing in it may be known of anybody but the sender's own contact
        question: String,
    },
}

/// Arguments of `list`.
#[derive(Debug, Args)]
pub struct ListArgs {
    #[command(flatten)]
    tenant: Tenant,
    #[command(flatten)]
    filter: FilterArgs,
    /// In which order
    #[arg(long, value_enum, default_value = "oldest")]
    sort: Sort,
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
    /// Whose value a merge keeps of a field: FIELD=incoming or FIELD=onFile
    #[arg(long, value_name = "FIELD=SIDE", value_parser = keep)]
    keep: Vec<(String, Side)>,
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
            let now = engine.clock().now();
            Ok(context.output.print(&views::bucket_item(&item, &shown, now), item_text)?)
        }
        NeedsUpdateCommand::Count { tenant, filter } => count(tenant, &filter, context),
        NeedsUpdateCommand::ResolveMany(args) => many::resolve_many(&args, context),
        NeedsUpdateCommand::Triage(args) => many::triage(&args, context),
        NeedsUpdateCommand::Assign { tenant, id, to, .. } => {
            let engine = context.engine()?;
            let view = engine.assign(tenant.id(), id, to.as_deref(), &staff())?;
            let text = |view: &Value| match cell_at(view, &["assignee", "email"]) {
                nobody if nobody.is_empty() => format!("{}: nobody's", cell_at(view, &["id"])),
                email => format!("{}: {email}", cell_at(view, &["id"])),
            };
            Ok(context.output.print(&views::bucket_row(&view, engine.clock().now()), text)?)
        }
        NeedsUpdateCommand::Ask { tenant, id, question } => {
            let engine = context.engine()?;
            let view = engine.ask_sender(tenant.id(), id, &question, &staff())?;
            let text = |view: &Value| format!("{}: asked", cell_at(view, &["id"]));
            Ok(context.output.print(&views::bucket_row(&view, engine.clock().now()), text)?)
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
    let filter = args.filter.filter(&engine, args.tenant.id())?;
    let filter = NeedsUpdateFilter { order: args.sort.into(), ..filter };
    let page = engine.needs_update(args.tenant.id(), &filter, args.skip, args.take)?;
    let now = engine.clock().now();
    let rows: Vec<Value> = page.list.iter().map(|view| views::bucket_row(view, now)).collect();
    let columns = [
        ("id", "id"),
        ("received", "receivedAtUtc"),
        ("reason", "reason"),
        ("source", "referenceSource"),
        ("reference", "referenceId"),
        ("hours", "ageHours"),
        ("score", "score"),
        ("assignee", "assignee.email"),
    ];
    let text = |result: &Value| format!("{}{} in all\n", list_table(result, &columns), cell_at(result, &["total"]));
    Ok(context.output.print(&json!({"list": rows, "total": page.total}), text)?)
}

fn count(tenant: Tenant, filter: &FilterArgs, context: &Context) -> anyhow::Result<()> {
    let engine = context.engine()?;
    engine.organization(tenant.id())?;
    let counts = engine.bucket_counts(tenant.id(), &filter.filter(&engine, tenant.id())?)?;
    Ok(context.output.print(&views::bucket_counts(&counts), counts_text)?)
}

fn counts_text(counts: &Value) -> String {
    let mut table = Table::new(&["", "rows", "oldest"]);
    for (list, name) in [("reasons", "reason"), ("sources", "source")] {
        for own in counts.get(list).and_then(Value::as_array).into_iter().flatten() {
            table.row([name, "count", "oldestReceivedAtUtc"].map(|part| cell_at(own, &[part])));
        }
    }
    format!("{}{} in all\n", table.text(), cell_at(counts, &["total"]))
}

/// A field and whose value of it is kept.
fn keep(text: &str) -> Result<(String, Side), String> {
    let (field, side) = text.rsplit_once('=').ok_or("FIELD=incoming or FIELD=onFile")?;
    match side {
        "incoming" => Ok((field.to_owned(), Side::Merged)),
        "onFile" => Ok((field.to_owned(), Side::Survivor)),
        _ => Err("FIELD=incoming or FIELD=onFile".to_owned()),
    }
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
    if !args.keep.is_empty() && args.action != Action::Merge {
        return Err(outcome::usage("--keep goes with --action merge only"));
    }
    Ok(match args.action {
        Action::Merge => Resolution::Merge {
            contact: contact()?,
            individual: args.individual.map(ItemId),
            keep: args.keep.iter().cloned().collect(),
        },
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

/// Where a candidate and the row differ.
fn differences_text(candidate: &Value) -> String {
    let differences = candidate.get("differences").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    if differences.is_empty() {
        return String::new();
    }
    let mut table = Table::new(&["  field", "incoming", "on file", "after a merge"]);
    for own in differences {
        let [field, incoming, on_file, result] =
            ["field", "incoming", "onFile", "result"].map(|name| cell_at(own, &[name]));
        table.row([format!("  {field}"), incoming, on_file, result]);
    }
    table.text()
}

fn item_text(item: &Value) -> String {
    let mut table = Table::bare();
    for name in ["id", "receivedAtUtc", "reason", "sentence", "ageHours"] {
        table.row([name.to_owned(), cell_at(item, &[name])]);
    }
    for (name, value) in item.get("submission").and_then(Value::as_object).into_iter().flatten() {
        table.row([format!("  {name}"), crate::output::cell(value)]);
    }
    let mut text = table.text();
    for candidate in item.get("candidates").and_then(Value::as_array).into_iter().flatten() {
        let at = |name: &str| cell_at(candidate, &name.split('.').collect::<Vec<_>>());
        text.push_str(&format!("\ncontact {} ({}): {}\n", at("contactId"), at("contact.name"), at("sentence")));
        text.push_str(&differences_text(candidate));
    }
    text
}
