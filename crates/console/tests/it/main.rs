//! The pages over a real engine on a file of its own, called without a socket.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests stop at the first surprise")]

mod flows;
mod security;
mod support;
