//! Logs to standard error, as text or JSON. What is logged holds ids, counts and codes, never
//! personal data.

use crate::config::{Log, LogFormat};
use std::io::IsTerminal;
use tracing_subscriber::EnvFilter;

/// Parts that say more than an operator wants at these levels.
const QUIET: &str = "actix_server=warn,actix_web=warn,hyper=warn,reqwest=warn,rustls=warn,tokio_cron_scheduler=warn,\
    tokio_postgres=warn";

/// Starts logging for a program that keeps running.
pub fn start(log: &Log) {
    start_at(log.format, &log.level);
}

/// Starts logging for a command that ends: only what went wrong, unless the configuration asks for
/// something else than its default.
pub fn start_for_command(log: &Log) {
    start_at(log.format, if log.level == "info" { "warn" } else { &log.level });
}

fn start_at(format: LogFormat, level: &str) {
    // What the operator says comes last and wins.
    let filter = EnvFilter::try_new(format!("{QUIET},{level}")).unwrap_or_else(|_| EnvFilter::new("info"));
    let logs = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second start in the same process keeps the first.
    let _ = match format {
        LogFormat::Text => logs.with_ansi(std::io::stderr().is_terminal()).try_init(),
        LogFormat::Json => logs.json().flatten_event(true).with_current_span(false).try_init(),
    };
}
