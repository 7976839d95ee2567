//! The merge: previewed, or made in one transaction.

use super::plan::Plan;
use super::{Detail, is_transaction, of_open_run};
use crate::change::{Actor, Cause, Context, Pair, Profiles, Writes};
use crate::suggestion::close_merged;
use crate::{Engine, EngineError};
use std::collections::{BTreeMap, BTreeSet};
use tributary_contact::diff::Change;
use tributary_contact::merge::{Difference, Side};
use tributary_contact::{ContactId, ItemId, OrganizationId, RecordId, SourceRecord};
use tributary_store::{
    AssignedRecord, ContactRow, Counter, EventKind, MergeRow, RecordMove, StoreExt, SuggestionClosed, SuggestionEnd,
    WriteTx,
};
use uuid::Uuid;

/// Two contacts that are one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MergeRequest {
    /// The contact that stays.
    pub survivor: ContactId,
    /// The contact that is merged into it.
    pub merged: ContactId,
    /// Who of the merged contact is whom of the survivor; none makes a further individual. Those who are not named
    /// are paired by their names.
    pub people: BTreeMap<ItemId, Option<ItemId>>,
    /// Whose value to keep, by the path of the field.
    pub choices: BTreeMap<String, Side>,
}

/// A merge, made or previewed.
#[derive(Debug, Clone, PartialEq)]
pub struct MergeView {
    /// The survivor after the merge.
    pub contact: ContactRow,
    /// The contact that is merged away.
    pub merged: ContactId,
    /// Each individual of it, and whom of the survivor it is; none is a further individual.
    pub people: Vec<(ItemId, Option<ItemId>)>,
    /// The single values on which the two differ.
    pub differences: Vec<Difference>,
    /// What the merge changes of the survivor.
    pub changes: Vec<Change>,
}

impl Engine {
    /// What a merge would make, without making it.
    ///
    /// # Errors
    /// As [`Engine::merge_contacts`].
    pub fn preview_merge(&self, org: OrganizationId, request: &MergeRequest) -> Result<MergeView, EngineError> {
        let organization = self.organization(org)?;
        let context =
            Context { organization: &organization, actor: String::new(), run: None, at: self.now(), silent: true };
        let plan = self.parts.store.reading(|tx| Ok(Plan::make(tx, request, &context, self.parts.ids.as_ref())))??;
        Ok(plan.view)
    }

    /// Merges a contact into another one, which gets its records, references and notes and keeps its number. The merged
    /// one can be read as it was and names the survivor.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] for an unknown or archived contact, [`EngineError::Conflict`] for one that is merged
    /// away already, [`EngineError::Invalid`] for individuals and fields that are not there.
    pub fn merge_contacts(
        &self,
        org: OrganizationId,
        actor: &Actor,
        request: &MergeRequest,
    ) -> Result<MergeView, EngineError> {
        let organization = self.organization(org)?;
        let context =
            Context { organization: &organization, actor: actor.to_string(), run: None, at: self.now(), silent: false };
        let view = self.transact("merge_contacts", |tx| {
            tx.allocate(org, Counter::Revision, 1)?;
            let plan = Plan::make(tx, request, &context, self.parts.ids.as_ref())?;
            self.carry_out(tx, plan, &context)
        })?;
        metrics::counter!("tributary_contact_merges_total").increment(1);
        self.wake_deliveries();
        let contact = self.parts.store.reading(|tx| tx.contacts(org, &[request.survivor]))?.into_iter().next();
        Ok(MergeView { contact: contact.ok_or(EngineError::NotFound)?, ..view })
    }

    fn carry_out(&self, tx: &mut dyn WriteTx, mut plan: Plan, context: &Context<'_>) -> Result<MergeView, EngineError> {
        let org = context.organization.id;
        number(tx, org, &mut plan.edits)?;
        let Plan { mut survivor, mut merged, people, moved, edits, view } = plan;
        let cause = |action| Cause { record: RecordId(Uuid::nil()), action, event: self.parts.ids.next() };
        let references = merged.golden().map(|golden| golden.references.clone()).unwrap_or_default();
        let pair = Pair { survivor: survivor.id(), merged: merged.id(), references: &references };
        let before = merged.merge_away(survivor.id(), &cause("mergedAway"), context);
        survivor.assign_all(moved.iter().chain(&edits).cloned().collect(), &cause("mergeContact"), context);
        survivor.announce(EventKind::ContactMerge, Some(pair), &cause("mergeContact"), context);
        let detail = Detail {
            people: people.into_iter().collect(),
            moved: before.iter().map(|record| (record.id, record.individual)).collect(),
            edits: edits.iter().map(|record| record.id).collect(),
            notes: tx.move_notes(org, merged.id(), survivor.id(), None)?,
        };
        tx.move_records(org, &moves(&moved, merged.id(), survivor.id()))?;
        let number = tx.allocate(org, Counter::Merge, 1)?;
        tx.insert_merge(org, &merge_row(number, pair, &detail, context)?)?;
        let others = found_to_be_others(&before, &moved);
        let open = of_open_run(tx, org, &others)?;
        let assigned = edits.into_iter().map(|record| AssignedRecord { contact: survivor.id(), record }).collect();
        let writes = Writes::of(vec![survivor, merged], &Profiles::default(), context);
        let writes = writes.without_terms_of(open.into_iter(), -1, context);
        writes.with_direct_records(assigned).write(tx, org)?;
        let end = SuggestionEnd { reason: SuggestionClosed::Merged, by: context.actor.clone(), at: context.at };
        close_merged(tx, org, end)?;
        Ok(view)
    }
}

/// The records that brought a person in `alone` and speak of another one in `together`.
pub(super) fn found_to_be_others(alone: &[SourceRecord], together: &[SourceRecord]) -> Vec<SourceRecord> {
    let brings = |record: &&SourceRecord| record.individual == record.first_item;
    let still: BTreeSet<RecordId> = together.iter().filter(brings).map(|record| record.id).collect();
    alone.iter().filter(brings).filter(|record| !still.contains(&record.id)).cloned().collect()
}

/// Records as they are to be, on their way from one contact to another.
pub(super) fn moves(records: &[SourceRecord], from: ContactId, to: ContactId) -> Vec<RecordMove> {
    let one = |record: &SourceRecord| RecordMove {
        record: record.id,
        transaction: is_transaction(record),
        from,
        to,
        individual: record.individual,
    };
    records.iter().map(one).collect()
}

fn number(tx: &mut dyn WriteTx, org: OrganizationId, edits: &mut [SourceRecord]) -> Result<(), EngineError> {
    let count = edits.iter().map(|edit| edit.submission.item_count()).sum();
    let mut next = tx.allocate(org, Counter::Item, count)?;
    for edit in edits {
        edit.first_item = ItemId(next);
        next += edit.submission.item_count();
    }
    Ok(())
}

fn merge_row(id: i64, pair: Pair<'_>, detail: &Detail, context: &Context<'_>) -> Result<MergeRow, EngineError> {
    Ok(MergeRow {
        id,
        survivor: pair.survivor,
        merged: pair.merged,
        detail: detail.text()?,
        actor: context.actor.clone(),
        merged_at: context.at,
        undone: None,
    })
}
