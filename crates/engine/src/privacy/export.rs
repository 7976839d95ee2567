//! Everything that is held about a person, as one document.

use super::consent::{ConsentChange, changes};
use super::subject::Subject;
use super::traces::{Loose, held_about};
use crate::audit::AuditLine;
use crate::{Engine, EngineError};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use tributary_contact::clock::Timestamp;
use tributary_contact::{ContactId, OrganizationId, RecordId, SourceRecord};
use tributary_store::{
    ContactRow, CorrectionRow, DecisionRow, EventRow, HeldRow, MergeRow, MergeSuggestionRow, NotDuplicateRow,
    NoteOrder, NoteRow, NotesOf, Other, ReadTx, StoreExt, StoreResult, SuggestionFilter, TransactionRow,
};

/// Everything that is held about a person. Values are as they are stored.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PersonExport {
    /// When it was made.
    pub exported_at_utc: Timestamp,
    /// The golden record, with the record that supplied each value under `provenance`.
    pub contact: Value,
    /// Contacts that were merged into it, as they were then.
    pub merged_contacts: Vec<Value>,
    /// Everything that was said of it.
    pub source_records: Vec<Value>,
    /// Submissions: what was sent, what became of it and why.
    pub transactions: Vec<Value>,
    /// Submissions about it that wait or were refused.
    pub other_transactions: Vec<Value>,
    /// Submissions about it that no batch has decided yet.
    pub held_transactions: Vec<Value>,
    /// Submissions that share something with it and may be about somebody else, whose data are not handed out.
    pub undecided_transaction_ids: Vec<RecordId>,
    /// Notes.
    pub notes: Vec<Value>,
    /// Pictures of its people, in Base64.
    pub pictures: Vec<Value>,
    /// Merges in which it took part.
    pub merges: Vec<Value>,
    /// What people said it is not.
    pub not_duplicates: Vec<Value>,
    /// What others said is one with it.
    pub merge_suggestions: Vec<Value>,
    /// What subscribers were told.
    pub events: Vec<Value>,
    /// Every change.
    pub audit: Vec<AuditLine>,
    /// Every change of consent.
    pub consent: Vec<ConsentChange>,
}

impl Engine {
    /// Everything that is held about a contact.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] for an unknown contact, [`EngineError::Conflict`] for one that was merged away.
    pub fn export_person(&self, org: OrganizationId, contact: ContactId) -> Result<PersonExport, EngineError> {
        let (country, now) = (self.organization(org)?.country, self.now());
        let place = (org, country.as_str());
        let (export, whom) = self.parts.store.reading(|tx| {
            let subject = match Subject::read(tx, place, contact) {
                Ok(subject) => subject,
                Err(refused) => return Ok(Err(refused)),
            };
            Ok(Ok((collect(tx, place, &subject, now)?, subject.identity)))
        })??;
        let held = held_about(self.parts.store.ledger(), place, &whom)?;
        Ok(PersonExport { held_transactions: held.iter().map(held_json).collect(), ..export })
    }
}

fn held_json(row: &HeldRow) -> Value {
    json!({ "id": row.id, "receivedAtUtc": row.received_at, "keyId": row.key_id, "sent": row.submission })
}

fn collect(
    tx: &mut dyn ReadTx,
    place: (OrganizationId, &str),
    subject: &Subject,
    now: Timestamp,
) -> StoreResult<PersonExport> {
    let (org, family) = (place.0, subject.family());
    let loose = Loose::find(tx, place, &subject.identity, &family)?;
    let own: Vec<RecordId> = loose.own.iter().map(|row| row.id).collect();
    let corrections = tx.corrections(org, &own)?;
    Ok(PersonExport {
        exported_at_utc: now,
        contact: contact_json(&subject.contact),
        merged_contacts: subject.merged.iter().map(contact_json).collect(),
        source_records: subject.records.iter().map(record_json).collect(),
        transactions: transactions(tx, org, &subject.transactions, &subject.corrections)?,
        other_transactions: transactions(tx, org, &loose.own, &corrections)?,
        held_transactions: Vec::new(),
        undecided_transaction_ids: loose.left,
        notes: notes(tx, org, &family)?,
        pictures: pictures(tx, org, subject)?,
        merges: tx.merges_about(org, &family)?.iter().map(merge_json).collect(),
        not_duplicates: not_duplicates(tx, org, &family)?,
        merge_suggestions: suggestions(tx, org, &family)?,
        events: tx.events_about(org, &family)?.iter().map(event_json).collect(),
        audit: tx.audit_about(org, &family)?.into_iter().map(AuditLine::from).collect(),
        consent: changes(tx, org, subject)?,
    })
}

fn contact_json(row: &ContactRow) -> Value {
    json!({
        "id": row.id,
        "version": row.version,
        "isArchived": row.archived,
        "mergedIntoContactId": row.merged_into,
        "createdAtUtc": row.created_at,
        "modifiedAtUtc": row.modified_at,
        "record": row.golden,
    })
}

fn record_json(record: &SourceRecord) -> Value {
    json!({
        "id": record.id,
        "kind": record.kind,
        "receivedAtUtc": record.received_at,
        "individualId": record.individual,
        "submission": record.submission,
    })
}

fn transactions(
    tx: &mut dyn ReadTx,
    org: OrganizationId,
    rows: &[TransactionRow],
    corrections: &[CorrectionRow],
) -> StoreResult<Vec<Value>> {
    let mut list = Vec::with_capacity(rows.len());
    for row in rows {
        let decisions: Vec<Value> = tx.decisions(org, row.id)?.iter().map(decision_json).collect();
        let own = corrections.iter().filter(|correction| correction.transaction == row.id);
        list.push(json!({
            "id": row.id,
            "receivedAtUtc": row.received_at,
            "keyId": row.key_id,
            "state": row.state,
            "reason": row.reason,
            "contactId": row.contact,
            "individualId": row.individual,
            "batchId": row.run,
            "decidedAtUtc": row.decided_at,
            "sent": row.sent.as_deref().unwrap_or(&row.submission),
            "corrections": own.map(|correction| &correction.submission).collect::<Vec<_>>(),
            "decisions": decisions,
        }));
    }
    Ok(list)
}

fn decision_json(row: &DecisionRow) -> Value {
    json!({
        "number": row.number,
        "outcome": row.outcome,
        "level": row.level,
        "reason": row.reason,
        "contactId": row.contact,
        "batchId": row.run,
        "score": row.score,
        "explanation": serde_json::from_str::<Value>(&row.explanation).unwrap_or_default(),
        "weightsVersion": row.weights_version,
        "actor": row.actor,
        "decidedAtUtc": row.decided_at,
        "undoneAtUtc": row.undone_at,
    })
}

fn notes(tx: &mut dyn ReadTx, org: OrganizationId, family: &[ContactId]) -> StoreResult<Vec<Value>> {
    let mut all = Vec::new();
    for contact in family {
        let wanted = NotesOf { contact: *contact, important: false, order: NoteOrder::Id, descending: false };
        all.extend(tx.note_page(org, wanted, 0, i64::MAX)?.iter().map(note_json));
    }
    Ok(all)
}

fn note_json(row: &NoteRow) -> Value {
    json!({
        "id": row.id,
        "type": row.kind,
        "note": row.note,
        "noteAtUtc": row.note_at,
        "isImportant": row.important,
        "isPrivate": row.private,
        "timeSpent": row.time_spent,
        "createdAtUtc": row.created_at,
        "createdBy": row.created_by,
        "modifiedAtUtc": row.modified_at,
        "modifiedBy": row.modified_by,
    })
}

fn pictures(tx: &mut dyn ReadTx, org: OrganizationId, subject: &Subject) -> StoreResult<Vec<Value>> {
    let mut all = Vec::new();
    for individual in subject.individuals() {
        let Some(picture) = tx.avatar(org, individual)? else { continue };
        let image = STANDARD.encode(&picture.image);
        all.push(json!({ "individualId": individual, "contentType": picture.content_type, "image": image }));
    }
    Ok(all)
}

fn merge_json(row: &MergeRow) -> Value {
    let (by, at) = row.undone.clone().unzip();
    json!({
        "survivorContactId": row.survivor,
        "mergedContactId": row.merged,
        "mergedAtUtc": row.merged_at,
        "actor": row.actor,
        "undoneAtUtc": at,
        "undoneBy": by,
    })
}

fn not_duplicates(tx: &mut dyn ReadTx, org: OrganizationId, family: &[ContactId]) -> StoreResult<Vec<Value>> {
    let mut all = Vec::new();
    for contact in family {
        let rows = tx.not_duplicate_page(org, Some(*contact), 0, i64::MAX)?;
        all.extend(rows.iter().map(not_duplicate_json));
    }
    Ok(all)
}

fn not_duplicate_json(row: &NotDuplicateRow) -> Value {
    let other = match &row.other {
        Other::Contact(id) => json!({ "contactId": id }),
        Other::Reference(reference) => json!({ "reference": reference }),
        Other::Transaction(id) => json!({ "transactionId": id }),
    };
    let (revoked_by, revoked_at) = row.revoked.clone().unzip();
    json!({
        "contactId": row.contact,
        "other": other,
        "note": row.note,
        "actor": row.actor,
        "createdAtUtc": row.created_at,
        "revokedBy": revoked_by,
        "revokedAtUtc": revoked_at,
    })
}

fn suggestions(tx: &mut dyn ReadTx, org: OrganizationId, family: &[ContactId]) -> StoreResult<Vec<Value>> {
    let mut all: BTreeMap<i64, Value> = BTreeMap::new();
    for contact in family {
        for closed in [false, true] {
            let filter = SuggestionFilter { contact: Some(*contact), closed };
            let rows = tx.merge_suggestions(org, filter, 0, i64::MAX)?;
            all.extend(rows.iter().map(|row| (row.id, suggestion_json(row))));
        }
    }
    Ok(all.into_values().collect())
}

fn suggestion_json(row: &MergeSuggestionRow) -> Value {
    json!({
        "contactId": row.contact,
        "otherContactId": row.other,
        "note": row.note,
        "actor": row.actor,
        "createdAtUtc": row.created_at,
        "closed": row.end.as_ref().map(|end| end.reason.as_str()),
        "closedBy": row.end.as_ref().map(|end| &end.by),
        "closedAtUtc": row.end.as_ref().map(|end| end.at),
    })
}

fn event_json(event: &EventRow) -> Value {
    json!({
        "id": event.id,
        "type": event.kind.as_str(),
        "sequence": event.sequence,
        "createdAtUtc": event.created_at,
        "body": serde_json::from_str::<Value>(&event.body).unwrap_or_default(),
    })
}
