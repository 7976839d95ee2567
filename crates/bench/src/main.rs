//! What `just bench` runs. Every figure stands beside its baseline from the same run, since the machine may
//! be shared and noisy.

mod ask;
mod batch;
mod client;
mod crowd;
mod deliver;
mod intake;
mod read;
mod rows;
mod sink;
mod stage;
mod usage;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(Parser)]
#[command(name = "tributary-bench", version)]
struct Args {
    /// Database URLs to measure; a temporary SQLite file when none is given.
    #[arg(long, global = true)]
    database: Vec<String>,
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Durable intake over HTTP, beside a bare handler that parses the same JSON.
    Intake {
        /// Seconds per round.
        #[arg(long, default_value_t = 5)]
        seconds: u64,
        /// Keep-alive connections.
        #[arg(long, default_value_t = 64)]
        connections: usize,
        /// Rounds of both; the medians are compared.
        #[arg(long, default_value_t = 3)]
        rounds: usize,
    },
    /// Delivery of events: a stored backlog, and changes while they are committed.
    Deliver {
        /// Events of each case.
        #[arg(long, default_value_t = 20_000)]
        events: usize,
    },
    /// Contacts polled by reference over HTTP, beside a bare handler that answers the same bytes.
    Read {
        /// Contacts on file.
        #[arg(long, default_value_t = 1_000_000)]
        contacts: i64,
        /// Different contacts that are asked for; with 1 the same one again and again.
        #[arg(long, default_value_t = 200_000)]
        asked: i64,
        /// Seconds per round.
        #[arg(long, default_value_t = 5)]
        seconds: u64,
        /// Keep-alive connections.
        #[arg(long, default_value_t = 64)]
        connections: usize,
        /// Rounds of both; the medians are compared.
        #[arg(long, default_value_t = 3)]
        rounds: usize,
    },
    /// Queries and searches over many contacts.
    Query {
        /// Contacts on file.
        #[arg(long, default_value_t = 1_000_000)]
        contacts: i64,
    },
    /// The batch with everything written.
    Batch {
        /// Contacts on file and transactions held, each.
        #[arg(long, default_value_t = 100_000)]
        rows: usize,
        /// Rows of one chunk.
        #[arg(long, default_value_t = 8_000)]
        chunk_rows: usize,
        /// Take the run back afterwards.
        #[arg(long)]
        undo: bool,
    },
}

fn main() -> ExitCode {
    match run(Args::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("failed: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: Args) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let own = format!("sqlite:{}", folder.path().join("bench.db").display());
    let urls = if args.database.is_empty() { vec![own] } else { args.database };
    for url in &urls {
        match args.what {
            What::Intake { seconds, connections, rounds } => intake::measure(url, seconds, connections, rounds)?,
            What::Read { contacts, asked, seconds, connections, rounds } => {
                read::measure(url, contacts, read::Rounds { seconds, connections, rounds, asked })?;
            }
            What::Query { contacts } => ask::measure(url, contacts)?,
            What::Deliver { events } => deliver::measure(url, events)?,
            What::Batch { rows, chunk_rows, undo } => drop(batch::measure(url, rows, chunk_rows, undo)?),
        }
    }
    Ok(())
}
