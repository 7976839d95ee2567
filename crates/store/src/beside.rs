//! What is kept beside contacts: who follows them, where their addresses are, pictures of their people.

use crate::{AuditRow, StoreResult};
use tributary_contact::clock::Timestamp;
use tributary_contact::{ContactId, ItemId, OrganizationId};

/// An address whose place is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct PositionRow {
    /// The contact.
    pub contact: ContactId,
    /// Its address.
    pub address: ItemId,
    /// Millionths of a degree, -90 to 90 million.
    pub latitude: i32,
    /// Millionths of a degree, -180 to 180 million.
    pub longitude: i32,
}

/// A rectangle on the map, edges included, in millionths of a degree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rectangle {
    /// South and north.
    pub latitude: (i32, i32),
    /// West and east; west is greater where the rectangle spans the 180th meridian.
    pub longitude: (i32, i32),
}

/// A picture of an individual.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Avatar {
    /// Media type, for example `image/png`.
    pub content_type: String,
    /// The picture.
    pub image: Vec<u8>,
}

/// Reads about what is beside contacts.
pub trait ReadBeside {
    /// Whether this follower follows the contact.
    ///
    /// # Errors
    /// Any failure of the store.
    fn follows(&mut self, organization: OrganizationId, follower: &str, contact: ContactId) -> StoreResult<bool>;
    /// A part of the contacts that it follows, by id, and how many there are in all.
    ///
    /// # Errors
    /// Any failure of the store.
    fn followed(
        &mut self,
        organization: OrganizationId,
        follower: &str,
        skip: i64,
        take: i64,
    ) -> StoreResult<(Vec<ContactId>, i64)>;
    /// A part of the changes of the contacts that it follows, latest first, and how many there are in all.
    ///
    /// # Errors
    /// Any failure of the store.
    fn followed_changes(
        &mut self,
        organization: OrganizationId,
        follower: &str,
        skip: i64,
        take: i64,
    ) -> StoreResult<(Vec<AuditRow>, i64)>;
    /// The addresses in a rectangle, by contact and address.
    ///
    /// # Errors
    /// Any failure of the store.
    fn positions(&mut self, organization: OrganizationId, within: &Rectangle) -> StoreResult<Vec<PositionRow>>;
    /// The picture of an individual.
    ///
    /// # Errors
    /// Any failure of the store.
    fn avatar(&mut self, organization: OrganizationId, individual: ItemId) -> StoreResult<Option<Avatar>>;
}

/// Writes about what is beside contacts.
pub trait WriteBeside {
    /// Begins or ends following a contact; nothing happens when it is so already.
    ///
    /// # Errors
    /// Any failure of the store.
    fn set_following(
        &mut self,
        organization: OrganizationId,
        follower: &str,
        contact: ContactId,
        since: Option<Timestamp>,
    ) -> StoreResult<()>;
    /// Adds places of addresses.
    ///
    /// # Errors
    /// Any failure of the store.
    fn add_positions(&mut self, organization: OrganizationId, new: &[PositionRow]) -> StoreResult<()>;
    /// Removes places of addresses.
    ///
    /// # Errors
    /// Any failure of the store.
    fn remove_positions(&mut self, organization: OrganizationId, gone: &[PositionRow]) -> StoreResult<()>;
    /// Stores a picture of an individual in place of an earlier one.
    ///
    /// # Errors
    /// Any failure of the store.
    fn put_avatar(
        &mut self,
        organization: OrganizationId,
        individual: ItemId,
        avatar: &Avatar,
        at: Timestamp,
    ) -> StoreResult<()>;
}
