//! What the demo found, as JSON and as a table.

use super::score::Score;
use crate::output::Table;
use serde::Serialize;
use std::collections::BTreeMap;

/// The stages in their order.
const STAGES: [&str; 4] = ["load", "submit", "batch", "deliver"];

/// The whole result.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// The organization, by id.
    pub organization: i64,
    /// An API key for it.
    pub key: String,
    /// Where the API is.
    pub address: String,
    /// What became of the submissions.
    pub outcomes: Outcomes,
    /// How right the automatic merges are.
    pub accuracy: Score,
    /// Seconds per stage.
    pub seconds: BTreeMap<&'static str, f64>,
    /// What became of the events.
    pub events: Events,
    /// Whether every submission has an outcome and every event was delivered and verified.
    pub ok: bool,
}

/// Counts of submissions.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Outcomes {
    /// Submitted.
    pub received: i64,
    /// New contacts.
    pub created: i64,
    /// Into a known individual, with something new.
    pub merged: i64,
    /// As a new individual of a known household.
    pub individual_added: i64,
    /// Into a known individual, with nothing new.
    pub unchanged: i64,
    /// For a person to decide.
    pub needs_update: i64,
    /// Those, by reason.
    pub reasons: BTreeMap<String, i64>,
    /// Refused.
    pub rejected: i64,
    /// Without an outcome.
    pub held: i64,
}

/// Counts of events.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Events {
    /// Emitted.
    pub emitted: usize,
    /// Of those, arrived with a good signature.
    pub verified: usize,
    /// Arrivals with a bad one.
    pub refused: u64,
}

impl Outcomes {
    /// Whether every submission has an outcome.
    pub fn is_complete(&self) -> bool {
        let decided =
            [self.created, self.merged, self.individual_added, self.unchanged, self.needs_update, self.rejected];
        self.held == 0 && decided.iter().sum::<i64>() == self.received
    }
}

impl Events {
    /// Whether every event arrived and verified.
    pub const fn are_complete(&self) -> bool {
        self.emitted == self.verified && self.refused == 0
    }
}

impl Report {
    /// The table, the key and three calls to try.
    pub fn text(&self) -> String {
        format!("\n{}\n{}", self.table().text(), self.invitation())
    }

    fn table(&self) -> Table {
        let outcomes = &self.outcomes;
        let mut table = Table::bare();
        let mut row = |name: &str, value: String| table.row([name.to_owned(), value]);
        row("submitted", outcomes.received.to_string());
        row("created", outcomes.created.to_string());
        row("merged", outcomes.merged.to_string());
        row("individual added", outcomes.individual_added.to_string());
        row("unchanged", outcomes.unchanged.to_string());
        row("needs update", outcomes.needs_update.to_string());
        outcomes.reasons.iter().for_each(|(reason, count)| row(&format!("  {reason}"), count.to_string()));
        row("rejected", outcomes.rejected.to_string());
        row("still held", outcomes.held.to_string());
        row("precision of merges", format!("{:.4}", self.accuracy.precision));
        row("recall of merges", format!("{:.4}", self.accuracy.recall));
        for stage in STAGES {
            let seconds = self.seconds.get(stage).copied().unwrap_or_default();
            row(&format!("seconds: {stage}"), format!("{seconds:.2}"));
        }
        row("events emitted", self.events.emitted.to_string());
        row("events verified", self.events.verified.to_string());
        table
    }

    fn invitation(&self) -> String {
        let (address, key) = (&self.address, &self.key);
        let auth = format!("-H 'Authorization: Bearer {key}'");
        let body = r#"{"referenceSource":"demo","referenceId":"1","firstName":"Ada","lastName":"Quill","email":"ada@example.org"}"#;
        format!(
            "API key: {key}\nTry it, submit, run the batch, read the contact:\n\
             \x20 curl -i {auth} -H 'Content-Type: application/json' -d '{body}' {address}/api/Contact/Transaction\n\
             \x20 curl -X POST {auth} {address}/api/Batch/Run\n\
             \x20 curl {auth} {address}/api/Contact/demo/1\n"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_submission_without_an_outcome_is_noticed() {
        let mut outcomes = Outcomes { received: 3, created: 1, merged: 1, ..Outcomes::default() };
        assert!(!outcomes.is_complete());
        outcomes.needs_update = 1;
        assert!(outcomes.is_complete());
        outcomes.held = 1;
        assert!(!outcomes.is_complete());
    }

    #[test]
    fn an_event_that_is_missing_or_does_not_verify_is_noticed() {
        assert!(Events { emitted: 2, verified: 2, refused: 0 }.are_complete());
        assert!(!Events { emitted: 2, verified: 1, refused: 0 }.are_complete());
        assert!(!Events { emitted: 2, verified: 2, refused: 1 }.are_complete());
    }
}
