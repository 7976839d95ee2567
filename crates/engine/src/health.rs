//! Numbers for probes, metrics and the first screen.

use crate::{Engine, EngineError};
use tributary_contact::OrganizationId;
use tributary_store::{DeliveryTally, LedgerTally, StateCount, StoreExt, WebhookRow};

/// How subscriptions stand.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct WebhookTally {
    /// Paused by the system: they failed for days, and their events are kept.
    pub paused: i64,
    /// Failing at present, the paused ones among them.
    pub failing: i64,
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
            Ok(Health {
                ledger,
                states: tx.state_counts(org)?,
                deliveries: tx.delivery_tally(org, now)?,
                webhooks: WebhookTally::of(&tx.webhooks(org)?),
                contacts: tx.contact_count(org)?,
            })
        })?;
        Ok(health)
    }

    /// Whether work can be done: the database answers.
    ///
    /// # Errors
    /// [`EngineError::Unavailable`], or [`EngineError::Stopped`] while shutting down.
    pub fn ready(&self) -> Result<(), EngineError> {
        if self.is_stopping() {
            return Err(EngineError::Stopped);
        }
        self.organizations().map(drop)
    }
}
