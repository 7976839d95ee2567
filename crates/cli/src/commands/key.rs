//! `tributary key`: API keys. The text of a key is shown once, when it is made.

use super::Context;
use crate::args::Tenant;
use crate::output::{cell_at, list_table};
use crate::{parse, views};
use chrono::TimeDelta;
use clap::Subcommand;
use serde_json::json;
use tributary_engine::{Engine, NewKey, PermissionGroup, Scope};
use tributary_store::{ApiKey, PermissionGroupRow};

/// Subcommands.
#[derive(Debug, Subcommand)]
pub enum KeyCommand {
    /// Create a key; its text is shown this once and never stored
    #[command(after_help = "\
Example, a partner that may submit and follow its own source only:
  tributary key create --organization 1 --name 'Harbor Giving' \\
      --scope transactions:write --scope transactions:read --source 'Harbor Giving'")]
    Create {
        #[command(flatten)]
        tenant: Tenant,
        /// Name for people
        #[arg(long)]
        name: String,
        /// What it may do; may be repeated; everything when left out
        #[arg(long = "scope", value_name = "SCOPE", value_parser = parse::scope)]
        scopes: Vec<Scope>,
        /// A group whose scopes are added: admin, staff, partner, reader, or one of `key group list`
        #[arg(long)]
        group: Option<String>,
        /// Reference source it is bound to; may be repeated; all when left out
        #[arg(long = "source", value_name = "NAME")]
        sources: Vec<String>,
        /// Days after which it ends; never when left out
        #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..=5_490))]
        expires_in: Option<u32>,
        /// Requests per hour it may send, when fewer than its organization
        #[arg(long, value_name = "REQUESTS", value_parser = clap::value_parser!(u64).range(1..))]
        per_hour: Option<u64>,
    },
    /// List keys, revoked ones too, without their texts
    List {
        #[command(flatten)]
        tenant: Tenant,
    },
    /// Make a key in the place of another one, which goes on working for a while
    Rotate {
        #[command(flatten)]
        tenant: Tenant,
        /// The old key, by id
        id: i64,
        /// Hours that the old key goes on working
        #[arg(long, value_name = "HOURS", default_value_t = 24, value_parser = clap::value_parser!(u32).range(0..=8_760))]
        overlap: u32,
    },
    /// Permission groups of the organization's own
    #[command(subcommand)]
    Group(GroupCommand),
    /// End a key; processes that run notice within seconds
    Revoke {
        #[command(flatten)]
        tenant: Tenant,
        /// Key, by id
        id: i64,
    },
}

/// Subcommands of `key group`.
#[derive(Debug, Subcommand)]
pub enum GroupCommand {
    /// Make a group, or change what the one of its name may do; its keys follow
    Set {
        #[command(flatten)]
        tenant: Tenant,
        /// Name, the same in any letter case
        name: String,
        /// What its keys may do; may be repeated
        #[arg(long = "scope", value_name = "SCOPE", value_parser = parse::scope, required = true)]
        scopes: Vec<Scope>,
    },
    /// List the groups of the organization's own
    List {
        #[command(flatten)]
        tenant: Tenant,
    },
    /// Remove a group that no key is in
    Remove {
        #[command(flatten)]
        tenant: Tenant,
        /// Name
        name: String,
    },
}

fn group(engine: &Engine, command: GroupCommand, context: &Context) -> anyhow::Result<()> {
    let view = |group: &PermissionGroupRow| json!({"name": group.name, "scopes": group.scopes});
    match command {
        GroupCommand::Set { tenant, name, scopes } => {
            engine.organization(tenant.id())?;
            let made = view(&engine.put_permission_group(tenant.id(), &name, &scopes)?);
            Ok(context.output.print(&made, |made| format!("Group {} is set.", cell_at(made, &["name"])))?)
        }
        GroupCommand::List { tenant } => {
            engine.organization(tenant.id())?;
            let list: Vec<_> = engine.permission_groups(tenant.id())?.iter().map(view).collect();
            let total = list.len();
            let columns = [("name", "name"), ("scopes", "scopes")];
            Ok(context.output.print(&json!({"list": list, "total": total}), |result| list_table(result, &columns))?)
        }
        GroupCommand::Remove { tenant, name } => {
            engine.remove_permission_group(tenant.id(), &name)?;
            let result = json!({"name": name, "removed": true});
            Ok(context.output.print(&result, |_| format!("Group {name} is removed."))?)
        }
    }
}

/// Runs the command.
pub fn run(command: KeyCommand, context: &Context) -> anyhow::Result<()> {
    let engine = context.engine()?;
    match command {
        KeyCommand::Create { tenant, name, mut scopes, group, sources, expires_in, per_hour } => {
            let built_in = group.as_deref().and_then(|name| PermissionGroup::parse(&name.to_lowercase()));
            scopes.extend(built_in.into_iter().flat_map(PermissionGroup::scopes));
            let group = group.filter(|_| built_in.is_none());
            scopes.sort_unstable();
            scopes.dedup();
            let ends = |days| engine.clock().now() + TimeDelta::days(i64::from(days));
            let expires_at = expires_in.map(ends);
            let new = NewKey { name, scopes, group, sources, expires_at, requests_per_hour: per_hour };
            show_once(&engine.create_key(tenant.id(), new)?, context)
        }
        KeyCommand::Rotate { tenant, id, overlap } => {
            let made = engine.rotate_key(tenant.id(), id, TimeDelta::hours(i64::from(overlap)))?;
            show_once(&made, context)
        }
        KeyCommand::Group(command) => group(&engine, command, context),
        KeyCommand::List { tenant } => list(&engine, tenant, context),
        KeyCommand::Revoke { tenant, id } => {
            engine.revoke_key(tenant.id(), id)?;
            let result = json!({"id": id, "revoked": true});
            Ok(context.output.print(&result, |_| format!("Key {id} is revoked."))?)
        }
    }
}

fn show_once((key, text): &(ApiKey, String), context: &Context) -> anyhow::Result<()> {
    let result = views::with(views::key(key), "key", json!(text));
    let shown = |made: &_| format!("Key {}, shown this once:\n{}", cell_at(made, &["id"]), cell_at(made, &["key"]));
    Ok(context.output.print(&result, shown)?)
}

fn list(engine: &Engine, tenant: Tenant, context: &Context) -> anyhow::Result<()> {
    engine.organization(tenant.id())?;
    let list: Vec<_> = engine.api_keys(tenant.id())?.iter().map(views::key).collect();
    let columns = [
        ("id", "id"),
        ("name", "name"),
        ("created", "createdAtUtc"),
        ("last used", "lastUsedAtUtc"),
        ("ends", "expiresAtUtc"),
        ("revoked", "revokedAtUtc"),
        ("scopes", "scopes"),
    ];
    let total = list.len();
    Ok(context.output.print(&json!({"list": list, "total": total}), |result| list_table(result, &columns))?)
}
