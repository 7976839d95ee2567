//! A contact in memory while one transaction changes it, possibly several times.

use super::event::{self, Happening};
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::Arc;
use tributary_contact::clock::Timestamp;
use tributary_contact::diff::{Change, changed_fields, diff};
use tributary_contact::fold::fold;
use tributary_contact::policy::Policy;
use tributary_contact::{ContactId, Gift, Golden, RecordId, Reference, RunId, SourceRecord};
use tributary_store::{AuditRow, ContactHead, ContactRow, EventKind, EventRow, Organization};
use uuid::Uuid;

/// What holds for all changes of one transaction.
pub(crate) struct Context<'a> {
    /// The tenant.
    pub organization: &'a Organization,
    /// Who changes.
    pub actor: String,
    /// The run, if one changes.
    pub run: Option<RunId>,
    /// When.
    pub at: Timestamp,
    /// Whether events are written. Initial loads are silent.
    pub silent: bool,
}

/// Why one change is made.
pub(crate) struct Cause {
    /// The record; nil when the change comes from none.
    pub record: RecordId,
    /// As in [`AuditRow::action`].
    pub action: &'static str,
    /// Id of the event, given beforehand so that ids follow the order of the rows.
    pub event: Uuid,
}

/// Two contacts that were merged, or are two again.
#[derive(Clone, Copy)]
pub(crate) struct Pair<'a> {
    /// The one that stays.
    pub survivor: ContactId,
    /// The one that is merged away.
    pub merged: ContactId,
    /// What senders call the one that is merged away.
    pub references: &'a BTreeSet<Reference>,
}

/// What is told of a contact.
struct News<'a> {
    kind: EventKind,
    golden: Option<Golden>,
    changes: &'a [Change],
    pair: Option<Pair<'a>>,
}

/// A contact that is being changed.
pub(crate) struct Working {
    pub(super) id: ContactId,
    pub(super) stored: Option<ContactHead>,
    pub(super) before: Vec<SourceRecord>,
    pub(super) golden_before: Option<Golden>,
    pub(super) records: Vec<SourceRecord>,
    pub(super) golden: Option<Golden>,
    pub(super) version: i64,
    pub(super) sequence: i64,
    pub(super) created_at: Timestamp,
    pub(super) modified_at: Timestamp,
    pub(super) audit: Vec<AuditRow>,
    pub(super) events: Vec<EventRow>,
    /// Direct records that go with the last record that brought somebody.
    pub(super) gone_direct: Vec<RecordId>,
    /// Whether it is archived from now on, when that changes.
    pub(super) set_archived: Option<bool>,
    /// Into whom it is merged from now on, when that changes.
    pub(super) set_merged_into: Option<Option<ContactId>>,
    /// What is shown of a contact that was merged away. Nothing of it is found by any index.
    pub(super) remains: Option<Golden>,
}

impl Working {
    /// A contact that does not exist yet.
    pub(crate) fn new(id: ContactId, context: &Context<'_>) -> Self {
        Self {
            id,
            stored: None,
            before: Vec::new(),
            golden_before: None,
            records: Vec::new(),
            golden: None,
            version: 0,
            sequence: 0,
            created_at: context.at,
            modified_at: context.at,
            audit: Vec::new(),
            events: Vec::new(),
            gone_direct: Vec::new(),
            set_archived: None,
            set_merged_into: None,
            remains: None,
        }
    }

    /// A stored contact with all its source records.
    pub(crate) fn stored(head: ContactHead, records: Vec<SourceRecord>, context: &Context<'_>) -> Self {
        let golden = fold(&records, &context.organization.country);
        Self {
            id: head.id,
            stored: Some(head),
            before: records.clone(),
            golden_before: golden.clone(),
            records,
            golden,
            version: head.version,
            sequence: head.sequence,
            created_at: head.created_at,
            modified_at: head.modified_at,
            audit: Vec::new(),
            events: Vec::new(),
            gone_direct: Vec::new(),
            set_archived: None,
            set_merged_into: None,
            remains: None,
        }
    }

    /// A contact that was merged away, with what it was then.
    pub(crate) fn merged_away(row: ContactRow, context: &Context<'_>) -> Self {
        let ContactRow { id, version, sequence, golden, merged_into, archived, created_at, modified_at } = row;
        let head = ContactHead { id, version, sequence, created_at, modified_at, merged_into, archived };
        Self { remains: Some(golden), ..Self::stored(head, Vec::new(), context) }
    }

    /// Its version, with the changes made so far.
    pub(crate) const fn version(&self) -> i64 {
        self.version
    }

    /// Its source records as they are now.
    pub(crate) fn records(&self) -> &[SourceRecord] {
        &self.records
    }

    /// Its id.
    pub(crate) const fn id(&self) -> ContactId {
        self.id
    }

    /// Folds a record in; whether the contact says anything new now.
    pub(crate) fn assign(&mut self, record: SourceRecord, cause: &Cause, context: &Context<'_>) -> bool {
        self.assign_all(vec![record], cause, context)
    }

    /// Folds several records in as one change.
    pub(crate) fn assign_all(&mut self, records: Vec<SourceRecord>, cause: &Cause, context: &Context<'_>) -> bool {
        self.records.extend(records);
        self.refold(cause, context)
    }

    /// Corrections alone make no contact.
    fn drop_lone_corrections(&mut self) {
        if self.records.iter().all(SourceRecord::is_correction) {
            self.gone_direct.extend(self.records.drain(..).map(|record| record.id));
        }
    }

    /// Archives it or takes it back, as a change of its own. Subscribers of the contract hear nothing
    /// (virtuous-contract.md 2.5), those of our own toggle that it was archived.
    pub(crate) fn archive(&mut self, archived: bool, reason: Option<&str>, cause: &Cause, context: &Context<'_>) {
        self.version += 1;
        self.set_archived = Some(archived);
        self.modified_at = self.modified_at.max(context.at);
        let mut changes = vec![change("isArchived", Value::from(!archived), Value::from(archived))];
        changes.extend(reason.map(|reason| change("archiveReason", Value::Null, Value::from(reason))));
        self.note(&changes, cause, context);
        if archived {
            let news =
                News { kind: EventKind::ContactArchive, golden: self.golden.clone(), changes: &changes, pair: None };
            self.tell(news, cause, context);
        }
    }

    /// Folds it anew with these policies of its records, in their order; what changes comes back.
    pub(crate) fn refold_by(
        &mut self,
        policies: Vec<Option<Arc<Policy>>>,
        cause: &Cause,
        context: &Context<'_>,
    ) -> Vec<Change> {
        let before = self.golden.clone();
        for (record, policy) in self.records.iter_mut().zip(policies) {
            record.policy = policy;
        }
        self.refold(cause, context);
        // It follows from no record.
        if let Some(row) = self.audit.last_mut() {
            row.record = None;
        }
        diff(before.as_ref(), self.golden.as_ref())
    }

    /// The contact as it was stored.
    pub(crate) const fn golden_before(&self) -> Option<&Golden> {
        self.golden_before.as_ref()
    }

    /// Whether it is archived from now on.
    pub(crate) fn archived(&self) -> bool {
        self.set_archived.unwrap_or_else(|| self.stored.is_some_and(|head| head.archived))
    }

    /// When it was created, and when it last changed.
    pub(crate) const fn times(&self) -> [Timestamp; 2] {
        [self.created_at, self.modified_at]
    }

    /// Merges it into another contact, which gets its records. What it was stays to be seen.
    pub(crate) fn merge_away(
        &mut self,
        survivor: ContactId,
        cause: &Cause,
        context: &Context<'_>,
    ) -> Vec<SourceRecord> {
        self.version += 1;
        self.set_merged_into = Some(Some(survivor));
        self.modified_at = self.modified_at.max(context.at);
        self.remains = self.golden.take();
        let changes = [change(MERGED_INTO, Value::Null, Value::from(survivor.0))];
        self.note(&changes, cause, context);
        let golden = self.remains.clone();
        self.tell(News { kind: EventKind::ContactUpdate, golden, changes: &changes, pair: None }, cause, context);
        std::mem::take(&mut self.records)
    }

    /// Lets a contact that was merged away stand for itself again, with these records.
    pub(crate) fn come_back(&mut self, records: Vec<SourceRecord>, cause: &Cause, context: &Context<'_>) {
        let survivor = self.stored.and_then(|head| head.merged_into);
        self.set_merged_into = Some(None);
        self.golden = self.remains.take();
        self.records = records;
        self.drop_lone_corrections();
        let also = survivor.map(|survivor| change(MERGED_INTO, Value::from(survivor.0), Value::Null));
        self.refold_and(also, cause, context);
    }

    /// Takes several records away as one change; whether the contact says anything else now.
    pub(crate) fn withdraw_all(&mut self, gone: &BTreeSet<RecordId>, cause: &Cause, context: &Context<'_>) -> bool {
        self.records.retain(|kept| !gone.contains(&kept.id));
        self.drop_lone_corrections();
        self.refold(cause, context)
    }

    /// Has direct records removed for good, which were taken away.
    pub(crate) fn forget_direct(&mut self, gone: impl IntoIterator<Item = RecordId>) {
        self.gone_direct.extend(gone);
    }

    /// The contact as it is now; none when it is no more.
    pub(crate) const fn golden(&self) -> Option<&Golden> {
        self.golden.as_ref()
    }

    /// Everything that differs from what is stored.
    pub(crate) fn changes(&self) -> Vec<Change> {
        diff(self.golden_before.as_ref(), self.golden.as_ref())
    }

    /// What a writer knew of it when it was read; none for a new one.
    pub(crate) const fn head(&self) -> Option<&ContactHead> {
        self.stored.as_ref()
    }

    fn refold(&mut self, cause: &Cause, context: &Context<'_>) -> bool {
        self.refold_and(None, cause, context)
    }

    /// Folds again; `also` changes with it, beside the values.
    fn refold_and(&mut self, also: Option<Change>, cause: &Cause, context: &Context<'_>) -> bool {
        let after = fold(&self.records, &context.organization.country);
        let mut changes = diff(self.golden.as_ref(), after.as_ref());
        changes.extend(also);
        // The version goes up with every record that comes or goes, also when the contact says the same as before:
        // it is what keeps another writer from working on an outdated set of records.
        self.version += 1;
        if changes.is_empty() {
            // Provenance may have moved to another record of the same content.
            self.golden = after;
            self.note(&changes, cause, context);
            return false;
        }
        let kind = kind_of(self.golden.is_none(), after.is_none());
        // A contact that is no more is told of with its last state.
        let told = if after.is_some() { after.clone() } else { self.golden.take() };
        self.golden = after;
        // Subscribers discard older stamps, so a clock that went back must not show.
        self.modified_at = self.modified_at.max(context.at);
        self.note(&changes, cause, context);
        self.tell(News { kind, golden: told, changes: &changes, pair: None }, cause, context);
        true
    }

    /// Tells of something that happened to the contact beside the change of its values, under an event id of its
    /// own; nothing when the contact is no more.
    pub(crate) fn announce(&mut self, kind: EventKind, pair: Option<Pair<'_>>, cause: &Cause, context: &Context<'_>) {
        self.tell(News { kind, golden: self.golden.clone(), changes: &[], pair }, cause, context);
    }

    fn note(&mut self, changes: &[Change], cause: &Cause, context: &Context<'_>) {
        self.audit.push(AuditRow {
            contact: self.id,
            version: self.version,
            at: context.at,
            actor: context.actor.clone(),
            action: cause.action.to_owned(),
            record: Some(cause.record).filter(|record| !record.0.is_nil()),
            run: context.run,
            changes: serde_json::to_string(changes).unwrap_or_default(),
        });
    }

    /// The gift that a record brought, unless an earlier record of the contact had brought the same.
    fn gift_of(&self, record: RecordId) -> Option<&Gift> {
        let named = self.records.iter().find(|own| own.id == record)?.submission.counted_gift()?;
        let same = |gift: &Gift| gift.source == named.source && gift.id == named.id;
        let repeats = |own: &SourceRecord| own.id < record && own.submission.counted_gift().is_some_and(same);
        Some(named).filter(|_| !self.records.iter().any(repeats))
    }

    fn tell(&mut self, news: News<'_>, cause: &Cause, context: &Context<'_>) {
        let News { kind, golden: Some(golden), changes, pair } = news else { return };
        if context.silent {
            return;
        }
        self.sequence += 1;
        let happening = Happening {
            id: cause.event,
            kind,
            sequence: self.sequence,
            changed_fields: if kind == EventKind::ContactUpdate { changed_fields(changes) } else { Vec::new() },
            contact: self.id,
            golden: &golden,
            gift: self.gift_of(cause.record),
            merged_into: self.set_merged_into.flatten(),
            pair,
            created_at: self.created_at,
            at: self.modified_at,
        };
        self.events.push(EventRow {
            id: cause.event,
            contact: self.id,
            sequence: self.sequence,
            kind,
            body: event::body(&happening, context.organization),
            created_at: context.at,
        });
    }
}

/// The partner-facing name of the pointer to the survivor.
const MERGED_INTO: &str = "mergedIntoContactId";

fn change(field: &str, before: Value, after: Value) -> Change {
    Change {
        field: field.to_owned(),
        before: Some(before).filter(|value| !value.is_null()),
        after: Some(after).filter(|value| !value.is_null()),
    }
}

fn kind_of(was_nothing: bool, is_nothing: bool) -> EventKind {
    match (was_nothing, is_nothing) {
        (true, _) => EventKind::ContactCreate,
        (_, true) => EventKind::ContactDelete,
        _ => EventKind::ContactUpdate,
    }
}
