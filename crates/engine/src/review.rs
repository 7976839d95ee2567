//! The needs-update bucket: listed, explained, and resolved by a person. A resolution is a decision like any
//! other: recorded, undoable, and it emits the event.

use crate::change::{Actor, Cause, Context, Profiles, Working, Writes};
use crate::merge::{followed, survivor_of};
use crate::privacy::forget_rows;
use crate::read::stored_view;
use crate::settle::{settle, settlement};
use crate::{Engine, EngineError, Page, TransactionView, policy};
use serde_json::Value;
use tributary_contact::clock::Timestamp;
use tributary_contact::state::{Level, Reason, State};
use tributary_contact::{ContactId, ItemId, OrganizationId, RecordId, RecordKind, SourceRecord, Submission};
use tributary_matching::{Candidate, sentence};
use tributary_store::{
    ContactRow, CorrectionRow, Counter, DecisionRow, NeedsUpdateFilter, ReadTx, Settlement, StoreExt, TransactionRow,
    WriteTx,
};

/// A row of the bucket with everything a person needs to decide it.
#[derive(Debug, Clone, PartialEq)]
pub struct BucketItem {
    /// The submission.
    pub transaction: TransactionView,
    /// Why it waits, in one sentence.
    pub sentence: String,
    /// Contacts that may be meant, best first.
    pub candidates: Vec<BucketCandidate>,
}

/// A contact that may be meant.
#[derive(Debug, Clone, PartialEq)]
pub struct BucketCandidate {
    /// The contact as it is now.
    pub contact: ContactRow,
    /// The individual that fits best.
    pub individual: Option<ItemId>,
    /// Evidence per field, as stored with the decision.
    pub explanation: Value,
    /// The evidence in one sentence.
    pub sentence: String,
    /// The evidence step by step.
    pub account: Account,
}

/// The rows of the bucket that wait for one reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BucketReason {
    /// Why they wait.
    pub reason: Reason,
    /// How many.
    pub count: i64,
    /// When the oldest was received.
    pub oldest: Option<Timestamp>,
}

/// How the evidence for a candidate adds up. Levels and bits only, no values.
#[derive(Debug, Clone, PartialEq)]
pub struct Account {
    /// The contact.
    pub contact: ContactId,
    /// Bits before any evidence: one among all who are on file.
    pub prior: f64,
    /// What each field says, in words, and its bits: above zero it speaks for the candidate.
    pub steps: Vec<(&'static str, f64)>,
    /// Probability of being this individual, 0 to 1.
    pub probability: f64,
    /// Probability of being this individual or another person of the contact, 0 to 1.
    pub household_probability: f64,
    /// The evidence in one sentence.
    pub sentence: String,
}

impl Account {
    pub(crate) fn of(candidate: &Candidate) -> Self {
        Self {
            contact: ContactId(candidate.contact),
            prior: candidate.prior,
            steps: candidate.evidence.iter().map(|part| (part.level.phrase(), part.bits)).collect(),
            probability: candidate.probability,
            household_probability: candidate.household_probability,
            sentence: sentence(candidate),
        }
    }

    /// The candidates that a stored decision weighed, best first.
    #[must_use]
    pub fn of_decision(decision: &DecisionRow) -> Vec<Self> {
        let candidates = serde_json::from_str::<Vec<Candidate>>(&decision.explanation).unwrap_or_default();
        candidates.iter().map(Self::of).collect()
    }
}

/// What a person decides about a row.
#[derive(Debug, Clone, PartialEq)]
pub enum Resolution {
    /// It is this contact: this individual of it, or the one that fitted best.
    Merge {
        /// The contact.
        contact: ContactId,
        /// Its individual.
        individual: Option<ItemId>,
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

/// Where a resolved row goes.
struct Target {
    contact: Option<ContactId>,
    individual: Option<ItemId>,
    state: State,
    level: Option<Level>,
}

impl Engine {
    /// A page of the bucket, oldest first, each row with its latest decision.
    ///
    /// # Errors
    /// Any failure of the store.
    pub fn needs_update(
        &self,
        org: OrganizationId,
        filter: &NeedsUpdateFilter,
        skip: i64,
        take: i64,
    ) -> Result<Page<TransactionView>, EngineError> {
        let page = self.parts.store.reading(|tx| {
            let rows = tx.needs_update_page(org, filter, skip, take)?;
            let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
            let decisions = tx.latest_decisions(org, &ids)?;
            let corrections = tx.corrections(org, &ids)?;
            let list = rows.into_iter().map(|row| TransactionView::decided(row, &decisions, &corrections)).collect();
            Ok(Page { list, total: tx.needs_update_count(org, filter)? })
        })?;
        Ok(page)
    }

    /// How many rows wait for a person.
    ///
    /// # Errors
    /// Any failure of the store.
    pub fn bucket_size(&self, org: OrganizationId) -> Result<i64, EngineError> {
        Ok(self.parts.store.reading(|tx| tx.needs_update_count(org, &NeedsUpdateFilter::default()))?)
    }

    /// The bucket by reason, the most frequent first.
    ///
    /// # Errors
    /// Any failure of the store.
    pub fn bucket_reasons(&self, org: OrganizationId) -> Result<Vec<BucketReason>, EngineError> {
        let mut reasons = self.parts.store.reading(|tx| {
            let counts = tx.state_counts(org)?.into_iter().filter(|row| row.state == State::NeedsUpdate);
            let mut reasons = Vec::new();
            for (reason, count) in counts.filter_map(|row| Some((row.reason?, row.count))) {
                let filter = NeedsUpdateFilter { reason: Some(reason), ..NeedsUpdateFilter::default() };
                let oldest = tx.needs_update_page(org, &filter, 0, 1)?.first().map(|row| row.received_at);
                reasons.push(BucketReason { reason, count, oldest });
            }
            Ok(reasons)
        })?;
        reasons.sort_by_key(|reason| std::cmp::Reverse(reason.count));
        Ok(reasons)
    }

    /// A row of the bucket with its candidates.
    ///
    /// # Errors
    /// Any failure of the store.
    pub fn needs_update_item(&self, org: OrganizationId, id: RecordId) -> Result<Option<BucketItem>, EngineError> {
        let item = self.parts.store.reading(|tx| {
            let Some(transaction) = stored_view(tx, org, id)?.filter(|view| view.state == State::NeedsUpdate) else {
                return Ok(None);
            };
            let explained = followed(tx, org, explained(&transaction.decisions))?;
            let contacts = tx.contacts(org, &explained.iter().map(|c| ContactId(c.contact)).collect::<Vec<_>>())?;
            let candidates = explained.iter().filter_map(|candidate| shown(candidate, &contacts)).collect();
            let sentence = transaction.reason.map(Reason::sentence).unwrap_or_default().to_owned();
            Ok(Some(BucketItem { transaction, sentence, candidates }))
        })?;
        Ok(item)
    }

    /// Decides a row of the bucket.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] for an unknown row or contact; [`EngineError::Conflict`] when the row waits no
    /// more, or its reference is another contact's.
    pub fn resolve(
        &self,
        org: OrganizationId,
        id: RecordId,
        resolution: Resolution,
        actor: &Actor,
    ) -> Result<TransactionView, EngineError> {
        let organization = self.organization(org)?;
        let context =
            Context { organization: &organization, actor: actor.to_string(), run: None, at: self.now(), silent: false };
        let view = self.transact("resolve", |tx| {
            tx.allocate(org, Counter::Revision, 1)?;
            let row = waiting_row(tx, org, id)?;
            self.resolve_row(tx, &row, &resolution, &context)?;
            stored_view(tx, org, id)?.ok_or(EngineError::NotFound)
        })?;
        metrics::counter!("tributary_resolutions_total", "outcome" => view.state.as_str()).increment(1);
        self.wake_deliveries();
        Ok(view)
    }

    fn resolve_row(
        &self,
        tx: &mut dyn WriteTx,
        row: &TransactionRow,
        resolution: &Resolution,
        context: &Context<'_>,
    ) -> Result<(), EngineError> {
        let target = |contact, individual, state, level| Target { contact, individual, state, level };
        match resolution {
            Resolution::Merge { contact, individual } => {
                let (contact, individual) = survivor_of(tx, context.organization.id, *contact, *individual)?;
                let individual = chosen_individual(tx, row, contact, individual, context)?;
                let into = target(Some(contact), Some(individual), State::Merged, Some(Level::Individual));
                self.fold_in(tx, row, into, context)
            }
            Resolution::AddIndividual { contact } => {
                let (contact, _) = survivor_of(tx, context.organization.id, *contact, None)?;
                let into = target(Some(contact), None, State::Merged, Some(Level::Household));
                self.fold_in(tx, row, into, context)
            }
            Resolution::Create => self.fold_in(tx, row, target(None, None, State::Created, None), context),
            Resolution::Retry { submission } => {
                let held = settlement(row, State::Held, None, context);
                let number = settle(tx, row, held, self.parts.ids.next(), context)?;
                // A correction is of the contact; the gift that came with it stays what it was.
                let corrected = |said: &Submission| Submission { gift: row.submission.gift.clone(), ..said.clone() };
                let correction = submission.as_deref().map(|said| {
                    let submission = corrected(said);
                    CorrectionRow { transaction: row.id, number, submission }
                });
                Ok(tx.insert_corrections(context.organization.id, correction.as_slice())?)
            }
            Resolution::Reject => {
                let rejected = settlement(row, State::Rejected, Some(Reason::RejectedByStaff), context);
                settle(tx, row, rejected, self.parts.ids.next(), context)?;
                if row.reason == Some(Reason::Erased) {
                    // What came of somebody who was erased, and is not wanted, goes as they did.
                    forget_rows(tx, context.organization.id, &[row], context.at)?;
                }
                Ok(())
            }
        }
    }

    fn fold_in(
        &self,
        tx: &mut dyn WriteTx,
        row: &TransactionRow,
        target: Target,
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
        let action = if target.state == State::Created { "create" } else { "merge" };
        let cause = Cause { record: row.id, action, event: self.parts.ids.next() };
        let changed = contact.assign(record, &cause, context);
        let state = if changed { target.state } else { State::Unchanged };
        let settlement = Settlement {
            level: target.level.filter(|_| state == State::Merged),
            contact: Some(contact.id()),
            individual: Some(individual),
            first_item: Some(first_item),
            policy: number,
            ..settlement(row, state, None, context)
        };
        settle(tx, row, settlement, self.parts.ids.next(), context)?;
        Writes::of(vec![contact], &Profiles::default(), context).write(tx, org)?;
        Ok(())
    }
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

fn waiting_row(tx: &mut dyn WriteTx, org: OrganizationId, id: RecordId) -> Result<TransactionRow, EngineError> {
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
    let stored = tx.contacts(org, &[contact])?.into_iter().next().ok_or(EngineError::NotFound)?;
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

/// The candidates of the latest decision that explains any.
pub(crate) fn explained(decisions: &[DecisionRow]) -> Vec<Candidate> {
    let parse = |decision: &DecisionRow| serde_json::from_str::<Vec<Candidate>>(&decision.explanation).ok();
    decisions.iter().rev().filter_map(parse).find(|candidates| !candidates.is_empty()).unwrap_or_default()
}

fn shown(candidate: &Candidate, contacts: &[ContactRow]) -> Option<BucketCandidate> {
    let contact = contacts.iter().find(|contact| contact.id.0 == candidate.contact)?.clone();
    let individual = Some(ItemId(candidate.individual)).filter(|id| contact.golden.individual(*id).is_some());
    let explanation = serde_json::to_value(candidate).unwrap_or_default();
    let account = Account::of(candidate);
    Some(BucketCandidate { contact, individual, explanation, sentence: account.sentence.clone(), account })
}
