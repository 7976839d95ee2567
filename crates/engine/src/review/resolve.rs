//! A person decides a row of the bucket.

use super::beside::beside;
use super::bucket::explained;
use super::care::close_question;
use crate::change::{Actor, Cause, Context, Profiles, Working, Writes};
use crate::merge::{by_individual, followed, survivor_of};
use crate::read::stored_view;
use crate::settle::{settle, settlement};
use crate::{Engine, EngineError, TransactionView, policy};
use std::collections::BTreeMap;
use tributary_contact::fold::fold;
use tributary_contact::issue::{Issue, IssueCode};
use tributary_contact::merge::{Side, chosen};
use tributary_contact::state::{Level, Reason, State};
use tributary_contact::{
    ContactId, ContactType, ItemId, OrganizationId, RecordId, RecordKind, SourceRecord, Submission,
};
use tributary_store::{
    AssignedRecord, ContactRow, CorrectionRow, Counter, ReadTx, Settlement, TransactionRow, WriteTx,
};

/// What a person decides about a row.
#[derive(Debug, Clone, PartialEq)]
pub enum Resolution {
    /// It is this contact: this individual of it, or the one that fitted best.
    Merge {
        /// The contact.
        contact: ContactId,
        /// Its individual.
        individual: Option<ItemId>,
        /// Whose value to keep, by the path of the difference: `Survivor` is what is on file, `Merged` what comes in.
        keep: BTreeMap<String, Side>,
    },
    /// It is a new individual of this contact.
    AddIndividual {
        /// The contact.
        contact: ContactId,
    },
    /// It is a new contact.
    Create,
    /// It goes back to be decided by the next run, corrected when a correction is given.
    Retry {
        /// The corrected content.
        submission: Option<Box<Submission>>,
    },
    /// It will not become part of any contact.
    Reject,
}

impl Resolution {
    /// It is this contact, and the values survive by the policy.
    #[must_use]
    pub const fn merge(contact: ContactId, individual: Option<ItemId>) -> Self {
        Self::Merge { contact, individual, keep: BTreeMap::new() }
    }
}

/// Where a resolved row goes.
struct Target<'a> {
    contact: Option<ContactId>,
    individual: Option<ItemId>,
    state: State,
    level: Option<Level>,
    keep: Option<&'a BTreeMap<String, Side>>,
}

impl Engine {
    /// Decides a row of the bucket.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] for an unknown row or contact; [`EngineError::Conflict`] when the row waits no
    /// more, or its reference is another contact's; [`EngineError::Invalid`] for a choice of what does not differ.
    pub fn resolve(
        &self,
        org: OrganizationId,
        id: RecordId,
        resolution: Resolution,
        actor: &Actor,
    ) -> Result<TransactionView, EngineError> {
        let view = self.with_context(org, actor, |context| {
            self.transact("resolve", |tx| {
                tx.allocate(org, Counter::Revision, 1)?;
                let row = waiting_row(tx, org, id)?;
                self.resolve_row(tx, &row, &resolution, context)?;
                stored_view(tx, org, id)?.ok_or(EngineError::NotFound)
            })
        })?;
        metrics::counter!("tributary_resolutions_total", "outcome" => view.state.as_str()).increment(1);
        self.wake_deliveries();
        Ok(view)
    }

    pub(super) fn resolve_row(
        &self,
        tx: &mut dyn WriteTx,
        row: &TransactionRow,
        resolution: &Resolution,
        context: &Context<'_>,
    ) -> Result<(), EngineError> {
        let org = context.organization.id;
        close_question(tx, org, row.id)?;
        let target = |contact, individual, state, level| Target { contact, individual, state, level, keep: None };
        match resolution {
            Resolution::Merge { contact, individual, keep } => {
                let (contact, individual) = survivor_of(tx, org, *contact, *individual)?;
                let individual = chosen_individual(tx, row, contact, individual, context)?;
                let into = target(Some(contact), Some(individual), State::Merged, Some(Level::Individual));
                self.fold_in(tx, row, Target { keep: Some(keep), ..into }, context)
            }
            Resolution::AddIndividual { contact } => {
                let (contact, _) = survivor_of(tx, org, *contact, None)?;
                let into = target(Some(contact), None, State::Merged, Some(Level::Household));
                self.fold_in(tx, row, into, context)
            }
            Resolution::Create => self.fold_in(tx, row, target(None, None, State::Created, None), context),
            Resolution::Retry { submission } => self.send_back(tx, row, submission.as_deref(), context),
            Resolution::Reject => {
                let by_person = Actor::is_person(&context.actor);
                let reason = if by_person { Reason::RejectedByStaff } else { Reason::RejectedByRule };
                let rejected = settlement(row, State::Rejected, Some(reason), context);
                settle(tx, row, rejected, self.parts.ids.next(), context).map(drop)
            }
        }
    }

    fn send_back(
        &self,
        tx: &mut dyn WriteTx,
        row: &TransactionRow,
        corrected: Option<&Submission>,
        context: &Context<'_>,
    ) -> Result<(), EngineError> {
        let held = settlement(row, State::Held, None, context);
        let number = settle(tx, row, held, self.parts.ids.next(), context)?;
        // A correction is of the contact; the gift that came with it stays what it was.
        let correction = corrected.map(|said| CorrectionRow {
            transaction: row.id,
            number,
            submission: Submission { gift: row.submission.gift.clone(), ..said.clone() },
        });
        Ok(tx.insert_corrections(context.organization.id, correction.as_slice())?)
    }

    fn fold_in(
        &self,
        tx: &mut dyn WriteTx,
        row: &TransactionRow,
        target: Target<'_>,
        context: &Context<'_>,
    ) -> Result<(), EngineError> {
        let org = context.organization.id;
        let mut contact = match target.contact {
            Some(id) => stored_contact(tx, id, context)?,
            None => Working::new(ContactId(tx.allocate(org, Counter::Contact, 1)?), context),
        };
        let first_item = ItemId(tx.allocate(org, Counter::Item, row.submission.item_count())?);
        let individual = target.individual.unwrap_or(first_item);
        let policy = policy::in_force(tx, org)?;
        let number = policy::number_of(policy.as_ref());
        let record = SourceRecord {
            id: row.id,
            kind: RecordKind::Transaction,
            received_at: row.received_at,
            individual,
            first_item,
            submission: row.submission.clone(),
            policy,
        };
        let edits = self.kept(tx, &contact, &record, target.keep, context)?;
        let action = if target.state == State::Created { "create" } else { "merge" };
        let cause = Cause { record: row.id, action, event: self.parts.ids.next() };
        let changed = contact.assign_all([record].into_iter().chain(edits.clone()).collect(), &cause, context);
        let state = if changed { target.state } else { State::Unchanged };
        let settlement = Settlement {
            level: target.level.filter(|_| state == State::Merged),
            contact: Some(contact.id()),
            individual: Some(individual),
            first_item: Some(first_item),
            policy: number,
            ..settlement(row, state, None, context)
        };
        let decision = settle(tx, row, settlement, self.parts.ids.next(), context)?;
        tx.insert_choices(org, row.id, decision, &edits.iter().map(|edit| edit.id).collect::<Vec<_>>())?;
        let id = contact.id();
        let direct = edits.into_iter().map(|record| AssignedRecord { contact: id, record }).collect();
        Writes::of(vec![contact], &Profiles::default(), context).with_direct_records(direct).write(tx, org)?;
        Ok(())
    }

    /// What a person chose to keep, as corrections that come with the row and go with it.
    fn kept(
        &self,
        tx: &mut dyn WriteTx,
        contact: &Working,
        record: &SourceRecord,
        keep: Option<&BTreeMap<String, Side>>,
        context: &Context<'_>,
    ) -> Result<Vec<SourceRecord>, EngineError> {
        let Some(keep) = keep.filter(|keep| !keep.is_empty()) else { return Ok(Vec::new()) };
        let (country, golden) = (&context.organization.country, contact.golden().ok_or(EngineError::NotFound)?);
        let differences = beside(contact.records(), record, country).differences;
        let incoming = said_type(record, country);
        let said = chosen(&differences, keep, (&golden.contact_type, &incoming)).map_err(unknown)?;
        let said = by_individual(said, golden)?;
        let submissions: Vec<Submission> = said.values().cloned().collect();
        let mut edits = self.direct_records(tx, context.organization.id, RecordKind::Edit, &submissions, context.at)?;
        for (edit, individual) in edits.iter_mut().zip(said.keys()) {
            edit.individual = *individual;
        }
        Ok(edits)
    }
}

fn said_type(record: &SourceRecord, country: &str) -> ContactType {
    fold(std::slice::from_ref(record), country).map(|golden| golden.contact_type).unwrap_or_default()
}

fn unknown(_: Vec<String>) -> EngineError {
    let message = "The row and the contact do not differ in one of these.";
    EngineError::Invalid(vec![Issue::new("keep", IssueCode::InvalidValue, message)])
}

/// A stored contact ready to be changed.
pub(crate) fn stored_contact(
    tx: &mut dyn ReadTx,
    id: ContactId,
    context: &Context<'_>,
) -> Result<Working, EngineError> {
    let org = context.organization.id;
    let head = tx.contact_heads(org, &[id])?.into_iter().next().ok_or(EngineError::NotFound)?;
    let records = tx.source_records(org, &[id])?.into_iter().map(|assigned| assigned.record).collect();
    Ok(Working::stored(head, records, context))
}

/// A row, if it waits for a person.
pub(super) fn waiting_row(
    tx: &mut dyn WriteTx,
    org: OrganizationId,
    id: RecordId,
) -> Result<TransactionRow, EngineError> {
    let row = tx.transactions(org, &[id])?.into_iter().next().ok_or(EngineError::NotFound)?;
    if row.state == State::NeedsUpdate {
        return Ok(row);
    }
    Err(EngineError::conflict(format!("The submission does not wait for a decision; it is {}.", row.state)))
}

/// The individual that was asked for, or the best candidate's, or the contact's first.
fn chosen_individual(
    tx: &mut dyn WriteTx,
    row: &TransactionRow,
    contact: ContactId,
    asked: Option<ItemId>,
    context: &Context<'_>,
) -> Result<ItemId, EngineError> {
    let org = context.organization.id;
    let stored: ContactRow = tx.contacts(org, &[contact])?.into_iter().next().ok_or(EngineError::NotFound)?;
    let decisions = tx.decisions(org, row.id)?;
    let fitted = followed(tx, org, explained(&decisions))?.into_iter().find(|candidate| candidate.contact == contact.0);
    let fitted = fitted.map(|candidate| ItemId(candidate.individual));
    let exists = |id: &ItemId| stored.golden.individual(*id).is_some();
    match asked {
        Some(id) => Some(id).filter(exists).ok_or(EngineError::NotFound),
        None => {
            let first = stored.golden.individuals.first().map(|individual| individual.id);
            fitted.filter(exists).or(first).ok_or(EngineError::NotFound)
        }
    }
}
