//! `tributary webhook`: subscriptions to events.

use super::Context;
use crate::args::Tenant;
use crate::output::{cell_at, list_table};
use crate::views;
use clap::Subcommand;
use serde_json::json;
use std::collections::BTreeSet;
use tributary_engine::WebhookInput;
use tributary_store::EventKind;

/// Subcommands.
#[derive(Debug, Subcommand)]
pub enum WebhookCommand {
    /// List subscriptions, without their secrets
    List {
        #[command(flatten)]
        tenant: Tenant,
    },
    /// Subscribe a receiver; the secret is shown this once
    #[command(after_help = "\
Example:
  tributary webhook create --organization 1 --url https://hooks.example.org/tributary

A receiver on this machine needs TRIBUTARY_WEBHOOK__ALLOW_CIDRS=127.0.0.0/8 and
TRIBUTARY_WEBHOOK__ALLOW_HTTP=true, here and where `serve` runs.")]
    Create {
        #[command(flatten)]
        tenant: Tenant,
        /// Where events are sent
        #[arg(long)]
        url: String,
        /// Secret of the signatures; a strong one is made when left out
        #[arg(long, env = "TRIBUTARY_WEBHOOK_SECRET", hide_env_values = true)]
        secret: Option<String>,
        /// Event to send; may be repeated
        #[arg(long = "event", value_name = "NAME", value_parser = event, default_values = ["contactCreate", "contactUpdate"])]
        events: Vec<String>,
    },
}

fn event(text: &str) -> Result<String, String> {
    let names = || EventKind::ALL.iter().map(|kind| kind.as_str()).collect::<Vec<_>>().join(", ");
    EventKind::parse(text).map(|kind| kind.as_str().to_owned()).ok_or_else(|| format!("must be one of {}", names()))
}

/// Runs the command.
pub fn run(command: WebhookCommand, context: &Context) -> anyhow::Result<()> {
    let engine = context.engine()?;
    match command {
        WebhookCommand::List { tenant } => {
            engine.organization(tenant.id())?;
            let list: Vec<_> = engine.webhooks(tenant.id())?.iter().map(views::webhook).collect();
            let columns = [("id", "id"), ("url", "payloadUrl"), ("active", "active"), ("events", "events")];
            let total = list.len();
            context.output.print(&json!({"list": list, "total": total}), |result| list_table(result, &columns))?;
        }
        WebhookCommand::Create { tenant, url, secret, events } => {
            let toggles = BTreeSet::from_iter(events);
            let new = WebhookInput { payload_url: url, secret, active: true, toggles };
            let made = engine.create_webhook(tenant.id(), new)?;
            let result = views::with(views::webhook(&made), "secret", json!(made.secret));
            let text = |made: &_| {
                format!("Webhook {}, secret shown this once:\n{}", cell_at(made, &["id"]), cell_at(made, &["secret"]))
            };
            context.output.print(&result, text)?;
        }
    }
    Ok(())
}
