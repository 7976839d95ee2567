//! The laws of the fold on arbitrary records, and its rules one by one.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests stop at the first surprise")]

mod arbitrary;
mod edits;
mod giving;
mod laws;
mod lists;
mod policies;
mod rules;
