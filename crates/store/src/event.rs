//! Events, written in the transaction of the change they tell of, and the feed of them.

use crate::StoreResult;
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
    /// A contact was archived.
    ContactArchive,
    /// A contact was merged into another one, which this event tells of.
    ContactMerge,
    /// What had been merged into a contact was taken out again.
    ContactUnmerge,
    /// A submission waits for a person.
    NeedsUpdate,
    /// A submission will not become part of any contact.
    TransactionRejected,
}

impl EventKind {
    /// Every kind.
    pub const ALL: &'static [Self] = &[
        Self::ContactCreate,
        Self::ContactUpdate,
        Self::ContactDelete,
        Self::ContactArchive,
        Self::ContactMerge,
        Self::ContactUnmerge,
        Self::NeedsUpdate,
        Self::TransactionRejected,
    ];

    /// The toggle and `type` text, for example `contactCreate`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ContactCreate => "contactCreate",
            Self::ContactUpdate => "contactUpdate",
            Self::ContactDelete => "contactDelete",
            Self::ContactArchive => "contactArchive",
            Self::ContactMerge => "contactMerge",
            Self::ContactUnmerge => "contactUnmerge",
            Self::NeedsUpdate => "needsUpdate",
            Self::TransactionRejected => "transactionRejected",
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
    /// The contact; [`EventRow::NO_CONTACT`] for what is not about a contact.
    pub contact: ContactId,
    /// Number of the event for this contact, from 1; 0 without a contact: such events have no order.
    pub sequence: i64,
    /// What happened.
    pub kind: EventKind,
    /// JSON body.
    pub body: String,
    /// When.
    pub created_at: Timestamp,
}

impl EventRow {
    /// Stands where an event is about no contact.
    pub const NO_CONTACT: ContactId = ContactId(0);
}

/// An event in the feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FedEvent {
    /// Place in the organization's feed, in order of commit; gaps mean nothing.
    pub position: i64,
    /// The event.
    pub event: EventRow,
}

/// What a delivery needs to know of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EventKey {
    /// Place in the feed.
    pub position: i64,
    /// The event.
    pub id: Uuid,
    /// Its contact.
    pub contact: ContactId,
    /// Its number for the contact.
    pub sequence: i64,
    /// What happened.
    pub kind: EventKind,
}

/// Reads about events.
pub trait ReadEvents {
    /// Events after an id, in order of id. Not for readers that come back for more: an event may be committed
    /// later than one of a higher id; [`ReadEvents::event_feed`] is.
    ///
    /// # Errors
    /// Any failure of the store.
    fn event_page(
        &mut self,
        organization: OrganizationId,
        after: Option<Uuid>,
        limit: i64,
    ) -> StoreResult<Vec<EventRow>>;
    /// Events after a place of the feed, in order of commit. Whoever goes on from the last place it was given
    /// gets every event once.
    ///
    /// # Errors
    /// Any failure of the store.
    fn event_feed(&mut self, organization: OrganizationId, after: i64, limit: i64) -> StoreResult<Vec<FedEvent>>;
    /// The place of an event in the feed.
    ///
    /// # Errors
    /// Any failure of the store.
    fn event_position(&mut self, organization: OrganizationId, id: Uuid) -> StoreResult<Option<i64>>;
    /// The place of the newest event; 0 when there is none.
    ///
    /// # Errors
    /// Any failure of the store.
    fn newest_position(&mut self, organization: OrganizationId) -> StoreResult<i64>;
    /// One event, without its body.
    ///
    /// # Errors
    /// Any failure of the store.
    fn event_key(&mut self, organization: OrganizationId, id: Uuid) -> StoreResult<Option<EventKey>>;
}

/// Writes about events.
pub trait WriteEvents {
    /// Stores events and gives them their places in the feed. From here to the end of the transaction no other
    /// one of the organization gets past this verb, so it stands near the end.
    ///
    /// # Errors
    /// Any failure of the store.
    fn insert_events(&mut self, organization: OrganizationId, new: &[EventRow]) -> StoreResult<()>;
    /// Gives up what still waits of events from before a time, then removes events from before it that no delivery
    /// of these subscribers refers to any more, oldest first. Looks at `limit` events at most; how many rows were
    /// touched.
    ///
    /// # Errors
    /// Any failure of the store.
    fn expire_events(
        &mut self,
        organization: OrganizationId,
        webhooks: &[WebhookId],
        before: Timestamp,
        limit: i64,
    ) -> StoreResult<usize>;
}
