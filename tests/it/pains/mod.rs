//! What people complain about most with systems of this sort (`peers.md`, part 4), one story each, named after it, as
//! partners and staff live it: over HTTP, and from the command line where they would use it.

mod pain_01_a_submission_disappears;
mod pain_02_a_wrong_merge_cannot_be_undone;
mod pain_04_merges_break_everyone_downstream;
mod pain_05_the_matcher_picks_silently;
mod pain_08_old_or_empty_data_overwrites_good_data;
mod pain_10_no_preview_or_one_that_lies;
mod pain_12_a_bad_import_cannot_be_taken_back;
mod pain_15_consent_and_erasure_are_lost;

use crate::support::{Client, Stage};
use serde_json::{Value, json};

/// A row of a platform.
fn row(source: &str, id: &str, name: &str, email: &str) -> Value {
    let (first, last) = name.split_once(' ').unwrap();
    json!({ "referenceSource": source, "referenceId": id, "firstName": first, "lastName": last, "email": email })
}

/// The row with further fields.
fn with(mut row: Value, more: &Value) -> Value {
    row.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    row
}

/// The value without when anything was changed last.
fn undated(value: Value) -> Value {
    match value {
        Value::Array(list) => list.into_iter().map(undated).collect(),
        Value::Object(map) => {
            let kept = map.into_iter().filter(|(name, _)| name != "modifiedDateTimeUtc");
            kept.map(|(name, value)| (name, undated(value))).collect()
        }
        same => same,
    }
}

/// What a partner polls: status, and where its submission stands.
fn poll(client: &Client, source: &str, id: &str) -> (u16, String) {
    let answer = client.get(&format!("/api/Contact/{source}/{id}"));
    (answer.status, answer.header("Tributary-Transaction-State").to_owned())
}

impl Stage {
    /// A contact by reference.
    fn contact(&self, source: &str, id: &str) -> Value {
        self.client.get(&format!("/api/Contact/{source}/{id}")).json()
    }

    /// Submits one and runs the batch; its id.
    fn decide(&self, row: &Value) -> String {
        let id = self.client.submit(row);
        self.client.run_batch();
        id
    }

    /// Contacts as anybody reads them, by number, without when they were changed last.
    fn everything(&self, contacts: &[&Value]) -> Vec<Value> {
        let read = |id: &&Value| undated(self.client.get(&format!("/api/Contact/{id}")).json());
        contacts.iter().map(read).collect()
    }
}
