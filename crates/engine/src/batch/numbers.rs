//! Ids of what a chunk makes.

use super::chunk::WorkRow;
use super::decide::{Fate, Slot, Verdict};
use super::session::{Session, from_fenced};
use crate::EngineError;
use tributary_contact::{ContactId, ItemId};
use tributary_store::{Counter, StoreExt};
use uuid::Uuid;

/// Ids for the rows of a chunk, by place of the row.
pub(super) struct Numbers {
    pub(super) contacts: Vec<Option<ContactId>>,
    pub(super) items: Vec<Option<ItemId>>,
    pub(super) events: Vec<Uuid>,
}

impl Numbers {
    /// The individual a slot stands for.
    pub(super) fn individual(&self, slot: Slot) -> Option<ItemId> {
        match slot {
            Slot::Stored(id) => Some(ItemId(id)),
            Slot::Made(place) => self.items.get(place).copied().flatten(),
        }
    }
}

impl Session<'_> {
    /// Reserves ids in order of the rows, in a transaction of its own: gaps after a crash do no harm.
    pub(super) fn reserve(&self, rows: &[WorkRow], verdicts: &[Verdict]) -> Result<Numbers, EngineError> {
        let (id, until) = (self.organization.id, self.lease_end());
        let made = verdicts.iter().enumerate().filter(|(place, verdict)| makes(verdict, *place)).count();
        let items: i64 =
            rows.iter().zip(verdicts).filter(|(_, v)| assigned(v)).map(|(row, _)| row.submission.item_count()).sum();
        let first = self
            .engine
            .parts
            .store
            .writing("reserve", |tx| {
                tx.extend_lease(id, &self.fence, until)?;
                let contact = tx.allocate(id, Counter::Contact, i64::try_from(made).unwrap_or(0))?;
                Ok((contact, tx.allocate(id, Counter::Item, items)?))
            })
            .map_err(from_fenced)?;
        Ok(self.number(rows, verdicts, first))
    }

    /// Gives out ids from these on: of contacts, and of their parts.
    pub(super) fn number(&self, rows: &[WorkRow], verdicts: &[Verdict], (contact, item): (i64, i64)) -> Numbers {
        let (mut contact, mut item) = (contact, item);
        let mut numbers = Numbers { contacts: Vec::new(), items: Vec::new(), events: Vec::new() };
        for (place, (row, verdict)) in rows.iter().zip(verdicts).enumerate() {
            let given = makes(verdict, place).then_some(ContactId(contact));
            contact += i64::from(given.is_some());
            numbers.contacts.push(given);
            let first = assigned(verdict).then_some(ItemId(item));
            item += first.map_or(0, |_| row.submission.item_count());
            numbers.items.push(first);
            numbers.events.push(self.engine.parts.ids.next());
        }
        numbers
    }
}

/// Whether the row at this place makes a contact.
fn makes(verdict: &Verdict, place: usize) -> bool {
    matches!(verdict.fate, Fate::Assigned { contact, .. } if contact == Slot::Made(place))
}

const fn assigned(verdict: &Verdict) -> bool {
    matches!(verdict.fate, Fate::Assigned { .. })
}
