//! Replays: events that are sent again go through the outbox like others, a step at a time. How far a replay has
//! come is stored with each step, so it goes on after a restart, and two processes do not do a step twice.

use crate::{Engine, EngineError};
use tributary_contact::OrganizationId;
use tributary_contact::clock::Timestamp;
use tributary_store::{EventKey, ReplayRow, StoreExt, StoreResult, WriteTx};

/// Events of one step, which is one transaction.
const EVENTS_AT_ONCE: i64 = 500;

impl Engine {
    /// Brings every replay on by one step; how many steps there were. The step function of replays.
    ///
    /// # Errors
    /// Any failure of the store.
    pub fn step_replays(&self) -> Result<usize, EngineError> {
        let mut steps = 0;
        for organization in self.organizations()? {
            let running = self.parts.store.reading(|tx| tx.running_replays(organization.id))?;
            for replay in running {
                let now = self.now();
                self.parts.store.writing("replay", |tx| step(tx, organization.id, &replay, now))?;
                steps += 1;
            }
        }
        if steps > 0 {
            self.wake_deliveries();
        }
        Ok(steps)
    }
}

fn step(tx: &mut dyn WriteTx, org: OrganizationId, seen: &ReplayRow, now: Timestamp) -> StoreResult<()> {
    let mut replay = seen.clone();
    let Some(webhook) = tx.webhook(org, replay.webhook)? else {
        replay.finished_at = Some(now);
        return tx.update_replay(org, seen.position, &replay).map(|_| ());
    };
    let events = tx.events_to_replay(org, &replay, EVENTS_AT_ONCE)?;
    match events.last() {
        Some(last) => replay.position = last.position,
        None => replay.position = replay.last_position,
    }
    if i64::try_from(events.len()).unwrap_or(i64::MAX) < EVENTS_AT_ONCE {
        replay.finished_at = Some(now);
    }
    let wanted: Vec<EventKey> = events.into_iter().filter(|event| webhook.wants(event.kind)).collect();
    let renewed = tx.renew_deliveries(org, replay.webhook, &wanted, now)?;
    replay.replayed += i64::try_from(renewed).unwrap_or_default();
    if tx.update_replay(org, seen.position, &replay)? {
        return Ok(());
    }
    // Another process has done this step: what was done here is rolled back.
    Err(tributary_store::StoreError::Busy(None))
}
