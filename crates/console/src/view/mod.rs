//! Pieces of pages: the frame, charts, comparisons, where values came from.

pub(crate) mod beside;
pub(crate) mod chart;
pub(crate) mod compare;
pub(crate) mod layout;
pub(crate) mod part;
pub(crate) mod provenance;
pub(crate) mod waterfall;
