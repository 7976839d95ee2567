//! The feed of events: the same envelopes as deliveries, in order of commit, for whoever missed some.

use crate::{Engine, EngineError};
use tributary_contact::OrganizationId;
use tributary_store::{FedEvent, StoreExt};
use uuid::Uuid;

/// Events of one page at most.
pub const FEED_AT_MOST: i64 = 1_000;

/// A place in the feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FeedPlace {
    /// After this place; 0 is the beginning.
    Position(i64),
    /// After this event, which may be the last one that was received.
    Event(Uuid),
}

impl Engine {
    /// Events after a place, in order of commit: whoever goes on from the last place it was given gets every event
    /// once, also those whose transactions began earlier and were committed later.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] for an event that is unknown or no longer kept; any failure of the store.
    pub fn event_feed(&self, org: OrganizationId, after: FeedPlace, limit: i64) -> Result<Vec<FedEvent>, EngineError> {
        let events = self.parts.store.reading(|tx| {
            let after = match after {
                FeedPlace::Position(place) => Some(place),
                FeedPlace::Event(id) => tx.event_position(org, id)?,
            };
            after.map(|after| tx.event_feed(org, after, limit.clamp(0, FEED_AT_MOST))).transpose()
        })?;
        events.ok_or(EngineError::NotFound)
    }
}
