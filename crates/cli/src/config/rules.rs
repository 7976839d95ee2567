//! What values mean beyond their kind: ranges, forms, and how keys hang together.

use super::Problem;
use super::sections::Config;
use std::collections::BTreeMap;
use tributary_webhook::SealKeys;

/// Collects problems under the names of their keys.
struct Findings<'a> {
    origins: &'a BTreeMap<String, String>,
    problems: Vec<Problem>,
}

impl Findings<'_> {
    fn unless(&mut self, right: bool, key: &str, message: &str) {
        if !right {
            let origin = self.origins.get(key).map_or("default", String::as_str);
            self.problems.push(Problem { key: key.to_owned(), origin: origin.to_owned(), message: message.to_owned() });
        }
    }

    fn at_least_one(&mut self, key: &str, value: usize) {
        self.unless(value > 0, key, "must be at least 1");
    }
}

/// Every rule that the configuration breaks.
pub(super) fn check(config: &Config, origins: &BTreeMap<String, String>) -> Vec<Problem> {
    let mut findings = Findings { origins, problems: Vec::new() };
    places(config, &mut findings);
    work(config, &mut findings);
    matching(config, &mut findings);
    webhook(config, &mut findings);
    findings.problems
}

fn places(config: &Config, findings: &mut Findings<'_>) {
    let listen = config.server.listen.parse::<std::net::SocketAddr>().is_ok();
    findings.unless(listen, "server.listen", "must be an IP address and a port, for example 127.0.0.1:8080");
    let url = &config.database.url;
    let known = ["sqlite:", "postgres://", "postgresql://"].iter().any(|scheme| url.starts_with(scheme));
    findings.unless(known, "database.url", "must begin with sqlite: or postgres://");
    findings.unless(config.database.readers > 0, "database.readers", "must be at least 1");
    let level = tracing_subscriber::EnvFilter::try_new(&config.log.level).is_ok();
    findings.unless(level, "log.level", "must be error, warn, info, debug, trace, or filters like info,name=debug");
}

fn work(config: &Config, findings: &mut Findings<'_>) {
    findings.at_least_one("batch.chunk_rows", config.batch.chunk_rows);
    findings.unless(config.batch.lease_seconds >= 5, "batch.lease_seconds", "must be at least 5");
    findings.at_least_one("limits.body_bytes", config.limits.body_bytes);
    findings.at_least_one("limits.batch_bytes", config.limits.batch_bytes);
    let most = (1..=10_000).contains(&config.limits.batch_items);
    findings.unless(most, "limits.batch_items", "must be between 1 and 10000");
    findings.at_least_one("intake.queue", config.intake.queue);
    findings.at_least_one("intake.group_rows", config.intake.group_rows);
    let cron = is_cron(&config.schedule.cron);
    findings.unless(cron, "schedule.cron", "must be five cron fields, for example 0 0 * * * for midnight");
}

/// Whether the text is a cron line of five fields.
pub fn is_cron(text: &str) -> bool {
    text.split_whitespace().count() == 5 && text.parse::<croner::Cron>().is_ok()
}

fn matching(config: &Config, findings: &mut Findings<'_>) {
    let (auto, review) = (config.matching.auto_probability, config.matching.review_probability);
    findings.unless((0.5..=1.0).contains(&auto), "matching.auto_probability", "must be between 0.5 and 1");
    findings.unless((0.0..=1.0).contains(&review), "matching.review_probability", "must be between 0 and 1");
    findings.unless(review <= auto, "matching.review_probability", "must not be above matching.auto_probability");
}

fn webhook(config: &Config, findings: &mut Findings<'_>) {
    let webhook = &config.webhook;
    for range in &webhook.allow_cidrs {
        let known = range.parse::<ipnet::IpNet>().is_ok() || range.parse::<std::net::IpAddr>().is_ok();
        findings.unless(known, "webhook.allow_cidrs", &format!("{range:?} is no address range like 127.0.0.0/8"));
    }
    findings.unless(webhook.connect_timeout_seconds > 0, "webhook.connect_timeout_seconds", "must be at least 1");
    let enough = webhook.timeout_seconds >= webhook.connect_timeout_seconds;
    findings.unless(enough, "webhook.timeout_seconds", "must not be below webhook.connect_timeout_seconds");
    let outlives = u64::from(webhook.lease_seconds) > webhook.timeout_seconds;
    findings.unless(
        outlives,
        "webhook.lease_seconds",
        "must be above webhook.timeout_seconds, or deliveries are doubled",
    );
    let keys = SealKeys::parse(&webhook.secret_keys);
    findings.unless(
        keys.is_ok(),
        "webhook.secret_keys",
        "each must be 32 bytes in Base64, as `openssl rand -base64 32` prints them",
    );
    for (key, value, most) in [
        ("webhook.pause_after_seconds", webhook.pause_after_seconds, u32::MAX),
        ("webhook.probe_seconds", webhook.probe_seconds, u32::MAX),
        ("webhook.keep_deliveries_days", webhook.keep_deliveries_days, 10_000),
        ("webhook.keep_events_days", webhook.keep_events_days, 10_000),
    ] {
        findings.unless((1..=most).contains(&value), key, &format!("must be between 1 and {most}"));
    }
    let proxy = webhook.egress_proxy.is_empty() || webhook.egress_proxy.starts_with("http://");
    findings.unless(proxy, "webhook.egress_proxy", "must begin with http:// or be empty");
    findings.at_least_one("webhook.in_flight", webhook.in_flight);
    findings.unless(!webhook.retry_steps.is_empty(), "webhook.retry_steps", "must have at least one step");
}
