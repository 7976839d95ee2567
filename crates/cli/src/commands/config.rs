//! `tributary config`: checks the configuration, or shows what is in force.

use crate::args::Global;
use crate::config::{load, to_json, to_toml};
use crate::outcome::Told;
use crate::output::Output;
use clap::Subcommand;
use serde_json::json;

/// Subcommands.
#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Tell every mistake in the configuration at once; status 1 if there is any
    Check,
    /// Print the values in force and where each was set; secrets are masked
    #[command(after_help = "\
The text is TOML and can be used as --config FILE, but for masked secrets. With --json the keys keep
the names they have in the file.")]
    Dump,
}

/// Runs the command.
pub fn run(command: &ConfigCommand, global: &Global) -> anyhow::Result<()> {
    let output = Output::new(global.json);
    match command {
        ConfigCommand::Check => check(global, output),
        ConfigCommand::Dump => {
            let loaded = load(global.config.as_deref())?;
            let text = to_toml(&loaded)?;
            Ok(output.print(&to_json(&loaded.config)?, |_| text)?)
        }
    }
}

fn check(global: &Global, output: Output) -> anyhow::Result<()> {
    let problems = load(global.config.as_deref()).err().map(|problems| problems.0).unwrap_or_default();
    let list: Vec<_> = problems
        .iter()
        .map(|problem| json!({"key": problem.key, "origin": problem.origin, "message": problem.message}))
        .collect();
    let text = |_: &_| match problems.as_slice() {
        [] => "The configuration is right.".to_owned(),
        problems => problems.iter().map(|problem| format!("{problem}\n")).collect(),
    };
    output.print(&json!({"ok": problems.is_empty(), "problems": list}), text)?;
    if problems.is_empty() { Ok(()) } else { Err(Told.into()) }
}
