//! What the stories share: worlds, processes, clients, receivers.

mod binary;
pub mod conserved;
pub mod deliveries;
mod http;
pub mod python;
mod receiver;
mod sample;
mod server;
mod stage;
mod wait;
mod world;

pub use http::{Answer, Client, block_on};
pub use receiver::{Receiver, SECRET};
pub use sample::{SAMPLE, rows, write_rows};
pub use server::Server;
pub use stage::Stage;
pub use wait::{pause, until};
pub use world::{World, read_lines};

/// Tells on the real standard error that something was left out; the harness hides what `println!` says.
pub fn skipped(what: &str, why: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr(), "SKIPPED {what}: {why}");
}

/// Runs each story, a function that takes a [`World`], on SQLite and on PostgreSQL.
macro_rules! on_both_databases {
    ($($story:ident),+ $(,)?) => {$(
        mod $story {
            #[test]
            fn on_sqlite() {
                super::$story($crate::support::World::sqlite);
            }

            #[test]
            fn on_postgresql() {
                if $crate::support::World::postgres_is_here() {
                    super::$story($crate::support::World::postgres);
                }
            }
        }
    )+};
}
