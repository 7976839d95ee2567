//! Long runs of the simulation: `cargo run -p tributary-sim -- --seeds 1000`.

use clap::Parser;
use std::collections::BTreeMap;
use std::process::ExitCode;
use tributary_sim::{Plan, Report, check_seed, simulate};

/// Simulates seeds one after the other and tells what broke.
#[derive(Parser)]
#[command(name = "tributary-sim", version)]
struct Args {
    /// How many seeds.
    #[arg(long, default_value_t = 100)]
    seeds: u64,
    /// The first of them.
    #[arg(long, default_value_t = 0)]
    from: u64,
    /// Steps of each plan.
    #[arg(long, default_value_t = 25)]
    steps: usize,
    /// Simulate each seed twice and compare.
    #[arg(long)]
    doublecheck: bool,
    /// Print the plan of the first seed and what each step came to, and stop.
    #[arg(long)]
    show: bool,
}

fn main() -> ExitCode {
    let args = Args::parse();
    if args.show {
        return show(&args);
    }
    let (mut failed, mut seen) = (0_u64, BTreeMap::<String, usize>::new());
    for seed in args.from..args.from.saturating_add(args.seeds) {
        match check_seed(seed, args.steps) {
            Ok(report) => {
                if let Some(difference) = args.doublecheck.then(|| again(seed, args.steps, &report)).flatten() {
                    failed += 1;
                    println!("seed {seed}: two runs differ: {difference}");
                }
                for (what, times) in report.seen {
                    *seen.entry(what).or_default() += times;
                }
            }
            Err(finding) => {
                failed += 1;
                println!("{finding}");
            }
        }
    }
    for (what, times) in seen {
        println!("{times:>8}  {what}");
    }
    println!("{} seeds, {failed} failed", args.seeds);
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Where a second run of a seed differs from the first, if it does.
fn again(seed: u64, steps: usize, first: &Report) -> Option<String> {
    let second = match simulate(&Plan::of(seed, steps)) {
        Ok(second) => second,
        Err(failure) => return Some(failure.broken.to_string()),
    };
    let mut lines = first.trace.iter().zip(&second.trace).enumerate();
    let differing = lines.find(|(_, (once, again))| once != again);
    let shown = differing.map(|(place, (once, again))| format!("line {place}\n  {once}\n  {again}"));
    shown.or_else(|| (*first != second).then(|| "one is longer".to_owned()))
}

fn show(args: &Args) -> ExitCode {
    let plan = Plan::of(args.from, args.steps);
    println!("{plan}");
    match simulate(&plan) {
        Ok(report) => {
            report.trace.iter().enumerate().for_each(|(place, line)| println!("  {place:>3} {line}"));
            ExitCode::SUCCESS
        }
        Err(failure) => {
            println!("step {}: {}", failure.step, failure.broken);
            ExitCode::FAILURE
        }
    }
}
