//! What the keys of an organization used, told to the database now and then rather than with each request.

use crate::{Engine, EngineError};
use tributary_contact::OrganizationId;
use tributary_contact::clock::Timestamp;
use tributary_store::StoreExt;

/// What was used under a key since it was last told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Usage {
    /// Tenant.
    pub organization: OrganizationId,
    /// The key, or [`tributary_store::WHOLE_ORGANIZATION`].
    pub key_id: i64,
    /// The hour, counted from 1970.
    pub hour: i64,
    /// Requests in it that were not told yet.
    pub requests: u64,
    /// When the key was last used, if that is to be noted.
    pub used_at: Option<Timestamp>,
}

impl Engine {
    /// Tells the database of these uses, all of one organization in one transaction, and hands back how many
    /// requests the hour has by now, over all processes, in the same order.
    ///
    /// # Errors
    /// Any failure of the store; then nothing of it was told.
    pub fn tell_usage(&self, organization: OrganizationId, uses: &[Usage]) -> Result<Vec<u64>, EngineError> {
        let totals = self.parts.store.writing("usage", |tx| {
            let mut totals = Vec::with_capacity(uses.len());
            for usage in uses {
                // A person signed in has no key to note it on.
                if let Some(at) = usage.used_at.filter(|_| usage.key_id > 0) {
                    tx.note_key_use(organization, usage.key_id, at)?;
                }
                let requests = i64::try_from(usage.requests).unwrap_or(i64::MAX);
                totals.push(tx.add_requests(organization, usage.key_id, usage.hour, requests)?);
            }
            Ok(totals)
        })?;
        Ok(totals.into_iter().map(|total| u64::try_from(total).unwrap_or_default()).collect())
    }
}
