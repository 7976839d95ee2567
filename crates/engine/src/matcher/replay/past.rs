//! What runs decided, and what people said about the same submissions.

use super::super::labels::staff_label;
use super::Replayed;
use super::agreement::{Belongs, Known};
use crate::apart::Apart;
use crate::merge::survivors;
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;
use std::sync::Arc;
use tributary_contact::clock::Timestamp;
use tributary_contact::policy::Policy;
use tributary_contact::state::{Level, Reason, State};
use tributary_contact::{ContactId, ItemId, OrganizationId, RecordId, RecordKind, SourceRecord};
use tributary_matching::Profile;
use tributary_matching::calibrate::Label;
use tributary_store::{CorrectionRow, DecisionRow, Organization, ReadTx, StoreResult, TransactionRow};

/// Stands for the item numbers that a row would be given.
const UNNUMBERED: ItemId = ItemId(1 << 60);

/// A past decision.
pub(super) struct Past {
    pub(super) row: TransactionRow,
    pub(super) was: Replayed,
    pub(super) known: Known,
    pub(super) profile: Profile,
}

impl Past {
    /// The record that the row would be of this individual.
    pub(super) fn record(&self, individual: i64, policy: Option<Arc<Policy>>) -> SourceRecord {
        SourceRecord {
            id: self.row.id,
            kind: RecordKind::Transaction,
            received_at: self.row.received_at,
            individual: ItemId(individual),
            first_item: UNNUMBERED,
            submission: self.row.submission.clone(),
            policy,
        }
    }
}

/// What a run decided about these rows as they are now, and what people said about them.
pub(super) fn past(
    tx: &mut dyn ReadTx,
    organization: &Organization,
    rows: Vec<TransactionRow>,
) -> StoreResult<Vec<Past>> {
    let org = organization.id;
    let ids: Vec<RecordId> = rows.iter().map(|row| row.id).collect();
    let corrections = tx.corrections(org, &ids)?;
    let mut decisions: FxHashMap<RecordId, Vec<DecisionRow>> = FxHashMap::default();
    for latest in tx.latest_decisions(org, &ids)? {
        let id = latest.transaction;
        let all = if latest.number > 1 { tx.decisions(org, id)? } else { vec![latest] };
        decisions.insert(id, all);
    }
    let apart = Apart::read(tx, org, &organization.country, 0)?;
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        let own = decisions.get(&row.id).map_or(&[][..], Vec::as_slice);
        let Some(was) = decided_by_run(&row, own, &corrections) else { continue };
        let profile = Profile::of(&row.submission, &organization.country);
        let mut known = Known::default();
        match staff_label(&row, own) {
            Some(Label::Same { contact, .. } | Label::Relative { contact }) => {
                known.belongs = Some(Belongs::To(contact));
            }
            Some(Label::Nobody) => known.belongs = Some(Belongs::Nobody),
            Some(Label::Not { contact }) => drop(known.not.insert(contact)),
            None => {}
        }
        known.not.extend(apart.of_row(row.id, &row.submission, &profile));
        known.not.extend(row.contact.into_iter().flat_map(|contact| apart.others_of(contact)));
        found.push(Past { row, was: stored(was), known, profile });
    }
    said_since(tx, org, &mut found)?;
    Ok(found)
}

/// Contacts as they are now; merges that were taken back; and whether a contact was on file before the row.
fn said_since(tx: &mut dyn ReadTx, org: OrganizationId, past: &mut [Past]) -> StoreResult<()> {
    let was: Vec<ContactId> = past.iter().filter_map(|own| own.was.contact).collect();
    let survivors = survivors(tx, org, &was)?;
    let belong: BTreeSet<ContactId> = past
        .iter()
        .flat_map(|own| {
            [own.row.contact, if let Some(Belongs::To(id)) = own.known.belongs { Some(ContactId(id)) } else { None }]
        })
        .flatten()
        .collect();
    let belong: Vec<ContactId> = belong.into_iter().collect();
    let mut first: FxHashMap<i64, (Timestamp, RecordId)> = FxHashMap::default();
    for own in tx.source_records(org, &belong)? {
        let place = (own.record.received_at, own.record.id);
        first.entry(own.contact.0).and_modify(|known| *known = place.min(*known)).or_insert(place);
    }
    let undone = tx.merges_taken_back(org, &belong)?;
    for own in past {
        own.was.contact = own.was.contact.map(|id| survivors.get(&id.0).map_or(id, |survivor| ContactId(*survivor)));
        for merge in &undone {
            if own.row.contact == Some(merge.merged) {
                own.known.not.insert(merge.survivor.0);
            }
            if own.row.contact == Some(merge.survivor) {
                own.known.not.insert(merge.merged.0);
            }
        }
        if let Some(Belongs::To(contact)) = own.known.belongs {
            own.known.not.remove(&contact);
            own.known.on_file = first.get(&contact).is_some_and(|first| *first < (own.row.received_at, own.row.id));
        }
    }
    Ok(())
}

/// The latest decision of a run about a row, if it was about what the row says now. Whoever names a contact by its
/// number is not matched at all.
fn decided_by_run<'d>(
    row: &TransactionRow,
    decisions: &'d [DecisionRow],
    corrections: &[CorrectionRow],
) -> Option<&'d DecisionRow> {
    let decision = decisions.iter().rev().find(|decision| decision.run.is_some())?;
    let since = |own: &CorrectionRow| own.transaction == row.id && own.number > decision.number;
    let comparable = row.submission.pinned.is_none() && decision.reason != Some(Reason::Failed);
    Some(decision).filter(|_| comparable && !corrections.iter().any(since))
}

/// A stored decision, as far as it is compared.
fn stored(decision: &DecisionRow) -> Replayed {
    let (state, level) = match decision.outcome {
        State::Created => (State::Created, None),
        State::Merged if decision.level == Some(Level::Household) => (State::Merged, Some(Level::Household)),
        State::Merged | State::Unchanged => (State::Merged, Some(Level::Individual)),
        other => (other, None),
    };
    let contact = decision.contact.filter(|_| state == State::Merged);
    Replayed { state, level, reason: decision.reason, contact, score: decision.score }
}
