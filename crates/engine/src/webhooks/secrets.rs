//! Secrets: made, and rotated with an overlap.

use super::input::check_secret;
use crate::sealing::no_random_bytes;
use crate::{Engine, EngineError};
use chrono::TimeDelta;
use tributary_contact::issue::{Issue, IssueCode};
use tributary_contact::{OrganizationId, WebhookId};
use tributary_store::{PreviousSecret, WebhookRow};
use tributary_webhook::Secret;
use tributary_webhook::secret::MAX_LIVE_SECRETS;

/// The longest time that an old secret goes on signing, in seconds: seven days.
pub const LONGEST_OVERLAP_SECONDS: u32 = 7 * 86_400;

impl Engine {
    /// Gives a subscription a new secret (this one, or one that is made). The old one goes on signing beside it for
    /// `overlap_seconds`, at most seven days; 0 ends it at once, as after a leak, and with it all older ones.
    ///
    /// # Errors
    /// [`EngineError::NotFound`]; [`EngineError::Invalid`] for a secret that cannot be used or a longer overlap;
    /// [`EngineError::Conflict`] when three secrets are live already.
    pub fn rotate_webhook_secret(
        &self,
        org: OrganizationId,
        id: WebhookId,
        secret: Option<String>,
        overlap_seconds: u32,
    ) -> Result<WebhookRow, EngineError> {
        let mut issues: Vec<Issue> = secret.as_deref().and_then(|text| check_secret(text).err()).into_iter().collect();
        if overlap_seconds > LONGEST_OVERLAP_SECONDS {
            issues.push(Issue::new("overlapSeconds", IssueCode::InvalidValue, "Must be at most 604800, seven days."));
        }
        if !issues.is_empty() {
            return Err(EngineError::Invalid(issues));
        }
        let secret = secret.map_or_else(new_secret, Ok)?;
        self.change_webhook(org, id, |_, row| {
            let now = self.now();
            row.previous_secrets.retain(|old| now < old.until && overlap_seconds > 0);
            if row.previous_secrets.len() + 1 >= MAX_LIVE_SECRETS {
                return Err(EngineError::conflict(
                    "Three secrets are live; wait until one has ended, or end all at once with an overlap of 0.",
                ));
            }
            let until = now + TimeDelta::seconds(i64::from(overlap_seconds));
            let old = PreviousSecret { secret: std::mem::replace(&mut row.secret, secret.clone()), until };
            if overlap_seconds > 0 {
                row.previous_secrets.insert(0, old);
            }
            Ok(())
        })
    }
}

/// Every text of a stored row that is sealed.
pub(crate) fn stored_texts(row: &WebhookRow) -> impl Iterator<Item = &str> {
    let headers = Some(row.headers.as_str()).filter(|text| !text.is_empty());
    let previous = row.previous_secrets.iter().map(|old| old.secret.as_str());
    std::iter::once(row.secret.as_str()).chain(previous).chain(headers)
}

pub(super) fn new_secret() -> Result<String, EngineError> {
    let mut filled = true;
    let secret = Secret::generate(&mut |bytes| filled = getrandom::fill(bytes).is_ok());
    if filled { Ok(secret.reveal().to_owned()) } else { Err(no_random_bytes()) }
}

/// A subscription's secret in the form that Standard Webhooks libraries take; none for one that cannot sign.
#[must_use]
pub fn standard_secret(secret: &str) -> Option<String> {
    Secret::parse(secret).ok().map(|secret| secret.standard_form())
}
