//! One file per command: its arguments, the engine call, the result as JSON and as text.

pub mod backup;
pub mod batch;
pub mod calibrate;
pub mod config;
pub mod contact;
pub mod demo;
pub mod doctor;
pub mod duplicates;
pub mod explain;
pub mod export;
pub mod import;
pub mod key;
pub mod link;
pub mod matcher;
pub mod migrate;
pub mod needs_update;
pub mod openapi;
pub mod organization;
pub mod policy;
pub mod serve;
pub mod transaction;
pub mod user;
pub mod webhook;

use crate::args::{Arguments, Command, Global};
use crate::config::{Config, Loaded, load};
use crate::output::Output;
use crate::{telemetry, wire};
use std::sync::Arc;
use std::time::Duration;
use tributary_engine::Engine;

/// How long the runtime waits for blocking work that outlived its limit; leases cover the rest.
const LEAVE_BEHIND: Duration = Duration::from_secs(1);

/// What a command has at hand.
pub struct Context {
    /// The configuration in force.
    pub loaded: Loaded,
    /// Where results go.
    pub output: Output,
}

impl Context {
    /// The configuration.
    pub const fn config(&self) -> &Config {
        &self.loaded.config
    }

    /// The engine over the configured database.
    pub fn engine(&self) -> anyhow::Result<Arc<Engine>> {
        wire::engine(self.config())
    }
}

/// A runtime for the asynchronous calls of a command.
pub fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()
}

/// Runs to its end what a process does, then leaves behind what would not stop in time.
pub fn run_async<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    let runtime = runtime()?;
    let result = runtime.block_on(work);
    runtime.shutdown_timeout(LEAVE_BEHIND);
    result
}

/// Runs a command.
pub fn run(arguments: Arguments) -> anyhow::Result<()> {
    let Arguments { global, command } = arguments;
    match command {
        // Both have something to tell about a configuration that is wrong.
        Command::Config(command) => config::run(&command, &global),
        Command::Doctor => doctor::run(&global),
        // It does not depend on the configuration.
        Command::Openapi => openapi::run(),
        command => run_configured(command, &global),
    }
}

fn run_configured(command: Command, global: &Global) -> anyhow::Result<()> {
    let loaded = load(global.config.as_deref())?;
    match command {
        Command::Serve(_) => telemetry::start(&loaded.config.log),
        _ => telemetry::start_for_command(&loaded.config.log),
    }
    let context = Context { loaded, output: Output::new(global.json) };
    match command {
        Command::Demo(args) => demo::run(&args, context),
        Command::Serve(args) => serve::run(args, &context),
        Command::Migrate => migrate::run(&context),
        Command::Backup(args) => backup::run(&args, &context),
        Command::Organization(command) => organization::run(command, &context),
        Command::Key(command) => key::run(command, &context),
        Command::User(command) => user::run(command, &context),
        Command::Batch(command) => batch::run(&command, &context),
        Command::Contact(command) => contact::run(&command, &context),
        Command::Duplicates(command) => duplicates::run(&command, &context),
        Command::NeedsUpdate(command) => needs_update::run(command, &context),
        Command::Transaction(command) => transaction::run(&command, &context),
        Command::Import(args) => import::run(&args, &context),
        Command::Export(command) => export::run(&command, &context),
        Command::Webhook(command) => webhook::run(command, &context),
        Command::Link(args) => link::run(&args, &context),
        Command::Calibrate(args) => calibrate::run(&args, &context),
        Command::Explain(args) => explain::run(&args, &context),
        Command::Matcher(command) => matcher::run(&command, &context),
        Command::Policy(command) => policy::run(&command, &context),
        Command::Config(_) | Command::Doctor | Command::Openapi => Ok(()),
    }
}
