//! The optional second factor: codes of an authenticator app (RFC 6238: SHA-1, six digits, 30 seconds), each good
//! for one sign-in.

use super::User;
use crate::sealing::{no_random_bytes, user_place};
use crate::{Engine, EngineError};
use totp_rs::{Builder, Secret, Totp};
use tributary_contact::clock::Timestamp;
use tributary_contact::issue::{Issue, IssueCode};
use tributary_contact::{OrganizationId, UserId};
use tributary_store::UserRow;

/// Steps before the first one that a code can have: no code was used yet.
const NO_STEP: i64 = -1;

/// What an authenticator app needs to know. Shown until the first code was given.
#[derive(Clone, PartialEq, Eq)]
pub struct Enrolment {
    /// The secret in base 32, to be typed in.
    pub secret: String,
    /// The same as an `otpauth:` address, for a link.
    pub url: String,
}

/// Whether the user's second factor was confirmed and so is asked for.
pub(super) fn is_on(row: &UserRow) -> bool {
    row.totp_secret.is_some() && row.totp_step.is_some()
}

/// The step of a code that is good now and was not used before. `secret` is the user's, opened.
fn step_of(row: &UserRow, secret: &str, code: &str, now: Timestamp) -> Result<Option<i64>, EngineError> {
    let totp = totp(secret, &row.email)?;
    let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let found = totp.check(&code, u64::try_from(now.timestamp()).unwrap_or_default());
    let step = found.and_then(|step| i64::try_from(step).ok());
    Ok(step.filter(|step| *step > row.totp_step.unwrap_or(NO_STEP)))
}

fn totp(secret: &str, email: &str) -> Result<Totp, EngineError> {
    let secret = Secret::try_from_base32(secret).map_err(EngineError::internal)?;
    let builder = Builder::new().with_secret(secret).with_issuer(Some("Tributary")).with_account_name(email);
    builder.build().map_err(EngineError::internal)
}

fn enrolment(secret: &str, email: &str) -> Result<Enrolment, EngineError> {
    let url = totp(secret, email)?.to_url().map_err(EngineError::internal)?;
    Ok(Enrolment { secret: secret.to_owned(), url })
}

fn new_secret() -> Result<String, EngineError> {
    let mut bytes = [0_u8; 20];
    getrandom::fill(&mut bytes).map_err(|_| no_random_bytes())?;
    Ok(Secret::from(bytes).to_base32())
}

impl Engine {
    /// Begins to set up a user's second factor, or shows again what was begun. It is asked for once it was
    /// confirmed.
    ///
    /// # Errors
    /// [`EngineError::NotFound`]; [`EngineError::Conflict`] when it is on already.
    pub fn begin_second_factor(&self, org: OrganizationId, id: UserId) -> Result<Enrolment, EngineError> {
        let fresh = new_secret()?;
        self.transact("begin_second_factor", |tx| {
            let mut user = tx.user(org, id)?.ok_or(EngineError::NotFound)?;
            if is_on(&user) {
                return Err(EngineError::conflict("The second factor is on already."));
            }
            let secret = match self.second_factor_secret(org, &user)? {
                Some(begun) => begun,
                None => {
                    user.totp_secret = Some(self.seal_text(&user_place(org, id), &fresh)?);
                    tx.update_user(org, &user)?;
                    fresh.clone()
                }
            };
            enrolment(&secret, &user.email)
        })
    }

    /// The secret of a user's second factor, begun or on, as it was before it was sealed.
    ///
    /// # Errors
    /// [`EngineError::Internal`] when it cannot be opened with the keys of this instance.
    pub(crate) fn second_factor_secret(
        &self,
        org: OrganizationId,
        row: &UserRow,
    ) -> Result<Option<String>, EngineError> {
        let stored = row.totp_secret.as_deref();
        stored.map(|stored| self.open_text(&user_place(org, row.id), stored)).transpose()
    }

    /// The step of a code of the user that is good now and was not used before.
    pub(super) fn step_of_code(
        &self,
        org: OrganizationId,
        row: &UserRow,
        code: &str,
        now: Timestamp,
    ) -> Result<Option<i64>, EngineError> {
        let secret = self.second_factor_secret(org, row)?;
        secret.map_or(Ok(None), |secret| step_of(row, &secret, code, now))
    }

    /// Turns a user's second factor on, once a code of it was given.
    ///
    /// # Errors
    /// [`EngineError::NotFound`]; [`EngineError::Invalid`] for a wrong code, or when nothing was begun.
    pub fn confirm_second_factor(&self, org: OrganizationId, id: UserId, code: &str) -> Result<User, EngineError> {
        let now = self.now();
        self.transact("confirm_second_factor", |tx| {
            let mut user = tx.user(org, id)?.ok_or(EngineError::NotFound)?;
            let Some(step) = self.step_of_code(org, &user, code, now)? else {
                let message = "This code is not right. Is the clock of the phone right?";
                return Err(EngineError::Invalid(vec![Issue::new("code", IssueCode::InvalidValue, message)]));
            };
            user.totp_step = Some(step);
            tx.update_user(org, &user)?;
            Ok(User::of(org, user))
        })
    }

    /// Takes a user's second factor away.
    ///
    /// # Errors
    /// [`EngineError::NotFound`].
    pub fn remove_second_factor(&self, org: OrganizationId, id: UserId) -> Result<User, EngineError> {
        self.change_user(org, id, |user, _| {
            user.totp_secret = None;
            user.totp_step = None;
        })
    }
}
