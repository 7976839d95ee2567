//! Numbers for probes, metrics and the first screen.

use crate::{Engine, EngineError};
use tributary_contact::OrganizationId;
use tributary_contact::clock::Timestamp;
use tributary_store::{DeliveryTally, LedgerTally, ReadTx, StateCount, StoreExt, StoreResult, WebhookRow};

/// How subscriptions stand.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct WebhookTally {
    /// Paused by the system: they failed for days, and their events are kept.
    pub paused: i64,
    /// Failing at present, the paused ones among them.
    pub failing: i64,
    /// Failing for a day or longer.
    pub failing_a_day: i64,
    /// Switched off by a 410.
    pub gone: i64,
}

impl WebhookTally {
    fn of(rows: &[WebhookRow]) -> Self {
        let count = |fits: fn(&WebhookRow) -> bool| {
            i64::try_from(rows.iter().filter(|row| fits(row)).count()).unwrap_or(i64::MAX)
        };
        Self {
            paused: count(|row| row.active && row.paused_at.is_some()),
            failing: count(|row| row.active && row.failing_since.is_some()),
            failing_a_day: count(|row| row.active && row.warned_at.is_some()),
            gone: count(|row| !row.active && row.disabled_reason.is_some()),
        }
    }
}

/// How an organization's work stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Health {
    /// The holding ledger.
    pub ledger: LedgerTally,
    /// Decided transactions per state and reason.
    pub states: Vec<StateCount>,
    /// Deliveries.
    pub deliveries: DeliveryTally,
    /// Since when the delivery that waits longest could be sent. Those to paused subscriptions, and to ones that
    /// are switched off, cannot.
    pub oldest_due: Option<Timestamp>,
    /// Subscriptions.
    pub webhooks: WebhookTally,
    /// Contacts on file.
    pub contacts: i64,
}

impl Engine {
    /// How an organization's work stands.
    ///
    /// # Errors
    /// Any failure of the store.
    pub fn health(&self, org: OrganizationId) -> Result<Health, EngineError> {
        let now = self.now();
        let ledger = self.parts.store.ledger().tally(org)?;
        let health = self.parts.store.reading(|tx| {
            let webhooks = tx.webhooks(org)?;
            Ok(Health {
                ledger,
                states: tx.state_counts(org)?,
                deliveries: tx.delivery_tally(org, now)?,
                oldest_due: oldest_due(tx, org, &webhooks, now)?,
                webhooks: WebhookTally::of(&webhooks),
                contacts: tx.contact_count(org)?,
            })
        })?;
        Ok(health)
    }

    /// Whether work can be done: the database answers. Hands back since when the delivery of any organization
    /// that waits longest could be sent, so that a probe shows when deliveries stand still. Costs one look at an
    /// index per subscription.
    ///
    /// # Errors
    /// [`EngineError::Unavailable`], or [`EngineError::Stopped`] while shutting down.
    pub fn ready(&self) -> Result<Option<Timestamp>, EngineError> {
        if self.is_stopping() {
            return Err(EngineError::Stopped);
        }
        let now = self.now();
        let waiting = self.parts.store.reading(|tx| {
            let mut waiting = Vec::new();
            for organization in tx.organizations()? {
                let webhooks = tx.webhooks(organization.id)?;
                waiting.extend(oldest_due(tx, organization.id, &webhooks, now)?);
            }
            Ok(waiting)
        })?;
        Ok(waiting.into_iter().min())
    }
}

fn oldest_due(
    tx: &mut dyn ReadTx,
    org: OrganizationId,
    webhooks: &[WebhookRow],
    now: Timestamp,
) -> StoreResult<Option<Timestamp>> {
    let mut oldest: Option<Timestamp> = None;
    for webhook in webhooks.iter().filter(|webhook| webhook.active && webhook.paused_at.is_none()) {
        let due = tx.oldest_due(org, webhook.id, now)?;
        oldest = [oldest, due].into_iter().flatten().min();
    }
    Ok(oldest)
}
