//! `tributary matcher`: the versions of an organization's matcher.

use super::{Context, needs_update};
use crate::args::Tenant;
use crate::outcome;
use crate::output::{cell_at, list_table};
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use tributary_engine::{Engine, MatcherVersion, NicknameEdit, OwnNicknames, compat_time};

/// Subcommands.
#[derive(Debug, Subcommand)]
pub enum MatcherCommand {
    /// List the stored versions, newest first
    List {
        #[command(flatten)]
        tenant: Tenant,
    },
    /// Show a version: how it came about, and its document
    Show {
        #[command(flatten)]
        tenant: Tenant,
        /// Version, by number
        number: i64,
    },
    /// Put a version in force for the runs to come
    Activate {
        #[command(flatten)]
        tenant: Tenant,
        /// Version by number, or `shipped`
        // Every command has a `version` already: the flag.
        #[arg(id = "number", value_name = "VERSION", value_parser = version)]
        version: Version,
    },
    /// Put the version in force that held before the present one
    Revert {
        #[command(flatten)]
        tenant: Tenant,
    },
    /// First names that the organization takes for one name, or does not
    #[command(subcommand)]
    Nickname(NicknameCommand),
}

/// Subcommands of `nickname`. An edit is a new version of the matcher, for the runs to come.
#[derive(Debug, Subcommand)]
pub enum NicknameCommand {
    /// List what differs from the shipped table, and what a name is related to
    List {
        #[command(flatten)]
        tenant: Tenant,
        /// First name
        name: Option<String>,
    },
    /// Take first names for one name from now on
    Add(Pairs),
    /// No longer take them for one name, though the shipped table may
    Remove(Pairs),
}

/// A name and those it is related to, or not. A pair concerns its two names only.
#[derive(Debug, Args)]
pub struct Pairs {
    #[command(flatten)]
    tenant: Tenant,
    /// First name
    name: String,
    /// The others
    #[arg(required = true)]
    others: Vec<String>,
}

/// A version as it is named on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Version(Option<i64>);

fn version(text: &str) -> Result<Version, String> {
    if text == "shipped" {
        return Ok(Version(None));
    }
    let number = text.strip_prefix("matcher-").unwrap_or(text).parse().ok();
    number.map(|number| Version(Some(number))).ok_or_else(|| "a number, or `shipped`".to_owned())
}

/// Runs the command.
pub fn run(command: &MatcherCommand, context: &Context) -> anyhow::Result<()> {
    let engine = context.engine()?;
    let in_force = |name: String| {
        let text = |value: &Value| format!("in force: {}", cell_at(value, &["version"]));
        context.output.print(&json!({"version": name}), text)
    };
    match command {
        MatcherCommand::List { tenant } => {
            let list: Vec<Value> = engine.matcher_versions(tenant.id())?.iter().map(line).collect();
            let columns = [("version", "version"), ("active", "active"), ("made", "createdAtUtc"), ("by", "actor")];
            Ok(context.output.print(&json!({"list": list}), |value| list_table(value, &columns))?)
        }
        MatcherCommand::Show { tenant, number } => {
            let versions = engine.matcher_versions(tenant.id())?;
            let found = versions.iter().find(|version| version.number == *number);
            let found = found.ok_or_else(|| outcome::usage("There is no such version."))?;
            Ok(context.output.print(&shown(found)?, |value| format!("{value:#}"))?)
        }
        MatcherCommand::Activate { tenant, version } => {
            Ok(in_force(engine.activate_matcher(tenant.id(), version.0, &needs_update::staff())?)?)
        }
        MatcherCommand::Revert { tenant } => Ok(in_force(engine.revert_matcher(tenant.id(), &needs_update::staff())?)?),
        MatcherCommand::Nickname(command) => nickname(command, context, &engine),
    }
}

fn nickname(command: &NicknameCommand, context: &Context, engine: &Engine) -> anyhow::Result<()> {
    let edit = |pairs: &Pairs, related| {
        let edit = NicknameEdit { name: pairs.name.clone(), others: pairs.others.clone(), related };
        engine.edit_nicknames(pairs.tenant.id(), &edit, &needs_update::staff())
    };
    let nicknames = match command {
        NicknameCommand::List { tenant, name } => engine.nicknames(tenant.id(), name.as_deref())?,
        NicknameCommand::Add(pairs) => edit(pairs, true)?,
        NicknameCommand::Remove(pairs) => edit(pairs, false)?,
    };
    Ok(context.output.print(&serde_json::to_value(&nicknames)?, |_| told(&nicknames))?)
}

fn told(nicknames: &OwnNicknames) -> String {
    let pairs = |sign: char, pairs: &[(String, String)]| -> Vec<String> {
        pairs.iter().map(|(one, other)| format!("{sign} {one} {other}")).collect()
    };
    let related = nicknames.related.as_ref().map(|names| format!("related: {}", names.join(" ")));
    let lines = pairs('+', &nicknames.edits.added).into_iter().chain(pairs('-', &nicknames.edits.removed));
    let first = format!("in force: {}", nicknames.version);
    std::iter::once(first).chain(lines).chain(related).collect::<Vec<_>>().join("\n")
}

fn line(version: &MatcherVersion) -> Value {
    json!({
        "number": version.number,
        "version": version.name,
        "active": version.active,
        "createdAtUtc": compat_time(version.created_at),
        "actor": version.actor,
        "sentence": version.report.get("sentence"),
    })
}

fn shown(version: &MatcherVersion) -> anyhow::Result<Value> {
    let mut value = line(version);
    if let Some(object) = value.as_object_mut() {
        object.insert("document".to_owned(), serde_json::to_value(&version.document)?);
        object.insert("report".to_owned(), version.report.clone());
    }
    Ok(value)
}
