//! `/api/Event`: the feed of events (ours; the contract has no such call), and the contacts of an event of the calendar.

pub(super) mod contacts;
pub(super) mod feed;
