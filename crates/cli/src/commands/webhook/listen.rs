//! `tributary webhook listen`: a receiver on this machine, for looking at deliveries while building one's own.

use super::super::run_async;
use super::Context;
use crate::args::Tenant;
use crate::output::{Output, say};
use actix_web::dev::ServerHandle;
use actix_web::http::StatusCode;
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use anyhow::Context as _;
use clap::Args;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::net::TcpListener;
use std::sync::Arc;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tributary_contact::WebhookId;
use tributary_contact::clock::{Clock, SystemClock};
use tributary_engine::{Engine, WebhookInput};
use tributary_store::EventKind;
use tributary_webhook::Secret;
use tributary_webhook::verify::{SignatureHeaders, TOLERANCE_SECS, verify_standard};

/// Largest body a delivery has.
const BODY_BYTES: usize = 1 << 20;

/// Arguments of the command.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  tributary webhook listen --organization 1
      subscribes to every event until Ctrl-C; `serve` must allow receivers on this machine
      (TRIBUTARY_WEBHOOK__ALLOW_CIDRS=127.0.0.0/8 and TRIBUTARY_WEBHOOK__ALLOW_HTTP=true)
  tributary webhook listen --listen 127.0.0.1:4000 --secret whsec_... --status 500
      receives for a subscription that exists, and answers 500

Each delivery is one line; with --json one JSON object a line, body included.")]
pub struct ListenArgs {
    /// Organization whose events to receive, through a subscription that ends with this command
    #[arg(long, value_name = "ID", required_unless_present = "secret", conflicts_with = "secret")]
    organization: Option<i64>,
    /// Secret of a subscription that exists
    #[arg(long, env = "TRIBUTARY_WEBHOOK_SECRET", hide_env_values = true)]
    secret: Option<String>,
    /// Address and port to listen on; port 0 takes a free one
    #[arg(long, default_value = "127.0.0.1:0")]
    listen: String,
    /// Status to answer with
    #[arg(long, default_value_t = 204)]
    status: u16,
    /// End after this many deliveries
    #[arg(long, value_name = "N")]
    count: Option<usize>,
}

/// What the receiver works with.
struct Desk {
    secret: Secret,
    status: StatusCode,
    tell: UnboundedSender<Value>,
}

/// Runs the command.
pub fn run(args: &ListenArgs, context: &Context) -> anyhow::Result<()> {
    let listener = TcpListener::bind(&args.listen).with_context(|| format!("cannot listen on {}", args.listen))?;
    let url = format!("http://{}/", listener.local_addr()?);
    let status = StatusCode::from_u16(args.status).context("--status must be an HTTP status")?;
    let subscription = args.organization.map(|id| Subscribed::new(context, id, &url)).transpose()?;
    let text = subscription.as_ref().map(|made| made.secret.clone()).or_else(|| args.secret.clone());
    let secret = Secret::parse(&text.unwrap_or_default())?;
    say(&format!("listening on {url}"));
    let (tell, told) = unbounded_channel();
    let desk = web::Data::new(Desk { secret, status, tell });
    run_async(async {
        let handle = receive(listener, desk)?;
        let ended = show(told, context.output, args.count).await;
        handle.stop(false).await;
        ended
    })
}

/// A subscription that lasts as long as this command.
struct Subscribed {
    engine: Arc<Engine>,
    tenant: Tenant,
    id: WebhookId,
    secret: String,
}

impl Subscribed {
    fn new(context: &Context, organization: i64, url: &str) -> anyhow::Result<Self> {
        let (engine, tenant) = (context.engine()?, Tenant::of(organization));
        let toggles: BTreeSet<_> = EventKind::ALL.iter().map(|kind| kind.as_str().to_owned()).collect();
        let payload_url = url.to_owned();
        let new = WebhookInput { payload_url, secret: None, active: true, toggles, headers: None, options: None };
        let made = engine.create_webhook(tenant.id(), new)?;
        Ok(Self { engine, tenant, id: made.id, secret: made.secret })
    }
}

impl Drop for Subscribed {
    fn drop(&mut self) {
        if let Err(error) = self.engine.delete_webhook(self.tenant.id(), self.id) {
            say(&format!("the subscription {} could not be removed: {error}", self.id));
        }
    }
}

fn receive(listener: TcpListener, desk: web::Data<Desk>) -> anyhow::Result<ServerHandle> {
    let app = move || {
        App::new().app_data(desk.clone()).app_data(web::PayloadConfig::new(BODY_BYTES)).default_service(web::to(take))
    };
    let server = HttpServer::new(app).workers(1).disable_signals().listen(listener)?.run();
    let handle = server.handle();
    tokio::spawn(server);
    Ok(handle)
}

async fn take(desk: web::Data<Desk>, request: HttpRequest, body: web::Bytes) -> HttpResponse {
    let header = |name| request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let headers = SignatureHeaders {
        id: header("webhook-id"),
        timestamp: header("webhook-timestamp"),
        signature: header("webhook-signature"),
    };
    let verified = verify_standard(&desk.secret, &headers, &body, SystemClock.now().timestamp(), TOLERANCE_SECS);
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    let told = json!({
        "id": headers.id,
        "attempt": header("tributary-attempt"),
        "signature": verified.map_or_else(|error| error.to_string(), |()| "valid".to_owned()),
        "body": body,
    });
    // The command may have ended.
    let _ = desk.tell.send(told);
    let status = if verified.is_ok() { desk.status } else { StatusCode::UNAUTHORIZED };
    HttpResponse::build(status).finish()
}

/// Prints deliveries until there are enough of them, or somebody says stop.
async fn show(mut told: UnboundedReceiver<Value>, output: Output, count: Option<usize>) -> anyhow::Result<()> {
    let mut shown = 0;
    while count.is_none_or(|count| shown < count) {
        tokio::select! {
            Some(delivery) = told.recv() => output.print(&delivery, line)?,
            stopped = crate::serve::told_to_stop() => return Ok(stopped?),
        }
        shown += 1;
    }
    Ok(())
}

/// A delivery as one line, without anything of the person it tells of.
fn line(delivery: &Value) -> String {
    let at = |path: &[&str]| crate::output::cell_at(delivery, path);
    let contact = at(&["body", "contact", "id"]);
    let contact = if contact.is_empty() { String::new() } else { format!(" contact {contact}") };
    let (kind, sequence) = (at(&["body", "type"]), at(&["body", "sequence"]));
    let sequence = if sequence.is_empty() { String::new() } else { format!(" #{sequence}") };
    format!("{} {kind}{contact}{sequence} attempt {} signature {}", at(&["id"]), at(&["attempt"]), at(&["signature"]))
}
