//! `/api/MergeSuggestion`: what others say is one contact, for those who may merge.

pub(super) mod decline;
pub(super) mod list;
