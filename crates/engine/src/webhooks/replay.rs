//! Asking for events to be sent again.

use crate::change::Actor;
use crate::{Engine, EngineError};
use tributary_contact::{OrganizationId, WebhookId};
use tributary_store::{Counter, ReplayFilter, ReplayRow, StoreExt};
use uuid::Uuid;

/// Replays shown of one subscription.
const SHOWN: i64 = 100;

impl Engine {
    /// Sends one event to a subscriber again, with the same id and bytes.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] for an unknown subscription or event; [`EngineError::Conflict`] while it is being
    /// sent.
    pub fn replay_event(&self, org: OrganizationId, id: WebhookId, event: Uuid) -> Result<(), EngineError> {
        self.transact("replay_event", |tx| {
            tx.webhook(org, id)?.ok_or(EngineError::NotFound)?;
            let event = tx.event_key(org, event)?.ok_or(EngineError::NotFound)?;
            match tx.renew_deliveries(org, id, &[event], self.now())? {
                0 => Err(EngineError::conflict("The event is being sent just now.")),
                _ => Ok(()),
            }
        })?;
        self.wake_deliveries();
        Ok(())
    }

    /// Sends the events that fit to a subscriber again, those it wants by its toggles. A stored request: it is done
    /// in steps by whoever delivers, and goes on after a restart.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] for an unknown subscription, or any failure of the store.
    pub fn replay_webhook(
        &self,
        org: OrganizationId,
        id: WebhookId,
        filter: ReplayFilter,
        actor: &Actor,
    ) -> Result<ReplayRow, EngineError> {
        let replay = self.transact("ask_replay", |tx| {
            tx.webhook(org, id)?.ok_or(EngineError::NotFound)?;
            let replay = ReplayRow {
                id: tx.allocate(org, Counter::Replay, 1)?,
                webhook: id,
                filter,
                position: 0,
                last_position: tx.newest_position(org)?,
                replayed: 0,
                actor: actor.to_string(),
                created_at: self.now(),
                finished_at: None,
            };
            tx.insert_replay(org, &replay)?;
            Ok(replay)
        })?;
        self.wake_deliveries();
        Ok(replay)
    }

    /// Replays that were asked for, newest first.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] for an unknown subscription, or any failure of the store.
    pub fn webhook_replays(&self, org: OrganizationId, id: WebhookId) -> Result<Vec<ReplayRow>, EngineError> {
        let rows = self.parts.store.reading(|tx| {
            if tx.webhook(org, id)?.is_none() {
                return Ok(None);
            }
            tx.replays(org, id, SHOWN).map(Some)
        })?;
        rows.ok_or(EngineError::NotFound)
    }
}
