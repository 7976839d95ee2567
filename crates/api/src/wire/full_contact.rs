//! A stored contact in the contract's FullContact shape, which the engine's event bodies have too.

use tributary_engine::{ContactSight, ContactView, FullContact, Shown};
use tributary_store::ContactRow;

/// The contact as `POST /api/Contact`, `Find` and the bucket show it.
pub(crate) fn full_contact(row: &ContactRow, shown: &Shown) -> FullContact {
    FullContact::of(&ContactView {
        id: row.id.0,
        golden: &row.golden,
        created_at: row.created_at,
        modified_at: row.modified_at,
        merged_into: row.merged_into.map(|survivor| survivor.0),
        shown,
    })
}

/// The contact as the reads by id and by reference and the PUT show it: these say whether the caller follows the
/// contact (virtuous-contract.md 2.2).
pub(crate) fn sight(seen: &ContactSight, shown: &Shown) -> FullContact {
    FullContact { is_current_user_following: Some(seen.followed), ..full_contact(&seen.contact, shown) }
}
