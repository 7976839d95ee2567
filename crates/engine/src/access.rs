//! Organizations, and who a bearer token belongs to.

use crate::{Actor, Engine, EngineError, groups};
use chrono::TimeDelta;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::{Arc, RwLock};
use tributary_contact::OrganizationId;
use tributary_contact::clock::Timestamp;
use tributary_contact::issue::{Issue, IssueCode};
use tributary_store::{ApiKey, Organization, SessionPurpose, StoreExt, WHOLE_ORGANIZATION};

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
    /// See and change the survivorship policy, fold contacts anew by it.
    Policy => "policy",
    /// Erase contacts, lift tombstones, hand out everything that is held about a person.
    Privacy => "privacy",
    /// Manage keys.
    Keys => "keys",
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
    /// The person who signed in, when it is not a key. [`Self::key_id`] is then their number, negative.
    pub person: Option<String>,
    /// Limits of requests per hour other than the configured one.
    pub limits: RequestLimits,
}

/// Limits of requests per hour other than the configured one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RequestLimits {
    /// Of the organization as a whole.
    pub organization: Option<u64>,
    /// Of the key alone.
    pub key: Option<u64>,
}

impl Principal {
    /// Who does what it does, for the audit.
    #[must_use]
    pub fn actor(&self) -> Actor {
        self.person.clone().map_or(Actor::Key(self.key_id), Actor::Staff)
    }

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

    pub(crate) fn forget(&self) {
        if let Ok(mut sessions) = self.0.write() {
            sessions.clear();
        }
    }
}

pub(crate) fn hash_of(token: &str) -> String {
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
        let (hash, now) = (hash_of(token), self.now());
        if let Some(principal) = self.sessions.get(&hash, now) {
            return Ok(Some(principal));
        }
        let found = match organization_of(token) {
            Some(organization) => self.key_of(organization, &hash)?,
            None => self.person_of(token)?,
        };
        Ok(found.map(|(principal, ends_at)| {
            let until = now + TimeDelta::seconds(SESSION_SECONDS);
            let principal = Arc::new(principal);
            self.sessions.put(hash, principal.clone(), ends_at.map_or(until, |end| end.min(until)));
            principal
        }))
    }

    /// The look-up is by the hash of 256 random bits, so its timing tells nothing about another key.
    fn key_of(
        &self,
        organization: OrganizationId,
        hash: &str,
    ) -> Result<Option<(Principal, Option<Timestamp>)>, EngineError> {
        let now = self.now();
        let found = self.parts.store.reading(|tx| {
            let live = |key: &ApiKey| key.revoked_at.is_none() && key.expires_at.is_none_or(|end| end > now);
            let Some(key) = tx.api_key(organization, hash)?.filter(live) else { return Ok(None) };
            let scopes = groups::scopes_of(tx, organization, &key)?;
            Ok(Some((key, scopes, tx.request_limits(organization)?)))
        })?;
        Ok(found.map(|(key, scopes, limits)| {
            let ends_at = key.expires_at;
            let limits = request_limits(&limits, key.id);
            let (key_id, name, sources) = (key.id, key.name, key.sources);
            (Principal { organization, key_id, name, scopes, sources, person: None, limits }, ends_at)
        }))
    }

    /// The person whom an access token of `POST /Token` stands for.
    fn person_of(&self, token: &str) -> Result<Option<(Principal, Option<Timestamp>)>, EngineError> {
        let Some(session) = self.session(token, SessionPurpose::Access)? else { return Ok(None) };
        let user = session.user;
        let limits = self.parts.store.reading(|tx| tx.request_limits(user.organization))?;
        let principal = Principal {
            organization: user.organization,
            key_id: -user.id.0,
            scopes: Scope::ALL.iter().copied().filter(|scope| user.allows(*scope)).collect(),
            sources: Vec::new(),
            limits: request_limits(&limits, -user.id.0),
            name: user.name,
            person: Some(user.email),
        };
        Ok(Some((principal, Some(session.expires_at))))
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
            key_version: crate::INDEX_VERSION,
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
}

fn request_limits(limits: &[(i64, i64)], key_id: i64) -> RequestLimits {
    let of = |id| limits.iter().find(|(key, _)| *key == id).and_then(|(_, per_hour)| u64::try_from(*per_hour).ok());
    RequestLimits { organization: of(WHOLE_ORGANIZATION), key: of(key_id) }
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
