//! Webhook subscriptions.

use crate::{EventKind, StoreResult};
use std::collections::BTreeSet;
use tributary_contact::clock::Timestamp;
use tributary_contact::{OrganizationId, WebhookId};

/// A subscription.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookRow {
    /// Id.
    pub id: WebhookId,
    /// Where events are sent.
    pub payload_url: String,
    /// Secret as given or generated; empty means unsigned is impossible, so one is always generated.
    pub secret: String,
    /// Whether events are sent. Inactive ones keep their pending deliveries.
    pub active: bool,
    /// Names of all toggles that are on, also those of kinds this product never emits.
    pub toggles: BTreeSet<String>,
    /// Why it was switched off by the system: `gone` or `paused`.
    pub disabled_reason: Option<String>,
    /// When the present row of failures began.
    pub failing_since: Option<Timestamp>,
    /// How many attempts failed since then.
    pub failed_attempts: i64,
    /// When it was created.
    pub created_at: Timestamp,
}

impl WebhookRow {
    /// Whether it wants events of this kind.
    #[must_use]
    pub fn wants(&self, kind: EventKind) -> bool {
        self.toggles.contains(kind.as_str())
    }
}

/// Reads about subscriptions.
pub trait ReadWebhooks {
    /// All subscriptions, by id.
    ///
    /// # Errors
    /// Any failure of the store.
    fn webhooks(&mut self, organization: OrganizationId) -> StoreResult<Vec<WebhookRow>>;
    /// One subscription.
    ///
    /// # Errors
    /// Any failure of the store.
    fn webhook(&mut self, organization: OrganizationId, id: WebhookId) -> StoreResult<Option<WebhookRow>>;
}

/// Writes about subscriptions.
pub trait WriteWebhooks {
    /// Stores a new subscription.
    ///
    /// # Errors
    /// Any failure of the store.
    fn insert_webhook(&mut self, organization: OrganizationId, new: &WebhookRow) -> StoreResult<()>;
    /// Stores all of a subscription; `false` when it does not exist.
    ///
    /// # Errors
    /// Any failure of the store.
    fn update_webhook(&mut self, organization: OrganizationId, changed: &WebhookRow) -> StoreResult<bool>;
    /// Removes a subscription and its pending deliveries; `false` when it does not exist.
    ///
    /// # Errors
    /// Any failure of the store.
    fn delete_webhook(&mut self, organization: OrganizationId, id: WebhookId) -> StoreResult<bool>;
    /// Notes the health of a subscription after attempts: `active`, `disabled_reason`, `failing_since` and
    /// `failed_attempts` as given, and nothing else. Only while it is active and its target still is
    /// `seen.payload_url`: what an earlier target answered says nothing about the present one.
    ///
    /// # Errors
    /// Any failure of the store.
    fn note_webhook_health(&mut self, organization: OrganizationId, seen: &WebhookRow) -> StoreResult<()>;
}
