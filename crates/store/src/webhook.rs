//! Webhook subscriptions.

use crate::{EventKind, StoreResult};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use tributary_contact::clock::Timestamp;
use tributary_contact::{OrganizationId, WebhookId};

/// A secret that was replaced and signs for a while yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviousSecret {
    /// The secret, in the form of [`WebhookRow::secret`].
    pub secret: String,
    /// It signs until then.
    pub until: Timestamp,
}

/// Signature schemes beside the standard one. What is not set is as the instance's settings say.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct WebhookOptions {
    /// Whether the body-only signature is sent.
    pub compat: Option<bool>,
    /// Name of its header.
    pub compat_header: Option<String>,
    /// Whether it is hexadecimal rather than Base64.
    pub compat_hex: bool,
    /// Whether the partner scheme is sent (`X-Webhook-Signature` with its companions).
    pub partner: bool,
}

/// A subscription.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookRow {
    /// Id.
    pub id: WebhookId,
    /// Where events are sent.
    pub payload_url: String,
    /// Secret as given or generated; there is always one. As stored it is sealed, where the instance has a key.
    pub secret: String,
    /// Secrets that still sign, newest first.
    pub previous_secrets: Vec<PreviousSecret>,
    /// Headers added to each delivery, as JSON; sealed like the secret, since they may hold a credential. Empty
    /// when there are none.
    pub headers: String,
    /// Further signature schemes.
    pub options: WebhookOptions,
    /// Whether events are sent. Inactive ones keep their pending deliveries.
    pub active: bool,
    /// Names of all toggles that are on, also those of kinds this product never emits.
    pub toggles: BTreeSet<String>,
    /// Why it was switched off by the system: `gone`.
    pub disabled_reason: Option<String>,
    /// Since when the system has paused deliveries, because they failed for days. Events are kept.
    pub paused_at: Option<Timestamp>,
    /// When a paused subscriber is probed next.
    pub probe_at: Option<Timestamp>,
    /// When the operator was told of the present row of failures.
    pub warned_at: Option<Timestamp>,
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
    /// Removes a subscription and what was not delivered to it; `false` when it does not exist.
    ///
    /// # Errors
    /// Any failure of the store.
    fn delete_webhook(&mut self, organization: OrganizationId, id: WebhookId) -> StoreResult<bool>;
    /// Notes the health of a subscription after attempts: `active`, `disabled_reason`, `paused_at`, `probe_at`,
    /// `warned_at`, `failing_since` and `failed_attempts` as given, and nothing else. Only while it is active and its target still is
    /// `seen.payload_url`: what an earlier target answered says nothing about the present one.
    ///
    /// # Errors
    /// Any failure of the store.
    fn note_webhook_health(&mut self, organization: OrganizationId, seen: &WebhookRow) -> StoreResult<()>;
}
