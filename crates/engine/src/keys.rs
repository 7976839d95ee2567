//! API keys: create, rotate, revoke, and their limits. A key's text is shown once; only its hash is stored.

use crate::access::hash_of;
use crate::{Engine, EngineError, Scope, groups};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use tributary_contact::OrganizationId;
use tributary_contact::clock::Timestamp;
use tributary_contact::issue::{Issue, IssueCode};
use tributary_store::{ApiKey, Counter, StoreExt, WHOLE_ORGANIZATION};

/// Sets of scopes that have a name, so that most keys need no list of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PermissionGroup {
    /// Everything.
    Admin,
    /// What staff do every day: read and change contacts, decide, run the batch.
    Staff,
    /// A partner platform: submit and follow what was submitted.
    Partner,
    /// Look, but change nothing.
    Reader,
}

impl PermissionGroup {
    /// Every group.
    pub const ALL: [Self; 4] = [Self::Admin, Self::Staff, Self::Partner, Self::Reader];

    /// Stable text.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Staff => "staff",
            Self::Partner => "partner",
            Self::Reader => "reader",
        }
    }

    /// The group whose text this is.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|group| group.as_str() == text)
    }

    /// What the group may do.
    #[must_use]
    pub const fn scopes(self) -> &'static [Scope] {
        match self {
            Self::Admin => Scope::ALL,
            Self::Staff => &[
                Scope::Submit,
                Scope::ReadTransactions,
                Scope::ReadContacts,
                Scope::WriteContacts,
                Scope::Review,
                Scope::Batch,
            ],
            Self::Partner => Scope::OF_BOUND_KEYS,
            Self::Reader => &[Scope::ReadTransactions, Scope::ReadContacts],
        }
    }
}

/// What a new key needs.
#[derive(Debug, Clone, Default)]
pub struct NewKey {
    /// Name for people.
    pub name: String,
    /// What it may do; empty, and without a group, means everything, or [`Scope::OF_BOUND_KEYS`] for a key that is
    /// bound to sources.
    pub scopes: Vec<Scope>,
    /// The organization's own permission group that it is in, by name.
    pub group: Option<String>,
    /// Reference sources it is bound to; empty means all.
    pub sources: Vec<String>,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
    /// Requests per hour it may send, when fewer than its organization.
    pub requests_per_hour: Option<u64>,
}

impl NewKey {
    /// What it may do by itself: what was asked for, or without a group everything that it can be given.
    #[must_use]
    pub fn scopes(&self) -> &[Scope] {
        match (self.scopes.as_slice(), self.sources.as_slice()) {
            (asked, _) if self.group.is_some() => asked,
            ([], []) => Scope::ALL,
            ([], _) => Scope::OF_BOUND_KEYS,
            (asked, _) => asked,
        }
    }
}

impl Engine {
    /// Creates a key; its text is handed back once and never stored.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] for an unknown organization, [`EngineError::Invalid`] for a blank name, an unknown
    /// group, or scopes that a key bound to sources cannot have.
    pub fn create_key(&self, organization: OrganizationId, new: NewKey) -> Result<(ApiKey, String), EngineError> {
        self.organization(organization)?;
        let issues = key_issues(&new);
        if !issues.is_empty() {
            return Err(EngineError::Invalid(issues));
        }
        let text = new_key_text(organization)?;
        let mut key = ApiKey {
            id: 0,
            name: new.name.trim().to_owned(),
            hash: hash_of(&text),
            scopes: new.scopes().iter().map(|scope| scope.as_str().to_owned()).collect(),
            sources: new.sources,
            group: new.group,
            created_at: self.now(),
            expires_at: new.expires_at,
            revoked_at: None,
            last_used_at: None,
            replaces: None,
        };
        let limit = new.requests_per_hour.map(|limit| i64::try_from(limit).unwrap_or(i64::MAX));
        self.transact("create_key", |tx| {
            if let Some(name) = &key.group {
                key.group = Some(groups::named(tx, organization, name)?.name);
            }
            key.id = tx.allocate(organization, Counter::ApiKey, 1)?;
            tx.set_request_limit(organization, key.id, limit)?;
            tx.insert_api_key(organization, &key)?;
            Ok(())
        })?;
        Ok((key, text))
    }

    /// All keys of an organization, without their texts.
    ///
    /// # Errors
    /// Any failure of the store.
    pub fn api_keys(&self, organization: OrganizationId) -> Result<Vec<ApiKey>, EngineError> {
        Ok(self.parts.store.reading(|tx| tx.api_keys(organization))?)
    }

    /// Ends a key: at once in this process, within seconds in others.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] when there is no such live key.
    pub fn revoke_key(&self, organization: OrganizationId, id: i64) -> Result<(), EngineError> {
        let now = self.now();
        let revoked = self.parts.store.writing("revoke_key", |tx| tx.revoke_api_key(organization, id, now))?;
        self.sessions.forget();
        if revoked { Ok(()) } else { Err(EngineError::NotFound) }
    }

    /// Makes a key that takes the place of another one: same name, scopes, sources and limit. The old one goes on
    /// working for the overlap (0: it ends now), so that its users can change over without a gap.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] when there is no such live key.
    pub fn rotate_key(
        &self,
        organization: OrganizationId,
        id: i64,
        overlap: TimeDelta,
    ) -> Result<(ApiKey, String), EngineError> {
        let now = self.now();
        let text = new_key_text(organization)?;
        let made = self.transact("rotate_key", |tx| {
            let live = |key: &ApiKey| key.revoked_at.is_none() && key.expires_at.is_none_or(|end| end > now);
            let old = tx.api_keys(organization)?.into_iter().find(|key| key.id == id).filter(live);
            let old = old.ok_or(EngineError::NotFound)?;
            let limits = tx.request_limits(organization)?;
            let limit = limits.iter().find(|(key, _)| *key == id).map(|(_, per_hour)| *per_hour);
            let lifetime = old.expires_at.map(|end| end - old.created_at);
            tx.expire_api_key(organization, id, now + overlap)?;
            let key = ApiKey {
                id: tx.allocate(organization, Counter::ApiKey, 1)?,
                hash: hash_of(&text),
                created_at: now,
                expires_at: lifetime.map(|lifetime| now + lifetime),
                last_used_at: None,
                replaces: Some(id),
                ..old
            };
            tx.insert_api_key(organization, &key)?;
            tx.set_request_limit(organization, key.id, limit)?;
            Ok(key)
        })?;
        self.sessions.forget();
        Ok((made, text))
    }

    /// Sets how many requests an organization may send in an hour; none: as configured.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] for an unknown organization.
    pub fn set_request_limit(&self, organization: OrganizationId, per_hour: Option<u64>) -> Result<(), EngineError> {
        self.organization(organization)?;
        let per_hour = per_hour.map(|limit| i64::try_from(limit).unwrap_or(i64::MAX));
        let set =
            |tx: &mut dyn tributary_store::WriteTx| tx.set_request_limit(organization, WHOLE_ORGANIZATION, per_hour);
        self.parts.store.writing("set_request_limit", set)?;
        self.sessions.forget();
        Ok(())
    }
}

fn new_key_text(organization: OrganizationId) -> Result<String, EngineError> {
    let mut secret = [0_u8; 32];
    getrandom::fill(&mut secret).map_err(|_| EngineError::internal("the operating system gave no random bytes"))?;
    Ok(format!("trib_{organization}_{}", URL_SAFE_NO_PAD.encode(secret)))
}

fn key_issues(new: &NewKey) -> Vec<Issue> {
    let mut issues = Vec::new();
    if new.name.trim().is_empty() {
        issues.push(Issue::new("name", IssueCode::Required, "A name is needed."));
    }
    let too_much = |scope: &&Scope| !new.sources.is_empty() && !Scope::OF_BOUND_KEYS.contains(scope);
    issues.extend(new.scopes.iter().filter(too_much).map(|scope| {
        let message = format!("A key bound to reference sources cannot have the scope {}.", scope.as_str());
        Issue::new("scopes", IssueCode::InvalidValue, message)
    }));
    issues
}
