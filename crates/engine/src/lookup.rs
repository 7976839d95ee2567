//! What staff look for: submissions by what they say, and the records that a contact is made of.

use crate::review::decided;
use crate::{Engine, EngineError, TransactionView};
use std::collections::BTreeMap;
use tributary_contact::flat::to_flat;
use tributary_contact::state::{Reason, State};
use tributary_contact::{ContactId, OrganizationId, RecordId, RecordKind, SourceRecord, Submission};
use tributary_store::{ContactRow, HeldRow, MergeRow, StoreExt, TransactionFilter, TransactionRow};

/// Transactions that one look goes through: what a page can read in a few milliseconds.
const WINDOW: i64 = 2_000;
/// Held rows that one look goes through.
const HELD: i64 = 500;
/// Contacts that fit a text whose submissions are shown.
const CONTACTS: i64 = 10;
/// Submissions shown at once.
const SHOWN: usize = 50;

/// Which submissions are looked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LookedFor {
    /// Only those in this state.
    pub state: Option<State>,
    /// Only those with this reason.
    pub reason: Option<Reason>,
    /// Only those that say every word of this, or became part of a contact that does.
    pub text: String,
    /// Only those that were received before this one.
    pub before: Option<RecordId>,
}

/// What a look found, the newest first.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Looked {
    /// Submissions that became part of a contact that fits the text; only the first look has them.
    pub of_contacts: Vec<TransactionView>,
    /// Submissions that fit on their own.
    pub list: Vec<TransactionView>,
    /// Where the next look goes on; none when all were looked through.
    pub next: Option<RecordId>,
}

/// A contact with the records that it is made of.
#[derive(Debug, Clone, PartialEq)]
pub struct ContactRecords {
    /// The contact.
    pub contact: ContactRow,
    /// Its records, in order of receipt.
    pub records: Vec<SourceRecord>,
    /// The merges in force into it, in order.
    pub merges: Vec<MergeRow>,
}

impl ContactRecords {
    /// The record that a value came from, by its path.
    #[must_use]
    pub fn supplier(&self, path: &str) -> Option<&SourceRecord> {
        let id = self.contact.golden.provenance.get(path)?;
        self.records.iter().find(|record| record.id == *id)
    }
}

impl Engine {
    /// Looks through the submissions, the newest first, a bounded number of them at a time.
    ///
    /// # Errors
    /// Any failure of the store.
    pub fn look_for_transactions(&self, org: OrganizationId, wanted: &LookedFor) -> Result<Looked, EngineError> {
        let words: Vec<String> = wanted.text.split_whitespace().map(str::to_lowercase).collect();
        let first = wanted.before.is_none();
        let of_contacts = if first && !words.is_empty() { self.of_contacts(org, wanted)? } else { Vec::new() };
        let held = if first && may_be_held(wanted, &words) { self.held_with(org, &words)? } else { Vec::new() };
        let (mut list, next) = self.parts.store.reading(|tx| {
            let filter = TransactionFilter {
                state: wanted.state,
                reason: wanted.reason,
                texts: wanted.text.split_whitespace().map(in_json).collect(),
                before: wanted.before,
            };
            let (mut rows, last) = tx.transactions_back(org, &filter, WINDOW)?;
            rows.retain(|row| says(row, &words));
            let next = if rows.len() > SHOWN { rows.get(SHOWN - 1).map(|row| row.id) } else { last };
            rows.truncate(SHOWN);
            Ok((decided(tx, org, rows)?, next))
        })?;
        let moved: Vec<RecordId> = list.iter().map(|view| view.id).collect();
        let held = held.into_iter().filter(|row| !moved.contains(&row.id)).map(TransactionView::held);
        let newer: Vec<TransactionView> = held.collect();
        list.splice(0..0, newer);
        Ok(Looked { of_contacts, list, next })
    }

    /// A contact with the records that its values came from; of one that was merged away, itself as it was.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] for an unknown contact.
    pub fn contact_records(&self, org: OrganizationId, contact: ContactId) -> Result<ContactRecords, EngineError> {
        let found = self.parts.store.reading(|tx| {
            let Some(contact) = tx.contacts(org, &[contact])?.into_iter().next() else { return Ok(None) };
            let records = tx.source_records(org, &[contact.id])?.into_iter().map(|own| own.record).collect();
            let merges = tx.merges_into(org, &[contact.id])?;
            Ok(Some(ContactRecords { contact, records, merges }))
        })?;
        found.ok_or(EngineError::NotFound)
    }

    /// The records that the values of these contacts came from, by contact.
    ///
    /// # Errors
    /// Any failure of the store.
    pub fn records_of_contacts(
        &self,
        org: OrganizationId,
        contacts: &[ContactId],
    ) -> Result<BTreeMap<ContactId, Vec<SourceRecord>>, EngineError> {
        let all = self.parts.store.reading(|tx| tx.source_records(org, contacts))?;
        let mut records: BTreeMap<ContactId, Vec<SourceRecord>> = BTreeMap::new();
        for own in all {
            records.entry(own.contact).or_default().push(own.record);
        }
        Ok(records)
    }

    fn of_contacts(&self, org: OrganizationId, wanted: &LookedFor) -> Result<Vec<TransactionView>, EngineError> {
        let hits = self.search_contacts(org, &wanted.text, &[], 0, CONTACTS)?.list;
        let ids: Vec<ContactId> = hits.iter().map(|hit| hit.contact.id).collect();
        Ok(self.parts.store.reading(|tx| {
            let records = tx.source_records(org, &ids)?.into_iter().map(|own| own.record);
            let sent = records.filter(|record| record.kind == RecordKind::Transaction);
            let mut ids: Vec<RecordId> = sent.map(|record| record.id).collect();
            ids.sort_unstable_by(|a, b| b.cmp(a));
            ids.truncate(SHOWN);
            let mut rows = tx.transactions(org, &ids)?;
            rows.retain(|row| wanted.state.is_none_or(|state| row.state == state));
            rows.retain(|row| wanted.reason.is_none() || row.reason == wanted.reason);
            rows.reverse();
            decided(tx, org, rows)
        })?)
    }

    /// The held rows that say all of these, the newest first, of those that the next run will take up first.
    fn held_with(&self, org: OrganizationId, words: &[String]) -> Result<Vec<HeldRow>, EngineError> {
        let ledger = self.parts.store.ledger();
        let Some(newest) = ledger.newest(org)? else { return Ok(Vec::new()) };
        let mut rows = ledger.claim(org, None, newest, HELD)?.rows;
        rows.retain(|row| has_all(&row.submission, words));
        rows.reverse();
        rows.truncate(SHOWN);
        Ok(rows)
    }
}

/// Without a word to look for, held rows are listed only where nothing else is asked for.
fn may_be_held(wanted: &LookedFor, words: &[String]) -> bool {
    let held = wanted.state == Some(State::Held);
    wanted.reason.is_none() && (held || (wanted.state.is_none() && !words.is_empty()))
}

/// A word as it stands in stored JSON.
fn in_json(word: &str) -> String {
    let quoted = serde_json::Value::from(word).to_string();
    quoted.trim_matches('"').to_owned()
}

fn says(row: &TransactionRow, words: &[String]) -> bool {
    has_all(&row.submission, words) || row.sent.as_ref().is_some_and(|sent| has_all(sent, words))
}

/// Whether the values of a submission have every one of these words in them; names of fields do not count.
fn has_all(submission: &Submission, words: &[String]) -> bool {
    if words.is_empty() {
        return true;
    }
    let flat = to_flat(submission);
    let values = flat.values().map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned));
    let said = values.collect::<Vec<_>>().join("\n").to_lowercase();
    words.iter().all(|word| said.contains(word.as_str()))
}
