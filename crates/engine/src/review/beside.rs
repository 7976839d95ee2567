//! A row beside a contact that it may mean: where the two differ, and what a merge would make of them.

use crate::TransactionView;
use std::sync::Arc;
use tributary_contact::diff::{Change, diff};
use tributary_contact::fold::fold;
use tributary_contact::merge::{Difference, differences};
use tributary_contact::policy::Policy;
use tributary_contact::{Golden, ItemId, RecordKind, SourceRecord};

/// Stands for the item numbers that a row would be given; above every number that was given.
const UNNUMBERED: ItemId = ItemId(1 << 60);

/// A row beside a contact.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Beside {
    /// The single values that the row says and that the contact says otherwise, or not at all. `survivor` is what is on
    /// file, `merged` what comes in.
    pub differences: Vec<Difference>,
    /// Everything that a merge would change of the contact.
    pub changes: Vec<Change>,
}

impl TransactionView {
    /// The record that the row would be of this individual.
    pub(super) fn record(&self, individual: ItemId, policy: Option<Arc<Policy>>) -> SourceRecord {
        SourceRecord {
            id: self.id,
            kind: RecordKind::Transaction,
            received_at: self.received_at,
            individual,
            first_item: UNNUMBERED,
            submission: self.submission.clone(),
            policy,
        }
    }
}

/// Lays a row beside the contact of these records. What it says is shown whether the policy hears it or not; what
/// comes of it is by the policy.
pub(super) fn beside(records: &[SourceRecord], row: &SourceRecord, country: &str) -> Beside {
    let alone = SourceRecord { policy: None, ..row.clone() };
    let with_row: Vec<SourceRecord> = records.iter().chain([row]).cloned().collect();
    let before = fold(records, country).unwrap_or_default();
    let incoming = fold(&[alone], country).unwrap_or_default();
    let after = fold(&with_row, country).unwrap_or_default();
    Beside { differences: said_otherwise(&before, &incoming, &after, row), changes: diff(Some(&before), Some(&after)) }
}

fn said_otherwise(before: &Golden, incoming: &Golden, after: &Golden, row: &SourceRecord) -> Vec<Difference> {
    let people = [(row.individual, row.individual)].into();
    let mut found = differences(before, incoming, &people, after);
    // A type that nobody said is the shipped one.
    let typed = row.submission.contact_type.is_some();
    found.retain(|own| own.merged.is_some() && (typed || own.field != "contactType"));
    found
}
