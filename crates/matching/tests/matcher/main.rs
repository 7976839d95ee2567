//! The matcher from outside: its decisions, and the laws they keep.

mod decisions;
mod laws;
mod support;
