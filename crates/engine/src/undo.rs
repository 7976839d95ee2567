//! Taking a decision back: the record leaves its contact, the contact is folded again without it, and the
//! submission waits for a person. Nothing is lost; what was is in the decisions and the audit.

use crate::change::{Actor, Cause, Context, Profiles, Writes};
use crate::read::stored_view;
use crate::review::stored_contact;
use crate::settle::{settle, settlement};
use crate::{Engine, EngineError, TransactionView};
use tributary_contact::state::{Reason, State};
use tributary_contact::{OrganizationId, RecordId, SourceRecord};
use tributary_store::{Counter, EventKind, RunState, TransactionRow, WriteTx};

impl Engine {
    /// Takes the latest decision about a submission back.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] for an unknown submission; [`EngineError::Conflict`] when there is no end
    /// state to take back, or another writer changed the contact meanwhile.
    pub fn undo_decision(
        &self,
        org: OrganizationId,
        id: RecordId,
        actor: &Actor,
    ) -> Result<TransactionView, EngineError> {
        let organization = self.organization(org)?;
        let context =
            Context { organization: &organization, actor: actor.to_string(), run: None, at: self.now(), silent: false };
        let view = self.transact("undo", |tx| {
            tx.allocate(org, Counter::Revision, 1)?;
            let row = decided_row(tx, org, id)?;
            let latest = tx.latest_decisions(org, &[id])?.into_iter().next();
            let choices = match &latest {
                Some(decision) => tx.choices(org, id, decision.number)?,
                None => Vec::new(),
            };
            self.withdraw(tx, &row, &choices, &context)?;
            if let Some(decision) = latest {
                tx.mark_undone(org, &[(id, decision.number)], context.at)?;
            }
            let undone = settlement(&row, State::NeedsUpdate, Some(Reason::Undone), &context);
            settle(tx, &row, undone, self.parts.ids.next(), &context)?;
            stored_view(tx, org, id)?.ok_or(EngineError::NotFound)
        })?;
        metrics::counter!("tributary_undone_total").increment(1);
        self.wake_deliveries();
        Ok(view)
    }

    /// Takes the row out of its contact, and with it what a person chose when it was decided.
    fn withdraw(
        &self,
        tx: &mut dyn WriteTx,
        row: &TransactionRow,
        choices: &[RecordId],
        context: &Context<'_>,
    ) -> Result<(), EngineError> {
        let Some(contact) = row.contact else { return Ok(()) };
        let org = context.organization.id;
        let mut contact = stored_contact(tx, contact, context)?;
        let cause = Cause { record: row.id, action: "undo", event: self.parts.ids.next() };
        // Of a contact that was taken apart since, the choices may be elsewhere; then they stay.
        let own = |record: &&SourceRecord| choices.contains(&record.id);
        let choices: Vec<RecordId> = contact.records().iter().filter(own).map(|record| record.id).collect();
        let gone = choices.iter().copied().chain([row.id]).collect();
        contact.withdraw_all(&gone, &cause, context);
        contact.forget_direct(choices);
        if row.state == State::Merged {
            let unmerged = Cause { event: self.parts.ids.next(), ..cause };
            contact.announce(EventKind::ContactUnmerge, None, &unmerged, context);
        }
        let writes = Writes::of(vec![contact], &Profiles::default(), context);
        let writes = if counted_later(tx, org, row)? { writes.without_terms() } else { writes };
        Ok(writes.write(tx, org)?)
    }
}

/// Whether the run that brought the row is still open: then it was not counted yet, and never will be.
fn counted_later(tx: &mut dyn WriteTx, org: OrganizationId, row: &TransactionRow) -> Result<bool, EngineError> {
    let Some(run) = row.run else { return Ok(false) };
    Ok(tx.run(org, run)?.is_some_and(|run| run.state == RunState::Running))
}

fn decided_row(tx: &mut dyn WriteTx, org: OrganizationId, id: RecordId) -> Result<TransactionRow, EngineError> {
    let row = tx.transactions(org, &[id])?.into_iter().next().ok_or(EngineError::NotFound)?;
    match row.state {
        State::Created | State::Merged | State::Unchanged | State::Rejected => Ok(row),
        State::Held | State::NeedsUpdate => {
            Err(EngineError::conflict(format!("There is no decision to take back; the submission is {}.", row.state)))
        }
    }
}
