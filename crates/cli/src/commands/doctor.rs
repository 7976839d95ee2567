//! `tributary doctor`: looks at everything this installation needs, and says what to do about what is
//! missing. Changes nothing.

use crate::args::Global;
use crate::config::{Config, load, masked_url};
use crate::outcome::Told;
use crate::output::{Output, Table, cell_at};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use tributary_contact::clock::{Clock, SystemClock};
use tributary_store::{Organization, StoreExt};

/// Below this much free space a database is close to trouble.
const LITTLE_SPACE_BYTES: u64 = 1 << 30;

/// How a thing stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    Ok,
    Warn,
    Fail,
}

/// What was looked at and what was found.
#[derive(Debug)]
struct Finding {
    standing: Standing,
    subject: &'static str,
    found: String,
    remedy: &'static str,
}

fn finding(standing: Standing, subject: &'static str, found: impl Into<String>, remedy: &'static str) -> Finding {
    Finding { standing, subject, found: found.into(), remedy }
}

fn ok(subject: &'static str, found: impl Into<String>) -> Finding {
    finding(Standing::Ok, subject, found, "")
}

/// Runs the command.
pub fn run(global: &Global) -> anyhow::Result<()> {
    let findings = look(global.config.as_deref());
    let failed = findings.iter().any(|finding| finding.standing == Standing::Fail);
    let list: Vec<Value> = findings.iter().map(to_json).collect();
    Output::new(global.json).print(&json!({"ok": !failed, "list": list}), text)?;
    if failed { Err(Told.into()) } else { Ok(()) }
}

fn to_json(finding: &Finding) -> Value {
    let standing = match finding.standing {
        Standing::Ok => "ok",
        Standing::Warn => "warn",
        Standing::Fail => "fail",
    };
    json!({"standing": standing, "subject": finding.subject, "found": finding.found, "remedy": finding.remedy})
}

fn text(result: &Value) -> String {
    let mut table = Table::bare();
    for item in result.get("list").and_then(Value::as_array).into_iter().flatten() {
        let at = |name| cell_at(item, &[name]);
        table.row([at("standing"), at("subject"), at("found")]);
        if !at("remedy").is_empty() {
            table.row([String::new(), String::new(), format!("-> {}", at("remedy"))]);
        }
    }
    table.text()
}

fn look(file: Option<&Path>) -> Vec<Finding> {
    let config = match load(file) {
        Ok(loaded) => loaded.config,
        Err(problems) => {
            return vec![finding(Standing::Fail, "configuration", problems.to_string(), "correct these keys")];
        }
    };
    let mut findings = vec![ok("configuration", "right"), clock(SystemClock.now())];
    findings.extend(files(&config));
    findings.extend(database(&config));
    findings.push(guard(&config));
    findings.push(authorities());
    findings
}

/// A clock before the program was written is wrong, and signatures of webhooks would be refused.
fn clock(now: DateTime<Utc>) -> Finding {
    let shown = now.format("%Y-%m-%d %H:%M:%S UTC").to_string();
    let sane = DateTime::from_timestamp(1_763_769_600, 0).is_none_or(|written| now > written);
    match sane {
        true => ok("clock", shown),
        false => finding(Standing::Fail, "clock", shown, "set the clock (NTP); signed webhooks carry the time"),
    }
}

/// The folder of a SQLite database: writable, and room in it.
fn files(config: &Config) -> Vec<Finding> {
    let Some(file) = config.sqlite_file() else { return Vec::new() };
    let folder = nearest_folder(&file);
    let shown = folder.display().to_string();
    let mut findings = vec![match writable(&folder) {
        Ok(()) => ok("data folder", format!("{shown} can be written")),
        Err(error) => {
            let found = format!("{shown} cannot be written: {error}");
            finding(Standing::Fail, "data folder", found, "give the account of this process the right to write there")
        }
    }];
    findings.extend(space(&folder));
    findings
}

/// The folder that the file is or will be in, as far as it exists.
fn nearest_folder(file: &Path) -> PathBuf {
    let absolute = std::path::absolute(file).unwrap_or_else(|_| file.to_owned());
    let existing = absolute.ancestors().skip(1).find(|folder| folder.is_dir());
    existing.unwrap_or(Path::new(".")).to_owned()
}

fn writable(folder: &Path) -> std::io::Result<()> {
    let probe = folder.join(format!(".tributary-doctor-{}", std::process::id()));
    std::fs::write(&probe, b"")?;
    std::fs::remove_file(&probe)
}

fn space(folder: &Path) -> Option<Finding> {
    let free = free_bytes(folder)?;
    let shown = format!("{} MiB free", free >> 20);
    Some(match free >= LITTLE_SPACE_BYTES {
        true => ok("disk space", shown),
        false => finding(Standing::Warn, "disk space", shown, "make room; a full disk stops intake"),
    })
}

#[cfg(unix)]
fn free_bytes(folder: &Path) -> Option<u64> {
    let stat = rustix::fs::statvfs(folder).ok()?;
    Some(stat.f_bavail.saturating_mul(stat.f_frsize))
}

#[cfg(not(unix))]
fn free_bytes(_folder: &Path) -> Option<u64> {
    None
}

/// Reachable, the schema current, and the organizations' zones known to this build.
fn database(config: &Config) -> Vec<Finding> {
    let shown = masked_url(&config.database.url);
    if config.sqlite_file().is_some_and(|file| !file.exists()) {
        let found = format!("{shown} does not exist yet");
        return vec![finding(Standing::Warn, "database", found, "tributary migrate, or any other command, makes it")];
    }
    match tributary_db::pending(&config.database.url) {
        Err(error) => {
            let found = format!("{shown}: {}", with_causes(&error));
            vec![finding(Standing::Fail, "database", found, "check database.url, the server, its log and the password")]
        }
        Ok(pending) if !pending.is_empty() => {
            let found = format!("{} migration(s) not applied", pending.len());
            vec![ok("database", shown), finding(Standing::Fail, "schema", found, "tributary migrate")]
        }
        Ok(_) => [ok("database", shown), ok("schema", "current")].into_iter().chain(tenants(config)).collect(),
    }
}

fn tenants(config: &Config) -> Vec<Finding> {
    let organizations = crate::wire::store_as_is(config).and_then(|store| Ok(store.reading(|tx| tx.organizations())?));
    match organizations {
        Err(error) => {
            let found = format!("cannot be read: {error:#}");
            vec![finding(Standing::Fail, "organizations", found, "see the database's log")]
        }
        Ok(list) if list.is_empty() => {
            vec![finding(Standing::Warn, "organizations", "none", "tributary organization create NAME")]
        }
        Ok(list) => vec![zones(&list), secrets(config), audit(config, &list)],
    }
}

/// Whether the audit still is what was stored: its rows are chained by hashes.
fn audit(config: &Config, organizations: &[Organization]) -> Finding {
    let subject = "audit";
    let engine = crate::wire::store_as_is(config).and_then(|store| crate::wire::engine_over(store, config));
    let checked = engine.and_then(|engine| {
        let check = |organization: &Organization| Ok((organization.id, engine.verify_audit(organization.id)?));
        organizations.iter().map(check).collect::<anyhow::Result<Vec<_>>>()
    });
    let checks = match checked {
        Ok(checks) => checks,
        Err(error) => {
            let found = format!("cannot be read: {error:#}");
            return finding(Standing::Fail, subject, found, "see the database's log");
        }
    };
    let broken = checks.iter().find_map(|(organization, check)| Some((organization, check.broken_at?)));
    if let Some((organization, position)) = broken {
        let found = format!("organization {organization}: row {position} is not what was stored, or is gone");
        return finding(Standing::Fail, subject, found, "compare with a backup: tributary export audit");
    }
    let rows: i64 = checks.iter().map(|(_, check)| check.rows).sum();
    let unchained: i64 = checks.iter().map(|(_, check)| check.unchained).sum();
    ok(subject, format!("{rows} rows as stored, {unchained} of them from before there was a chain"))
}

/// Whether the secrets of webhooks and of second factors are sealed, and can be opened.
fn secrets(config: &Config) -> Finding {
    let subject = "secrets at rest";
    let engine = crate::wire::store_as_is(config).and_then(|store| crate::wire::engine_over(store, config));
    let counted = engine.and_then(|engine| Ok(engine.unsealed_secrets()?));
    match (counted, config.webhook.secret_keys.is_empty()) {
        (Err(error), _) => {
            finding(Standing::Fail, subject, format!("cannot be read: {error:#}"), "see the database's log")
        }
        (Ok((_, closed)), _) if closed > 0 => {
            let found = format!("{closed} webhook(s) or second factor(s) cannot be opened, so they do not work");
            finding(Standing::Fail, subject, found, "put the key they were sealed with back into webhook.secret_keys")
        }
        (Ok((plain, _)), true) => {
            let found = format!("no webhook.secret_keys; {plain} webhook(s) or second factor(s) stored as they are");
            let remedy = "set webhook.secret_keys: a copy of the database then signs nothing and signs nobody in";
            finding(Standing::Warn, subject, found, remedy)
        }
        (Ok((plain, _)), false) if plain > 0 => {
            let found = format!("{plain} webhook(s) or second factor(s) stored as they are");
            finding(Standing::Warn, subject, found, "tributary migrate seals them, and so does the next start of serve")
        }
        (Ok(_), false) => ok(subject, "sealed"),
    }
}

fn zones(organizations: &[Organization]) -> Finding {
    let unknown = |organization: &&Organization| organization.time_zone.parse::<chrono_tz::Tz>().is_err();
    let bad: Vec<String> =
        organizations.iter().filter(unknown).map(|organization| organization.id.to_string()).collect();
    match bad.is_empty() {
        true => ok("organizations", format!("{}, time zones known", organizations.len())),
        false => {
            let found = format!("unknown time zone of organization {}", bad.join(", "));
            finding(Standing::Fail, "organizations", found, "their nightly batch never comes due; set an IANA zone")
        }
    }
}

fn guard(config: &Config) -> Finding {
    let webhook = &config.webhook;
    if webhook.allow_cidrs.is_empty() && !webhook.allow_http {
        return ok("webhook guard", "public addresses over https only");
    }
    let opened = match webhook.allow_cidrs.as_slice() {
        [] => "public addresses only".to_owned(),
        ranges => format!("opened for {}", ranges.join(", ")),
    };
    let plain = if webhook.allow_http { ", http allowed" } else { "" };
    let remedy = "meant for tests: empty webhook.allow_cidrs and webhook.allow_http where partners may subscribe";
    finding(Standing::Warn, "webhook guard", format!("{opened}{plain}"), remedy)
}

fn authorities() -> Finding {
    let found = rustls_native_certs::load_native_certs().certs.len();
    match found {
        0 => finding(Standing::Warn, "TLS roots", "none", "install ca-certificates; https webhooks fail without"),
        count => ok("TLS roots", format!("{count} certificate authorities")),
    }
}

fn with_causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(&format!(": {error}"));
        cause = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_from_before_this_program_is_wrong() {
        assert_eq!(clock(DateTime::UNIX_EPOCH).standing, Standing::Fail);
        assert_eq!(clock(SystemClock.now()).standing, Standing::Ok);
    }

    #[test]
    fn an_opened_guard_is_a_warning() {
        let mut config = crate::config::load_from(None, std::iter::empty()).unwrap().config;
        assert_eq!(guard(&config).standing, Standing::Ok);
        config.webhook.allow_cidrs = vec!["127.0.0.0/8".to_owned()];
        assert_eq!(guard(&config).standing, Standing::Warn);
    }
}
