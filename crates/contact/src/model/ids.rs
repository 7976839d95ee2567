//! Ids as types of their own. Integers are unique inside one organization only.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

macro_rules! integer_id {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

integer_id!(
    /// A tenant.
    OrganizationId
);
integer_id!(
    /// A contact (giving unit) of an organization.
    ContactId
);
integer_id!(
    /// An individual, contact method or address of an organization: they share one number space, and
    /// an item keeps the number that the source record which first brought it reserved for it.
    ItemId
);
integer_id!(
    /// A batch run of an organization.
    RunId
);
integer_id!(
    /// A webhook subscription of an organization.
    WebhookId
);
integer_id!(
    /// A person of an organization who signs in.
    UserId
);

/// A source record: a contact transaction, or a record that came another way. UUID version 7, so ids
/// sort in order of receipt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct RecordId(pub Uuid);

impl std::fmt::Display for RecordId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}
