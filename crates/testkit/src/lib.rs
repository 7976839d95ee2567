//! Builders, temporary databases, fake clock and receiver for tests

pub mod clock;

pub use clock::{FakeClock, SeededIds};
