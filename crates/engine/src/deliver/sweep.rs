//! Retention: what has ended long ago is removed, in small transactions, oldest first.

use super::health::seconds;
use crate::{Engine, EngineError};
use std::collections::BTreeSet;
use tributary_contact::{OrganizationId, WebhookId};
use tributary_store::{ReadTx, StoreExt, StoreResult, WriteTx};

/// Rows of one transaction.
const ROWS_AT_ONCE: i64 = 500;

impl Engine {
    /// Removes deliveries that ended, and events that happened, longer ago than they are kept; how many rows were
    /// touched. What still waits when its event is removed is given up.
    ///
    /// # Errors
    /// Any failure of the store.
    pub fn sweep_outbox(&self) -> Result<usize, EngineError> {
        let settings = &self.settings().delivery;
        let now = self.now();
        let ended_before = now - seconds(settings.keep_deliveries_seconds);
        let happened_before = now - seconds(settings.keep_events_seconds);
        let mut touched = 0;
        for organization in self.organizations()? {
            let org = organization.id;
            let webhooks = self.parts.store.reading(|tx| subscribers(tx, org))?;
            for webhook in &webhooks {
                touched += self.sweep(|tx| tx.remove_deliveries(org, *webhook, ended_before, ROWS_AT_ONCE))?;
            }
            touched += self.sweep(|tx| tx.expire_events(org, &webhooks, happened_before, ROWS_AT_ONCE))?;
        }
        Ok(touched)
    }

    /// Repeats a removal until it finds nothing more.
    fn sweep(&self, mut remove: impl FnMut(&mut dyn WriteTx) -> StoreResult<usize>) -> Result<usize, EngineError> {
        let mut all = 0;
        while !self.is_stopping() {
            let touched = self.parts.store.writing("sweep_outbox", &mut remove)?;
            all += touched;
            if touched == 0 {
                break;
            }
        }
        Ok(all)
    }
}

/// Who has deliveries: present subscribers, and those that are no more.
fn subscribers(tx: &mut dyn ReadTx, org: OrganizationId) -> StoreResult<Vec<WebhookId>> {
    let mut ids: BTreeSet<WebhookId> = tx.delivered_webhooks(org)?.into_iter().collect();
    ids.extend(tx.webhooks(org)?.into_iter().map(|row| row.id));
    Ok(ids.into_iter().collect())
}
