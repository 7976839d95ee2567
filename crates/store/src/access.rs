//! Organizations, their API keys, and what is counted and remembered per key.

use crate::StoreResult;
use tributary_contact::OrganizationId;
use tributary_contact::clock::Timestamp;
use uuid::Uuid;

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
    /// What it may do by itself.
    pub scopes: Vec<String>,
    /// The organization's own permission group that it is in, by name: what that may do, it may too.
    pub group: Option<String>,
    /// Reference sources it may submit and read; empty means all.
    pub sources: Vec<String>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it ends, if ever.
    pub expires_at: Option<Timestamp>,
    /// When it was revoked, if it was.
    pub revoked_at: Option<Timestamp>,
    /// When it was last used, to about a minute.
    pub last_used_at: Option<Timestamp>,
    /// The key that this one takes the place of, if it was made by a rotation.
    pub replaces: Option<i64>,
}

/// A permission group that an organization makes for itself. Its name is unique in any letter case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PermissionGroupRow {
    /// Name.
    pub name: String,
    /// What its keys may do.
    pub scopes: Vec<String>,
}

/// Stands for the organization as a whole where a key is named.
pub const WHOLE_ORGANIZATION: i64 = 0;

/// A request that is to have one effect however often it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnceRow {
    /// The key that sent it.
    pub key_id: i64,
    /// The sender's name for it.
    pub token: String,
    /// SHA-256 of what it asks for, hex.
    pub fingerprint: String,
    /// Where the ids of the rows it makes begin.
    pub seed: Uuid,
    /// When it was begun, the last time.
    pub begun_at: Timestamp,
    /// Until when it is remembered.
    pub expires_at: Timestamp,
    /// What it made, once it did.
    pub effect: Option<i64>,
    /// Its answer as JSON, once there is one.
    pub answer: Option<String>,
}

impl OnceRow {
    /// The answer of a request whose effect was erased.
    pub const ERASED: &'static str = "erased";

    /// Whether the row that a request makes can be one of those that this request made: ids count on from the seed in
    /// their last sixteen bits.
    #[must_use]
    pub fn may_have_made(seed: Uuid, record: Uuid) -> bool {
        seed.as_u128() >> 16 == record.as_u128() >> 16
    }
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
    /// Limits of requests per hour other than the configured one, by key ([`WHOLE_ORGANIZATION`] for all).
    ///
    /// # Errors
    /// Any failure of the store.
    fn request_limits(&mut self, organization: OrganizationId) -> StoreResult<Vec<(i64, i64)>>;
    /// The organization's own permission groups, by name.
    ///
    /// # Errors
    /// Any failure of the store.
    fn permission_groups(&mut self, organization: OrganizationId) -> StoreResult<Vec<PermissionGroupRow>>;
    /// A request to be done once, begun or done.
    ///
    /// # Errors
    /// Any failure of the store.
    fn once(&mut self, organization: OrganizationId, key_id: i64, token: &str) -> StoreResult<Option<OnceRow>>;
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
    /// Stores a permission group in the place of the one of its name, if there is one.
    ///
    /// # Errors
    /// Any failure of the store.
    fn put_permission_group(&mut self, organization: OrganizationId, group: &PermissionGroupRow) -> StoreResult<()>;
    /// Removes a permission group; `false` when there is none of this name.
    ///
    /// # Errors
    /// Any failure of the store.
    fn delete_permission_group(&mut self, organization: OrganizationId, name: &str) -> StoreResult<bool>;
    /// Ends a key; `false` when there is no such live key.
    ///
    /// # Errors
    /// Any failure of the store.
    fn revoke_api_key(&mut self, organization: OrganizationId, id: i64, at: Timestamp) -> StoreResult<bool>;
    /// Lets a live key end at a time, if it does not end earlier; `false` when there is no such live key.
    ///
    /// # Errors
    /// Any failure of the store.
    fn expire_api_key(&mut self, organization: OrganizationId, id: i64, at: Timestamp) -> StoreResult<bool>;
    /// Notes that a key was used.
    ///
    /// # Errors
    /// Any failure of the store.
    fn note_key_use(&mut self, organization: OrganizationId, id: i64, at: Timestamp) -> StoreResult<()>;
    /// Sets a limit of requests per hour, or takes it away.
    ///
    /// # Errors
    /// Any failure of the store.
    fn set_request_limit(
        &mut self,
        organization: OrganizationId,
        key_id: i64,
        per_hour: Option<i64>,
    ) -> StoreResult<()>;
    /// Adds requests to an hour (hours since 1970) and hands back how many it has now. Earlier hours are forgotten.
    ///
    /// # Errors
    /// Any failure of the store.
    fn add_requests(&mut self, organization: OrganizationId, key_id: i64, hour: i64, requests: i64)
    -> StoreResult<i64>;
    /// Stores a request to be done once.
    ///
    /// # Errors
    /// [`crate::StoreError::Conflict`] when it is there already.
    fn insert_once(&mut self, organization: OrganizationId, new: &OnceRow) -> StoreResult<()>;
    /// Stores what changed of it: when it was begun, its effect, its answer.
    ///
    /// # Errors
    /// Any failure of the store.
    fn update_once(&mut self, organization: OrganizationId, changed: &OnceRow) -> StoreResult<()>;
    /// Forgets it.
    ///
    /// # Errors
    /// Any failure of the store.
    fn delete_once(&mut self, organization: OrganizationId, key_id: i64, token: &str) -> StoreResult<()>;
    /// Forgets those whose time is over.
    ///
    /// # Errors
    /// Any failure of the store.
    fn delete_expired_once(&mut self, organization: OrganizationId, now: Timestamp) -> StoreResult<()>;
}
