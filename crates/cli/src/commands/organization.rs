//! `tributary organization`: tenants.

use super::Context;
use crate::output::{cell_at, list_table};
use crate::views;
use clap::Subcommand;
use serde_json::json;
use tributary_contact::OrganizationId;
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
    /// Set how many requests an organization may send in an hour
    Limit {
        /// Organization, by id
        id: i64,
        /// Requests per hour; the configured number when left out
        #[arg(long, value_name = "REQUESTS", value_parser = clap::value_parser!(u64).range(1..))]
        per_hour: Option<u64>,
    },
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
        OrganizationCommand::Limit { id, per_hour } => {
            engine.set_request_limit(OrganizationId(id), per_hour)?;
            let result = json!({"id": id, "requestsPerHour": per_hour});
            let shown = per_hour.map_or_else(|| "the configured number of".to_owned(), |limit| limit.to_string());
            context.output.print(&result, |_| format!("Organization {id} may send {shown} requests per hour."))?;
        }
    }
    Ok(())
}
