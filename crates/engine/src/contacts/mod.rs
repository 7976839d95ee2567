//! Contacts created and changed directly, without matching: each change is a record of its own, folded with the rest.

mod address;
mod archive;
mod avatar;
mod edit;
mod follow;
mod individual;
mod item;
mod method;
mod own;
mod proximity;
mod reference;

pub use edit::ContactAndItem;
pub(crate) use edit::check_open;
pub use follow::{ContactSight, FollowedChange};
pub use item::ItemValues;
pub use proximity::{Near, Nearby};

use crate::change::{Actor, Cause, Context, Profiles, Working, Writes};
use crate::privacy::refuse_erased;
use crate::{Engine, EngineError, Ticket, policy};
use tributary_contact::clock::Timestamp;
use tributary_contact::{ContactId, ItemId, OrganizationId, RecordId, RecordKind, Reference, SourceRecord, Submission};
use tributary_store::{AssignedRecord, ContactRow, Counter, StoreExt, WriteTx};

/// What a contact is created with.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Creation {
    /// Part 0 has the values of the contact and its first individual, each further part a further individual.
    pub parts: Vec<Submission>,
    /// References beyond those of the parts.
    pub references: Vec<Reference>,
    /// Whether it is archived from the start.
    pub archived: bool,
}

/// How often a use case is tried when another writer changed the same contact meanwhile.
const TRIES: usize = 5;

impl Engine {
    /// Creates a contact at once. No matching; the event follows. With a ticket it is created once.
    ///
    /// # Errors
    /// [`EngineError::Conflict`] when a reference is another contact's, [`EngineError::Erased`] for somebody who was
    /// erased.
    pub fn create_contact(
        &self,
        org: OrganizationId,
        actor: &Actor,
        new: &Creation,
        ticket: Option<&Ticket>,
    ) -> Result<ContactRow, EngineError> {
        if let Some(made) = ticket.and_then(Ticket::effect) {
            return self.contact(org, ContactId(made))?.ok_or(EngineError::NotFound);
        }
        let organization = self.organization(org)?;
        let at = self.now();
        let context = Context { organization: &organization, actor: actor.to_string(), run: None, at, silent: false };
        let id = self.transact("create_contact", |tx| {
            tx.allocate(org, Counter::Revision, 1)?;
            let id = ContactId(tx.allocate(org, Counter::Contact, 1)?);
            let records = self.records_of(tx, org, new, at)?;
            let said = records.iter().map(|record| &record.submission);
            refuse_erased(tx, (org, &organization.country), said)?;
            let mut contact = Working::new(id, &context);
            let first = records.first().map(|record| record.id).ok_or(EngineError::NotFound)?;
            let cause = Cause { record: first, action: "create", event: self.parts.ids.next() };
            contact.assign_all(records.clone(), &cause, &context);
            let assigned = records.into_iter().map(|record| AssignedRecord { contact: id, record }).collect();
            let writes = Writes::of(vec![contact], &Profiles::default(), &context);
            writes.with_direct_records(assigned).write(tx, org)?;
            if new.archived {
                self.set_archived(tx, id, (true, None), &context)?;
            }
            if let Some(ticket) = ticket {
                ticket.note(tx, id.0)?;
            }
            Ok(id)
        })?;
        self.wake_deliveries();
        self.contact(org, id)?.ok_or(EngineError::NotFound)
    }

    /// A record of each part, and one of each further reference, which names the first individual.
    fn records_of(
        &self,
        tx: &mut dyn WriteTx,
        org: OrganizationId,
        new: &Creation,
        at: Timestamp,
    ) -> Result<Vec<SourceRecord>, EngineError> {
        let of = |reference: &Reference| Submission { reference: Some(reference.clone()), ..Submission::default() };
        let all: Vec<Submission> = new.parts.iter().cloned().chain(new.references.iter().map(of)).collect();
        let mut records = self.direct_records(tx, org, RecordKind::Create, &all, at)?;
        let individual = records.first().map(|record| record.individual).ok_or(EngineError::NotFound)?;
        for record in records.iter_mut().skip(new.parts.len()) {
            (record.kind, record.individual) = (RecordKind::Edit, individual);
        }
        Ok(records)
    }

    /// Records with their ids and item numbers, each of an individual of its own, under the policy that holds.
    pub(crate) fn direct_records(
        &self,
        tx: &mut dyn WriteTx,
        org: OrganizationId,
        kind: RecordKind,
        parts: &[Submission],
        at: Timestamp,
    ) -> Result<Vec<SourceRecord>, EngineError> {
        let items = parts.iter().map(Submission::item_count).sum();
        let mut next = tx.allocate(org, Counter::Item, items)?;
        let policy = policy::in_force(tx, org)?;
        let mut number = |submission: &Submission| {
            let first = ItemId(next);
            next += submission.item_count();
            SourceRecord {
                id: RecordId(self.parts.ids.next()),
                kind,
                received_at: at,
                individual: first,
                first_item: first,
                submission: submission.clone(),
                policy: policy.clone(),
            }
        };
        Ok(parts.iter().map(&mut number).collect())
    }

    /// Runs a use case in one write transaction: a refusal rolls everything back, a clash with another writer
    /// of the same contact has it run again.
    pub(crate) fn transact<T>(
        &self,
        name: &'static str,
        mut body: impl FnMut(&mut dyn WriteTx) -> Result<T, EngineError>,
    ) -> Result<T, EngineError> {
        for _ in 1..TRIES {
            match self.transact_once(name, &mut body) {
                Err(EngineError::Raced) => metrics::counter!("tributary_races_total", "write" => name).increment(1),
                done => return done,
            }
        }
        self.transact_once(name, &mut body)
    }

    fn transact_once<T>(
        &self,
        name: &'static str,
        body: &mut impl FnMut(&mut dyn WriteTx) -> Result<T, EngineError>,
    ) -> Result<T, EngineError> {
        let mut refused = None;
        let done = self.parts.store.writing(name, |tx| match body(tx) {
            Ok(value) => Ok(value),
            // The store knows what to do about its own troubles.
            Err(EngineError::Unavailable(error)) => Err(error),
            Err(error) => {
                refused = Some(error);
                Err(tributary_store::StoreError::NotRun)
            }
        });
        match (done, refused) {
            (Ok(value), _) => Ok(value),
            (Err(tributary_store::StoreError::NotRun), Some(error)) => Err(error),
            (Err(error), _) => Err(error.into()),
        }
    }
}
