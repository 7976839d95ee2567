//! Lists: `{ "list": [...], "total": n }`, where `total` counts all hits (virtuous-contract.md 1.0).

use serde::Serialize;
use utoipa::ToSchema;

/// A part of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PageJson<T> {
    /// The rows of this part.
    pub list: Vec<T>,
    /// How many rows there are in all.
    pub total: i64,
}

impl<T> PageJson<T> {
    /// A list that is given whole.
    pub(crate) fn whole(list: Vec<T>) -> Self {
        let total = i64::try_from(list.len()).unwrap_or(i64::MAX);
        Self { list, total }
    }
}
