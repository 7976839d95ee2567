//! Calibration: weights and thresholds learnt from an organization's own rows.
//!
//! Expectation-maximisation over three latent classes (the same individual, another person of the household,
//! a stranger), after `reference/matching.md` 6: the frequencies among strangers are fixed from random pairs,
//! the others start from a shipped prior and are pulled to it. Verdicts of people count as certain. What was
//! learnt is tried on rows it has not seen; unless it does at least as well there, the shipped weights stay.

mod check;
mod em;
mod expected;
mod files;
mod limits;
mod observe;
mod order;
mod report;

pub use files::{MOST_ROWS, calibrate_lists, material};
pub use observe::{Label, Observation, Strangers};
pub use report::{Calibration, Changed, HeldBack, LabelCounts, Outcome, Rates};

use crate::{Thresholds, Weights};

/// One row in this many is held back to try what was learnt.
const HELD_BACK: usize = 5;

/// What is learnt from.
#[derive(Debug, Clone, Default)]
pub struct Material {
    /// Rows with the hypotheses about them, in a fixed order.
    pub rows: Vec<Observation>,
    /// How random pairs of rows and individuals on file compare.
    pub strangers: Strangers,
    /// How many individuals on file were looked at for relatives, and how many have one on file.
    pub household: (usize, usize),
}

/// Learns from the material, starting from the shipped weights. The same material gives the same result.
///
/// `thresholds` are those in force: they stay unless there are labels enough to set them.
#[must_use]
pub fn calibrate(material: &Material, thresholds: Thresholds) -> Calibration {
    let shipped = Weights::shipped();
    let held_back = |place: usize| place % HELD_BACK == HELD_BACK - 1;
    let part = |wanted: bool| -> Vec<&Observation> {
        let rows = material.rows.iter().enumerate();
        rows.filter(|(place, _)| held_back(*place) == wanted).map(|(_, row)| row).collect()
    };
    let (training, unseen) = (part(false), part(true));
    let learnt = em::learn(&shipped, &training, material);
    let limits = limits::learn(&learnt.weights, &training, thresholds);
    let trial = check::compare((&shipped, thresholds), (&learnt.weights, limits), &learnt.strangers, &unseen);
    report::conclude(material, &shipped, thresholds, (learnt, limits), trial)
}
