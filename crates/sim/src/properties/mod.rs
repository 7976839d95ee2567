//! What must hold after every step, as pure functions of what is stored, what arrived and what was before.

mod contacts;
mod deliveries;
mod events;
mod submissions;

use crate::bystander::Middle;
use crate::hands::is_decided;
use crate::snapshot::Snapshot;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use tributary_contact::state::State;
use tributary_contact::{ContactId, ItemId, RecordId, WebhookId};
use tributary_engine::EngineError;
use tributary_store::{AuditRow, EventRow, WebhookRow};
use uuid::Uuid;

/// A property that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// Which one, as a sentence that should be true.
    pub property: &'static str,
    /// What is the case instead.
    pub what: String,
}

impl Broken {
    /// A broken property.
    #[must_use]
    pub const fn new(property: &'static str, what: String) -> Self {
        Self { property, what }
    }

    pub(crate) fn setup(error: &std::io::Error) -> Self {
        Self::new("the simulation can start", error.to_string())
    }
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not true that {}: {}", self.property, self.what)
    }
}

impl From<EngineError> for Broken {
    fn from(error: EngineError) -> Self {
        Self::new("no use case fails without a cause", format!("{error:?}"))
    }
}

type Checked = Result<(), Broken>;

/// Where a decided row stood.
type Standing = (State, Option<ContactId>, Option<ItemId>);

/// What was true before a step.
#[derive(Debug, Default)]
pub struct Past {
    events: BTreeMap<Uuid, EventRow>,
    audit: BTreeMap<ContactId, Vec<AuditRow>>,
    decided: BTreeMap<RecordId, Standing>,
    webhooks: Vec<WebhookRow>,
    /// The events each subscriber has to get.
    owed: BTreeMap<WebhookId, BTreeSet<Uuid>>,
}

impl Past {
    /// Takes in what stood in the middle of a step: who was subscribed for the events before and after.
    pub fn pass(&mut self, middle: &Middle) {
        self.owe(&middle.events);
        self.events.extend(middle.events.iter().map(|event| (event.id, event.clone())));
        self.webhooks.clone_from(&middle.webhooks);
    }

    /// Checks a step's outcome and takes it in. `undone` is how many decisions it may have taken back.
    ///
    /// # Errors
    /// The first property that does not hold.
    pub fn check(&mut self, now: &Snapshot, undone: usize) -> Checked {
        self.owe(&now.events);
        submissions::check(self, now, undone)?;
        contacts::check(now)?;
        events::check(self, now)?;
        deliveries::check(self, now)?;
        self.take_in(now);
        Ok(())
    }

    /// Checks what must hold when nothing is left to do.
    ///
    /// # Errors
    /// The first property that does not hold.
    pub fn check_end(&mut self, now: &Snapshot) -> Checked {
        self.check(now, 0)?;
        submissions::check_end(now)?;
        deliveries::check_end(self, now)
    }

    /// New events are owed to those who were subscribed when they happened.
    fn owe(&mut self, events: &[EventRow]) {
        for event in events.iter().filter(|event| !self.events.contains_key(&event.id)) {
            for webhook in self.webhooks.iter().filter(|webhook| webhook.active && webhook.wants(event.kind)) {
                self.owed.entry(webhook.id).or_default().insert(event.id);
            }
        }
    }

    fn take_in(&mut self, now: &Snapshot) {
        self.events = now.events.iter().map(|event| (event.id, event.clone())).collect();
        self.audit.clone_from(&now.audit);
        let decided = now.transactions.iter().filter(|row| is_decided(row.state));
        self.decided = decided.map(|row| (row.id, (row.state, row.contact, row.individual))).collect();
        self.webhooks.clone_from(&now.webhooks);
    }
}

fn ensure(holds: bool, property: &'static str, what: impl FnOnce() -> String) -> Checked {
    if holds { Ok(()) } else { Err(Broken::new(property, what())) }
}
