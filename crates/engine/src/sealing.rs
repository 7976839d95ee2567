//! Secrets at rest: secrets and headers of subscriptions, and what second factors are made of. Each is sealed with
//! the newest key of this instance and bound to its place, so it is of no use in another row.

use crate::webhooks::stored_texts;
use crate::{Engine, EngineError};
use tributary_contact::OrganizationId;
use tributary_store::StoreExt;
use tributary_webhook::seal::is_sealed;

impl Engine {
    /// The text as it is stored.
    pub(crate) fn seal_text(&self, place: &str, text: &str) -> Result<String, EngineError> {
        let mut filled = true;
        let mut random = |bytes: &mut [u8]| filled &= getrandom::fill(bytes).is_ok();
        let keys = &self.settings().delivery.secret_keys;
        let sealed = keys.seal(place, text, &mut random).map_err(EngineError::internal)?;
        if filled { Ok(sealed) } else { Err(no_random_bytes()) }
    }

    /// The text behind a stored one.
    ///
    /// # Errors
    /// [`EngineError::Internal`] when it cannot be opened with the keys of this instance.
    pub(crate) fn open_text(&self, place: &str, stored: &str) -> Result<String, EngineError> {
        self.settings().delivery.secret_keys.open(place, stored).map_err(EngineError::internal)
    }

    /// Seals with the newest key what is stored plain or under an older key; how many subscriptions and users were
    /// changed. What cannot be opened is told of and left: everything else has to go on without it.
    ///
    /// # Errors
    /// Any failure of the store.
    pub fn seal_secrets(&self) -> Result<usize, EngineError> {
        let mut changed = 0;
        for organization in self.organizations()? {
            changed += self.seal_webhooks(organization.id)?;
            changed += self.seal_second_factors(organization.id)?;
        }
        Ok(changed)
    }

    /// How many subscriptions and users have a secret that is stored plain, and how many one that cannot be opened.
    ///
    /// # Errors
    /// Any failure of the store.
    pub fn unsealed_secrets(&self) -> Result<(usize, usize), EngineError> {
        let (mut plain, mut closed) = (0, 0);
        for organization in self.organizations()? {
            let org = organization.id;
            let (webhooks, users) = self.parts.store.reading(|tx| Ok((tx.webhooks(org)?, tx.users(org)?)))?;
            for stored in webhooks {
                plain += usize::from(stored_texts(&stored).any(|text| !is_sealed(text)));
                closed += usize::from(self.opened_row(org, stored).is_err());
            }
            for user in users {
                plain += usize::from(user.totp_secret.as_deref().is_some_and(|text| !is_sealed(text)));
                closed += usize::from(self.second_factor_secret(org, &user).is_err());
            }
        }
        Ok((plain, closed))
    }

    fn seal_webhooks(&self, org: OrganizationId) -> Result<usize, EngineError> {
        let mut changed = 0;
        for stored in self.parts.store.reading(|tx| tx.webhooks(org))? {
            let (id, current) = (stored.id, stored_texts(&stored).all(|text| self.is_current(text)));
            if current {
                continue;
            }
            if let Err(error) = self.opened_row(org, stored) {
                tracing::error!(organization = org.0, webhook = id.0, %error, "a webhook's secret cannot be opened");
                continue;
            }
            self.change_webhook(org, id, |_, _| Ok(()))?;
            changed += 1;
        }
        Ok(changed)
    }

    fn seal_second_factors(&self, org: OrganizationId) -> Result<usize, EngineError> {
        self.transact("seal_second_factors", |tx| {
            let mut changed = 0;
            for mut user in tx.users(org)? {
                if user.totp_secret.as_deref().is_none_or(|text| self.is_current(text)) {
                    continue;
                }
                match self.second_factor_secret(org, &user) {
                    Ok(Some(secret)) => user.totp_secret = Some(self.seal_text(&user_place(org, user.id), &secret)?),
                    Ok(None) => continue,
                    Err(error) => {
                        tracing::error!(organization = org.0, user = user.id.0, %error, "a second factor cannot be opened");
                        continue;
                    }
                }
                tx.update_user(org, &user)?;
                changed += 1;
            }
            Ok(changed)
        })
    }

    fn is_current(&self, stored: &str) -> bool {
        self.settings().delivery.secret_keys.is_current(stored)
    }
}

/// Where the sealed secret of a user's second factor belongs.
pub(crate) fn user_place(org: OrganizationId, id: tributary_contact::UserId) -> String {
    format!("user/{org}/{id}")
}

pub(crate) fn no_random_bytes() -> EngineError {
    EngineError::internal("the operating system gave no random bytes")
}
