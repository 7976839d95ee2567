//! `/api/Organization` and `/api/Permission`: the tenant of the key, and what the key may do.

pub(super) mod list;
pub(super) mod permissions;
pub(super) mod switch;
