//! Who looks at a row, and what its sender is asked. Each step is kept, with who took it and when.

use super::resolve::waiting_row;
use crate::change::{Actor, Context, TransactionEnd, Writes, of_transaction};
use crate::read::stored_view;
use crate::{Engine, EngineError, Scope, TransactionView};
use tributary_contact::issue::{Issue, IssueCode};
use tributary_contact::policy::QUESTION_AT_MOST;
use tributary_contact::{OrganizationId, RecordId, UserId};
use tributary_store::{ReadTx, ReviewAction, ReviewRow, ReviewStepRow, StoreExt, TransactionRow, UserRow, WriteTx};

impl Engine {
    /// Gives a row of the bucket to a user, by the address that they sign in with, or makes it nobody's again.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] for an unknown row, [`EngineError::Conflict`] when it waits no more,
    /// [`EngineError::Invalid`] for somebody who cannot decide rows.
    pub fn assign(
        &self,
        org: OrganizationId,
        id: RecordId,
        assignee: Option<&str>,
        actor: &Actor,
    ) -> Result<TransactionView, EngineError> {
        self.with_context(org, actor, |context| {
            self.transact("assign", |tx| {
                let row = waiting_row(tx, org, id)?;
                let user = assignee.map(|email| reviewer(tx, org, email)).transpose()?;
                assign_row(tx, &row, user, context)?;
                stored_view(tx, org, id)?.ok_or(EngineError::NotFound)
            })
        })
    }

    /// Asks the sender of a row something: it is shown with the row's status, and told by an event.
    ///
    /// # Errors
    /// As [`Engine::assign`]; [`EngineError::Invalid`] for a blank or long question.
    pub fn ask_sender(
        &self,
        org: OrganizationId,
        id: RecordId,
        question: &str,
        actor: &Actor,
    ) -> Result<TransactionView, EngineError> {
        let question = checked_question(question)?;
        let view = self.with_context(org, actor, |context| {
            self.transact("ask", |tx| {
                let row = waiting_row(tx, org, id)?;
                self.ask_row(tx, &row, &question, context)?;
                stored_view(tx, org, id)?.ok_or(EngineError::NotFound)
            })
        })?;
        self.wake_deliveries();
        Ok(view)
    }

    /// The user of this address who may be given rows.
    ///
    /// # Errors
    /// [`EngineError::Invalid`] for somebody who cannot decide rows.
    pub fn reviewer(&self, org: OrganizationId, email: &str) -> Result<UserId, EngineError> {
        self.parts.store.reading(|tx| Ok(reviewer(tx, org, email)))?
    }

    /// The user of this address, whoever they are.
    ///
    /// # Errors
    /// [`EngineError::Invalid`] for nobody.
    pub fn user_of_email(&self, org: OrganizationId, email: &str) -> Result<UserId, EngineError> {
        let found = self.parts.store.reading(|tx| tx.user_by_email(org, &email.to_lowercase()))?;
        let message = "Nobody signs in with this address.";
        let nobody = || EngineError::Invalid(vec![Issue::new("assignee", IssueCode::InvalidValue, message)]);
        found.map(|user| user.id).ok_or_else(nobody)
    }

    /// Runs something of a person's, or of a rule's, in the context of now.
    pub(super) fn with_context<T>(
        &self,
        org: OrganizationId,
        actor: &Actor,
        run: impl FnOnce(&Context<'_>) -> Result<T, EngineError>,
    ) -> Result<T, EngineError> {
        let organization = self.organization(org)?;
        let (actor, at) = (actor.to_string(), self.now());
        run(&Context { organization: &organization, actor, run: None, at, silent: false })
    }

    pub(super) fn ask_row(
        &self,
        tx: &mut dyn WriteTx,
        row: &TransactionRow,
        question: &str,
        context: &Context<'_>,
    ) -> Result<(), EngineError> {
        let org = context.organization.id;
        let asked = |said: &mut ReviewRow| {
            said.question = Some(question.to_owned());
            said.asked_at = Some(context.at);
        };
        step(tx, row.id, (ReviewAction::Ask, None, Some(question)), asked, context)?;
        let end = TransactionEnd {
            transaction: row.id,
            reference: row.submission.reference.as_ref(),
            state: row.state,
            reason: row.reason,
            received_at: row.received_at,
            question: Some(question),
        };
        let told = of_transaction(self.parts.ids.next(), &end, context.organization, context.at);
        Ok(Writes::default().with_events(told.into_iter().collect()).write(tx, org)?)
    }
}

/// Gives a row to somebody or nobody; whether that changes anything.
pub(super) fn assign_row(
    tx: &mut dyn WriteTx,
    row: &TransactionRow,
    user: Option<UserId>,
    context: &Context<'_>,
) -> Result<bool, EngineError> {
    let said = tx.reviews(context.organization.id, &[row.id])?;
    if said.first().and_then(|said| said.assignee) == user {
        return Ok(false);
    }
    let action = if user.is_some() { ReviewAction::Assign } else { ReviewAction::Unassign };
    step(tx, row.id, (action, user, None), |said| said.assignee = user, context)?;
    Ok(true)
}

/// A question is closed when its row is decided; the steps remember it.
pub(super) fn close_question(tx: &mut dyn WriteTx, org: OrganizationId, id: RecordId) -> Result<(), EngineError> {
    let said = tx.reviews(org, &[id])?.into_iter().find(|said| said.question.is_some());
    let closed = said.map(|said| ReviewRow { question: None, asked_at: None, ..said });
    closed.map_or(Ok(()), |closed| Ok(tx.put_reviews(org, &[closed])?))
}

fn step(
    tx: &mut dyn WriteTx,
    id: RecordId,
    (action, assignee, question): (ReviewAction, Option<UserId>, Option<&str>),
    change: impl Fn(&mut ReviewRow),
    context: &Context<'_>,
) -> Result<(), EngineError> {
    let org = context.organization.id;
    let nothing = ReviewRow { transaction: id, assignee: None, question: None, asked_at: None, steps: 0 };
    let mut said = tx.reviews(org, &[id])?.into_iter().next().unwrap_or(nothing);
    change(&mut said);
    said.steps += 1;
    let step = ReviewStepRow {
        transaction: id,
        number: said.steps,
        action,
        assignee,
        question: question.map(str::to_owned),
        actor: context.actor.clone(),
        at: context.at,
    };
    tx.put_reviews(org, &[said])?;
    Ok(tx.insert_review_steps(org, &[step])?)
}

/// The user of an address who may decide rows.
pub(crate) fn reviewer(tx: &mut dyn ReadTx, org: OrganizationId, email: &str) -> Result<UserId, EngineError> {
    let email = email.trim().to_lowercase();
    let able = |user: &UserRow| user.disabled_at.is_none() && crate::users::role_allows(user.role, Scope::Review);
    let found = tx.user_by_email(org, &email)?.filter(able).map(|user| user.id);
    found.ok_or_else(|| {
        let message = "Nobody who signs in with this address may decide rows.";
        EngineError::Invalid(vec![Issue::new("assignee", IssueCode::InvalidValue, message)])
    })
}

/// A question as it is kept.
pub(super) fn checked_question(question: &str) -> Result<String, EngineError> {
    let text = tributary_contact::flat::clean(question);
    let issue = |code, message: String| EngineError::Invalid(vec![Issue::new("question", code, message)]);
    if text.is_empty() {
        return Err(issue(IssueCode::Required, "Says what the sender is asked.".to_owned()));
    }
    if text.chars().count() > QUESTION_AT_MOST {
        return Err(issue(IssueCode::TooLong, format!("At most {QUESTION_AT_MOST} characters.")));
    }
    Ok(text)
}
