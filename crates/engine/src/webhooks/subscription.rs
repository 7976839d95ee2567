//! A subscription with its secrets opened, and how it is stored: secrets and headers sealed, each bound to its row.

use crate::{Engine, EngineError};
use tributary_contact::clock::Timestamp;
use tributary_contact::{OrganizationId, WebhookId};
use tributary_store::WebhookRow;
use tributary_webhook::Secret;

/// A subscription ready to be served.
pub(crate) struct Subscription {
    /// The row, its secrets as the subscriber knows them.
    pub(crate) row: WebhookRow,
    /// Headers the subscriber added.
    pub(crate) headers: Vec<(String, String)>,
    secrets: Vec<(Secret, Option<Timestamp>)>,
}

impl Subscription {
    /// The secrets that sign at a time, newest first.
    pub(crate) fn live_secrets(&self, at: Timestamp) -> Vec<Secret> {
        let live = self.secrets.iter().filter(|(_, until)| until.is_none_or(|until| at < until));
        live.map(|(secret, _)| secret.clone()).collect()
    }

    fn of(row: WebhookRow) -> Self {
        let newest = Secret::parse(&row.secret).ok().map(|secret| (secret, None));
        let previous = row.previous_secrets.iter();
        let previous = previous.filter_map(|old| Some((Secret::parse(&old.secret).ok()?, Some(old.until))));
        let secrets = newest.into_iter().chain(previous).collect();
        let headers = parse_headers(&row.headers);
        Self { row, headers, secrets }
    }
}

/// Headers as they are stored: a JSON list of pairs, or nothing.
pub(crate) fn parse_headers(stored: &str) -> Vec<(String, String)> {
    serde_json::from_str(stored).unwrap_or_default()
}

/// The stored form of headers.
pub(super) fn header_text(headers: &[(String, String)]) -> String {
    if headers.is_empty() { String::new() } else { serde_json::to_string(headers).unwrap_or_default() }
}

impl Engine {
    /// A stored subscription, opened and ready to be served.
    ///
    /// # Errors
    /// [`EngineError::Internal`] when a secret cannot be opened with the keys of this instance.
    pub(crate) fn opened(&self, org: OrganizationId, row: WebhookRow) -> Result<Subscription, EngineError> {
        Ok(Subscription::of(self.opened_row(org, row)?))
    }

    /// A stored row with its secrets and headers as the subscriber knows them.
    pub(crate) fn opened_row(&self, org: OrganizationId, row: WebhookRow) -> Result<WebhookRow, EngineError> {
        self.with_texts(org, row, |place, text| self.open_text(place, text))
    }

    /// The row as it is stored.
    pub(super) fn sealed_row(&self, org: OrganizationId, row: WebhookRow) -> Result<WebhookRow, EngineError> {
        self.with_texts(org, row, |place, text| self.seal_text(place, text))
    }

    /// The row with each of its secret texts changed.
    fn with_texts(
        &self,
        org: OrganizationId,
        mut row: WebhookRow,
        change: impl Fn(&str, &str) -> Result<String, EngineError>,
    ) -> Result<WebhookRow, EngineError> {
        let place = place(org, row.id);
        row.secret = change(&place, &row.secret)?;
        for old in &mut row.previous_secrets {
            old.secret = change(&place, &old.secret)?;
        }
        if !row.headers.is_empty() {
            row.headers = change(&place, &row.headers)?;
        }
        Ok(row)
    }
}

/// What a sealed text is bound to.
fn place(org: OrganizationId, id: WebhookId) -> String {
    format!("webhook/{org}/{id}")
}
