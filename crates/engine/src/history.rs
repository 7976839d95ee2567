//! Where the values of a contact come from, and every change of it.

use crate::{Engine, EngineError, Page};
use std::collections::{BTreeMap, BTreeSet};
use tributary_contact::clock::Timestamp;
use tributary_contact::diff::Change;
use tributary_contact::{ContactId, Golden, OrganizationId, RecordId, RecordKind, Reference, SourceRecord};
use tributary_store::{AuditRow, DecisionRow, ReadTx, StoreExt, StoreResult};

/// The history of a contact.
#[derive(Debug, Clone, PartialEq)]
pub struct History {
    /// The contact.
    pub contact: ContactId,
    /// Its survivor, when it was merged away.
    pub merged_into: Option<ContactId>,
    /// Each value with the record that supplied it, by path.
    pub values: Vec<Provenance>,
    /// Changes, latest first.
    pub changes: Page<HistoryEntry>,
}

/// Who supplied a value, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provenance {
    /// Path of the value, as in [`Golden::provenance`].
    pub field: String,
    /// The record.
    pub record: RecordId,
    /// How it came; none when the record has left the contact since, which a contact that was merged away shows.
    pub supplied: Option<Supplied>,
}

/// A record as the supplier of values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Supplied {
    /// How it came.
    pub kind: RecordKind,
    /// What its sender calls the contact.
    pub reference: Option<Reference>,
    /// When it was received.
    pub received_at: Timestamp,
    /// When the sender says it changed.
    pub changed_at: Option<Timestamp>,
    /// Who made it, of a record that came directly.
    pub actor: Option<String>,
}

/// A change of a contact.
#[derive(Debug, Clone, PartialEq)]
pub struct HistoryEntry {
    /// The row as stored; its `changes` are in [`HistoryEntry::changes`].
    pub audit: AuditRow,
    /// What was before and after.
    pub changes: Vec<Change>,
    /// Version of the weights that the decision was made by, where one made the change.
    pub weights_version: Option<String>,
    /// Name of the policy that the decision was made under, where one made the change.
    pub policy_version: Option<String>,
}

impl Engine {
    /// Who supplied each value of a contact and when, and a part of its changes, latest first.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] for an unknown contact.
    pub fn history(
        &self,
        org: OrganizationId,
        contact: ContactId,
        skip: usize,
        take: usize,
    ) -> Result<History, EngineError> {
        let found = self.parts.store.reading(|tx| {
            let Some(row) = tx.contacts(org, &[contact])?.into_iter().next() else { return Ok(None) };
            let audit = tx.audit(org, contact)?;
            let records = tx.source_records(org, &[contact])?.into_iter().map(|own| own.record).collect::<Vec<_>>();
            let values = values(&row.golden, &records, &audit);
            let total = i64::try_from(audit.len()).unwrap_or(i64::MAX);
            let page: Vec<AuditRow> = audit.into_iter().rev().skip(skip).take(take).collect();
            let list = entries(tx, org, page)?;
            let changes = Page { list, total };
            Ok(Some(History { contact, merged_into: row.merged_into, values, changes }))
        })?;
        found.ok_or(EngineError::NotFound)
    }
}

fn values(golden: &Golden, records: &[SourceRecord], audit: &[AuditRow]) -> Vec<Provenance> {
    let records: BTreeMap<RecordId, &SourceRecord> = records.iter().map(|own| (own.id, own)).collect();
    let actors: BTreeMap<RecordId, &AuditRow> = audit.iter().filter_map(|row| Some((row.record?, row))).collect();
    let supplied = |record: &SourceRecord| Supplied {
        kind: record.kind,
        reference: record.submission.reference.clone(),
        received_at: record.received_at,
        changed_at: record.submission.changed_at,
        actor: actors.get(&record.id).filter(|_| record.kind != RecordKind::Transaction).map(|row| row.actor.clone()),
    };
    let value = |(field, record): (&String, &RecordId)| Provenance {
        field: field.clone(),
        record: *record,
        supplied: records.get(record).map(|own| supplied(own)),
    };
    golden.provenance.iter().map(value).collect()
}

/// The changes with the versions of the decisions that made them: those taken at the same instant.
fn entries(tx: &mut dyn ReadTx, org: OrganizationId, page: Vec<AuditRow>) -> StoreResult<Vec<HistoryEntry>> {
    let records: BTreeSet<RecordId> = page.iter().filter_map(|row| row.record).collect();
    let mut decisions: BTreeMap<RecordId, Vec<DecisionRow>> = BTreeMap::new();
    for record in records {
        decisions.insert(record, tx.decisions(org, record)?);
    }
    let entry = |audit: AuditRow| {
        let own = audit.record.and_then(|record| decisions.get(&record)).into_iter().flatten();
        let made = own.into_iter().find(|decision| decision.decided_at == audit.at);
        let changes = serde_json::from_str(&audit.changes).unwrap_or_default();
        let weights_version = made.map(|decision| decision.weights_version.clone());
        let policy_version = made.map(|decision| crate::policy_name(decision.policy));
        HistoryEntry { changes, weights_version, policy_version, audit }
    };
    Ok(page.into_iter().map(entry).collect())
}
