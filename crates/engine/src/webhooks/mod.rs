//! Webhook subscriptions.

mod input;
mod log;
mod ping;
mod replay;
mod secrets;
mod subscription;

pub use input::WebhookInput;
pub use log::{DeliveryView, PAGE_AT_MOST};
pub use ping::PingOutcome;
pub(crate) use secrets::stored_texts;
pub use secrets::{LONGEST_OVERLAP_SECONDS, standard_secret};
pub(crate) use subscription::Subscription;

use crate::deliver::well;
use crate::{Engine, EngineError};
use secrets::new_secret;
use subscription::header_text;
use tributary_contact::{OrganizationId, WebhookId};
use tributary_store::{Counter, StoreExt, WebhookRow, WriteTx};

impl Engine {
    /// All subscriptions, their secrets as the subscribers know them.
    ///
    /// # Errors
    /// Any failure of the store.
    pub fn webhooks(&self, org: OrganizationId) -> Result<Vec<WebhookRow>, EngineError> {
        let rows = self.parts.store.reading(|tx| tx.webhooks(org))?;
        rows.into_iter().map(|row| self.opened_row(org, row)).collect()
    }

    /// One subscription, its secret as the subscriber knows it.
    ///
    /// # Errors
    /// Any failure of the store.
    pub fn webhook(&self, org: OrganizationId, id: WebhookId) -> Result<Option<WebhookRow>, EngineError> {
        let row = self.parts.store.reading(|tx| tx.webhook(org, id))?;
        row.map(|row| self.opened_row(org, row)).transpose()
    }

    /// Creates a subscription.
    ///
    /// # Errors
    /// [`EngineError::Invalid`] when the address guard refuses the target, or the secret or a header cannot be
    /// used.
    pub fn create_webhook(&self, org: OrganizationId, new: WebhookInput) -> Result<WebhookRow, EngineError> {
        self.organization(org)?;
        new.check(self.settings())?;
        let mut row = WebhookRow {
            id: WebhookId(0),
            payload_url: new.payload_url,
            secret: new.secret.map_or_else(new_secret, Ok)?,
            previous_secrets: Vec::new(),
            headers: header_text(&new.headers.unwrap_or_default()),
            options: new.options.unwrap_or_default(),
            active: new.active,
            toggles: new.toggles,
            disabled_reason: None,
            paused_at: None,
            probe_at: None,
            warned_at: None,
            failing_since: None,
            failed_attempts: 0,
            created_at: self.now(),
        };
        self.transact("create_webhook", |tx| {
            row.id = WebhookId(tx.allocate(org, Counter::Webhook, 1)?);
            Ok(tx.insert_webhook(org, &self.sealed_row(org, row.clone())?)?)
        })?;
        Ok(row)
    }

    /// Replaces a subscription; its secret, headers and schemes stay where none are given. A new secret counts from
    /// the next delivery on; for one that overlaps with the old one see [`Engine::rotate_webhook_secret`].
    ///
    /// # Errors
    /// [`EngineError::NotFound`], and as [`Engine::create_webhook`].
    pub fn update_webhook(
        &self,
        org: OrganizationId,
        id: WebhookId,
        new: WebhookInput,
    ) -> Result<WebhookRow, EngineError> {
        new.check(self.settings())?;
        self.change_webhook(org, id, |_, row| {
            if row.payload_url != new.payload_url {
                well(row);
            }
            row.payload_url.clone_from(&new.payload_url);
            row.toggles.clone_from(&new.toggles);
            if let Some(secret) = &new.secret {
                row.secret.clone_from(secret);
                row.previous_secrets.clear();
            }
            if let Some(headers) = &new.headers {
                row.headers = header_text(headers);
            }
            if let Some(options) = &new.options {
                row.options.clone_from(options);
            }
            switch(row, new.active);
            Ok(())
        })
    }

    /// Switches a subscription on or off. What the system noted about it ends: a paused one goes on.
    ///
    /// # Errors
    /// [`EngineError::NotFound`].
    pub fn set_webhook_active(
        &self,
        org: OrganizationId,
        id: WebhookId,
        active: bool,
    ) -> Result<WebhookRow, EngineError> {
        self.change_webhook(org, id, |tx, row| {
            if active && row.paused_at.is_some() {
                well(row);
                tx.hasten_deliveries(org, id, self.now())?;
            }
            switch(row, active);
            Ok(())
        })
    }

    /// Removes a subscription and what waits for it.
    ///
    /// # Errors
    /// [`EngineError::NotFound`].
    pub fn delete_webhook(&self, org: OrganizationId, id: WebhookId) -> Result<(), EngineError> {
        let gone = self.parts.store.writing("delete_webhook", |tx| tx.delete_webhook(org, id))?;
        if gone { Ok(()) } else { Err(EngineError::NotFound) }
    }

    pub(crate) fn change_webhook(
        &self,
        org: OrganizationId,
        id: WebhookId,
        change: impl Fn(&mut dyn WriteTx, &mut WebhookRow) -> Result<(), EngineError>,
    ) -> Result<WebhookRow, EngineError> {
        let row = self.transact("update_webhook", |tx| {
            let mut row = self.opened_row(org, tx.webhook(org, id)?.ok_or(EngineError::NotFound)?)?;
            change(tx, &mut row)?;
            tx.update_webhook(org, &self.sealed_row(org, row.clone())?)?;
            Ok(row)
        })?;
        self.wake_deliveries();
        Ok(row)
    }
}

/// A person's switch ends what the system had noted about the subscription.
fn switch(row: &mut WebhookRow, active: bool) {
    if active && !row.active {
        row.disabled_reason = None;
        well(row);
    }
    row.active = active;
}
