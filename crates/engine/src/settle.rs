//! What a person's decision writes about a submission, whatever it decides.

use crate::EngineError;
use crate::change::{Context, TransactionEnd, Writes, of_transaction};
use tributary_contact::state::{Reason, State};
use tributary_matching::WEIGHTS_VERSION;
use tributary_store::{DecisionRow, Settlement, TransactionRow, WriteTx};
use uuid::Uuid;

/// A settlement that takes the row out of its contact.
pub(crate) fn settlement(
    row: &TransactionRow,
    state: State,
    reason: Option<Reason>,
    context: &Context<'_>,
) -> Settlement {
    Settlement {
        id: row.id,
        expected: row.state,
        state,
        reason,
        level: None,
        contact: None,
        individual: None,
        first_item: None,
        run: None,
        decided_at: Some(context.at),
        policy: row.policy,
    }
}

/// The decision that a person's settlement of a row stands for, after the latest one.
pub(crate) fn person_decision(
    settlement: &Settlement,
    latest: Option<&DecisionRow>,
    context: &Context<'_>,
) -> DecisionRow {
    DecisionRow {
        transaction: settlement.id,
        number: latest.map_or(1, |decision| decision.number + 1),
        run: None,
        outcome: settlement.state,
        level: settlement.level,
        reason: settlement.reason,
        contact: settlement.contact,
        individual: settlement.individual,
        score: None,
        explanation: "[]".to_owned(),
        weights_version: latest.map_or_else(|| WEIGHTS_VERSION.to_owned(), |decision| decision.weights_version.clone()),
        policy: settlement.policy,
        actor: context.actor.clone(),
        decided_at: context.at,
        undone_at: None,
    }
}

/// Stores a person's settlement of a row together with the decision it stands for, and tells of it under this
/// event id when the row waits or is refused now. Hands back the number of the decision.
pub(crate) fn settle(
    tx: &mut dyn WriteTx,
    row: &TransactionRow,
    settlement: Settlement,
    event: Uuid,
    context: &Context<'_>,
) -> Result<i32, EngineError> {
    let org = context.organization.id;
    let latest = tx.latest_decisions(org, &[row.id])?.into_iter().next();
    let decision = person_decision(&settlement, latest.as_ref(), context);
    let number = decision.number;
    let end = TransactionEnd {
        transaction: row.id,
        reference: row.submission.reference.as_ref(),
        state: settlement.state,
        reason: settlement.reason,
        received_at: row.received_at,
        question: None,
    };
    let told = of_transaction(event, &end, context.organization, context.at);
    tx.settle_transactions(org, &[settlement])?;
    tx.insert_decisions(org, &[decision])?;
    Writes::default().with_events(told.into_iter().collect()).write(tx, org)?;
    Ok(number)
}
