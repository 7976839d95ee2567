//! Who said when that a person may be written to, or may not: every change of consent, from the audit.

use super::subject::Subject;
use crate::{Engine, EngineError, Page};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use tributary_contact::clock::Timestamp;
use tributary_contact::diff::Change;
use tributary_contact::{ContactId, ItemId, OrganizationId, RecordId, RecordKind, SourceRecord};
use tributary_store::{ChainedRow, ReadTx, StoreExt, StoreResult};

/// Consent as it is now, and how it came about.
#[derive(Debug, Clone, PartialEq)]
pub struct Consent {
    /// The contact.
    pub contact: ContactId,
    /// Changes, latest first.
    pub changes: Page<ConsentChange>,
}

/// A change of the consent to one mailbox, number or profile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ConsentChange {
    /// The contact it was a change of; another one for what was merged into it.
    pub contact_id: ContactId,
    /// The person.
    pub individual_id: Option<ItemId>,
    /// The method.
    pub method_id: Option<ItemId>,
    /// Its type, for example `Home Email`.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// The mailbox, number or profile.
    pub value: Option<String>,
    /// Before; none when the method was added.
    pub before: Option<bool>,
    /// After; none when the method was taken away.
    pub after: Option<bool>,
    /// When.
    pub at: Timestamp,
    /// `batch`, or who did it.
    pub actor: String,
    /// What was done, as in the history.
    pub action: String,
    /// The record that said so, where one did.
    pub record_id: Option<RecordId>,
    /// How that record came: `transaction`, `load`, `create` or `edit`; none when it was taken back since.
    pub record_kind: Option<&'static str>,
    /// The platform that sent the record.
    pub source: Option<String>,
}

impl Engine {
    /// A part of the changes of consent of a contact and of those that were merged into it, latest first.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] for an unknown contact, [`EngineError::Conflict`] for one that was merged away.
    pub fn consent(
        &self,
        org: OrganizationId,
        contact: ContactId,
        skip: usize,
        take: usize,
    ) -> Result<Consent, EngineError> {
        let country = self.organization(org)?.country;
        let all = self.parts.store.reading(|tx| {
            let subject = match Subject::read(tx, (org, &country), contact) {
                Ok(subject) => subject,
                Err(refused) => return Ok(Err(refused)),
            };
            Ok(Ok(changes(tx, org, &subject)?))
        })??;
        let total = i64::try_from(all.len()).unwrap_or(i64::MAX);
        let list = all.into_iter().rev().skip(skip).take(take).collect();
        Ok(Consent { contact, changes: Page { list, total } })
    }
}

/// Every change, in the order in which they were made.
pub(super) fn changes(tx: &mut dyn ReadTx, org: OrganizationId, subject: &Subject) -> StoreResult<Vec<ConsentChange>> {
    let records: BTreeMap<RecordId, &SourceRecord> = subject.records.iter().map(|record| (record.id, record)).collect();
    let rows = tx.audit_about(org, &subject.family())?;
    Ok(rows.iter().flat_map(|row| of_row(row, &records)).collect())
}

fn of_row(row: &ChainedRow, records: &BTreeMap<RecordId, &SourceRecord>) -> Vec<ConsentChange> {
    let changes: Vec<Change> = serde_json::from_str(&row.row.changes).unwrap_or_default();
    let methods = changes.into_iter().filter(|change| change.field.starts_with("methods/"));
    methods.filter_map(|change| of_change(row, &change, records)).collect()
}

fn of_change(row: &ChainedRow, change: &Change, records: &BTreeMap<RecordId, &SourceRecord>) -> Option<ConsentChange> {
    let said = |value: &Option<Value>| value.as_ref()?.get("optedIn")?.as_bool();
    let (before, after) = (said(&change.before), said(&change.after));
    if before == after {
        return None;
    }
    let method = change.after.as_ref().or(change.before.as_ref())?;
    let text = |name: &str| method.get(name).and_then(Value::as_str).map(str::to_owned);
    let number = |name: &str| method.get(name).and_then(Value::as_i64).map(ItemId);
    let record = row.row.record.and_then(|id| records.get(&id));
    let sent = record.filter(|record| record.kind == RecordKind::Transaction);
    Some(ConsentChange {
        contact_id: row.row.contact,
        individual_id: number("individual"),
        method_id: number("id"),
        kind: text("type"),
        value: text("value"),
        before,
        after,
        at: row.row.at,
        actor: row.row.actor.clone(),
        action: row.row.action.clone(),
        record_id: row.row.record,
        record_kind: record.map(|record| record.kind.as_str()),
        source: sent.and_then(|record| record.submission.reference.as_ref()).map(|own| own.source.clone()),
    })
}
