//! `tributary key`: API keys. The text of a key is shown once, when it is made.

use super::Context;
use crate::args::Tenant;
use crate::output::{cell_at, list_table};
use crate::{parse, views};
use clap::Subcommand;
use serde_json::json;
use tributary_engine::{NewKey, Scope};

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
        /// Reference source it is bound to; may be repeated; all when left out
        #[arg(long = "source", value_name = "NAME")]
        sources: Vec<String>,
    },
    /// List keys, revoked ones too, without their texts
    List {
        #[command(flatten)]
        tenant: Tenant,
    },
    /// End a key; processes that run notice within seconds
    Revoke {
        #[command(flatten)]
        tenant: Tenant,
        /// Key, by id
        id: i64,
    },
}

/// Runs the command.
pub fn run(command: KeyCommand, context: &Context) -> anyhow::Result<()> {
    let engine = context.engine()?;
    match command {
        KeyCommand::Create { tenant, name, scopes, sources } => {
            let new = NewKey { name, scopes, sources, expires_at: None };
            let (key, text) = engine.create_key(tenant.id(), new)?;
            let result = views::with(views::key(&key), "key", json!(text));
            let shown =
                |made: &_| format!("Key {}, shown this once:\n{}", cell_at(made, &["id"]), cell_at(made, &["key"]));
            context.output.print(&result, shown)?;
        }
        KeyCommand::List { tenant } => {
            engine.organization(tenant.id())?;
            let list: Vec<_> = engine.api_keys(tenant.id())?.iter().map(views::key).collect();
            let columns = [
                ("id", "id"),
                ("name", "name"),
                ("created", "createdAtUtc"),
                ("revoked", "revokedAtUtc"),
                ("scopes", "scopes"),
            ];
            let total = list.len();
            context.output.print(&json!({"list": list, "total": total}), |result| list_table(result, &columns))?;
        }
        KeyCommand::Revoke { tenant, id } => {
            engine.revoke_key(tenant.id(), id)?;
            let result = json!({"id": id, "revoked": true});
            context.output.print(&result, |_| format!("Key {id} is revoked."))?;
        }
    }
    Ok(())
}
