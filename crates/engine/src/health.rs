//! Numbers for probes, metrics and the first screen.

use crate::{Engine, EngineError};
use tributary_contact::OrganizationId;
use tributary_store::{DeliveryTally, LedgerTally, StateCount, StoreExt};

/// How an organization's work stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Health {
    /// The holding ledger.
    pub ledger: LedgerTally,
    /// Decided transactions per state and reason.
    pub states: Vec<StateCount>,
    /// Deliveries.
    pub deliveries: DeliveryTally,
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
        let (states, deliveries, contacts) = self
            .parts
            .store
            .reading(|tx| Ok((tx.state_counts(org)?, tx.delivery_tally(org, now)?, tx.contact_count(org)?)))?;
        Ok(Health { ledger, states, deliveries, contacts })
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
