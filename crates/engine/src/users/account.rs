//! Accounts: create, list, change, disable, and the password.

use super::{NewUser, User, password};
use crate::{Engine, EngineError};
use tributary_contact::clock::Timestamp;
use tributary_contact::issue::{Issue, IssueCode};
use tributary_contact::{OrganizationId, UserId};
use tributary_store::{Counter, Role, StoreExt, UserRow};

impl Engine {
    /// Creates a user. The password comes back when it was made here: it is shown once and never stored.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] for an unknown organization, [`EngineError::Invalid`] for a bad e-mail address or
    /// password, [`EngineError::Conflict`] when the address is another user's.
    pub fn create_user(&self, org: OrganizationId, new: NewUser) -> Result<(User, Option<String>), EngineError> {
        self.organization(org)?;
        let email = new.email.trim().to_lowercase();
        let made = if new.password.is_none() { Some(password::made()?) } else { None };
        let password = new.password.or_else(|| made.clone()).unwrap_or_default();
        let mut issues = email_issues(&email);
        issues.extend(password::issues(&password, &email));
        if !issues.is_empty() {
            return Err(EngineError::Invalid(issues));
        }
        let name = Some(new.name.trim()).filter(|name| !name.is_empty()).unwrap_or(&email).to_owned();
        let mut user = UserRow {
            id: UserId(0),
            email,
            name,
            role: new.role,
            password_hash: self.users.passwords.hash(&password)?,
            totp_secret: None,
            totp_step: None,
            created_at: self.now(),
            last_sign_in_at: None,
            disabled_at: None,
        };
        self.transact("create_user", |tx| {
            if tx.user_by_email(org, &user.email)?.is_some() {
                return Err(EngineError::conflict("A user with this e-mail address is there already."));
            }
            user.id = UserId(tx.allocate(org, Counter::User, 1)?);
            Ok(tx.insert_user(org, &user)?)
        })?;
        Ok((User::of(org, user), made))
    }

    /// All users of an organization, disabled ones too.
    ///
    /// # Errors
    /// Any failure of the store.
    pub fn users(&self, org: OrganizationId) -> Result<Vec<User>, EngineError> {
        let rows = self.parts.store.reading(|tx| tx.users(org))?;
        Ok(rows.into_iter().map(|row| User::of(org, row)).collect())
    }

    /// Gives a user another role.
    ///
    /// # Errors
    /// [`EngineError::NotFound`].
    pub fn set_role(&self, org: OrganizationId, id: UserId, role: Role) -> Result<User, EngineError> {
        self.change_user(org, id, |user, _| user.role = role)
    }

    /// Keeps a user from signing in and ends all their sessions, or lets them in again.
    ///
    /// # Errors
    /// [`EngineError::NotFound`].
    pub fn set_disabled(&self, org: OrganizationId, id: UserId, disabled: bool) -> Result<User, EngineError> {
        let user = self.change_user(org, id, |user, now| user.disabled_at = disabled.then_some(now))?;
        if disabled {
            self.end_sessions(org, id, None)?;
        }
        Ok(user)
    }

    /// Sets a user's password for them, a made one when none is given, and ends all their sessions. The password
    /// comes back when it was made here.
    ///
    /// # Errors
    /// [`EngineError::NotFound`], [`EngineError::Invalid`] for a bad password.
    pub fn set_password(
        &self,
        org: OrganizationId,
        id: UserId,
        new: Option<&str>,
    ) -> Result<Option<String>, EngineError> {
        let made = if new.is_none() { Some(password::made()?) } else { None };
        let text = new.or(made.as_deref()).unwrap_or_default();
        self.store_password(org, id, text)?;
        self.end_sessions(org, id, None)?;
        Ok(made)
    }

    /// Changes one's own password, and ends all one's sessions but the one of `token`.
    ///
    /// # Errors
    /// [`EngineError::NotFound`], [`EngineError::Invalid`] for a wrong present password or a bad new one.
    pub fn change_password(&self, user: &User, present: &str, new: &str, token: &str) -> Result<(), EngineError> {
        let (org, id) = (user.organization, user.id);
        let row = self.parts.store.reading(|tx| tx.user(org, id))?.ok_or(EngineError::NotFound)?;
        if !self.users.passwords.verify(present, Some(&row.password_hash))? {
            let issue = Issue::new("present", IssueCode::InvalidValue, "This is not the present password.");
            return Err(EngineError::Invalid(vec![issue]));
        }
        self.store_password(org, id, new)?;
        self.end_sessions(org, id, Some(token))
    }

    fn store_password(&self, org: OrganizationId, id: UserId, password: &str) -> Result<(), EngineError> {
        let row = self.parts.store.reading(|tx| tx.user(org, id))?.ok_or(EngineError::NotFound)?;
        let issues = password::issues(password, &row.email);
        if !issues.is_empty() {
            return Err(EngineError::Invalid(issues));
        }
        let hash = self.users.passwords.hash(password)?;
        self.change_user(org, id, |user, _| user.password_hash.clone_from(&hash)).map(drop)
    }

    pub(super) fn change_user(
        &self,
        org: OrganizationId,
        id: UserId,
        change: impl Fn(&mut UserRow, Timestamp),
    ) -> Result<User, EngineError> {
        let now = self.now();
        self.transact("change_user", |tx| {
            let mut user = tx.user(org, id)?.ok_or(EngineError::NotFound)?;
            change(&mut user, now);
            tx.update_user(org, &user)?;
            Ok(User::of(org, user))
        })
    }
}

fn email_issues(email: &str) -> Vec<Issue> {
    if email.is_empty() {
        return vec![Issue::new("email", IssueCode::Required, "An e-mail address is needed.")];
    }
    if tributary_contact::normalise::email(email).is_none() {
        return vec![Issue::new("email", IssueCode::InvalidFormat, "This is not an e-mail address.")];
    }
    Vec::new()
}
