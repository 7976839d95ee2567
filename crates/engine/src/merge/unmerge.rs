//! A merge taken back: everything goes where it was, and what was added since goes where it belongs.

use super::merging::{found_to_be_others, moves};
use super::{Detail, is_transaction, of_open_run};
use crate::change::{Actor, Cause, Context, Pair, Profiles, Working, Writes};
use crate::merge::survivor_of;
use crate::review::stored_contact;
use crate::{Engine, EngineError};
use std::collections::{BTreeMap, BTreeSet};
use tributary_contact::fold::fold;
use tributary_contact::normalise::method_key;
use tributary_contact::{
    ContactId, Edits, Golden, Item, ItemEdit, ItemField, ItemId, OrganizationId, RecordId, RecordKind, Reference,
    SourceRecord, Submission,
};
use tributary_store::{
    AssignedRecord, ContactRow, Counter, EventKind, MergeRow, ReadTx, StoreExt, TransactionRow, WriteTx,
};
use uuid::Uuid;

/// Two contacts after their merge was taken back.
#[derive(Debug, Clone, PartialEq)]
pub struct UnmergeView {
    /// The contact that had been merged away; none when all of its submissions were taken back since.
    pub contact: Option<ContactRow>,
    /// The contact it had been merged into; none likewise.
    pub survivor: Option<ContactRow>,
    /// What is not as it was before the merge.
    pub leftovers: Vec<Leftover>,
}

/// Something that is not as it was before a merge that was taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leftover {
    /// What it is.
    pub kind: LeftoverKind,
    /// The record it is about.
    pub record: RecordId,
}

/// What is not as it was before the merge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeftoverKind {
    /// A submission of the merged contact was taken back since, and stays so.
    TakenBack,
    /// A submission that came since went with the reference or the person it speaks of.
    WentAlong,
    /// A submission that came since stays with the survivor.
    StayedSubmission,
    /// A direct change made since stays with the survivor.
    StayedChange,
    /// An opt-out since holds for both.
    OptOutKept,
}

impl LeftoverKind {
    /// Stable text.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TakenBack => "takenBack",
            Self::WentAlong => "wentAlong",
            Self::StayedSubmission => "stayedSubmission",
            Self::StayedChange => "stayedChange",
            Self::OptOutKept => "optOutKept",
        }
    }
}

/// What goes where.
struct Split {
    /// Records that go back, as they will be.
    returns: Vec<SourceRecord>,
    /// The same records as they are.
    together: Vec<SourceRecord>,
    /// Records since the merge that stay with the survivor.
    stays: Vec<SourceRecord>,
    leftovers: Vec<Leftover>,
}

impl Engine {
    /// Takes the merge of a contact into another one back. Submissions since that carry a reference of it, or speak of a
    /// person of it, go with it; direct changes since stay with the survivor and are listed.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] for an unknown contact; [`EngineError::Conflict`] when the contact is not merged away,
    /// not into `survivor`, or a later merge has to be taken back first.
    pub fn unmerge_contacts(
        &self,
        org: OrganizationId,
        actor: &Actor,
        merged: ContactId,
        survivor: Option<ContactId>,
    ) -> Result<UnmergeView, EngineError> {
        let organization = self.organization(org)?;
        let context =
            Context { organization: &organization, actor: actor.to_string(), run: None, at: self.now(), silent: false };
        let (holder, leftovers) = self.transact("unmerge_contacts", |tx| {
            tx.allocate(org, Counter::Revision, 1)?;
            let row = tx.contacts(org, &[merged])?.into_iter().next().ok_or(EngineError::NotFound)?;
            let merge = tx.merge_of(org, merged)?;
            let merge = merge.ok_or_else(|| EngineError::conflict("The contact is not merged into another one."))?;
            check_under(tx, org, merged, survivor)?;
            self.take_apart(tx, row, &merge, &context)
        })?;
        metrics::counter!("tributary_contact_unmerges_total").increment(1);
        self.wake_deliveries();
        let rows = self.parts.store.reading(|tx| tx.contacts(org, &[merged, holder]))?;
        let row = |id: ContactId| rows.iter().find(|row| row.id == id).cloned();
        Ok(UnmergeView { contact: row(merged), survivor: row(holder), leftovers })
    }

    /// The contact that had the records, and what is not as it was.
    fn take_apart(
        &self,
        tx: &mut dyn WriteTx,
        row: ContactRow,
        merge: &MergeRow,
        context: &Context<'_>,
    ) -> Result<(ContactId, Vec<Leftover>), EngineError> {
        let org = context.organization.id;
        let detail = Detail::of(merge)?;
        let (holder, _) = survivor_of(tx, org, merge.merged, None)?;
        let mut survivor = stored_contact(tx, holder, context)?;
        let mut merged = Working::merged_away(row, context);
        let Split { returns, together, stays, mut leftovers } = split(tx, &survivor, merge, &detail, context)?;
        let references: BTreeSet<_> = returns.iter().filter_map(|own| own.submission.reference.clone()).collect();
        let pair = Pair { survivor: holder, merged: merge.merged, references: &references };
        let cause = |action| Cause { record: RecordId(Uuid::nil()), action, event: self.parts.ids.next() };
        let gone: BTreeSet<RecordId> = returns.iter().map(|own| own.id).chain(detail.edits.iter().copied()).collect();
        let went: Vec<_> =
            returns.iter().filter(|own| !detail.moved.iter().any(|(id, _)| *id == own.id)).cloned().collect();
        let optouts = [self.optouts(tx, &stays, &returns, context)?, {
            let rest: Vec<_> = survivor.records().iter().filter(|own| !gone.contains(&own.id)).cloned().collect();
            self.optouts(tx, &went, &rest, context)?
        }];
        let [of_merged, of_survivor] = &optouts;
        survivor.withdraw_all(&gone, &cause("unmergeContact"), context);
        if !of_survivor.is_empty() {
            survivor.assign_all(of_survivor.clone(), &cause("unmergeContact"), context);
        }
        survivor.forget_direct(detail.edits.iter().copied());
        survivor.announce(EventKind::ContactUnmerge, Some(pair), &cause("unmergeContact"), context);
        merged.come_back(returns.iter().chain(of_merged).cloned().collect(), &cause("unmerged"), context);
        leftovers
            .extend(optouts.iter().flatten().map(|own| Leftover { kind: LeftoverKind::OptOutKept, record: own.id }));
        tx.move_records(org, &moves(&returns, holder, merge.merged))?;
        tx.move_notes(org, holder, merge.merged, Some(&detail.notes))?;
        tx.mark_unmerged(org, merge.id, &context.actor, context.at)?;
        release(tx, org, merge, &returns, &detail)?;
        let others = found_to_be_others(&returns, &together);
        let open = of_open_run(tx, org, &others)?;
        let direct = [(merge.merged, of_merged), (holder, of_survivor)].into_iter();
        let direct = direct
            .flat_map(|(contact, own)| own.iter().map(move |own| AssignedRecord { contact, record: own.clone() }));
        let direct: Vec<_> = direct.collect();
        let writes = Writes::of(vec![survivor, merged], &Profiles::default(), context);
        let writes = writes.without_terms_of(open.into_iter(), 1, context);
        writes.with_direct_records(direct).write(tx, org)?;
        Ok((holder, leftovers))
    }

    /// Corrections that keep an opt-out of `said` for the same methods of those whose records are `own`.
    fn optouts(
        &self,
        tx: &mut dyn WriteTx,
        said: &[SourceRecord],
        own: &[SourceRecord],
        context: &Context<'_>,
    ) -> Result<Vec<SourceRecord>, EngineError> {
        let country = &context.organization.country;
        let refused = refused(said, country);
        let golden = fold(own, country).unwrap_or_default();
        let mut edits = Vec::new();
        for (individual, edit) in opted_in(&golden, &refused, country) {
            let edits_of = Edits { items: vec![edit], ..Edits::default() };
            let submission = Submission { edits: edits_of, ..Submission::default() };
            let made = self.direct_records(tx, context.organization.id, RecordKind::Edit, &[submission], context.at)?;
            edits.extend(made.into_iter().map(|record| SourceRecord { individual, ..record }));
        }
        Ok(edits)
    }
}

/// Lets the merges that took the survivor further forget what went back: taken back later, they would fetch it from
/// wherever it is by then.
fn release(
    tx: &mut dyn WriteTx,
    org: OrganizationId,
    merge: &MergeRow,
    returns: &[SourceRecord],
    detail: &Detail,
) -> Result<(), EngineError> {
    let gone: BTreeSet<RecordId> = returns.iter().map(|own| own.id).collect();
    let mut contact = merge.survivor;
    while let Some(later) = tx.merge_of(org, contact)? {
        let mut own = Detail::of(&later)?;
        own.moved.retain(|(record, _)| !gone.contains(record));
        own.notes.retain(|note| !detail.notes.contains(note));
        tx.set_merge_detail(org, later.id, &own.text()?)?;
        contact = later.survivor;
    }
    Ok(())
}

/// The methods, by normal form, that records opt out of.
fn refused(said: &[SourceRecord], country: &str) -> BTreeSet<String> {
    let mut refused = BTreeSet::new();
    for record in said {
        let methods = &record.submission.methods;
        refused.extend(methods.iter().filter(|own| own.opted_in == Some(false)).map(|own| method_key(own, country)));
        for edit in &record.submission.edits.items {
            if let (Item::Method(was), Some(false)) = (&edit.was, edit.flag(ItemField::OptedIn)) {
                refused.insert(method_key(was, country));
            }
        }
    }
    refused
}

/// An opt-out for each of these methods that a contact is opted in for.
fn opted_in(golden: &Golden, refused: &BTreeSet<String>, country: &str) -> Vec<(ItemId, ItemEdit)> {
    let methods = golden.individuals.iter().flat_map(|person| person.methods.iter().map(move |own| (person.id, own)));
    let hit = methods.filter(|(_, own)| own.opted_in && refused.contains(&method_key(&own.plain(), country)));
    let edit = |own: &tributary_contact::GoldenMethod| {
        let mut edit = ItemEdit::new(own.id, Item::Method(own.plain()));
        edit.values.insert(ItemField::OptedIn, "false".to_owned());
        edit
    };
    hit.map(|(person, own)| (person, edit(own))).collect()
}

/// Refuses when the contact was merged into others than the one that is named.
fn check_under(
    tx: &mut dyn ReadTx,
    org: OrganizationId,
    mut contact: ContactId,
    survivor: Option<ContactId>,
) -> Result<(), EngineError> {
    let Some(named) = survivor else { return Ok(()) };
    while let Some(merge) = tx.merge_of(org, contact)? {
        if merge.survivor == named {
            return Ok(());
        }
        contact = merge.survivor;
    }
    Err(EngineError::conflict(format!("The contact is not merged into contact {named}.")))
}

fn split(
    tx: &mut dyn WriteTx,
    survivor: &Working,
    merge: &MergeRow,
    detail: &Detail,
    context: &Context<'_>,
) -> Result<Split, EngineError> {
    let org = context.organization.id;
    let before: BTreeMap<RecordId, ItemId> = detail.moved.iter().copied().collect();
    let (own, others): (Vec<_>, Vec<_>) =
        survivor.records().iter().cloned().partition(|record| before.contains_key(&record.id));
    let people = People::of(&own, &before);
    let since = since(tx, org, &others, merge)?;
    let claimed = |own: &SourceRecord| people.speaks(own) || (since.contains(&own.id) && people.names(own));
    let others = others.into_iter().filter(|record| !detail.edits.contains(&record.id));
    let (along, rest): (Vec<_>, Vec<_>) = others.partition(claimed);
    let later = later_merges(tx, org, survivor.id(), merge)?;
    check_none_of(&later, &along)?;
    // What a later merge said goes when that merge is taken back.
    let of_merges: BTreeSet<RecordId> = later.iter().flat_map(|(_, detail)| detail.edits.iter().copied()).collect();
    let stays: Vec<_> =
        rest.into_iter().filter(|own| since.contains(&own.id) && !of_merges.contains(&own.id)).collect();
    let mut leftovers = taken_back(tx, org, &before)?;
    leftovers.extend(along.iter().map(|own| Leftover { kind: LeftoverKind::WentAlong, record: own.id }));
    leftovers.extend(stays.iter().map(|own| Leftover { kind: stayed(own), record: own.id }));
    let back = |record: &SourceRecord| SourceRecord { individual: people.back(record, &before), ..record.clone() };
    let together: Vec<SourceRecord> = own.into_iter().chain(along).collect();
    Ok(Split { returns: together.iter().map(back).collect(), together, stays, leftovers })
}

fn stayed(record: &SourceRecord) -> LeftoverKind {
    if is_transaction(record) { LeftoverKind::StayedSubmission } else { LeftoverKind::StayedChange }
}

/// What the records that go back are known by.
struct People {
    references: BTreeSet<Reference>,
    /// Individuals as they are now, with what they were.
    were: BTreeMap<ItemId, ItemId>,
    /// Individuals that none but the merged contact brought.
    own: BTreeSet<ItemId>,
}

impl People {
    fn of(records: &[SourceRecord], before: &BTreeMap<RecordId, ItemId>) -> Self {
        let was = |record: &SourceRecord| before.get(&record.id).copied().unwrap_or(record.individual);
        Self {
            references: records.iter().filter_map(|record| record.submission.reference.clone()).collect(),
            were: records.iter().map(|record| (record.individual, was(record))).collect(),
            own: records.iter().map(was).collect(),
        }
    }

    /// Whether a record speaks of somebody whom the merged contact alone brought.
    fn speaks(&self, record: &SourceRecord) -> bool {
        self.own.contains(&record.individual)
    }

    /// Whether a record carries a reference of the merged contact.
    fn names(&self, record: &SourceRecord) -> bool {
        record.submission.reference.as_ref().is_some_and(|own| self.references.contains(own))
    }

    /// The individual that a record speaks of once it is back.
    fn back(&self, record: &SourceRecord, before: &BTreeMap<RecordId, ItemId>) -> ItemId {
        let first = || self.own.first().copied().unwrap_or(record.first_item);
        let brought = (record.individual == record.first_item).then_some(record.first_item);
        let known = before.get(&record.id).or_else(|| self.were.get(&record.individual)).copied();
        known.or_else(|| self.own.get(&record.individual).copied()).or(brought).unwrap_or_else(first)
    }
}

/// Those of the records that were added since the merge.
fn since(
    tx: &mut dyn ReadTx,
    org: OrganizationId,
    records: &[SourceRecord],
    merge: &MergeRow,
) -> Result<BTreeSet<RecordId>, EngineError> {
    let ids: Vec<RecordId> = records.iter().filter(|own| is_transaction(own)).map(|own| own.id).collect();
    let later = |row: &TransactionRow| row.decided_at.is_some_and(|at| at > merge.merged_at);
    let rows = tx.transactions(org, &ids)?;
    let direct = records.iter().filter(|own| !is_transaction(own) && own.received_at > merge.merged_at);
    Ok(rows.iter().filter(|row| later(row)).map(|row| row.id).chain(direct.map(|own| own.id)).collect())
}

/// The merges since that brought the holder what it has.
fn later_merges(
    tx: &mut dyn ReadTx,
    org: OrganizationId,
    holder: ContactId,
    merge: &MergeRow,
) -> Result<Vec<(ContactId, Detail)>, EngineError> {
    let mut survivors = vec![holder];
    let mut later = Vec::new();
    while !survivors.is_empty() {
        let found = tx.merges_into(org, &survivors)?;
        for own in found.iter().filter(|own| own.id > merge.id) {
            later.push((own.merged, Detail::of(own)?));
        }
        survivors = found.into_iter().map(|own| own.merged).collect();
    }
    Ok(later)
}

/// A record that goes along must not be another contact's that was merged in since: that merge said it is a person
/// of this one.
fn check_none_of(later: &[(ContactId, Detail)], along: &[SourceRecord]) -> Result<(), EngineError> {
    let along: BTreeSet<RecordId> = along.iter().map(|own| own.id).collect();
    let theirs = |(_, detail): &&(ContactId, Detail)| detail.moved.iter().any(|(record, _)| along.contains(record));
    match later.iter().find(theirs) {
        Some((merged, _)) => {
            let message = format!("Contact {merged} was merged in since; take that merge back first.");
            Err(EngineError::conflict(message))
        }
        None => Ok(()),
    }
}

/// The submissions among those that moved which belong to no contact any more.
fn taken_back(
    tx: &mut dyn ReadTx,
    org: OrganizationId,
    moved: &BTreeMap<RecordId, ItemId>,
) -> Result<Vec<Leftover>, EngineError> {
    let ids: Vec<RecordId> = moved.keys().copied().collect();
    let rows = tx.transactions(org, &ids)?;
    let gone = rows.iter().filter(|row| row.contact.is_none());
    Ok(gone.map(|row| Leftover { kind: LeftoverKind::TakenBack, record: row.id }).collect())
}
