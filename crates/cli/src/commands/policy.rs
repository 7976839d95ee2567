//! `tributary policy`: which values survive, and what each source may do.

use super::{Context, needs_update};
use crate::args::Tenant;
use crate::outcome;
use crate::output::{Table, cell_at, list_table};
use crate::progress::Progress;
use anyhow::Context as _;
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use tributary_contact::policy::PolicyDocument;
use tributary_engine::{Engine, EngineError, FoldBy, PolicyVersion, Refold, Refolded, compat_time, policy_name};

/// Contacts folded in one transaction.
const AT_ONCE: i64 = 500;

const EXAMPLE: &str = "\
A policy is a JSON file, for example:
  {
    \"fields\":  { \"website\": { \"rule\": \"trust\" } },
    \"sources\": { \"Harbor CRM\": { \"trust\": 90 }, \"*\": { \"strict\": true } }
  }
  tributary policy put policy.json --organization 1
  tributary policy refold 1 --organization 1 --dry-run      which contacts would change
  tributary policy activate 1 --organization 1              holds for decisions to come
  tributary policy refold 1 --organization 1                and for what was decided already

All names and rules: docs/policy.md";

/// Subcommands.
#[derive(Debug, Subcommand)]
#[command(after_help = EXAMPLE)]
pub enum PolicyCommand {
    /// List the versions, newest first
    List {
        #[command(flatten)]
        tenant: Tenant,
    },
    /// Show the version that holds, or another one
    Show {
        #[command(flatten)]
        tenant: Tenant,
        /// Version by number, or `shipped`
        #[arg(id = "number", value_name = "VERSION", value_parser = version)]
        version: Option<i64>,
    },
    /// Check a policy file, with all its problems at once
    Check {
        /// The file; `-` for standard input
        file: PathBuf,
    },
    /// Store a policy file as a new version; it does not hold yet
    Put {
        #[command(flatten)]
        tenant: Tenant,
        /// The file; `-` for standard input
        file: PathBuf,
    },
    /// Put a version in force for decisions to come; contacts stay as they are
    Activate {
        #[command(flatten)]
        tenant: Tenant,
        /// Version by number, or `shipped`
        #[arg(id = "number", value_name = "VERSION", value_parser = version)]
        version: i64,
    },
    /// Put the version in force that held before the present one
    Revert {
        #[command(flatten)]
        tenant: Tenant,
    },
    /// Fold all contacts anew by a version, whatever their records were decided under
    Refold(RefoldArgs),
}

/// Arguments of `refold`.
#[derive(Debug, Args)]
pub struct RefoldArgs {
    #[command(flatten)]
    tenant: Tenant,
    /// Version by number, or `shipped`
    #[arg(id = "number", value_name = "VERSION", value_parser = version, required_unless_present = "as_decided")]
    version: Option<i64>,
    /// Take it back: each record by the version that it was decided under
    #[arg(long, conflicts_with = "number")]
    as_decided: bool,
    /// Store nothing, only list which contacts would change
    #[arg(long)]
    dry_run: bool,
}

fn version(text: &str) -> Result<i64, String> {
    if text == "shipped" {
        return Ok(0);
    }
    let number = text.strip_prefix("policy-").unwrap_or(text).parse().ok();
    number.ok_or_else(|| "a number, or `shipped`".to_owned())
}

/// Runs the command.
pub fn run(command: &PolicyCommand, context: &Context) -> anyhow::Result<()> {
    if let PolicyCommand::Check { file } = command {
        let document = read(file)?;
        return Ok(context.output.print(&json!({"valid": true, "document": document}), |_| "valid".to_owned())?);
    }
    let engine = context.engine()?;
    let staff = needs_update::staff();
    match command {
        PolicyCommand::List { tenant } => {
            let list: Vec<Value> = engine.policy_versions(tenant.id())?.iter().map(line).collect();
            let columns = [
                ("version", "version"),
                ("active", "active"),
                ("made", "createdAtUtc"),
                ("by", "actor"),
                ("about", "about"),
            ];
            Ok(context.output.print(&json!({"list": list}), |value| list_table(value, &columns))?)
        }
        PolicyCommand::Show { tenant, version } => {
            let shown = match version {
                Some(number) => found(engine.policy_version(tenant.id(), *number))?,
                None => engine.policy_in_force(tenant.id())?,
            };
            Ok(context.output.print(&whole(&shown)?, |value| format!("{value:#}"))?)
        }
        PolicyCommand::Put { tenant, file } => {
            let stored = engine.put_policy(tenant.id(), &read(file)?, &staff)?;
            let text = |value: &Value| format!("stored as {}; it does not hold yet", cell_at(value, &["version"]));
            Ok(context.output.print(&whole(&stored)?, text)?)
        }
        PolicyCommand::Activate { tenant, version } => {
            in_force(context, &found(engine.activate_policy(tenant.id(), *version, &staff))?)
        }
        PolicyCommand::Revert { tenant } => in_force(context, &engine.revert_policy(tenant.id(), &staff)?),
        PolicyCommand::Refold(args) => refold(args, &engine, context),
        PolicyCommand::Check { .. } => Ok(()),
    }
}

fn found<T>(result: Result<T, EngineError>) -> anyhow::Result<T> {
    match result {
        Err(EngineError::NotFound) => Err(outcome::usage("There is no such version.")),
        other => Ok(other?),
    }
}

fn in_force(context: &Context, version: &PolicyVersion) -> anyhow::Result<()> {
    let text = |value: &Value| format!("in force: {}", cell_at(value, &["version"]));
    Ok(context.output.print(&line(version), text)?)
}

/// A policy of a file, or every problem of it.
fn read(file: &Path) -> anyhow::Result<PolicyDocument> {
    let standard_input = file.as_os_str() == "-";
    let text = if standard_input { std::io::read_to_string(std::io::stdin()) } else { std::fs::read_to_string(file) };
    let text = text.with_context(|| format!("cannot read {}", file.display()))?;
    let value: Value = serde_json::from_str(&text).with_context(|| format!("{} is not JSON", file.display()))?;
    Ok(PolicyDocument::read(&value).map_err(EngineError::Invalid)?)
}

fn refold(args: &RefoldArgs, engine: &Engine, context: &Context) -> anyhow::Result<()> {
    let (org, staff) = (args.tenant.id(), needs_update::staff());
    let by = args.version.map_or(FoldBy::Decided, FoldBy::Version);
    let stage = Progress::detect().stage("refold", 0);
    let (mut seen, mut changed, mut after) = (0, Vec::new(), None);
    loop {
        let refold = Refold { by, dry_run: args.dry_run, after, take: AT_ONCE };
        let page = found(engine.refold(org, refold, &staff))?;
        seen += page.seen;
        stage.add(u64::try_from(page.seen).unwrap_or(0));
        changed.extend(page.changed.iter().map(change));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    stage.finish();
    let result = json!({"dryRun": args.dry_run, "seen": seen, "changed": changed.len(), "list": changed});
    Ok(context.output.print(&result, text)?)
}

fn text(result: &Value) -> String {
    let mut table = Table::new(&["contact", "changes"]);
    for contact in result.get("list").and_then(Value::as_array).into_iter().flatten() {
        let fields = contact.get("changes").and_then(Value::as_array).into_iter().flatten();
        let fields: Vec<String> = fields.map(|change| cell_at(change, &["field"])).collect();
        table.row([cell_at(contact, &["contactId"]), fields.join(", ")]);
    }
    let verb = if result.get("dryRun") == Some(&Value::Bool(true)) { "would change" } else { "changed" };
    let count = |name: &str| cell_at(result, &[name]);
    format!("{}\n{} of {} contacts {verb}", table.text(), count("changed"), count("seen"))
}

fn change(contact: &Refolded) -> Value {
    json!({"contactId": contact.contact.0, "changes": contact.changes})
}

fn line(version: &PolicyVersion) -> Value {
    json!({
        "number": version.number,
        "version": policy_name(version.number),
        "active": version.active,
        "createdAtUtc": version.created_at.map(compat_time),
        "actor": version.actor,
        "about": version.document.about,
    })
}

fn whole(version: &PolicyVersion) -> anyhow::Result<Value> {
    let mut value = line(version);
    if let Some(object) = value.as_object_mut() {
        object.insert("document".to_owned(), serde_json::to_value(&version.document)?);
    }
    Ok(value)
}
