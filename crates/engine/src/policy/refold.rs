//! Contacts folded anew by another policy than their records were decided under, page by page, and back again. What
//! a dry run shows is what the same call without it does.

use super::in_force::{number_of, of_number};
use crate::change::{Actor, Cause, Context, Profiles, Working, Writes};
use crate::{Engine, EngineError};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use tributary_contact::diff::{Change, diff};
use tributary_contact::fold::fold;
use tributary_contact::policy::Policy;
use tributary_contact::{ContactId, OrganizationId, RecordId, SourceRecord};
use tributary_store::{ContactHead, Counter, ReadTx, StoreExt, StoreResult};
use uuid::Uuid;

/// By which policy contacts are folded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FoldBy {
    /// Every record by this version, whatever it was decided under; 0 is the shipped one.
    Version(i64),
    /// Each record by the version that it was decided under.
    Decided,
}

/// Which contacts are folded anew, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refold {
    /// By which policy.
    pub by: FoldBy,
    /// Whether nothing is stored.
    pub dry_run: bool,
    /// Only contacts after this one.
    pub after: Option<ContactId>,
    /// Contacts looked at, at most.
    pub take: i64,
}

/// A contact that is another one when it is folded anew.
#[derive(Debug, Clone, PartialEq)]
pub struct Refolded {
    /// The contact.
    pub contact: ContactId,
    /// What changes.
    pub changes: Vec<Change>,
}

/// One page of contacts folded anew.
#[derive(Debug, Clone, PartialEq)]
pub struct RefoldPage {
    /// Contacts looked at.
    pub seen: i64,
    /// Those of which a value changes.
    pub changed: Vec<Refolded>,
    /// Where the next page begins; none after the last one.
    pub next: Option<ContactId>,
}

/// A contact as it is on file, and its records as they were decided.
struct OnFile {
    head: ContactHead,
    records: Vec<SourceRecord>,
    /// The policy that each record was decided under, when that is asked for.
    decided: Vec<Option<Arc<Policy>>>,
}

/// A page that was read.
struct Page {
    contacts: Vec<OnFile>,
    next: Option<ContactId>,
    target: Option<Arc<Policy>>,
}

impl Engine {
    /// Folds a page of contacts anew. Each that changes is audited and told of like any other change.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] for an unknown version.
    pub fn refold(&self, org: OrganizationId, refold: Refold, actor: &Actor) -> Result<RefoldPage, EngineError> {
        let organization = self.organization(org)?;
        if let FoldBy::Version(number) = refold.by {
            self.policy_version(org, number)?;
        }
        if refold.dry_run {
            let page = self.parts.store.reading(|tx| read(tx, org, refold))?;
            return Ok(shown(page, refold.by, &organization.country));
        }
        let context =
            Context { organization: &organization, actor: actor.to_string(), run: None, at: self.now(), silent: false };
        let page = self.transact("refold", |tx| {
            tx.allocate(org, Counter::Revision, 1)?;
            let page = read(tx, org, refold)?;
            let (seen, next, number) = (page.contacts.len(), page.next, number_of(page.target.as_ref()));
            let (contacts, changed) = self.refolded(page, refold.by, &context);
            let ids: Vec<ContactId> = contacts.iter().map(Working::id).collect();
            tx.refold_records(org, &ids, matches!(refold.by, FoldBy::Version(_)).then_some(number))?;
            Writes::of(contacts, &Profiles::default(), &context).write(tx, org)?;
            Ok(RefoldPage { seen: i64::try_from(seen).unwrap_or(i64::MAX), changed, next })
        })?;
        self.wake_deliveries();
        Ok(page)
    }

    /// The contacts of which a record gets another policy, and what changes of them.
    fn refolded(&self, page: Page, by: FoldBy, context: &Context<'_>) -> (Vec<Working>, Vec<Refolded>) {
        let (mut contacts, mut changed) = (Vec::new(), Vec::new());
        for own in page.contacts {
            let after = policies(&own, by, page.target.as_ref());
            if own.records.iter().map(|record| &record.policy).eq(&after) {
                continue;
            }
            let mut contact = Working::stored(own.head, own.records, context);
            let cause = Cause { record: RecordId(Uuid::nil()), action: "policy", event: self.parts.ids.next() };
            let changes = contact.refold_by(after, &cause, context);
            if !changes.is_empty() {
                changed.push(Refolded { contact: contact.id(), changes });
            }
            contacts.push(contact);
        }
        (contacts, changed)
    }
}

/// The policy of each record afterwards.
fn policies(own: &OnFile, by: FoldBy, target: Option<&Arc<Policy>>) -> Vec<Option<Arc<Policy>>> {
    match by {
        FoldBy::Version(_) => vec![target.cloned(); own.records.len()],
        FoldBy::Decided => own.decided.clone(),
    }
}

fn shown(page: Page, by: FoldBy, country: &str) -> RefoldPage {
    let seen = i64::try_from(page.contacts.len()).unwrap_or(i64::MAX);
    let changed = page.contacts.iter().filter_map(|own| {
        let mut records = own.records.clone();
        for (record, policy) in records.iter_mut().zip(policies(own, by, page.target.as_ref())) {
            record.policy = policy;
        }
        let changes = diff(fold(&own.records, country).as_ref(), fold(&records, country).as_ref());
        (!changes.is_empty()).then_some(Refolded { contact: own.head.id, changes })
    });
    RefoldPage { seen, changed: changed.collect(), next: page.next }
}

/// Every version that some of these records were decided under.
fn known(
    tx: &mut dyn ReadTx,
    org: OrganizationId,
    decided: &[(RecordId, i64)],
) -> StoreResult<BTreeMap<i64, Arc<Policy>>> {
    let numbers: BTreeSet<i64> = decided.iter().map(|(_, number)| *number).collect();
    let rows = tx.policies(org, &numbers.into_iter().collect::<Vec<_>>())?;
    Ok(rows.into_iter().map(|row| (row.number, Arc::new(Policy::new(row.number, row.document)))).collect())
}

fn read(tx: &mut dyn ReadTx, org: OrganizationId, refold: Refold) -> StoreResult<Page> {
    let ids: Vec<ContactId> = tx.contact_page(org, refold.after, refold.take)?.iter().map(|row| row.id).collect();
    let next = ids.last().copied().filter(|_| i64::try_from(ids.len()).is_ok_and(|read| read >= refold.take));
    let target = match refold.by {
        FoldBy::Version(number) => of_number(tx, org, number)?,
        FoldBy::Decided => None,
    };
    let mut contacts: BTreeMap<ContactId, OnFile> = BTreeMap::new();
    for head in tx.contact_heads(org, &ids)? {
        contacts.insert(head.id, OnFile { head, records: Vec::new(), decided: Vec::new() });
    }
    let decided = if refold.by == FoldBy::Decided { tx.decided_policies(org, &ids)? } else { Vec::new() };
    let known = known(tx, org, &decided)?;
    let decided: BTreeMap<RecordId, i64> = decided.into_iter().collect();
    for row in tx.source_records(org, &ids)? {
        if let Some(own) = contacts.get_mut(&row.contact) {
            let policy = decided.get(&row.record.id).and_then(|number| known.get(number)).cloned();
            own.decided.push(policy);
            own.records.push(row.record);
        }
    }
    Ok(Page { contacts: contacts.into_values().collect(), next, target })
}
