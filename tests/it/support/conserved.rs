//! Conservation, which every story checks after every step: nothing that was received is lost, nothing is there twice.

use super::{Client, until};
use serde_json::Value;
use std::collections::BTreeMap;

/// What a run's received rows add up to.
const OUTCOMES: &[&str] = &["created", "merged", "unchanged", "needsUpdate", "rejected", "held"];

/// Of each organization: received, and what became of it.
type Books = BTreeMap<String, (i64, i64)>;

/// Received = created + merged + unchanged + needs update + rejected + held, in each organization of the server. While
/// a row is on its way from the ledger to its decision it is in both; then it is looked at again.
pub fn everywhere(client: &Client) {
    let mut seen = Books::new();
    until("received = created + merged + unchanged + needs_update + rejected + held", || {
        seen = books(&client.get("/metrics").body);
        let balanced = seen.values().all(|(received, known)| received == known);
        if !balanced {
            println!("received, and what became of it, by organization: {seen:?}");
        }
        balanced.then_some(())
    });
}

/// The same of the counts of one run.
pub fn run(run: &Value) {
    let count = |name: &str| run["counts"][name].as_i64().unwrap_or_else(|| panic!("no count of {name}: {run}"));
    let sum: i64 = OUTCOMES.iter().map(|name| count(name)).sum();
    assert_eq!(count("received"), sum, "{run}");
}

fn books(metrics: &str) -> Books {
    let mut books = Books::new();
    for line in metrics.lines() {
        let Some((name, rest)) = line.split_once('{') else { continue };
        let Some((labels, value)) = rest.rsplit_once("} ") else { continue };
        let Some(organization) = labels.split('"').nth(1) else { continue };
        let place = match name {
            "tributary_received" => 0,
            "tributary_held" | "tributary_transactions" => 1,
            _ => continue,
        };
        let value: i64 = value.parse().unwrap();
        let (received, known) = books.entry(organization.to_owned()).or_default();
        *(if place == 0 { received } else { known }) += value;
    }
    assert!(!books.is_empty(), "the metrics tell of no organization");
    books
}
