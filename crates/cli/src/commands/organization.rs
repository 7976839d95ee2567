//! `tributary organization`: tenants.

use super::Context;
use crate::output::{cell_at, list_table};
use crate::views;
use clap::Subcommand;
use serde_json::json;
use tributary_engine::NewOrganization;

/// Subcommands.
#[derive(Debug, Subcommand)]
pub enum OrganizationCommand {
    /// Create an organization
    #[command(
        after_help = "Example:\n  tributary organization create 'Bellford Food Share' --time-zone America/Chicago"
    )]
    Create {
        /// Display name
        name: String,
        /// IANA time zone; its midnight is when the nightly batch is due
        #[arg(long, value_name = "ZONE", default_value = "UTC")]
        time_zone: String,
        /// Two-letter country in which phones and addresses are read
        #[arg(long, value_name = "CODE", default_value = "US")]
        country: String,
    },
    /// List organizations
    List,
}

/// Runs the command.
pub fn run(command: OrganizationCommand, context: &Context) -> anyhow::Result<()> {
    let engine = context.engine()?;
    match command {
        OrganizationCommand::Create { name, time_zone, country } => {
            let batch_cron = Some(context.config().schedule.cron.clone());
            let made = engine.create_organization(NewOrganization { name, time_zone, country, batch_cron })?;
            let text = |made: &_| format!("Organization {}: {}", cell_at(made, &["id"]), cell_at(made, &["name"]));
            context.output.print(&views::organization(&made), text)?;
        }
        OrganizationCommand::List => {
            let list: Vec<_> = engine.organizations()?.iter().map(views::organization).collect();
            let columns = [("id", "id"), ("name", "name"), ("time zone", "timeZone"), ("batch", "batchCron")];
            let total = list.len();
            context.output.print(&json!({"list": list, "total": total}), |result| list_table(result, &columns))?;
        }
    }
    Ok(())
}
