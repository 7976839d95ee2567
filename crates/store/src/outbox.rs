//! Deliveries of events to subscribers.

use crate::{EventKey, StoreResult};
use std::collections::BTreeMap;
use tributary_contact::clock::Timestamp;
use tributary_contact::{ContactId, OrganizationId, WebhookId};
use uuid::Uuid;

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
    /// Attempts of an earlier life, before it was last replayed.
    pub earlier_attempts: i32,
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
    /// Not sent at all: given back as if it had not been claimed. Its attempt is not recorded.
    Released,
}

/// Result of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryResult {
    /// The contact of the event.
    pub contact: ContactId,
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
    /// When it is due next; of an ended one, when it ended.
    pub due_at: Timestamp,
}

/// Which deliveries of a subscriber are listed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum DeliveryFilter {
    /// All.
    #[default]
    All,
    /// Those that wait.
    Pending,
    /// Those given up.
    Dead,
}

/// What the outbox counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DeliveryTally {
    /// Pending ones, due or not.
    pub pending: i64,
    /// Pending ones that are due.
    pub due: i64,
    /// Given up.
    pub dead: i64,
    /// Delivered.
    pub delivered: i64,
}

/// Reads about events and deliveries.
pub trait ReadOutbox {
    /// What the outbox counts at a time.
    ///
    /// # Errors
    /// Any failure of the store.
    fn delivery_tally(&mut self, organization: OrganizationId, now: Timestamp) -> StoreResult<DeliveryTally>;
    /// When the delivery to a subscriber was due that has been due longest and is not leased; none when there is
    /// none. Cheap however many there are.
    ///
    /// # Errors
    /// Any failure of the store.
    fn oldest_due(
        &mut self,
        organization: OrganizationId,
        webhook: WebhookId,
        now: Timestamp,
    ) -> StoreResult<Option<Timestamp>>;
    /// Deliveries to a subscriber, newest event first.
    ///
    /// # Errors
    /// Any failure of the store.
    fn deliveries(
        &mut self,
        organization: OrganizationId,
        webhook: WebhookId,
        filter: DeliveryFilter,
        before: Option<Uuid>,
        limit: i64,
    ) -> StoreResult<Vec<DeliveryRow>>;
    /// Subscribers that ever took a delivery, also those that are no more.
    ///
    /// # Errors
    /// Any failure of the store.
    fn delivered_webhooks(&mut self, organization: OrganizationId) -> StoreResult<Vec<WebhookId>>;
    /// One delivery.
    ///
    /// # Errors
    /// Any failure of the store.
    fn delivery(
        &mut self,
        organization: OrganizationId,
        webhook: WebhookId,
        event: Uuid,
    ) -> StoreResult<Option<DeliveryRow>>;
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
    /// Stores deliveries.
    ///
    /// # Errors
    /// Any failure of the store.
    fn insert_deliveries(&mut self, organization: OrganizationId, new: &[NewDelivery]) -> StoreResult<()>;
    /// Claims due deliveries whose lease is free or over, with `attempt + 1`, leased until `until`: oldest due first;
    /// per subscriber at most what `room` says (subscribers not in it: none). Of each (subscriber, contact) the
    /// earliest pending one is claimed, and with it a few that directly follow it: they come in order, and the
    /// caller sends each only when the one before was taken, else it gives them back. Deliveries that have to wait
    /// for an earlier one are put off until that one is due, so that the next claim does not come across them again.
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
    /// Claims the oldest event that waits for a subscriber, due or not: the probe of a paused one.
    ///
    /// # Errors
    /// Any failure of the store.
    fn claim_probe(
        &mut self,
        organization: OrganizationId,
        webhook: WebhookId,
        until: Timestamp,
    ) -> StoreResult<Vec<ClaimedDelivery>>;
    /// Records attempts and how the deliveries go on; what had to wait for an ended one is due at once. A result
    /// whose attempt number is no longer the delivery's is dropped (its lease was taken over); the number of
    /// results used comes back.
    ///
    /// # Errors
    /// Any failure of the store.
    fn finish_deliveries(&mut self, organization: OrganizationId, results: &[DeliveryResult]) -> StoreResult<usize>;
    /// Makes everything that waits for a subscriber due at once; how much there was comes back.
    ///
    /// # Errors
    /// Any failure of the store.
    fn hasten_deliveries(
        &mut self,
        organization: OrganizationId,
        webhook: WebhookId,
        now: Timestamp,
    ) -> StoreResult<usize>;
    /// Sends events to a subscriber again, or for the first time: each is pending and due at `now`, its schedule
    /// begins anew. How many deliveries that concerned comes back.
    ///
    /// # Errors
    /// Any failure of the store.
    fn renew_deliveries(
        &mut self,
        organization: OrganizationId,
        webhook: WebhookId,
        events: &[EventKey],
        now: Timestamp,
    ) -> StoreResult<usize>;
    /// Removes deliveries that ended before a time, at most `limit`, with their attempts; how many comes back.
    ///
    /// # Errors
    /// Any failure of the store.
    fn remove_deliveries(
        &mut self,
        organization: OrganizationId,
        webhook: WebhookId,
        before: Timestamp,
        limit: i64,
    ) -> StoreResult<usize>;
}
