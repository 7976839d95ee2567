//! `tributary contact`: what a person can ask for about their own data.

use super::{Context, needs_update};
use crate::args::Tenant;
use crate::output::{Table, cell_at, list_table};
use crate::views;
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use tributary_contact::ContactId;

/// Subcommands.
#[derive(Debug, Subcommand)]
pub enum ContactCommand {
    /// Erase everything that is held about a contact
    #[command(after_help = "\
  tributary contact erase 70114 --organization 1 --reason 'Asked for by letter of 3 November 2026'

It cannot be taken back. What became of its rows stays, what they said does not. Hashes of its mailboxes,
numbers, references and names at addresses are kept, so that the next sync does not bring it back: what
comes of it waits with the reason `erased` (tributary contact erasures, tributary contact lift).")]
    Erase {
        /// Contact, by id
        id: i64,
        #[command(flatten)]
        tenant: Tenant,
        /// Why
        #[arg(long)]
        reason: String,
    },
    /// Write everything that is held about a contact to standard output, as one JSON document
    Export {
        /// Contact, by id
        id: i64,
        #[command(flatten)]
        tenant: Tenant,
    },
    /// List who said when that the contact may be written to, or may not, latest first
    Consent {
        /// Contact, by id
        id: i64,
        #[command(flatten)]
        tenant: Tenant,
        #[command(flatten)]
        part: Part,
    },
    /// List what was erased, the newest first
    Erasures {
        #[command(flatten)]
        tenant: Tenant,
        #[command(flatten)]
        part: Part,
    },
    /// Lift the tombstone of an erasure: the person may come back
    Lift {
        /// Number of the erasure
        id: i64,
        #[command(flatten)]
        tenant: Tenant,
    },
}

/// A part of a list.
#[derive(Debug, Clone, Copy, Args)]
pub struct Part {
    /// Leave out so many rows at the start
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(u32).range(0..))]
    skip: u32,
    /// Show at most so many rows
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=1000))]
    take: u32,
}

/// Runs the command.
pub fn run(command: &ContactCommand, context: &Context) -> anyhow::Result<()> {
    let engine = context.engine()?;
    match command {
        ContactCommand::Erase { id, tenant, reason } => {
            let actor = needs_update::staff();
            let erased = engine.erase_contact(tenant.id(), &actor, ContactId(*id), reason)?;
            Ok(context.output.print(&views::erasure(&erased), erasure_text)?)
        }
        ContactCommand::Export { id, tenant } => {
            let export = serde_json::to_value(engine.export_person(tenant.id(), ContactId(*id))?)?;
            Ok(context.output.print(&export, |export| format!("{export:#}"))?)
        }
        ContactCommand::Consent { id, tenant, part } => {
            let (skip, take) = (part.skip as usize, part.take as usize);
            let consent = engine.consent(tenant.id(), ContactId(*id), skip, take)?;
            let rows: Vec<Value> = consent.changes.list.iter().map(views::consent_change).collect();
            let view = json!({"contactId": consent.contact, "list": rows, "total": consent.changes.total});
            Ok(context.output.print(&view, consent_text)?)
        }
        ContactCommand::Erasures { tenant, part } => {
            engine.organization(tenant.id())?;
            let page = engine.erasures(tenant.id(), i64::from(part.skip), i64::from(part.take))?;
            let rows: Vec<Value> = page.list.iter().map(views::erasure).collect();
            Ok(context.output.print(&json!({"list": rows, "total": page.total}), erasures_text)?)
        }
        ContactCommand::Lift { id, tenant } => {
            let lifted = engine.lift_tombstone(tenant.id(), &needs_update::staff(), *id)?;
            Ok(context.output.print(&views::erasure(&lifted), erasure_text)?)
        }
    }
}

fn erasure_text(erasure: &Value) -> String {
    let mut table = Table::bare();
    let rows =
        [("erasure", "id"), ("contact", "contactId"), ("erased (UTC)", "erasedAtUtc"), ("lifted (UTC)", "liftedAtUtc")];
    rows.iter().for_each(|(head, name)| table.row([(*head).to_owned(), cell_at(erasure, &[name])]));
    let counts = erasure.get("counts").and_then(Value::as_object).into_iter().flatten();
    counts.for_each(|(name, count)| table.row([format!("  {name}"), count.to_string()]));
    let left = erasure.get("leftTransactionIds").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    if !left.is_empty() {
        table.row(["rows left".to_owned(), left.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", ")]);
    }
    table.text()
}

fn erasures_text(erasures: &Value) -> String {
    let columns = [
        ("erasure", "id"),
        ("contact", "contactId"),
        ("erased (UTC)", "erasedAtUtc"),
        ("by", "actor"),
        ("reason", "reason"),
        ("lifted (UTC)", "liftedAtUtc"),
    ];
    format!("{}{} in all\n", list_table(erasures, &columns), cell_at(erasures, &["total"]))
}

fn consent_text(consent: &Value) -> String {
    let columns = [
        ("at (UTC)", "atUtc"),
        ("type", "type"),
        ("value", "value"),
        ("before", "before"),
        ("after", "after"),
        ("source", "source"),
        ("by", "actor"),
        ("action", "action"),
    ];
    format!("{}{} in all\n", list_table(consent, &columns), cell_at(consent, &["total"]))
}
