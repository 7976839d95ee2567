//! Signing in: e-mail address, password and, where it is on, a code. Every refusal looks the same and takes as long.

use super::{User, second_factor};
use crate::{Engine, EngineError};
use tributary_contact::OrganizationId;
use tributary_store::{StoreExt, UserRow};

/// What a person gives to sign in.
#[derive(Clone, Copy)]
pub struct Credentials<'a> {
    /// Organization, when they said which.
    pub organization: Option<OrganizationId>,
    /// E-mail address.
    pub email: &'a str,
    /// Password.
    pub password: &'a str,
    /// Code of the second factor.
    pub code: Option<&'a str>,
    /// Where they call from, for the throttle: a network address.
    pub origin: &'a str,
}

/// What comes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignIn {
    /// They are who they say; a session can begin.
    Accepted(User),
    /// The password is right; a code is needed.
    CodeNeeded,
    /// The password is right in several organizations; one has to be chosen.
    Choose(Vec<OrganizationId>),
    /// Something is wrong: address, password, code, or the user is disabled.
    Refused,
    /// Too many failures; nothing was looked at.
    Throttled {
        /// Seconds until it makes sense to try again.
        seconds: i64,
    },
}

impl Engine {
    /// Checks who somebody is.
    ///
    /// # Errors
    /// Any failure of the store.
    pub fn sign_in(&self, given: &Credentials<'_>) -> Result<SignIn, EngineError> {
        let email = given.email.trim().to_lowercase();
        let now = self.now();
        if let Err(seconds) = self.users.throttle.attempt(&email, given.origin, now) {
            metrics::counter!("tributary_sign_ins_total", "outcome" => "throttled").increment(1);
            return Ok(SignIn::Throttled { seconds });
        }
        let outcome = self.examine(given, &email)?;
        if outcome != SignIn::Refused {
            self.users.throttle.forgive(&email, given.origin);
        }
        let outcome_name = if outcome == SignIn::Refused { "refused" } else { "accepted" };
        metrics::counter!("tributary_sign_ins_total", "outcome" => outcome_name).increment(1);
        Ok(outcome)
    }

    fn examine(&self, given: &Credentials<'_>, email: &str) -> Result<SignIn, EngineError> {
        let (mut right, known) = (Vec::new(), self.same_address(given.organization, email)?);
        if known.is_empty() {
            // An unknown address takes as long as a wrong password.
            self.users.passwords.verify(given.password, None)?;
        }
        for (org, user) in known {
            if self.users.passwords.verify(given.password, Some(&user.password_hash))? {
                right.push((org, user));
            }
        }
        match right.as_slice() {
            [] => Ok(SignIn::Refused),
            [(org, user)] => self.second_step(*org, user, given.code),
            several => Ok(SignIn::Choose(several.iter().map(|(org, _)| *org).collect())),
        }
    }

    /// The users who may sign in with this address. Few organizations share a database, so asking each is cheap,
    /// and no query crosses them.
    fn same_address(
        &self,
        organization: Option<OrganizationId>,
        email: &str,
    ) -> Result<Vec<(OrganizationId, UserRow)>, EngineError> {
        let found = self.parts.store.reading(|tx| {
            let organizations = match organization {
                Some(id) => vec![id],
                None => tx.organizations()?.into_iter().map(|organization| organization.id).collect(),
            };
            let mut users = Vec::new();
            for org in organizations {
                let user = tx.user_by_email(org, email)?.filter(|user| user.disabled_at.is_none());
                users.extend(user.map(|user| (org, user)));
            }
            Ok(users)
        })?;
        Ok(found)
    }

    /// Asks for the code where one is needed, and notes the sign-in. In one transaction, so that a code is good
    /// once only.
    fn second_step(&self, org: OrganizationId, user: &UserRow, code: Option<&str>) -> Result<SignIn, EngineError> {
        let now = self.now();
        self.transact("sign_in", |tx| {
            let unchanged = |row: &UserRow| row.password_hash == user.password_hash && row.disabled_at.is_none();
            let Some(mut row) = tx.user(org, user.id)?.filter(unchanged) else { return Ok(SignIn::Refused) };
            if second_factor::is_on(&row) {
                let Some(code) = code.filter(|code| !code.trim().is_empty()) else { return Ok(SignIn::CodeNeeded) };
                let Some(step) = self.step_of_code(org, &row, code, now)? else { return Ok(SignIn::Refused) };
                row.totp_step = Some(step);
            }
            row.last_sign_in_at = Some(now);
            tx.update_user(org, &row)?;
            Ok(SignIn::Accepted(User::of(org, row)))
        })
    }
}
