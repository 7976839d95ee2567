//! Decisions as JSON lines in the shape that `score.py` of the matching benchmark reads, which is also the
//! shape `tributary link` writes; so the two can be compared row by row.

use crate::{Engine, EngineError};
use rustc_hash::FxHashMap;
use serde::Serialize;
use tributary_contact::state::{Level, Reason, State};
use tributary_contact::{ContactId, OrganizationId, SourceRecord};
use tributary_matching::Candidate;
use tributary_store::{DecisionRow, StoreExt, TransactionRow};

/// Transactions read at once.
const PAGE: i64 = 1_000;

/// One decided transaction. Contacts are named by the reference of the record that brought the individual.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DecisionLine {
    /// Reference id of the transaction.
    pub reference_id: Option<String>,
    /// `merge`, `create` or `review`.
    pub decision: &'static str,
    /// Whom it was merged into, or whose household it joined.
    pub contact_reference_id: Option<String>,
    /// Evidence in bits that the individual is meant. `link` gives that of the household where it is likelier.
    pub score: Option<f64>,
    /// `individual` or `household`.
    pub level: &'static str,
    /// Candidates, best first.
    pub candidates: Vec<String>,
    /// State of the transaction.
    pub state: State,
    /// Why it waits.
    pub reason: Option<Reason>,
}

/// Names individuals by the references of the records that brought them.
struct Names {
    individuals: FxHashMap<(i64, i64), String>,
    contacts: FxHashMap<i64, String>,
}

impl Engine {
    /// Hands every decided transaction of the organization to `write`, in order of receipt.
    ///
    /// # Errors
    /// Any failure of the store or of `write`.
    pub fn export_decisions(
        &self,
        org: OrganizationId,
        write: &mut dyn FnMut(&DecisionLine) -> std::io::Result<()>,
    ) -> Result<(), EngineError> {
        let mut after = None;
        loop {
            let lines = self.parts.store.reading(|tx| {
                let rows = tx.transaction_page(org, after, PAGE)?;
                let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
                let decisions: FxHashMap<_, _> = tx
                    .latest_decisions(org, &ids)?
                    .into_iter()
                    .map(|decision| (decision.transaction, decision))
                    .collect();
                let named = contacts_of(&rows, decisions.values());
                let records = tx.source_records(org, &named)?;
                let names = Names::of(records.iter().map(|assigned| (assigned.contact, &assigned.record)));
                Ok(rows.iter().map(|row| (row.id, line(row, decisions.get(&row.id), &names))).collect::<Vec<_>>())
            })?;
            let Some((last, _)) = lines.last() else { return Ok(()) };
            after = Some(*last);
            for (_, line) in &lines {
                write(line).map_err(EngineError::internal)?;
            }
        }
    }
}

fn contacts_of<'a>(rows: &[TransactionRow], decisions: impl Iterator<Item = &'a DecisionRow>) -> Vec<ContactId> {
    let candidates = decisions.flat_map(candidates).map(|candidate| ContactId(candidate.contact));
    let mut ids: Vec<ContactId> = rows.iter().filter_map(|row| row.contact).chain(candidates).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

fn candidates(decision: &DecisionRow) -> Vec<Candidate> {
    serde_json::from_str(&decision.explanation).unwrap_or_default()
}

impl Names {
    /// Records come in order of receipt, so the first one to speak of an individual brought it.
    fn of<'a>(records: impl Iterator<Item = (ContactId, &'a SourceRecord)>) -> Self {
        let mut names = Self { individuals: FxHashMap::default(), contacts: FxHashMap::default() };
        for (contact, record) in records {
            let Some(reference) = &record.submission.reference else { continue };
            names.contacts.entry(contact.0).or_insert_with(|| reference.id.clone());
            names.individuals.entry((contact.0, record.individual.0)).or_insert_with(|| reference.id.clone());
        }
        names
    }

    fn name(&self, contact: i64, individual: Option<i64>) -> Option<String> {
        let own = individual.and_then(|individual| self.individuals.get(&(contact, individual)));
        own.or_else(|| self.contacts.get(&contact)).cloned()
    }
}

fn line(row: &TransactionRow, decision: Option<&DecisionRow>, names: &Names) -> DecisionLine {
    let candidates: Vec<Candidate> = decision.map(candidates).unwrap_or_default();
    let household = row.level == Some(Level::Household);
    // The best candidate of the joined household stands for it: its new individual has no earlier name.
    let joined = candidates.first().filter(|_| household).map(|candidate| candidate.individual);
    let individual = if household { joined } else { row.individual.map(|id| id.0) };
    DecisionLine {
        reference_id: row.submission.reference.as_ref().map(|reference| reference.id.clone()),
        decision: match row.state {
            State::Created => "create",
            State::Merged | State::Unchanged => "merge",
            State::Held | State::NeedsUpdate | State::Rejected => "review",
        },
        contact_reference_id: row
            .contact
            .filter(|_| row.state != State::Created)
            .and_then(|contact| names.name(contact.0, individual)),
        score: decision.and_then(|decision| decision.score),
        level: if household { "household" } else { "individual" },
        candidates: candidates.iter().filter_map(|c| names.name(c.contact, Some(c.individual))).collect(),
        state: row.state,
        reason: row.reason,
    }
}
