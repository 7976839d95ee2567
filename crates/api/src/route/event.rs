//! `/api/Event`: the one address that lists can ask for.

pub(super) mod contacts;
