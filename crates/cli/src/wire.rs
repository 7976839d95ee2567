//! The one place where the parts are put together: store, clock, sender, engine.

use crate::config::{Config, masked_url};
use anyhow::Context as _;
use std::sync::Arc;
use std::time::Duration;
use tributary_contact::clock::{IdGen, SystemClock, SystemIds};
use tributary_db::OpenOptions;
use tributary_engine::{BatchSettings, DeliverySettings, Engine, IntakeSettings, MatchingSettings, Parts, Settings};
use tributary_store::Store;
use tributary_webhook::SealKeys;
use tributary_webhook::guard::{AddressGuard, parse_cidrs};
use tributary_webhook::send::{HttpSender, SenderSettings};

/// Seconds of a day.
const DAY: u32 = 86_400;

/// The open database, its schema brought up to date.
pub fn store(config: &Config) -> anyhow::Result<Arc<dyn Store>> {
    open(config, true)
}

/// The open database; an outdated schema is an error.
pub fn store_as_is(config: &Config) -> anyhow::Result<Arc<dyn Store>> {
    open(config, false)
}

fn open(config: &Config, migrate: bool) -> anyhow::Result<Arc<dyn Store>> {
    let options = OpenOptions { readers: config.database.readers, migrate, ..OpenOptions::default() };
    tributary_db::open(&config.database.url, &options)
        .with_context(|| format!("cannot open {}", masked_url(&config.database.url)))
}

/// Name of the database's kind.
pub fn backend(config: &Config) -> &'static str {
    if config.database.url.starts_with("sqlite:") { "sqlite" } else { "postgres" }
}

/// The engine over the configured database.
pub fn engine(config: &Config) -> anyhow::Result<Arc<Engine>> {
    engine_over(store(config)?, config)
}

/// The engine over an open database.
pub fn engine_over(store: Arc<dyn Store>, config: &Config) -> anyhow::Result<Arc<Engine>> {
    let settings = settings(config)?;
    let sender = HttpSender::new(sender_settings(config, &settings.guard)?)?;
    let ids = Arc::new(SystemIds);
    Ok(Engine::start(Parts {
        store,
        clock: Arc::new(SystemClock),
        node: node_name(ids.as_ref()),
        ids,
        sender: Arc::new(sender),
        settings,
    }))
}

fn sender_settings(config: &Config, guard: &AddressGuard) -> anyhow::Result<SenderSettings> {
    let webhook = &config.webhook;
    let file = Some(&webhook.extra_ca_file).filter(|file| !file.is_empty());
    let read = |file: &String| {
        std::fs::read_to_string(file).with_context(|| format!("cannot read webhook.extra_ca_file {file}"))
    };
    Ok(SenderSettings {
        connect_timeout: Duration::from_secs(webhook.connect_timeout_seconds),
        total_timeout: Duration::from_secs(webhook.timeout_seconds),
        extra_ca_pem: file.map(read).transpose()?,
        egress_proxy: Some(webhook.egress_proxy.clone()).filter(|proxy| !proxy.is_empty()),
        ..SenderSettings::new(guard.clone())
    })
}

/// The engine's settings as configured.
pub fn settings(config: &Config) -> anyhow::Result<Settings> {
    let webhook = &config.webhook;
    let batch = &config.batch;
    Ok(Settings {
        batch: BatchSettings {
            chunk_rows: batch.chunk_rows,
            threads: batch.threads,
            lease_seconds: batch.lease_seconds,
        },
        intake: IntakeSettings { queue: config.intake.queue, group_rows: config.intake.group_rows },
        delivery: DeliverySettings {
            in_flight: webhook.in_flight,
            lease_seconds: webhook.lease_seconds,
            steps: webhook.retry_steps.clone(),
            compat_header: webhook.compat_header,
            timeout_seconds: u32::try_from(webhook.timeout_seconds).unwrap_or(u32::MAX),
            pause_after_seconds: webhook.pause_after_seconds,
            probe_seconds: webhook.probe_seconds,
            keep_deliveries_seconds: webhook.keep_deliveries_days.saturating_mul(DAY),
            keep_events_seconds: webhook.keep_events_days.saturating_mul(DAY),
            secret_keys: SealKeys::parse(&webhook.secret_keys)?,
        },
        matching: MatchingSettings {
            auto_probability: config.matching.auto_probability,
            review_probability: config.matching.review_probability,
        },
        guard: AddressGuard {
            allow_cidrs: parse_cidrs(&webhook.allow_cidrs.join(","))?,
            allow_http: webhook.allow_http,
        },
        ..Settings::default()
    })
}

/// Names this process in leases: the machine for people, the rest so that no two processes share it.
fn node_name(ids: &dyn IdGen) -> String {
    let host = std::fs::read_to_string("/etc/hostname").unwrap_or_default();
    format!("{}/{}/{}", host.trim(), std::process::id(), ids.next().simple())
}
