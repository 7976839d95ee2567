//! `/api/Event`: the feed of events. Ours; the contract has no such call.

pub(super) mod feed;
