//! `tributary serve`: runs until SIGTERM or Ctrl-C.

use super::Context;
use crate::config::masked_url;
use crate::serve::{self, Role};
use clap::Args;

/// Arguments of the command.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  tributary serve                              one process on data/tributary.db
  tributary serve --config /etc/tributary.toml --role worker
  TRIBUTARY_SERVER__LISTEN=127.0.0.1:0 tributary serve

The log on standard error has a line `listening on http://ADDRESS:PORT`. On SIGTERM or Ctrl-C requests
under way are answered, a running batch ends after its rows under way, and the process ends with 0.")]
pub struct ServeArgs {
    /// What this process does
    #[arg(long, value_enum, default_value = "all")]
    role: Role,
}

/// Runs the command.
pub fn run(args: ServeArgs, context: &Context) -> anyhow::Result<()> {
    let config = context.config();
    let metrics = serve::metrics()?;
    // Held here, so that the store does not end inside the runtime.
    let engine = context.engine()?;
    tracing::info!(
        version = env!("CARGO_PKG_VERSION"),
        backend = engine.store().backend(),
        database = masked_url(&config.database.url),
        role = args.role.as_str(),
        schedule = config.schedule.enabled,
        "starting",
    );
    for range in &config.webhook.allow_cidrs {
        tracing::warn!(range, "webhooks may be sent to this private range (webhook.allow_cidrs)");
    }
    let sealed = engine.seal_secrets()?;
    if sealed > 0 {
        tracing::info!(rows = sealed, "secrets are sealed now with the first of webhook.secret_keys");
    }
    super::run_async(async {
        let mut running = serve::start(engine.clone(), config, args.role, metrics).await?;
        tracing::info!("listening on http://{}", running.address());
        let broken = tokio::select! {
            told = serve::told_to_stop() => told.err().map(anyhow::Error::from),
            error = running.broken() => Some(error),
        };
        tracing::info!("stopping");
        running.stop().await;
        tracing::info!("stopped");
        broken.map_or(Ok(()), Err)
    })
}
