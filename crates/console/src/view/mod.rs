//! Pieces of pages: the frame, charts, a person as rows to compare.

pub(crate) mod chart;
pub(crate) mod compare;
pub(crate) mod layout;
pub(crate) mod part;
pub(crate) mod waterfall;
