//! The command line: one subcommand per task, global flags for configuration and output.

use crate::commands::{
    backup, batch, calibrate, config, contact, demo, duplicates, explain, export, import, key, link, matcher,
    needs_update, organization, policy, serve, transaction, user, webhook,
};
use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;
use tributary_contact::OrganizationId;

const EXAMPLES: &str = "\
Try it:
  tributary demo                                     the whole story on sample data
Set up:
  tributary organization create 'Bellford Food Share' --time-zone America/Chicago
  tributary key create --organization 1 --name 'Harbor Giving'
  tributary user create --organization 1 --email ada@example.org --role admin
  tributary serve
Every day:
  tributary batch status --organization 1
  tributary batch run --organization 1 --dry-run     what tonight would do, nothing stored
  tributary needs-update list --organization 1

Exit status: 0 done, 1 failed, 2 wrong use.";

/// Contact sync engine for nonprofits: streams of donor contacts flow in, one clean record flows out
#[derive(Debug, Parser)]
#[command(name = "tributary", version, after_help = EXAMPLES, propagate_version = true)]
pub struct Arguments {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Command,
}

/// Flags of every command.
#[derive(Debug, Clone, Args)]
pub struct Global {
    /// Configuration file; the environment wins over it (see `tributary config dump`)
    #[arg(long, global = true, value_name = "FILE", env = "TRIBUTARY_CONFIG")]
    pub config: Option<PathBuf>,
    /// Print the result as one JSON object
    #[arg(long, global = true)]
    pub json: bool,
}

/// Which organization a command is about.
#[derive(Debug, Clone, Copy, Args)]
pub struct Tenant {
    /// Organization, by id (see `tributary organization list`)
    #[arg(long, value_name = "ID")]
    organization: i64,
}

impl Tenant {
    /// This organization.
    pub const fn of(id: i64) -> Self {
        Self { organization: id }
    }

    /// Its id.
    pub const fn id(self) -> OrganizationId {
        OrganizationId(self.organization)
    }
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Show the whole story on shipped sample data: load, submit, batch, deliver
    Demo(demo::DemoArgs),
    /// Serve HTTP, run due batches and deliver webhooks until stopped
    Serve(serve::ServeArgs),
    /// Bring the database's schema up to date
    Migrate,
    /// Check this installation, with a remedy for each finding
    Doctor,
    /// Check or show the configuration
    #[command(subcommand)]
    Config(config::ConfigCommand),
    /// Write a consistent copy of a SQLite database while it is in use
    Backup(backup::BackupArgs),
    /// Organizations (tenants)
    #[command(subcommand)]
    Organization(organization::OrganizationCommand),
    /// API keys of partners and scripts
    #[command(subcommand)]
    Key(key::KeyCommand),
    /// People who sign in to the console
    #[command(subcommand)]
    User(user::UserCommand),
    /// Run the batch now, or see how it stands
    #[command(subcommand)]
    Batch(batch::BatchCommand),
    /// Transactions that wait for a person
    #[command(subcommand)]
    NeedsUpdate(needs_update::NeedsUpdateCommand),
    /// Erase a contact, hand out all that is held about one, see consent
    #[command(subcommand)]
    Contact(contact::ContactCommand),
    /// Contacts that are on file twice
    #[command(subcommand)]
    Duplicates(duplicates::DuplicatesCommand),
    /// Single transactions
    #[command(subcommand)]
    Transaction(transaction::TransactionCommand),
    /// Submit a file of transactions, or load contacts that are on file already
    Import(import::ImportArgs),
    /// Write data to a file or to standard output
    #[command(subcommand)]
    Export(export::ExportCommand),
    /// Subscriptions to events
    #[command(subcommand)]
    Webhook(webhook::WebhookCommand),
    /// Print the description of the HTTP API (OpenAPI 3.1)
    Openapi,
    /// Match two files in memory with the engine's own matcher, no database
    Link(link::LinkArgs),
    /// Learn weights from the organization's own rows and decisions
    Calibrate(calibrate::CalibrateArgs),
    /// Tell why a transaction was matched as it was, or not with a certain contact
    Explain(explain::ExplainArgs),
    /// Versions of an organization's matcher
    #[command(subcommand)]
    Matcher(matcher::MatcherCommand),
    /// Which values survive, and what each source may do
    #[command(subcommand)]
    Policy(policy::PolicyCommand),
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;
    use clap::error::ErrorKind;

    fn parse(line: &str) -> Result<Arguments, clap::Error> {
        Arguments::try_parse_from(line.split_whitespace())
    }

    #[test]
    fn the_definition_of_the_arguments_is_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn every_documented_command_is_understood() {
        let id = "0199f0a0-0000-7000-8000-000000000001";
        let lines = [
            "tributary demo --data-dir x --listen 127.0.0.1:0 --exit",
            "tributary serve --config x.toml --role worker",
            "tributary migrate --json",
            "tributary doctor",
            "tributary openapi",
            "tributary config check",
            "tributary config dump --json",
            "tributary backup copy.db",
            "tributary organization create Bellford --time-zone Europe/Berlin --country DE",
            "tributary --json organization list",
            "tributary organization limit 1 --per-hour 20000",
            "tributary key create --organization 1 --name n --scope transactions:write --scope review --source s",
            "tributary key list --organization 1",
            "tributary key create --organization 1 --name n --group partner --expires-in 365 --per-hour 500",
            "tributary key rotate --organization 1 3 --overlap 48",
            "tributary key revoke --organization 1 3",
            "tributary user create --organization 1 --email ada@example.org --role reviewer --json",
            "tributary user create --organization 1 --email a@x.org --name Ada --role admin --password-from stdin",
            "tributary user list --organization 1",
            "tributary user role --organization 1 2 viewer",
            "tributary user disable --organization 1 2",
            "tributary user enable --organization 1 2",
            "tributary user password --organization 1 2 --password-from prompt",
            "tributary user second-factor --organization 1 2 --remove",
            "tributary batch run --organization 1 --json",
            "tributary batch status --organization 1",
            "tributary contact erase 5 --organization 1 --reason asked",
            "tributary contact export 5 --organization 1 --json",
            "tributary contact consent 5 --organization 1 --skip 1 --take 2",
            "tributary contact erasures --organization 1",
            "tributary contact lift 1 --organization 1",
            "tributary duplicates scan --organization 1 --json",
            "tributary duplicates status --organization 1",
            "tributary duplicates list --organization 1 --band certain --contact 5 --skip 10 --take 20",
            "tributary duplicates list --organization 1 --closed",
            "tributary needs-update list --organization 1 --reason ambiguous --source online",
            &format!("tributary needs-update show {id} --organization 1"),
            &format!("tributary needs-update resolve {id} --organization 1 --action merge --contact 5 --individual 6"),
            &format!("tributary needs-update resolve {id} --organization 1 --action retry --file x.json"),
            &format!("tributary transaction undo {id} --organization 1"),
            "tributary import x.jsonl.gz --organization 1 --source online --as contacts",
            "tributary export decisions --organization 1 --output x.jsonl",
            "tributary webhook list --organization 1",
            "tributary webhook create --organization 1 --url https://example.org/hook --event needsUpdate",
            "tributary webhook ping 1 --organization 1 --json",
            &format!("tributary webhook replay 1 --organization 1 --event {id}"),
            "tributary webhook replay 1 --organization 1 --contact 5 --since 2026-01-01T00:00:00Z --dead",
            "tributary webhook listen --organization 1 --count 3",
            "tributary webhook listen --secret s3cret-value --listen 127.0.0.1:4000 --status 500",
            "tributary webhook verify --secret s --signature v1,x --id a --timestamp 1 body.json",
            "tributary calibrate --organization 1 --dry-run --json",
            &format!("tributary explain --organization 1 {id} --contact 5 --format svg"),
            "tributary matcher list --organization 1",
            "tributary matcher show --organization 1 3",
            "tributary matcher activate --organization 1 shipped",
            "tributary matcher activate --organization 1 matcher-3",
            "tributary matcher revert --organization 1",
            "tributary matcher nickname list --organization 1 Peggy",
            "tributary matcher nickname add --organization 1 Zuzu Susan Susannah",
            "tributary matcher nickname remove --organization 1 Pat Patrick --json",
            "tributary policy list --organization 1",
            "tributary policy show --organization 1",
            "tributary policy show --organization 1 policy-2",
            "tributary policy check policy.json",
            "tributary policy put policy.json --organization 1 --json",
            "tributary policy activate --organization 1 shipped",
            "tributary policy revert --organization 1",
            "tributary policy refold --organization 1 2 --dry-run",
            "tributary policy refold --organization 1 --as-decided",
            "tributary link --contacts a --transactions b --decisions c --calibrate",
            "tributary link --contacts a --transactions b --decisions c --threads 2 --explain --json",
        ];
        for line in lines {
            parse(line).unwrap_or_else(|error| panic!("{line}: {error}"));
        }
    }

    #[test]
    fn wrong_use_is_told_apart_from_a_question_for_help() {
        assert_eq!(parse("tributary --version").unwrap_err().kind(), ErrorKind::DisplayVersion);
        assert_eq!(parse("tributary batch --help").unwrap_err().kind(), ErrorKind::DisplayHelp);
        for line in [
            "tributary batch run",
            "tributary key create --organization 1 --name n --scope everything",
            "tributary needs-update show not-an-id --organization 1",
            "tributary needs-update resolve 0199f0a0-0000-7000-8000-000000000001 --organization 1 --action merge",
            "tributary serve --role everything",
            "tributary matcher activate --organization 1 newest",
            "tributary policy refold --organization 1",
            "tributary policy refold --organization 1 2 --as-decided",
            "tributary user create --organization 1 --email a@x.org --role owner",
            "tributary user second-factor --organization 1 2",
        ] {
            assert_eq!(parse(line).unwrap_err().exit_code(), 2, "{line}");
        }
    }
}
