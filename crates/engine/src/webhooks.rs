//! Webhook subscriptions.

use crate::{Engine, EngineError};
use std::collections::BTreeSet;
use tributary_contact::issue::{Issue, IssueCode};
use tributary_contact::{OrganizationId, WebhookId};
use tributary_store::{Counter, StoreExt, WebhookRow};
use tributary_webhook::Secret;

/// What a subscriber asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookInput {
    /// Where events are sent.
    pub payload_url: String,
    /// The subscriber's secret; one is made (or kept, on update) when none is given.
    pub secret: Option<String>,
    /// Whether events are sent.
    pub active: bool,
    /// Names of the toggles that are on.
    pub toggles: BTreeSet<String>,
}

impl Engine {
    /// All subscriptions.
    ///
    /// # Errors
    /// Any failure of the store.
    pub fn webhooks(&self, org: OrganizationId) -> Result<Vec<WebhookRow>, EngineError> {
        Ok(self.parts.store.reading(|tx| tx.webhooks(org))?)
    }

    /// One subscription.
    ///
    /// # Errors
    /// Any failure of the store.
    pub fn webhook(&self, org: OrganizationId, id: WebhookId) -> Result<Option<WebhookRow>, EngineError> {
        Ok(self.parts.store.reading(|tx| tx.webhook(org, id))?)
    }

    /// Creates a subscription.
    ///
    /// # Errors
    /// [`EngineError::Invalid`] when the address guard refuses the target or the secret cannot be used.
    pub fn create_webhook(&self, org: OrganizationId, new: WebhookInput) -> Result<WebhookRow, EngineError> {
        self.organization(org)?;
        self.check(&new)?;
        let mut row = WebhookRow {
            id: WebhookId(0),
            payload_url: new.payload_url,
            secret: new.secret.map_or_else(new_secret, Ok)?,
            active: new.active,
            toggles: new.toggles,
            disabled_reason: None,
            failing_since: None,
            failed_attempts: 0,
            created_at: self.now(),
        };
        self.transact("create_webhook", |tx| {
            row.id = WebhookId(tx.allocate(org, Counter::Webhook, 1)?);
            Ok(tx.insert_webhook(org, &row)?)
        })?;
        Ok(row)
    }

    /// Replaces a subscription; its secret stays when none is given.
    ///
    /// # Errors
    /// [`EngineError::NotFound`], and as [`Engine::create_webhook`].
    pub fn update_webhook(
        &self,
        org: OrganizationId,
        id: WebhookId,
        new: WebhookInput,
    ) -> Result<WebhookRow, EngineError> {
        self.check(&new)?;
        self.change_webhook(org, id, |row| {
            row.payload_url.clone_from(&new.payload_url);
            row.toggles.clone_from(&new.toggles);
            if let Some(secret) = &new.secret {
                row.secret.clone_from(secret);
            }
            switch(row, new.active);
        })
    }

    /// Switches a subscription on or off.
    ///
    /// # Errors
    /// [`EngineError::NotFound`].
    pub fn set_webhook_active(
        &self,
        org: OrganizationId,
        id: WebhookId,
        active: bool,
    ) -> Result<WebhookRow, EngineError> {
        self.change_webhook(org, id, |row| switch(row, active))
    }

    /// Removes a subscription and what waits for it.
    ///
    /// # Errors
    /// [`EngineError::NotFound`].
    pub fn delete_webhook(&self, org: OrganizationId, id: WebhookId) -> Result<(), EngineError> {
        let gone = self.parts.store.writing("delete_webhook", |tx| tx.delete_webhook(org, id))?;
        if gone { Ok(()) } else { Err(EngineError::NotFound) }
    }

    fn change_webhook(
        &self,
        org: OrganizationId,
        id: WebhookId,
        change: impl Fn(&mut WebhookRow),
    ) -> Result<WebhookRow, EngineError> {
        let row = self.transact("update_webhook", |tx| {
            let mut row = tx.webhook(org, id)?.ok_or(EngineError::NotFound)?;
            change(&mut row);
            tx.update_webhook(org, &row)?;
            Ok(row)
        })?;
        self.wake_deliveries();
        Ok(row)
    }

    fn check(&self, input: &WebhookInput) -> Result<(), EngineError> {
        let mut issues = Vec::new();
        if let Err(refused) = self.settings().guard.check_url(&input.payload_url) {
            issues.push(Issue::new("payloadUrl", IssueCode::InvalidValue, refused.to_string()));
        }
        if let Some(Err(refused)) = input.secret.as_deref().map(Secret::parse) {
            issues.push(Issue::new("secret", IssueCode::InvalidFormat, refused.to_string()));
        }
        if issues.is_empty() { Ok(()) } else { Err(EngineError::Invalid(issues)) }
    }
}

/// A person's switch ends what the system had noted about the subscription.
fn switch(row: &mut WebhookRow, active: bool) {
    if active && !row.active {
        (row.disabled_reason, row.failing_since, row.failed_attempts) = (None, None, 0);
    }
    row.active = active;
}

fn new_secret() -> Result<String, EngineError> {
    let mut filled = true;
    let secret = Secret::generate(&mut |bytes| filled = getrandom::fill(bytes).is_ok());
    if filled {
        return Ok(secret.reveal().to_owned());
    }
    Err(EngineError::internal("the operating system gave no random bytes"))
}
