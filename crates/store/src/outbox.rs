//! Events, written in the transaction of the change they tell of, and their deliveries to subscribers.

use crate::StoreResult;
use std::collections::BTreeMap;
use tributary_contact::clock::Timestamp;
use tributary_contact::{ContactId, OrganizationId, WebhookId};
use uuid::Uuid;

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum EventKind {
    /// A contact was created.
    ContactCreate,
    /// A contact changed.
    ContactUpdate,
    /// A contact is no more (the undo of its creation).
    ContactDelete,
}

impl EventKind {
    /// Every kind.
    pub const ALL: &'static [Self] = &[Self::ContactCreate, Self::ContactUpdate, Self::ContactDelete];

    /// The toggle and `type` text, for example `contactCreate`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ContactCreate => "contactCreate",
            Self::ContactUpdate => "contactUpdate",
            Self::ContactDelete => "contactDelete",
        }
    }

    /// The kind whose text this is.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.as_str() == text)
    }
}

/// An event as stored: `body` is what is sent, byte for byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventRow {
    /// Event id, the subscriber's deduplication key.
    pub id: Uuid,
    /// The contact.
    pub contact: ContactId,
    /// Number of the event for this contact, from 1.
    pub sequence: i64,
    /// What happened.
    pub kind: EventKind,
    /// JSON body.
    pub body: String,
    /// When.
    pub created_at: Timestamp,
}

/// An event to be brought to a subscriber.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewDelivery {
    /// The event.
    pub event: Uuid,
    /// The subscriber.
    pub webhook: WebhookId,
    /// The contact, for the order.
    pub contact: ContactId,
    /// Number of the event for the contact, for the order.
    pub sequence: i64,
    /// When it is due first.
    pub due_at: Timestamp,
}

/// A delivery that the caller holds under a lease until the time it asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimedDelivery {
    /// The event.
    pub event: Uuid,
    /// The subscriber.
    pub webhook: WebhookId,
    /// The contact.
    pub contact: ContactId,
    /// Number of this attempt, from 1; written with the claim, so a crash counts as an attempt. It is the
    /// fencing token of the claim too.
    pub attempt: i32,
    /// The stored body.
    pub body: String,
}

/// How a delivery goes on after an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryEnd {
    /// The subscriber took it.
    Delivered,
    /// Again at this time.
    Retry(Timestamp),
    /// Given up; waits for a replay.
    Dead,
}

/// Result of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryResult {
    /// The attempt.
    pub attempt: AttemptRow,
    /// How the delivery goes on.
    pub end: DeliveryEnd,
}

/// An attempt as recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttemptRow {
    /// The event.
    pub event: Uuid,
    /// The subscriber.
    pub webhook: WebhookId,
    /// Number of the attempt.
    pub number: i32,
    /// When it began.
    pub started_at: Timestamp,
    /// How long it took, in milliseconds.
    pub duration_ms: i64,
    /// HTTP status, when there was an answer.
    pub status: Option<i32>,
    /// `delivered`, or a stable code of the failure (`timeout`, `blocked_address`, `http_status`, …).
    pub outcome: String,
    /// The first bytes of the answer as text.
    pub response: String,
}

/// A delivery as listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryRow {
    /// The event.
    pub event: Uuid,
    /// The subscriber.
    pub webhook: WebhookId,
    /// The contact.
    pub contact: ContactId,
    /// `pending`, `delivered` or `dead`.
    pub state: String,
    /// Attempts so far.
    pub attempts: i32,
    /// When it is due next.
    pub due_at: Timestamp,
}

/// What the outbox counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DeliveryTally {
    /// Pending ones, due or not.
    pub pending: i64,
    /// Pending ones that are due.
    pub due: i64,
    /// When the oldest due one was due.
    pub oldest_due: Option<Timestamp>,
    /// Given up.
    pub dead: i64,
    /// Delivered.
    pub delivered: i64,
}

/// Reads about events and deliveries.
pub trait ReadOutbox {
    /// Events after an id, in order of id.
    ///
    /// # Errors
    /// Any failure of the store.
    fn event_page(
        &mut self,
        organization: OrganizationId,
        after: Option<Uuid>,
        limit: i64,
    ) -> StoreResult<Vec<EventRow>>;
    /// What the outbox counts at a time.
    ///
    /// # Errors
    /// Any failure of the store.
    fn delivery_tally(&mut self, organization: OrganizationId, now: Timestamp) -> StoreResult<DeliveryTally>;
    /// Whether a subscriber has a delivery that is due and not leased. Cheap however many there are.
    ///
    /// # Errors
    /// Any failure of the store.
    fn has_due(&mut self, organization: OrganizationId, webhook: WebhookId, now: Timestamp) -> StoreResult<bool>;
    /// Deliveries to a subscriber, newest event first.
    ///
    /// # Errors
    /// Any failure of the store.
    fn deliveries(
        &mut self,
        organization: OrganizationId,
        webhook: WebhookId,
        before: Option<Uuid>,
        limit: i64,
    ) -> StoreResult<Vec<DeliveryRow>>;
    /// Attempts of a delivery, first to last.
    ///
    /// # Errors
    /// Any failure of the store.
    fn attempts(
        &mut self,
        organization: OrganizationId,
        event: Uuid,
        webhook: WebhookId,
    ) -> StoreResult<Vec<AttemptRow>>;
}

/// Writes about events and deliveries.
pub trait WriteOutbox {
    /// Stores events.
    ///
    /// # Errors
    /// Any failure of the store.
    fn insert_events(&mut self, organization: OrganizationId, new: &[EventRow]) -> StoreResult<()>;
    /// Stores deliveries.
    ///
    /// # Errors
    /// Any failure of the store.
    fn insert_deliveries(&mut self, organization: OrganizationId, new: &[NewDelivery]) -> StoreResult<()>;
    /// Claims due deliveries whose lease is free or over, with `attempt + 1`, leased until `until`: oldest due first,
    /// of each (subscriber, contact) only the one with the smallest sequence, and only when no earlier one
    /// of that pair is pending; per subscriber at most what `room` says (subscribers not in it: none).
    ///
    /// # Errors
    /// Any failure of the store.
    fn claim_deliveries(
        &mut self,
        organization: OrganizationId,
        now: Timestamp,
        until: Timestamp,
        room: &BTreeMap<WebhookId, i64>,
    ) -> StoreResult<Vec<ClaimedDelivery>>;
    /// Records attempts and how the deliveries go on. A result whose attempt number is no longer the
    /// delivery's is dropped (its lease was taken over); the number of results used comes back.
    ///
    /// # Errors
    /// Any failure of the store.
    fn finish_deliveries(&mut self, organization: OrganizationId, results: &[DeliveryResult]) -> StoreResult<usize>;
}
