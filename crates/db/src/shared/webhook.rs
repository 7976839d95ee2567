//! Webhook subscriptions.

use super::{Tx, dialect};
use crate::convert::{Column, json, micros};
use crate::error;
use crate::rows::{Present, WebhookRecord};
use crate::schema::{delivery, webhook};
use diesel::prelude::*;
use tributary_contact::{OrganizationId, WebhookId};
use tributary_store::{ReadWebhooks, StoreResult, WebhookRow, WriteWebhooks};

impl ReadWebhooks for Tx<'_> {
    fn webhooks(&mut self, organization: OrganizationId) -> StoreResult<Vec<WebhookRow>> {
        let rows = webhook::table
            .filter(webhook::organization_id.eq(organization.0))
            .order(webhook::id)
            .select(WebhookRecord::as_select())
            .load(&mut self.session.conn)
            .map_err(error::any)?;
        rows.into_iter().map(webhook_from).collect()
    }

    fn webhook(&mut self, organization: OrganizationId, id: WebhookId) -> StoreResult<Option<WebhookRow>> {
        let row = webhook::table
            .find((organization.0, id.0))
            .select(WebhookRecord::as_select())
            .first(&mut self.session.conn)
            .optional()
            .map_err(error::any)?;
        row.map(webhook_from).transpose()
    }
}

impl WriteWebhooks for Tx<'_> {
    fn insert_webhook(&mut self, organization: OrganizationId, new: &WebhookRow) -> StoreResult<()> {
        let row = WebhookRecord {
            organization_id: organization.0,
            id: new.id.0,
            payload_url: new.payload_url.clone(),
            secret: new.secret.clone(),
            active: new.active,
            toggles: json(&new.toggles)?,
            disabled_reason: new.disabled_reason.clone(),
            failing_since: new.failing_since.map(micros),
            failed_attempts: new.failed_attempts,
            created_at: micros(new.created_at),
            previous_secrets: json(&new.previous_secrets)?,
            headers: new.headers.clone(),
            options: json(&new.options)?,
            paused_at: new.paused_at.map(micros),
            probe_at: new.probe_at.map(micros),
            warned_at: new.warned_at.map(micros),
        };
        dialect::insert(self, &[row], Present::Refuse).map(|_| ())
    }

    fn update_webhook(&mut self, organization: OrganizationId, changed: &WebhookRow) -> StoreResult<bool> {
        diesel::update(webhook::table.find((organization.0, changed.id.0)))
            .set((
                webhook::payload_url.eq(&changed.payload_url),
                webhook::secret.eq(&changed.secret),
                webhook::active.eq(changed.active),
                webhook::toggles.eq(json(&changed.toggles)?),
                webhook::disabled_reason.eq(&changed.disabled_reason),
                webhook::failing_since.eq(changed.failing_since.map(micros)),
                webhook::failed_attempts.eq(changed.failed_attempts),
                webhook::created_at.eq(micros(changed.created_at)),
                webhook::previous_secrets.eq(json(&changed.previous_secrets)?),
                webhook::headers.eq(&changed.headers),
                webhook::options.eq(json(&changed.options)?),
                webhook::paused_at.eq(changed.paused_at.map(micros)),
                webhook::probe_at.eq(changed.probe_at.map(micros)),
                webhook::warned_at.eq(changed.warned_at.map(micros)),
            ))
            .execute(&mut self.session.conn)
            .map(|updated| updated == 1)
            .map_err(error::any)
    }

    fn delete_webhook(&mut self, organization: OrganizationId, id: WebhookId) -> StoreResult<bool> {
        diesel::delete(delivery::table)
            .filter(delivery::organization_id.eq(organization.0))
            .filter(delivery::webhook_id.eq(id.0))
            .filter(delivery::state.ne("delivered"))
            .execute(&mut self.session.conn)
            .map_err(error::any)?;
        diesel::delete(webhook::table.find((organization.0, id.0)))
            .execute(&mut self.session.conn)
            .map(|deleted| deleted == 1)
            .map_err(error::any)
    }

    fn note_webhook_health(&mut self, organization: OrganizationId, seen: &WebhookRow) -> StoreResult<()> {
        diesel::update(webhook::table.find((organization.0, seen.id.0)))
            .filter(webhook::active.eq(true))
            .filter(webhook::payload_url.eq(&seen.payload_url))
            .set((
                webhook::active.eq(seen.active),
                webhook::disabled_reason.eq(&seen.disabled_reason),
                webhook::failing_since.eq(seen.failing_since.map(micros)),
                webhook::failed_attempts.eq(seen.failed_attempts),
                webhook::paused_at.eq(seen.paused_at.map(micros)),
                webhook::probe_at.eq(seen.probe_at.map(micros)),
                webhook::warned_at.eq(seen.warned_at.map(micros)),
            ))
            .execute(&mut self.session.conn)
            .map(|_| ())
            .map_err(error::any)
    }
}

fn webhook_from(row: WebhookRecord) -> StoreResult<WebhookRow> {
    Ok(WebhookRow {
        id: WebhookId(row.id),
        payload_url: row.payload_url,
        secret: row.secret,
        active: row.active,
        toggles: Column("webhook", "toggles").json(&row.toggles)?,
        disabled_reason: row.disabled_reason,
        failing_since: Column("webhook", "failing_since").instant_or_none(row.failing_since)?,
        failed_attempts: row.failed_attempts,
        created_at: Column("webhook", "created_at").instant(row.created_at)?,
        previous_secrets: Column("webhook", "previous_secrets").json(&row.previous_secrets)?,
        headers: row.headers,
        options: Column("webhook", "options").json(&row.options)?,
        paused_at: Column("webhook", "paused_at").instant_or_none(row.paused_at)?,
        probe_at: Column("webhook", "probe_at").instant_or_none(row.probe_at)?,
        warned_at: Column("webhook", "warned_at").instant_or_none(row.warned_at)?,
    })
}
