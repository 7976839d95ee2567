//! Organizations and their API keys.

use crate::StoreResult;
use tributary_contact::OrganizationId;
use tributary_contact::clock::Timestamp;

/// A tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organization {
    /// Id, given by the store.
    pub id: OrganizationId,
    /// Display name.
    pub name: String,
    /// IANA zone in which its nights are counted.
    pub time_zone: String,
    /// ISO 3166 two-letter code: the country phones and addresses are read in.
    pub country: String,
    /// When the nightly batch is due, as a five-field cron line in the organization's zone.
    pub batch_cron: String,
    /// The latest due time a scheduled run was started for (or the time of creation).
    pub last_due_at: Timestamp,
    /// Version of the match keys its contacts are stored under.
    pub key_version: i32,
    /// When it was created.
    pub created_at: Timestamp,
}

/// A credential of a partner or a person's script. The secret itself is never stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    /// Number inside the organization.
    pub id: i64,
    /// Name for people.
    pub name: String,
    /// SHA-256 of the key text, hex.
    pub hash: String,
    /// What it may do.
    pub scopes: Vec<String>,
    /// Reference sources it may submit and read; empty means all.
    pub sources: Vec<String>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it ends, if ever.
    pub expires_at: Option<Timestamp>,
    /// When it was revoked, if it was.
    pub revoked_at: Option<Timestamp>,
}

/// Reads about tenants and credentials.
pub trait ReadAccess {
    /// All organizations, by id.
    ///
    /// # Errors
    /// Any failure of the store.
    fn organizations(&mut self) -> StoreResult<Vec<Organization>>;
    /// One organization.
    ///
    /// # Errors
    /// Any failure of the store.
    fn organization(&mut self, organization: OrganizationId) -> StoreResult<Option<Organization>>;
    /// The key with this hash, revoked or expired ones too.
    ///
    /// # Errors
    /// Any failure of the store.
    fn api_key(&mut self, organization: OrganizationId, hash: &str) -> StoreResult<Option<ApiKey>>;
    /// All keys of an organization, by id.
    ///
    /// # Errors
    /// Any failure of the store.
    fn api_keys(&mut self, organization: OrganizationId) -> StoreResult<Vec<ApiKey>>;
}

/// Writes about tenants and credentials.
pub trait WriteAccess {
    /// Stores a new organization under the next id (`new.id` is ignored) and hands the id back.
    ///
    /// # Errors
    /// Any failure of the store.
    fn insert_organization(&mut self, new: &Organization) -> StoreResult<OrganizationId>;
    /// Stores the changed settings, `last_due_at` and `key_version` of an organization.
    ///
    /// # Errors
    /// Any failure of the store.
    fn update_organization(&mut self, changed: &Organization) -> StoreResult<()>;
    /// Stores a new key (`new.id` from [`crate::Counter::ApiKey`]).
    ///
    /// # Errors
    /// Any failure of the store.
    fn insert_api_key(&mut self, organization: OrganizationId, new: &ApiKey) -> StoreResult<()>;
    /// Ends a key; `false` when there is no such live key.
    ///
    /// # Errors
    /// Any failure of the store.
    fn revoke_api_key(&mut self, organization: OrganizationId, id: i64, at: Timestamp) -> StoreResult<bool>;
}
