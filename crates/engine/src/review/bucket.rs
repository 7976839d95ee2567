//! The bucket as it is seen: pages of rows, how many there are of what, and one row with its candidates beside it.

use super::beside::{Beside, beside};
use super::said::Said;
use crate::merge::followed;
use crate::read::stored_view;
use crate::{Engine, EngineError, Page, TransactionView, policy};
use serde_json::Value;
use std::collections::BTreeMap;
use tributary_contact::clock::Timestamp;
use tributary_contact::state::{Reason, State};
use tributary_contact::{ContactId, ItemId, OrganizationId, RecordId, SourceRecord};
use tributary_matching::{Candidate, sentence};
use tributary_store::{
    BucketCount, ContactRow, DecisionRow, NeedsUpdateFilter, NotDuplicateRow, Other, ReadTx, ReviewStepRow, StoreExt,
    StoreResult, TransactionRow, UserRow,
};

/// Statements about one contact that are looked through for what was said of a row.
const SAID_AT_MOST: i64 = 1_000;

/// Rows that are counted beside a choice: what a page can read in a few milliseconds.
const COUNTED: i64 = 10_000;

/// A row of the bucket with everything a person needs to decide it.
#[derive(Debug, Clone, PartialEq)]
pub struct BucketItem {
    /// The submission.
    pub transaction: TransactionView,
    /// Why it waits, in one sentence.
    pub sentence: String,
    /// Contacts that may be meant, best first.
    pub candidates: Vec<BucketCandidate>,
    /// Who was given it and what was asked about it, first to last, each with the address of who was given it.
    pub steps: Vec<(ReviewStepRow, Option<String>)>,
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
    /// The row beside the contact, and what a merge into the individual would make of the two.
    pub beside: Beside,
    /// What a person said: that the row is not this contact. It goes on waiting all the same.
    pub is_not: Option<NotDuplicateRow>,
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

/// How many rows wait, of what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BucketCounts {
    /// All of them.
    pub total: i64,
    /// When the oldest was received.
    pub oldest: Option<Timestamp>,
    /// By reason, most first.
    pub reasons: Vec<BucketReason>,
    /// By reference source, most first.
    pub sources: Vec<BucketSource>,
    /// Only so many of the oldest rows were counted; none when all were.
    pub among: Option<i64>,
}

/// The rows of the bucket that came from one source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BucketSource {
    /// Their reference source; none for rows without a reference.
    pub name: Option<String>,
    /// How many.
    pub count: i64,
    /// When the oldest was received.
    pub oldest: Timestamp,
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

impl Engine {
    /// A page of the bucket in the order that the filter says, each row with its latest decision.
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
        Ok(self.parts.store.reading(|tx| {
            let rows = tx.needs_update_page(org, filter, skip, take)?;
            Ok(Page { list: decided(tx, org, rows)?, total: tx.needs_update_count(org, filter)? })
        })?)
    }

    /// The first rows of the bucket in the order that the filter says, each with its latest decision, and how many it
    /// selects from there on, counted up to `most`.
    ///
    /// # Errors
    /// Any failure of the store.
    pub fn bucket_rows(
        &self,
        org: OrganizationId,
        filter: &NeedsUpdateFilter,
        take: usize,
        most: i64,
    ) -> Result<Page<TransactionView>, EngineError> {
        Ok(self.parts.store.reading(|tx| {
            let mut ids = tx.needs_update_ids(org, filter, 0, most)?;
            let total = i64::try_from(ids.len()).unwrap_or(most);
            ids.truncate(take);
            let mut rows = tx.transactions(org, &ids)?;
            rows.sort_by_cached_key(|row| ids.iter().position(|id| *id == row.id));
            Ok(Page { list: decided(tx, org, rows)?, total })
        })?)
    }

    /// The row to look at after this one: the next in the order of the filter, or its first when this was the last.
    ///
    /// # Errors
    /// Any failure of the store.
    pub fn next_in_bucket(
        &self,
        org: OrganizationId,
        filter: &NeedsUpdateFilter,
        row: RecordId,
    ) -> Result<Option<RecordId>, EngineError> {
        let first = NeedsUpdateFilter { after: None, ..filter.clone() };
        let after = NeedsUpdateFilter { after: Some(row), ..filter.clone() };
        Ok(self.parts.store.reading(|tx| {
            let mut found = tx.needs_update_ids(org, &after, 0, 1)?;
            if found.is_empty() {
                found = tx.needs_update_ids(org, &first, 0, 2)?;
            }
            Ok(found.into_iter().find(|next| *next != row))
        })?)
    }

    /// How many rows wait for a person, counted up to this many.
    ///
    /// # Errors
    /// Any failure of the store.
    pub fn bucket_size(&self, org: OrganizationId, most: i64) -> Result<i64, EngineError> {
        let ids = self.parts.store.reading(|tx| tx.needs_update_ids(org, &NeedsUpdateFilter::default(), 0, most))?;
        Ok(i64::try_from(ids.len()).unwrap_or(most))
    }

    /// How many rows a filter selects, by reason and by source.
    ///
    /// # Errors
    /// Any failure of the store.
    pub fn bucket_counts(&self, org: OrganizationId, filter: &NeedsUpdateFilter) -> Result<BucketCounts, EngineError> {
        let rows = self.parts.store.reading(|tx| tx.needs_update_counts(org, filter))?;
        Ok(counted(&rows, None, None))
    }

    /// The same beside a choice of reason and source: those of each reason within the chosen source, those of each
    /// source within the chosen reason, and the total of what both select. In a large bucket only the oldest rows are
    /// counted.
    ///
    /// # Errors
    /// Any failure of the store.
    pub fn bucket_choices(&self, org: OrganizationId, filter: &NeedsUpdateFilter) -> Result<BucketCounts, EngineError> {
        let (rows, last) = self.parts.store.reading(|tx| {
            let last = tx.needs_update_ids(org, &NeedsUpdateFilter::default(), COUNTED - 1, 1)?.into_iter().next();
            let all = NeedsUpdateFilter { reason: None, source: None, after: None, up_to: last, ..filter.clone() };
            Ok((tx.needs_update_counts(org, &all)?, last))
        })?;
        let counts = counted(&rows, filter.reason, filter.source.as_deref());
        Ok(BucketCounts { among: last.map(|_| COUNTED), ..counts })
    }

    /// A row of the bucket with its candidates.
    ///
    /// # Errors
    /// Any failure of the store.
    pub fn needs_update_item(&self, org: OrganizationId, id: RecordId) -> Result<Option<BucketItem>, EngineError> {
        let Some(organization) = self.parts.store.reading(|tx| tx.organization(org))? else { return Ok(None) };
        let item = self.parts.store.reading(|tx| {
            let Some(transaction) = stored_view(tx, org, id)?.filter(|view| view.state == State::NeedsUpdate) else {
                return Ok(None);
            };
            let candidates = candidates(tx, org, &transaction, &organization.country)?;
            let sentence = transaction.reason.map(Reason::sentence).unwrap_or_default().to_owned();
            Ok(Some(BucketItem { steps: steps(tx, org, id)?, transaction, sentence, candidates }))
        })?;
        Ok(item)
    }
}

/// Rows of the bucket as they are shown, each with its latest decision.
pub(crate) fn decided(
    tx: &mut dyn ReadTx,
    org: OrganizationId,
    rows: Vec<TransactionRow>,
) -> StoreResult<Vec<TransactionView>> {
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    let decisions = tx.latest_decisions(org, &ids)?;
    let corrections = tx.corrections(org, &ids)?;
    let mut said = Said::about(tx, org, &rows)?;
    let shown = rows.into_iter().map(|row| {
        let own = said.take(row.id);
        TransactionView::decided(row, &decisions, &corrections).reviewed(own)
    });
    Ok(shown.collect())
}

/// Counts by reason and by source of the rows that have the other one, and of those that have both.
fn counted(rows: &[BucketCount], reason: Option<Reason>, source: Option<&str>) -> BucketCounts {
    let of_reason = |row: &BucketCount| reason.is_none() || row.reason == reason;
    let of_source = |row: &BucketCount| source.is_none() || row.source.as_deref() == source;
    let chosen = || rows.iter().filter(|row| of_reason(row) && of_source(row));
    let mut reasons: BTreeMap<Reason, (i64, Timestamp)> = BTreeMap::new();
    let mut sources: BTreeMap<Option<String>, (i64, Timestamp)> = BTreeMap::new();
    for row in rows {
        if let Some(reason) = row.reason.filter(|_| of_source(row)) {
            add(reasons.entry(reason).or_insert((0, row.oldest)), row);
        }
        if of_reason(row) {
            add(sources.entry(row.source.clone()).or_insert((0, row.oldest)), row);
        }
    }
    let mut reasons: Vec<BucketReason> = reasons
        .into_iter()
        .map(|(reason, (count, oldest))| BucketReason { reason, count, oldest: Some(oldest) })
        .collect();
    let mut sources: Vec<BucketSource> =
        sources.into_iter().map(|(name, (count, oldest))| BucketSource { name, count, oldest }).collect();
    reasons.sort_by_key(|own| (std::cmp::Reverse(own.count), own.reason.as_str()));
    sources.sort_by_key(|own| std::cmp::Reverse(own.count));
    let oldest = chosen().map(|row| row.oldest).min();
    BucketCounts { total: chosen().map(|row| row.count).sum(), oldest, reasons, sources, among: None }
}

fn add((count, oldest): &mut (i64, Timestamp), row: &BucketCount) {
    *count += row.count;
    *oldest = row.oldest.min(*oldest);
}

/// The candidates of the latest decision that explains any.
pub(crate) fn explained(decisions: &[DecisionRow]) -> Vec<Candidate> {
    let parse = |decision: &DecisionRow| serde_json::from_str::<Vec<Candidate>>(&decision.explanation).ok();
    decisions.iter().rev().filter_map(parse).find(|candidates| !candidates.is_empty()).unwrap_or_default()
}

/// The contacts that may be meant as they are now, each with the row beside it.
fn candidates(
    tx: &mut dyn ReadTx,
    org: OrganizationId,
    view: &TransactionView,
    country: &str,
) -> StoreResult<Vec<BucketCandidate>> {
    let explained = followed(tx, org, explained(&view.decisions))?;
    let ids: Vec<ContactId> = explained.iter().map(|candidate| ContactId(candidate.contact)).collect();
    let contacts = tx.contacts(org, &ids)?;
    let mut records: BTreeMap<ContactId, Vec<SourceRecord>> = BTreeMap::new();
    for own in tx.source_records(org, &ids)? {
        records.entry(own.contact).or_default().push(own.record);
    }
    let policy = policy::in_force(tx, org)?;
    let said = said_not(tx, org, view, &ids)?;
    let shown = |candidate: &Candidate| {
        let contact = contacts.iter().find(|contact| contact.id.0 == candidate.contact)?.clone();
        let individual = Some(ItemId(candidate.individual)).filter(|id| contact.golden.individual(*id).is_some());
        let first = contact.golden.individuals.first().map(|person| person.id);
        let own = records.get(&contact.id).map_or(&[][..], Vec::as_slice);
        let record = individual.or(first).map(|into| view.record(into, policy.clone()));
        let beside = record.map(|record| beside(own, &record, country)).unwrap_or_default();
        let account = Account::of(candidate);
        let (explanation, sentence) = (serde_json::to_value(candidate).unwrap_or_default(), account.sentence.clone());
        let is_not = said.iter().find(|own| own.contact == contact.id).cloned();
        Some(BucketCandidate { contact, individual, explanation, sentence, account, beside, is_not })
    };
    Ok(explained.iter().filter_map(shown).collect())
}

/// What people said that a row is not, of these contacts.
fn said_not(
    tx: &mut dyn ReadTx,
    org: OrganizationId,
    view: &TransactionView,
    contacts: &[ContactId],
) -> StoreResult<Vec<NotDuplicateRow>> {
    let row = [Some(Other::Transaction(view.id)), view.submission.reference.clone().map(Other::Reference)];
    let mut found = Vec::new();
    for contact in contacts {
        let said = tx.not_duplicate_page(org, Some(*contact), 0, SAID_AT_MOST)?;
        let holds = |own: &NotDuplicateRow| {
            own.contact == *contact && own.revoked.is_none() && row.contains(&Some(own.other.clone()))
        };
        found.extend(said.into_iter().filter(holds));
    }
    Ok(found)
}

fn steps(tx: &mut dyn ReadTx, org: OrganizationId, id: RecordId) -> StoreResult<Vec<(ReviewStepRow, Option<String>)>> {
    let steps = tx.review_steps(org, id)?;
    let users = if steps.iter().any(|step| step.assignee.is_some()) { tx.users(org)? } else { Vec::new() };
    let email = |step: &ReviewStepRow| {
        let named = |user: &&UserRow| Some(user.id) == step.assignee;
        users.iter().find(named).map(|user| user.email.clone())
    };
    Ok(steps
        .into_iter()
        .map(|step| {
            let email = email(&step);
            (step, email)
        })
        .collect())
}
