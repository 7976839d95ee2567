//! `/api/Tag` and `/api/ContactTag`: tags, and who has them.

pub(super) mod by_contact;
pub(super) mod create;
pub(super) mod give;
pub(super) mod list;
pub(super) mod search;
pub(super) mod take;
