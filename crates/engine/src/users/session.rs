//! Sessions: a random token for whoever signed in, of which only the hash is stored. A token ends at a fixed
//! time, after a time without use, when it is ended, and with its user.

use super::User;
use crate::{Engine, EngineError};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use sha2::{Digest, Sha256};
use tributary_contact::clock::Timestamp;
use tributary_contact::{OrganizationId, UserId};
use tributary_store::{SessionPurpose, SessionRow, StoreExt};

/// Uses of a token are noted at most this often.
const NOTED_EVERY: TimeDelta = TimeDelta::minutes(1);

/// A session that was just begun.
#[derive(Clone, PartialEq, Eq)]
pub struct NewSession {
    /// The token. Shown this once.
    pub token: String,
    /// When it ends at the latest.
    pub expires_at: Timestamp,
}

/// A live session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Who signed in.
    pub user: User,
    /// When it ends at the latest.
    pub expires_at: Timestamp,
}

/// How long a token is good: in all, and without use.
fn lifetime(purpose: SessionPurpose) -> (TimeDelta, TimeDelta) {
    match purpose {
        SessionPurpose::Console => (TimeDelta::hours(12), TimeDelta::hours(1)),
        SessionPurpose::Access => (TimeDelta::hours(1), TimeDelta::hours(1)),
        SessionPurpose::Refresh => (TimeDelta::days(365), TimeDelta::days(365)),
    }
}

/// Token text is `<organization>_<43 characters>`: it names its organization, so that the look-up stays inside it.
fn organization_of(token: &str) -> Option<OrganizationId> {
    let (organization, secret) = token.split_once('_')?;
    (secret.len() == 43).then(|| organization.parse().ok().map(OrganizationId))?
}

fn hash_of(token: &str) -> String {
    hex::encode(Sha256::digest(token.as_bytes()))
}

fn new_token(organization: OrganizationId) -> Result<String, EngineError> {
    let mut secret = [0_u8; 32];
    getrandom::fill(&mut secret).map_err(|_| EngineError::internal("the operating system gave no random bytes"))?;
    Ok(format!("{organization}_{}", URL_SAFE_NO_PAD.encode(secret)))
}

impl Engine {
    /// Begins a session of a user who was just accepted.
    ///
    /// # Errors
    /// Any failure of the store.
    pub fn begin_session(&self, user: &User, purpose: SessionPurpose) -> Result<NewSession, EngineError> {
        let (now, token) = (self.now(), new_token(user.organization)?);
        let expires_at = now + lifetime(purpose).0;
        let hash = hash_of(&token);
        let row = SessionRow { hash, user: user.id, purpose, created_at: now, seen_at: now, expires_at };
        self.parts.store.writing("begin_session", |tx| {
            tx.delete_expired_sessions(user.organization, now)?;
            tx.insert_session(user.organization, &row)
        })?;
        Ok(NewSession { token, expires_at })
    }

    /// The live session of a token of this purpose; none for every kind of bad token alike.
    ///
    /// # Errors
    /// Any failure of the store.
    pub fn session(&self, token: &str, purpose: SessionPurpose) -> Result<Option<Session>, EngineError> {
        let Some(org) = organization_of(token) else { return Ok(None) };
        let (hash, now) = (hash_of(token), self.now());
        // The look-up is by the hash of 256 random bits, so its timing tells nothing about another token.
        let found = self.parts.store.reading(|tx| {
            let Some(session) = tx.session(org, &hash)? else { return Ok(None) };
            Ok(tx.user(org, session.user)?.map(|user| (session, user)))
        })?;
        let idle = lifetime(purpose).1;
        let live = |session: &SessionRow| {
            session.purpose == purpose && session.expires_at > now && session.seen_at + idle > now
        };
        let Some((session, user)) = found.filter(|(session, user)| live(session) && user.disabled_at.is_none()) else {
            return Ok(None);
        };
        if now - session.seen_at >= NOTED_EVERY {
            self.parts.store.writing("note_session", |tx| tx.note_session(org, &hash, now))?;
        }
        Ok(Some(Session { user: User::of(org, user), expires_at: session.expires_at }))
    }

    /// Ends a session, whatever its purpose. `false` when there was none.
    ///
    /// # Errors
    /// Any failure of the store.
    pub fn end_session(&self, token: &str) -> Result<bool, EngineError> {
        let Some(org) = organization_of(token) else { return Ok(false) };
        let hash = hash_of(token);
        Ok(self.parts.store.writing("end_session", |tx| tx.delete_session(org, &hash))?)
    }

    /// Ends all sessions of a user, in browsers and of scripts, but the one of this token.
    ///
    /// # Errors
    /// Any failure of the store.
    pub fn end_sessions(&self, org: OrganizationId, user: UserId, but: Option<&str>) -> Result<(), EngineError> {
        let but = but.map(hash_of);
        Ok(self.parts.store.writing("end_sessions", |tx| tx.delete_sessions_of(org, user, but.as_deref()))?)
    }
}
