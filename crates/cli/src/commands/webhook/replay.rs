//! `tributary webhook replay`: events are sent again, with the same ids and bytes.

use super::Context;
use crate::args::Tenant;
use crate::output::cell_at;
use clap::Args;
use serde_json::{Value, json};
use tributary_contact::clock::Timestamp;
use tributary_contact::{ContactId, WebhookId};
use tributary_engine::{Actor, compat_time};
use tributary_store::ReplayFilter;
use uuid::Uuid;

/// Arguments of the command.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  tributary webhook replay 3 --organization 1 --event 019b76da-a800-73c1-9f2e-3d4c5b6a7988
  tributary webhook replay 3 --organization 1 --since 2026-11-20T00:00:00Z
  tributary webhook replay 3 --organization 1 --dead

Without a condition every event that is kept is sent again. Several events are a stored request:
whoever delivers (`serve`) does it in steps, also after a restart.")]
pub struct ReplayArgs {
    #[command(flatten)]
    tenant: Tenant,
    /// Subscription, by id
    id: i64,
    /// This event alone
    #[arg(long, value_name = "ID", conflicts_with_all = ["contact", "since", "until", "dead"])]
    event: Option<Uuid>,
    /// Events of this contact
    #[arg(long, value_name = "ID")]
    contact: Option<i64>,
    /// Events that happened then or later
    #[arg(long, value_name = "TIME")]
    since: Option<Timestamp>,
    /// Events that happened before
    #[arg(long, value_name = "TIME")]
    until: Option<Timestamp>,
    /// Only those that were given up
    #[arg(long)]
    dead: bool,
}

/// Runs the command.
pub fn run(args: &ReplayArgs, context: &Context) -> anyhow::Result<()> {
    let (engine, org, id) = (context.engine()?, args.tenant.id(), WebhookId(args.id));
    if let Some(event) = args.event {
        engine.replay_event(org, id, event)?;
        let result = json!({"eventId": event, "state": "pending"});
        return Ok(context.output.print(&result, |_| "The event will be sent again.".to_owned())?);
    }
    let filter = ReplayFilter {
        contact: args.contact.map(ContactId),
        since: args.since,
        until: args.until,
        only_dead: args.dead,
    };
    let replay = engine.replay_webhook(org, id, filter, &Actor::Staff("cli".to_owned()))?;
    let result = json!({
        "id": replay.id,
        "state": "running",
        "onlyDead": filter.only_dead,
        "createdAtUtc": compat_time(replay.created_at),
    });
    let text = |result: &Value| format!("Replay {} is stored; `serve` does it.", cell_at(result, &["id"]));
    Ok(context.output.print(&result, text)?)
}
