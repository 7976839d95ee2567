//! Organizations, API keys, and who a bearer token belongs to.

use crate::{Engine, EngineError};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::{Arc, RwLock};
use tributary_contact::OrganizationId;
use tributary_contact::clock::Timestamp;
use tributary_contact::issue::{Issue, IssueCode};
use tributary_store::{ApiKey, Counter, Organization, StoreExt};

/// How long an answer about a token is remembered: the longest time a revoked key goes on working.
const SESSION_SECONDS: i64 = 5;
/// Entries above which the memory of tokens is emptied, so that it cannot grow without bound.
const SESSIONS_AT_MOST: usize = 10_000;

macro_rules! scopes {
    ($($(#[$meta:meta])* $variant:ident => $text:literal),+ $(,)?) => {
        /// What a key may do.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Scope { $($(#[$meta])* $variant),+ }

        impl Scope {
            /// Every scope.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Stable text.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }
        }
    };
}

scopes! {
    /// Submit transactions.
    Submit => "transactions:write",
    /// Read what became of transactions.
    ReadTransactions => "transactions:read",
    /// Read contacts.
    ReadContacts => "contacts:read",
    /// Create and change contacts directly.
    WriteContacts => "contacts:write",
    /// See and resolve the needs-update bucket, undo decisions.
    Review => "review",
    /// Start and see batch runs.
    Batch => "batch",
    /// Manage webhook subscriptions.
    Webhooks => "webhooks",
}

impl Scope {
    /// What a key bound to reference sources can be given. The rest shows or decides other senders' rows, or
    /// tells of all contacts.
    pub const OF_BOUND_KEYS: &'static [Self] = &[Self::Submit, Self::ReadTransactions, Self::ReadContacts];

    /// The scope whose text this is.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|scope| scope.as_str() == text)
    }
}

/// Whom a valid token stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    /// Tenant.
    pub organization: OrganizationId,
    /// The API key.
    pub key_id: i64,
    /// Its name.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// Reference sources it may use; empty means all.
    pub sources: Vec<String>,
}

impl Principal {
    /// Whether it has a scope.
    #[must_use]
    pub fn allows(&self, scope: Scope) -> bool {
        self.scopes.contains(&scope)
    }

    /// Whether it may speak for a reference source.
    #[must_use]
    pub fn allows_source(&self, source: &str) -> bool {
        self.sources.is_empty() || self.sources.iter().any(|own| own.eq_ignore_ascii_case(source))
    }
}

/// What a new organization needs.
#[derive(Debug, Clone)]
pub struct NewOrganization {
    /// Display name.
    pub name: String,
    /// IANA zone.
    pub time_zone: String,
    /// ISO 3166 two-letter code.
    pub country: String,
    /// When the batch is due, as a cron line; midnight when none.
    pub batch_cron: Option<String>,
}

/// What a new key needs.
#[derive(Debug, Clone, Default)]
pub struct NewKey {
    /// Name for people.
    pub name: String,
    /// What it may do; empty means everything, or [`Scope::OF_BOUND_KEYS`] for a key that is bound to sources.
    pub scopes: Vec<Scope>,
    /// Reference sources it is bound to; empty means all.
    pub sources: Vec<String>,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
}

/// Tokens seen lately. A hit costs a hash and a look-up, no database.
#[derive(Default)]
pub(crate) struct Sessions(RwLock<HashMap<String, (Arc<Principal>, Timestamp)>>);

impl Sessions {
    fn get(&self, hash: &str, now: Timestamp) -> Option<Arc<Principal>> {
        let sessions = self.0.read().ok()?;
        sessions.get(hash).filter(|(_, until)| *until > now).map(|(principal, _)| principal.clone())
    }

    fn put(&self, hash: String, principal: Arc<Principal>, until: Timestamp) {
        if let Ok(mut sessions) = self.0.write() {
            if sessions.len() >= SESSIONS_AT_MOST {
                sessions.clear();
            }
            sessions.insert(hash, (principal, until));
        }
    }

    fn forget(&self) {
        if let Ok(mut sessions) = self.0.write() {
            sessions.clear();
        }
    }
}

fn hash_of(token: &str) -> String {
    hex::encode(Sha256::digest(token.as_bytes()))
}

/// Key text is `trib_<organization>_<43 characters>`: it names its organization, so that the look-up stays inside it.
fn organization_of(token: &str) -> Option<OrganizationId> {
    let (organization, secret) = token.strip_prefix("trib_")?.split_once('_')?;
    (secret.len() >= 32).then(|| organization.parse().ok().map(OrganizationId))?
}

impl Engine {
    /// The principal of a token that was seen in the last few seconds; asks no database.
    #[must_use]
    pub fn authenticate_cached(&self, token: &str) -> Option<Arc<Principal>> {
        self.sessions.get(&hash_of(token), self.now())
    }

    /// The principal of a token; none for every kind of bad token alike.
    ///
    /// # Errors
    /// Any failure of the store.
    pub fn authenticate(&self, token: &str) -> Result<Option<Arc<Principal>>, EngineError> {
        let Some(organization) = organization_of(token) else { return Ok(None) };
        let (hash, now) = (hash_of(token), self.now());
        if let Some(principal) = self.sessions.get(&hash, now) {
            return Ok(Some(principal));
        }
        // The look-up is by the hash of 256 random bits, so its timing tells nothing about another key.
        let found = self.parts.store.reading(|tx| tx.api_key(organization, &hash))?;
        let live = found.filter(|key| key.revoked_at.is_none() && key.expires_at.is_none_or(|end| end > now));
        Ok(live.map(|key| {
            let until = key.expires_at.map_or(now + TimeDelta::seconds(SESSION_SECONDS), |end| {
                end.min(now + TimeDelta::seconds(SESSION_SECONDS))
            });
            let principal = Arc::new(principal(organization, key));
            self.sessions.put(hash.clone(), principal.clone(), until);
            principal
        }))
    }

    /// Creates an organization.
    ///
    /// # Errors
    /// [`EngineError::Invalid`] for a blank name, an unknown zone or country, or a bad cron line.
    pub fn create_organization(&self, new: NewOrganization) -> Result<Organization, EngineError> {
        let now = self.now();
        let mut organization = Organization {
            id: OrganizationId(0),
            name: new.name.trim().to_owned(),
            time_zone: new.time_zone,
            country: new.country.to_ascii_uppercase(),
            batch_cron: new.batch_cron.unwrap_or_else(|| "0 0 * * *".to_owned()),
            last_due_at: now,
            key_version: tributary_matching::KEY_VERSION,
            created_at: now,
        };
        let issues = organization_issues(&organization);
        if !issues.is_empty() {
            return Err(EngineError::Invalid(issues));
        }
        organization.id =
            self.parts.store.writing("create_organization", |tx| tx.insert_organization(&organization))?;
        Ok(organization)
    }

    /// All organizations.
    ///
    /// # Errors
    /// Any failure of the store.
    pub fn organizations(&self) -> Result<Vec<Organization>, EngineError> {
        Ok(self.parts.store.reading(|tx| tx.organizations())?)
    }

    /// One organization.
    ///
    /// # Errors
    /// [`EngineError::NotFound`].
    pub fn organization(&self, id: OrganizationId) -> Result<Organization, EngineError> {
        self.parts.store.reading(|tx| tx.organization(id))?.ok_or(EngineError::NotFound)
    }

    /// Creates a key; its text is handed back once and never stored.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] for an unknown organization, [`EngineError::Invalid`] for a blank name, or scopes
    /// that a key bound to sources cannot have.
    pub fn create_key(&self, organization: OrganizationId, new: NewKey) -> Result<(ApiKey, String), EngineError> {
        self.organization(organization)?;
        let issues = key_issues(&new);
        if !issues.is_empty() {
            return Err(EngineError::Invalid(issues));
        }
        let text = new_key_text(organization)?;
        let most = if new.sources.is_empty() { Scope::ALL } else { Scope::OF_BOUND_KEYS };
        let scopes = if new.scopes.is_empty() { most.to_vec() } else { new.scopes };
        let mut key = ApiKey {
            id: 0,
            name: new.name.trim().to_owned(),
            hash: hash_of(&text),
            scopes: scopes.iter().map(|scope| scope.as_str().to_owned()).collect(),
            sources: new.sources,
            created_at: self.now(),
            expires_at: new.expires_at,
            revoked_at: None,
        };
        self.parts.store.writing("create_key", |tx| {
            key.id = tx.allocate(organization, Counter::ApiKey, 1)?;
            tx.insert_api_key(organization, &key)
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
}

fn principal(organization: OrganizationId, key: ApiKey) -> Principal {
    let scopes = key.scopes.iter().filter_map(|text| Scope::parse(text)).collect();
    Principal { organization, key_id: key.id, name: key.name, scopes, sources: key.sources }
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

fn organization_issues(organization: &Organization) -> Vec<Issue> {
    let mut issues = Vec::new();
    if organization.name.is_empty() {
        issues.push(Issue::new("name", IssueCode::Required, "A name is needed."));
    }
    let country = organization.country.as_bytes();
    if country.len() != 2 || !country.iter().all(u8::is_ascii_uppercase) {
        issues.push(Issue::new("country", IssueCode::InvalidValue, "A two-letter country code is needed, like US."));
    }
    issues.extend(crate::schedule::check(&organization.batch_cron, &organization.time_zone));
    issues
}
