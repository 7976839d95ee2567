//! The pages over a real engine on a file of its own, called without a socket.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests stop at the first surprise")]

mod bucket;
mod contact;
mod duplicates;
mod flows;
mod pace;
mod runs;
mod security;
mod support;
