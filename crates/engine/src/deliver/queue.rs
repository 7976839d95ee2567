//! What a lane has claimed and not sent: of each contact one event at a time can go, the others stand behind it.

use super::exchange::Claim;
use rustc_hash::FxHashMap;
use std::collections::VecDeque;
use tributary_contact::ContactId;
use tributary_store::EventRow;

/// Claims that wait, in order per contact.
#[derive(Default)]
pub(super) struct Queue {
    /// Those that can be sent now.
    heads: VecDeque<Claim>,
    /// For each contact with an event among the heads or under way: those that follow it.
    behind: FxHashMap<ContactId, VecDeque<Claim>>,
    waiting: usize,
}

impl Queue {
    /// Takes claims in; those of a contact in order.
    pub(super) fn take(&mut self, claims: Vec<Claim>) {
        for claim in claims {
            match self.behind.get_mut(&claim.delivery.contact) {
                Some(behind) => {
                    behind.push_back(claim);
                    self.waiting += 1;
                }
                None => self.lead(claim),
            }
        }
    }

    /// The next one that can be sent. The contact is taken until [`Queue::ended`] or [`Queue::given_up`].
    pub(super) fn next(&mut self) -> Option<Claim> {
        self.heads.pop_front()
    }

    /// The event of a contact that was under way has been taken: the next one can be sent.
    pub(super) fn ended(&mut self, contact: ContactId) {
        let Some(mut behind) = self.behind.remove(&contact) else { return };
        if let Some(next) = behind.pop_front() {
            self.waiting -= 1;
            self.heads.push_front(next);
            self.behind.insert(contact, behind);
        }
    }

    /// The event of a contact that was under way has not been taken: those behind it cannot go.
    pub(super) fn given_up(&mut self, contact: ContactId) -> VecDeque<Claim> {
        let behind = self.behind.remove(&contact).unwrap_or_default();
        self.waiting -= behind.len();
        behind
    }

    /// Everything that was not sent.
    pub(super) fn drain(&mut self) -> impl Iterator<Item = Claim> + use<> {
        self.waiting = 0;
        let behind = std::mem::take(&mut self.behind);
        std::mem::take(&mut self.heads).into_iter().chain(behind.into_values().flatten())
    }

    /// How many could be sent now.
    pub(super) fn ready(&self) -> usize {
        self.heads.len()
    }

    /// How many there are in all.
    pub(super) fn len(&self) -> usize {
        self.heads.len() + self.waiting
    }

    fn lead(&mut self, claim: Claim) {
        // What is about no contact has no order.
        if claim.delivery.contact != EventRow::NO_CONTACT {
            self.behind.insert(claim.delivery.contact, VecDeque::new());
        }
        self.heads.push_back(claim);
    }
}
