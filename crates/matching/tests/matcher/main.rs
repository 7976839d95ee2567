//! The matcher from outside: its decisions, and the laws they keep.

#![expect(clippy::unwrap_used, reason = "tests stop at the first surprise")]

mod calibration;
mod decisions;
mod explanation;
mod laws;
mod support;
mod unbounded;
