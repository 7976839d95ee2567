//! Builders, temporary databases, fake clock and receiver for tests

pub mod clock;
pub mod pg;

pub use clock::{FakeClock, SeededIds};
