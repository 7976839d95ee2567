//! People who sign in, and their sessions.

use crate::StoreResult;
use tributary_contact::clock::Timestamp;
use tributary_contact::{OrganizationId, UserId};

/// What a person may do in their organization. Each role may do all that the one before it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// See everything, change nothing.
    Viewer,
    /// Decide the bucket, undo decisions, start batches.
    Reviewer,
    /// Manage subscriptions and users too.
    Admin,
}

impl Role {
    /// Every role, the least first.
    pub const ALL: [Self; 3] = [Self::Viewer, Self::Reviewer, Self::Admin];

    /// Stable text.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Reviewer => "reviewer",
            Self::Admin => "admin",
        }
    }

    /// The role whose text this is.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == text)
    }
}

/// What a session's token is good for. One kind is never taken for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionPurpose {
    /// A browser's cookie.
    Console,
    /// A bearer token of the API.
    Access,
    /// Gets new tokens of the API.
    Refresh,
}

impl SessionPurpose {
    /// Stable text.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Console => "console",
            Self::Access => "access",
            Self::Refresh => "refresh",
        }
    }

    /// The purpose whose text this is.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Console, Self::Access, Self::Refresh].into_iter().find(|purpose| purpose.as_str() == text)
    }
}

/// A person who signs in.
#[derive(Clone, PartialEq, Eq)]
pub struct UserRow {
    /// Number inside the organization.
    pub id: UserId,
    /// E-mail address in lower case; unique in the organization.
    pub email: String,
    /// Name for people.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Argon2 hash of the password, as a PHC string.
    pub password_hash: String,
    /// Secret of the second factor in base 32, if there is one.
    pub totp_secret: Option<String>,
    /// Time step of the last code used; none while the second factor is not confirmed.
    pub totp_step: Option<i64>,
    /// When they were created.
    pub created_at: Timestamp,
    /// When they last signed in.
    pub last_sign_in_at: Option<Timestamp>,
    /// Since when they may not sign in, if so.
    pub disabled_at: Option<Timestamp>,
}

/// Neither hash nor secret is shown.
impl std::fmt::Debug for UserRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("UserRow").field("id", &self.id).field("role", &self.role).finish_non_exhaustive()
    }
}

/// A signed-in browser or script. The token itself is never stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRow {
    /// SHA-256 of the token, hex.
    pub hash: String,
    /// Who signed in.
    pub user: UserId,
    /// What the token is good for.
    pub purpose: SessionPurpose,
    /// When they signed in.
    pub created_at: Timestamp,
    /// When the token was last used, to about a minute.
    pub seen_at: Timestamp,
    /// When it ends at the latest.
    pub expires_at: Timestamp,
}

/// Reads about people who sign in.
pub trait ReadUsers {
    /// All users of an organization, by id.
    ///
    /// # Errors
    /// Any failure of the store.
    fn users(&mut self, organization: OrganizationId) -> StoreResult<Vec<UserRow>>;
    /// One user.
    ///
    /// # Errors
    /// Any failure of the store.
    fn user(&mut self, organization: OrganizationId, id: UserId) -> StoreResult<Option<UserRow>>;
    /// The user with this e-mail address, given in lower case.
    ///
    /// # Errors
    /// Any failure of the store.
    fn user_by_email(&mut self, organization: OrganizationId, email: &str) -> StoreResult<Option<UserRow>>;
    /// The session with this hash, an expired one too.
    ///
    /// # Errors
    /// Any failure of the store.
    fn session(&mut self, organization: OrganizationId, hash: &str) -> StoreResult<Option<SessionRow>>;
}

/// Writes about people who sign in.
pub trait WriteUsers {
    /// Stores a new user (`new.id` from [`crate::Counter::User`]).
    ///
    /// # Errors
    /// [`crate::StoreError::Conflict`] when the e-mail address is another user's.
    fn insert_user(&mut self, organization: OrganizationId, new: &UserRow) -> StoreResult<()>;
    /// Stores everything about a user but id and creation; `false` when there is no such user.
    ///
    /// # Errors
    /// Any failure of the store.
    fn update_user(&mut self, organization: OrganizationId, changed: &UserRow) -> StoreResult<bool>;
    /// Stores a new session.
    ///
    /// # Errors
    /// Any failure of the store.
    fn insert_session(&mut self, organization: OrganizationId, new: &SessionRow) -> StoreResult<()>;
    /// Notes that a session was used; nothing happens when it is gone.
    ///
    /// # Errors
    /// Any failure of the store.
    fn note_session(&mut self, organization: OrganizationId, hash: &str, seen_at: Timestamp) -> StoreResult<()>;
    /// Ends one session; `false` when there is none.
    ///
    /// # Errors
    /// Any failure of the store.
    fn delete_session(&mut self, organization: OrganizationId, hash: &str) -> StoreResult<bool>;
    /// Ends all sessions of a user but the one with this hash.
    ///
    /// # Errors
    /// Any failure of the store.
    fn delete_sessions_of(&mut self, organization: OrganizationId, user: UserId, but: Option<&str>) -> StoreResult<()>;
    /// Forgets sessions that expired before now.
    ///
    /// # Errors
    /// Any failure of the store.
    fn delete_expired_sessions(&mut self, organization: OrganizationId, now: Timestamp) -> StoreResult<()>;
}
