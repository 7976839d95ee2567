//! `/api/Erasure`: what was erased, and the tombstones that keep it from coming back.

pub(super) mod lift;
pub(super) mod list;
