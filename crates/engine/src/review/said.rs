//! What is said about rows that wait, as it is shown: whose they are, what their senders were asked and whether they
//! have answered.

use std::collections::BTreeMap;
use tributary_contact::clock::Timestamp;
use tributary_contact::state::State;
use tributary_contact::{OrganizationId, RecordId, UserId};
use tributary_store::{ReadTx, ReviewRow, StoreResult, TransactionRow, UserRow};

/// What is said about a row that waits.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Review {
    /// Who is to look at it.
    pub assignee: Option<Assigned>,
    /// What its sender was asked.
    pub question: Option<Question>,
}

/// Who is to look at a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assigned {
    /// The user.
    pub id: UserId,
    /// The address that they sign in with.
    pub email: String,
    /// Their name.
    pub name: String,
}

/// What the sender of a row was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The question.
    pub text: String,
    /// When it was asked.
    pub asked_at: Timestamp,
    /// The newest submission under the same reference since, once a run has taken it up.
    pub answered_by: Option<RecordId>,
}

/// What is said about some rows.
#[derive(Debug, Default)]
pub(crate) struct Said {
    rows: BTreeMap<RecordId, Review>,
}

impl Said {
    /// Reads it. Nothing is asked of the database when none of the rows waits.
    pub(crate) fn about(tx: &mut dyn ReadTx, org: OrganizationId, rows: &[TransactionRow]) -> StoreResult<Self> {
        let waiting: Vec<&TransactionRow> = rows.iter().filter(|row| row.state == State::NeedsUpdate).collect();
        if waiting.is_empty() {
            return Ok(Self::default());
        }
        let said = tx.reviews(org, &waiting.iter().map(|row| row.id).collect::<Vec<_>>())?;
        let users = if said.iter().any(|row| row.assignee.is_some()) { tx.users(org)? } else { Vec::new() };
        let mut found = Self::default();
        for own in said {
            let row = waiting.iter().find(|row| row.id == own.transaction);
            let answered_by = match row.zip(own.asked_at) {
                Some((row, asked_at)) => answer(tx, org, row, asked_at)?,
                None => None,
            };
            found.rows.insert(own.transaction, review(own, &users, answered_by));
        }
        Ok(found)
    }

    /// What is said about one of them.
    pub(crate) fn take(&mut self, id: RecordId) -> Review {
        self.rows.remove(&id).unwrap_or_default()
    }
}

fn review(own: ReviewRow, users: &[UserRow], answered_by: Option<RecordId>) -> Review {
    let user = users.iter().find(|user| Some(user.id) == own.assignee);
    let assigned = |user: &UserRow| Assigned { id: user.id, email: user.email.clone(), name: user.name.clone() };
    let question = own.question.zip(own.asked_at);
    Review {
        assignee: user.map(assigned),
        question: question.map(|(text, asked_at)| Question { text, asked_at, answered_by }),
    }
}

/// What came under the row's reference since it was asked about.
fn answer(
    tx: &mut dyn ReadTx,
    org: OrganizationId,
    row: &TransactionRow,
    asked_at: Timestamp,
) -> StoreResult<Option<RecordId>> {
    let sent = row.sent.as_deref().unwrap_or(&row.submission);
    let Some(reference) = &sent.reference else { return Ok(None) };
    let newest = tx.transactions_by_reference(org, reference, 1)?.into_iter().next();
    Ok(newest.filter(|newest| newest.id != row.id && newest.received_at >= asked_at).map(|newest| newest.id))
}
