//! Requests to send events again, kept until they are done, so that a restart loses none.

use crate::{EventKey, StoreResult};
use tributary_contact::clock::Timestamp;
use tributary_contact::{ContactId, OrganizationId, WebhookId};

/// Which events are sent again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ReplayFilter {
    /// Only those of this contact.
    pub contact: Option<ContactId>,
    /// Only those that happened then or later.
    pub since: Option<Timestamp>,
    /// Only those that happened before.
    pub until: Option<Timestamp>,
    /// Only those the subscriber's deliveries gave up.
    pub only_dead: bool,
}

/// A request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplayRow {
    /// Number inside the organization.
    pub id: i64,
    /// The subscriber.
    pub webhook: WebhookId,
    /// Which events.
    pub filter: ReplayFilter,
    /// Events up to this place of the feed are dealt with.
    pub position: i64,
    /// The last place of the feed when it was asked for.
    pub last_position: i64,
    /// How many were made due again so far.
    pub replayed: i64,
    /// Who asked.
    pub actor: String,
    /// When.
    pub created_at: Timestamp,
    /// When it was done; none while it is not.
    pub finished_at: Option<Timestamp>,
}

/// Reads about replays.
pub trait ReadReplays {
    /// Replays of a subscriber, newest first.
    ///
    /// # Errors
    /// Any failure of the store.
    fn replays(&mut self, organization: OrganizationId, webhook: WebhookId, limit: i64) -> StoreResult<Vec<ReplayRow>>;
    /// Replays that are not done, by id.
    ///
    /// # Errors
    /// Any failure of the store.
    fn running_replays(&mut self, organization: OrganizationId) -> StoreResult<Vec<ReplayRow>>;
    /// The next events a replay is about, after its place in the feed, in order.
    ///
    /// # Errors
    /// Any failure of the store.
    fn events_to_replay(
        &mut self,
        organization: OrganizationId,
        replay: &ReplayRow,
        limit: i64,
    ) -> StoreResult<Vec<EventKey>>;
}

/// Writes about replays.
pub trait WriteReplays {
    /// Stores a new request (`new.id` from [`crate::Counter::Replay`]).
    ///
    /// # Errors
    /// Any failure of the store.
    fn insert_replay(&mut self, organization: OrganizationId, new: &ReplayRow) -> StoreResult<()>;
    /// Stores how far a replay has come; `false` when another process has brought it on from `seen` meanwhile.
    ///
    /// # Errors
    /// Any failure of the store.
    fn update_replay(&mut self, organization: OrganizationId, seen: i64, changed: &ReplayRow) -> StoreResult<bool>;
}
