//! The sections of the configuration as types. Names, units and defaults: `config/tributary.toml`.

use serde::{Deserialize, Deserializer, Serialize};
use std::path::PathBuf;

/// Everything that can be configured.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// HTTP.
    pub server: Server,
    /// Where data is kept.
    pub database: Database,
    /// The batch.
    pub batch: Batch,
    /// Its nightly start.
    pub schedule: Schedule,
    /// Taking submissions.
    pub intake: Intake,
    /// The matcher's thresholds.
    pub matching: Matching,
    /// Delivery of events.
    pub webhook: Webhook,
    /// What one caller may ask for.
    pub limits: Limits,
    /// Logs.
    pub log: Log,
}

/// `[server]`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    /// Address and port.
    pub listen: String,
    /// HTTP threads; 0 = one per core.
    pub workers: usize,
    /// Seconds for a graceful end.
    pub shutdown_seconds: u64,
    /// Whether a missing contact is a 404 without a body.
    pub empty_not_found: bool,
    /// Whether a PUT takes away what it omits.
    pub put_replaces: bool,
}

/// `[database]`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    /// `sqlite:` or `postgres:` URL. May hold a password: never print it unmasked.
    pub url: String,
    /// Reading connections.
    pub readers: u32,
}

/// `[batch]`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Batch {
    /// Rows of a transaction.
    pub chunk_rows: usize,
    /// Threads; 0 = one per core.
    pub threads: usize,
    /// Seconds without a heartbeat until the lease is lost.
    pub lease_seconds: u32,
}

/// `[schedule]`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Schedule {
    /// Whether workers start due batches.
    pub enabled: bool,
    /// Cron line of new organizations.
    pub cron: String,
}

/// `[intake]`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Intake {
    /// Waiting requests.
    pub queue: usize,
    /// Rows of a transaction.
    pub group_rows: usize,
}

/// `[matching]`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Matching {
    /// Least probability of an automatic merge.
    pub auto_probability: f64,
    /// Least probability of a review.
    pub review_probability: f64,
}

/// `[webhook]`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Webhook {
    /// Ranges allowed in spite of the address guard.
    #[serde(deserialize_with = "texts")]
    pub allow_cidrs: Vec<String>,
    /// Whether `http://` is allowed.
    pub allow_http: bool,
    /// Seconds to connect.
    pub connect_timeout_seconds: u64,
    /// Seconds of a whole exchange.
    pub timeout_seconds: u64,
    /// Requests under way per subscriber.
    pub in_flight: usize,
    /// Seconds of a claim.
    pub lease_seconds: u32,
    /// Seconds before each attempt.
    #[serde(deserialize_with = "numbers")]
    pub retry_steps: Vec<u64>,
    /// Whether the Virtuous signature is sent too.
    pub compat_header: bool,
    /// Keys that seal secrets. Never print them unmasked.
    #[serde(deserialize_with = "texts")]
    pub secret_keys: Vec<String>,
    /// Seconds without a success until a pause.
    pub pause_after_seconds: u32,
    /// Seconds between probes of a paused webhook.
    pub probe_seconds: u32,
    /// Days a delivery is kept after its end.
    pub keep_deliveries_days: u32,
    /// Days an event is kept.
    pub keep_events_days: u32,
    /// File with further certificate authorities; empty for none.
    pub extra_ca_file: String,
    /// Proxy of deliveries; empty for none.
    pub egress_proxy: String,
}

/// `[limits]`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Requests per organization and hour; 0 = no limit.
    pub requests_per_hour: u64,
    /// Requests without a valid credential per address and minute; 0 = no limit.
    pub failures_per_minute: u32,
    /// Bytes of a body with one record.
    pub body_bytes: usize,
    /// Bytes of a batch.
    pub batch_bytes: usize,
    /// Items of a batch.
    pub batch_items: usize,
}

/// `[log]`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    /// Form of a line.
    pub format: LogFormat,
    /// Level, or filters per part.
    pub level: String,
}

/// Form of a log line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

impl Config {
    /// The file of a SQLite database; none when it is another one.
    #[must_use]
    pub fn sqlite_file(&self) -> Option<PathBuf> {
        let rest = self.database.url.strip_prefix("sqlite:")?;
        Some(PathBuf::from(rest.strip_prefix("//").unwrap_or(rest)))
    }
}

/// A list, or one text with commas as the environment has it.
#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany<T> {
    Many(Vec<T>),
    Number(u64),
    Text(String),
}

fn pieces(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|piece| !piece.is_empty())
}

fn texts<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    let wrong = |_| serde::de::Error::custom("must be a list of texts, or one text with commas");
    Ok(match OneOrMany::<String>::deserialize(from).map_err(wrong)? {
        OneOrMany::Many(list) => list,
        OneOrMany::Number(number) => vec![number.to_string()],
        OneOrMany::Text(text) => pieces(&text).map(str::to_owned).collect(),
    })
}

fn numbers<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u64>, D::Error> {
    let wrong = || serde::de::Error::custom("must be a list of whole numbers, or one text with commas");
    match OneOrMany::<u64>::deserialize(from).map_err(|_| wrong())? {
        OneOrMany::Many(list) => Ok(list),
        OneOrMany::Number(number) => Ok(vec![number]),
        OneOrMany::Text(text) => pieces(&text).map(|piece| piece.parse().map_err(|_| wrong())).collect(),
    }
}
