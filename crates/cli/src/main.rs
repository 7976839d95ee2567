//! The binary `tributary`: arguments, configuration, wiring, logs. Every command is a thin layer over
//! the engine's use cases.

mod args;
mod blocks;
mod commands;
mod config;
mod demo;
mod outcome;
mod output;
mod parse;
mod progress;
mod rows;
mod serve;
mod telemetry;
mod views;
mod wire;

use clap::Parser;
use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    run()
}

/// Parses the arguments, which ends the process with status 2 on a mistake, and runs the command.
fn run() -> ExitCode {
    let arguments = args::Arguments::parse();
    // It can only fail when a provider is there already, and then there is one.
    let _ = rustls::crypto::ring::default_provider().install_default();
    outcome::exit_code(commands::run(arguments))
}
