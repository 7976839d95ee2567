//! Contact transactions between their row and the domain.

use crate::convert::{Column, bytes, json, micros};
use crate::rows::{DecisionRecord, TransactionRecord};
use tributary_contact::state::{Level, Reason, State};
use tributary_contact::{ContactId, ItemId, OrganizationId, RunId};
use tributary_store::{DecisionRow, StoreResult, TransactionRow};

/// The contact of a transaction; only in the states in which it belongs to one.
pub(super) fn contact_of(state: State, contact: Option<ContactId>) -> Option<i64> {
    let assigned = matches!(state, State::Created | State::Merged | State::Unchanged);
    contact.filter(|_| assigned).map(|id| id.0)
}

/// The stored row of a transaction.
pub(super) fn transaction_record(organization: OrganizationId, row: &TransactionRow) -> StoreResult<TransactionRecord> {
    let reference = row.submission.reference.as_ref();
    Ok(TransactionRecord {
        organization_id: organization.0,
        id: bytes(row.id.0),
        received_at: micros(row.received_at),
        reference_source: reference.map(|reference| reference.source.clone()),
        reference_id: reference.map(|reference| reference.id.clone()),
        key_id: row.key_id,
        body: json(&row.submission)?,
        state: row.state.as_str().to_owned(),
        reason: row.reason.map(|reason| reason.as_str().to_owned()),
        level: row.level.map(|level| level.as_str().to_owned()),
        contact_id: contact_of(row.state, row.contact),
        individual_id: row.individual.map(|id| id.0),
        first_item: row.first_item.map(|id| id.0),
        run_id: row.run.map(|id| id.0),
        decided_at: row.decided_at.map(micros),
        policy: row.policy,
        refolded_policy: None,
        corrected: None,
        erased_at: row.erased.map(micros),
    })
}

/// The transaction of a stored row, with the correction that counts in place of what was sent.
pub(super) fn transaction_from(row: &TransactionRecord, correction: Option<&str>) -> StoreResult<TransactionRow> {
    let column = |name| Column("contact_transaction", name);
    let sent = column("body").json(&row.body)?;
    let (submission, sent) = match correction {
        Some(body) => (Column("transaction_correction", "body").json(body)?, Some(Box::new(sent))),
        None => (sent, None),
    };
    Ok(TransactionRow {
        id: column("id").record(&row.id)?,
        received_at: column("received_at").instant(row.received_at)?,
        key_id: row.key_id,
        submission,
        sent,
        state: column("state").code(State::parse, &row.state)?,
        reason: column("reason").code_or_none(Reason::parse, row.reason.as_deref())?,
        level: column("level").code_or_none(Level::parse, row.level.as_deref())?,
        contact: row.contact_id.map(ContactId),
        individual: row.individual_id.map(ItemId),
        first_item: row.first_item.map(ItemId),
        run: row.run_id.map(RunId),
        decided_at: column("decided_at").instant_or_none(row.decided_at)?,
        policy: row.policy,
        erased: column("erased_at").instant_or_none(row.erased_at)?,
    })
}

/// The stored row of a decision.
pub(super) fn decision_record(organization: OrganizationId, row: &DecisionRow) -> DecisionRecord {
    DecisionRecord {
        organization_id: organization.0,
        transaction_id: bytes(row.transaction.0),
        number: row.number,
        run_id: row.run.map(|id| id.0),
        outcome: row.outcome.as_str().to_owned(),
        level: row.level.map(|level| level.as_str().to_owned()),
        reason: row.reason.map(|reason| reason.as_str().to_owned()),
        contact_id: row.contact.map(|id| id.0),
        individual_id: row.individual.map(|id| id.0),
        score: row.score,
        explanation: row.explanation.clone(),
        weights_version: row.weights_version.clone(),
        actor: row.actor.clone(),
        decided_at: micros(row.decided_at),
        undone_at: row.undone_at.map(micros),
        policy: row.policy,
    }
}

/// The decision of a stored row.
pub(super) fn decision_from(row: DecisionRecord) -> StoreResult<DecisionRow> {
    let column = |name| Column("decision", name);
    Ok(DecisionRow {
        transaction: column("transaction_id").record(&row.transaction_id)?,
        number: row.number,
        run: row.run_id.map(RunId),
        outcome: column("outcome").code(State::parse, &row.outcome)?,
        level: column("level").code_or_none(Level::parse, row.level.as_deref())?,
        reason: column("reason").code_or_none(Reason::parse, row.reason.as_deref())?,
        contact: row.contact_id.map(ContactId),
        individual: row.individual_id.map(ItemId),
        score: row.score,
        explanation: row.explanation,
        weights_version: row.weights_version,
        policy: row.policy,
        actor: row.actor,
        decided_at: column("decided_at").instant(row.decided_at)?,
        undone_at: column("undone_at").instant_or_none(row.undone_at)?,
    })
}
