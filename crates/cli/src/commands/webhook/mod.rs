//! `tributary webhook`: subscriptions to events.

mod listen;
mod replay;
mod verify;

use super::{Context, run_async};
use crate::args::Tenant;
use crate::outcome::Told;
use crate::output::{cell_at, list_table};
use crate::views;
use clap::Subcommand;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::Arc;
use tributary_contact::WebhookId;
use tributary_engine::{Engine, PingOutcome, WebhookInput};
use tributary_store::EventKind;
use tributary_webhook::Failure;

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
    /// Send a signed test request now and show the answer; exit 1 when it is not taken
    Ping {
        #[command(flatten)]
        tenant: Tenant,
        /// Subscription, by id
        id: i64,
    },
    /// Send events again: one, or those that fit
    Replay(replay::ReplayArgs),
    /// Receive deliveries here, check their signatures and show them
    Listen(listen::ListenArgs),
    /// Check the signature of a delivery, and say what is wrong with it
    Verify(verify::VerifyArgs),
}

fn event(text: &str) -> Result<String, String> {
    let names = || EventKind::ALL.iter().map(|kind| kind.as_str()).collect::<Vec<_>>().join(", ");
    EventKind::parse(text).map(|kind| kind.as_str().to_owned()).ok_or_else(|| format!("must be one of {}", names()))
}

/// Runs the command.
pub fn run(command: WebhookCommand, context: &Context) -> anyhow::Result<()> {
    match command {
        WebhookCommand::List { tenant } => list(&context.engine()?, tenant, context),
        WebhookCommand::Create { tenant, url, secret, events } => {
            let toggles = BTreeSet::from_iter(events);
            let new = WebhookInput { payload_url: url, secret, active: true, toggles, headers: None, options: None };
            create(&context.engine()?, tenant, new, context)
        }
        WebhookCommand::Ping { tenant, id } => ping(tenant, WebhookId(id), context),
        WebhookCommand::Replay(args) => replay::run(&args, context),
        WebhookCommand::Listen(args) => listen::run(&args, context),
        WebhookCommand::Verify(args) => verify::run(&args, context),
    }
}

fn list(engine: &Arc<Engine>, tenant: Tenant, context: &Context) -> anyhow::Result<()> {
    engine.organization(tenant.id())?;
    let list: Vec<_> = engine.webhooks(tenant.id())?.iter().map(views::webhook).collect();
    let columns = [("id", "id"), ("url", "payloadUrl"), ("state", "state"), ("events", "events")];
    let total = list.len();
    Ok(context.output.print(&json!({"list": list, "total": total}), |result| list_table(result, &columns))?)
}

fn create(engine: &Arc<Engine>, tenant: Tenant, new: WebhookInput, context: &Context) -> anyhow::Result<()> {
    let made = engine.create_webhook(tenant.id(), new)?;
    let result = views::with(views::webhook(&made), "secret", json!(made.secret));
    let text = |made: &Value| {
        format!("Webhook {}, secret shown this once:\n{}", cell_at(made, &["id"]), cell_at(made, &["secret"]))
    };
    Ok(context.output.print(&result, text)?)
}

fn ping(tenant: Tenant, id: WebhookId, context: &Context) -> anyhow::Result<()> {
    let engine = context.engine()?;
    let outcome = run_async(async { Ok(engine.ping_webhook(tenant.id(), id).await?) })?;
    context.output.print(&ping_json(&outcome), ping_text)?;
    if outcome.attempt.succeeded() { Ok(()) } else { Err(Told.into()) }
}

fn ping_json(outcome: &PingOutcome) -> Value {
    let attempt = &outcome.attempt;
    json!({
        "eventId": outcome.id,
        "delivered": attempt.succeeded(),
        "outcome": attempt.failure.map_or("delivered", Failure::code),
        "status": attempt.status,
        "durationMs": u64::try_from(attempt.duration.as_millis()).unwrap_or(u64::MAX),
        "response": attempt.response,
        "resumed": outcome.resumed,
    })
}

fn ping_text(result: &Value) -> String {
    let at = |name| cell_at(result, &[name]);
    let status = Some(at("status")).filter(|status| !status.is_empty());
    let status = status.map(|status| format!(", status {status}")).unwrap_or_default();
    format!("{}{status}, {} ms\n{}", at("outcome"), at("durationMs"), at("response"))
}
