//! `tributary demo`: the whole story on shipped sample data, then stays up to be tried.

use super::Context;
use crate::demo::{self, Demo};
use crate::outcome::Told;
use crate::output::say;
use crate::{serve, wire};
use clap::Args;
use std::net::TcpListener;
use std::path::PathBuf;

/// Arguments of the command.
#[derive(Debug, Args)]
#[command(after_help = "\
Loads 5,000 contacts, submits 5,000 transactions over HTTP, runs the batch, delivers every event to a
built-in subscriber that verifies its signature, and prints what came of it. People are invented.

  tributary demo
  tributary demo --exit --json
  TRIBUTARY_DATABASE__URL=postgres://… tributary demo --exit    a new organization there")]
pub struct DemoArgs {
    /// Folder of the SQLite files; emptied when an earlier demo made it, else it must be new or empty
    #[arg(long, value_name = "DIR", default_value = demo::FOLDER)]
    data_dir: PathBuf,
    /// Address of the API; 127.0.0.1:8080, or a free port when that is taken
    #[arg(long, value_name = "ADDR")]
    listen: Option<String>,
    /// End after the story, with status 0 only if every submission has an outcome and every event was
    /// delivered and verified
    #[arg(long)]
    exit: bool,
}

/// Runs the command.
pub fn run(args: &DemoArgs, mut context: Context) -> anyhow::Result<()> {
    let config = &mut context.loaded.config;
    demo::prepare(config, &args.data_dir)?;
    demo::adapt(config);
    config.server.listen = args.listen.clone().unwrap_or_else(free_address);
    let metrics = serve::metrics()?;
    // Held here, so that the store does not end inside the runtime.
    let engine = wire::engine(&context.loaded.config)?;
    super::run_async(async {
        let mut demo = Demo::start(engine.clone(), context.config(), metrics).await?;
        let played = tokio::select! {
            played = demo.play() => played,
            told = serve::told_to_stop() => Err(told.map_or_else(Into::into, |()| anyhow::anyhow!("stopped"))),
        };
        let ended = end(args, &context, played).await;
        demo.stop().await;
        ended
    })
}

async fn end(args: &DemoArgs, context: &Context, played: anyhow::Result<demo::Report>) -> anyhow::Result<()> {
    let report = played?;
    context.output.print(&serde_json::to_value(&report)?, |_| report.text())?;
    if !args.exit {
        say("Stays up until Ctrl-C.");
        serve::told_to_stop().await?;
    }
    if report.ok { Ok(()) } else { Err(Told.into()) }
}

/// The usual address if it is free.
fn free_address() -> String {
    const USUAL: &str = "127.0.0.1:8080";
    match TcpListener::bind(USUAL) {
        Ok(_) => USUAL.to_owned(),
        Err(_) => "127.0.0.1:0".to_owned(),
    }
}
