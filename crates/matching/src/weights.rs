//! Weights and thresholds: everything of the matcher that can be learnt or set.

use crate::level::{Bits, Level};
use serde::{Deserialize, Serialize};

/// What the matcher believes before it looks at a pair, and how it weighs each level.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Weights {
    /// Name of this set of weights, stored with every decision.
    pub version: String,
    /// Odds that a submission is of someone on file.
    pub on_file: f64,
    /// Odds that a submission is of a new person of a household on file.
    pub new_relative: f64,
    /// Bits of each level, in the order of [`Level::ALL`].
    pub bits: Vec<Bits>,
    /// How often strangers share a contact point.
    pub sharing: Sharing,
}

/// How often a contact point of one contact is also used by a stranger: the recycled phone number, the
/// mistyped mailbox, the next tenant. Shares of the contact points, between 0 and 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Sharing {
    /// E-mail addresses.
    pub email: f64,
    /// Telephone numbers.
    pub phone: f64,
    /// Addresses, unit included.
    pub address: f64,
}

/// Where the line runs between merging, asking a person, and creating.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Thresholds {
    /// Least probability of being the same individual for an automatic merge.
    pub merge: f64,
    /// Least probability for review; below it nobody on file is meant.
    pub review: f64,
    /// Least probability of belonging to the household for adding a new individual.
    pub household: f64,
    /// Least lead over the second contact for an automatic merge, in bits.
    pub lead: f64,
}

impl Weights {
    /// The weights shipped with Tributary.
    #[must_use]
    pub fn shipped() -> Self {
        Self {
            version: crate::WEIGHTS_VERSION.to_owned(),
            on_file: 1.4,
            new_relative: 0.3,
            bits: Level::ALL.iter().map(|level| level.shipped()).collect(),
            sharing: Sharing { email: 0.03, phone: 0.05, address: 0.1 },
        }
    }

    /// The bits of a level; none for a level that these weights do not know.
    #[must_use]
    pub fn of(&self, level: Level) -> Bits {
        self.bits.get(level as usize).copied().unwrap_or_default()
    }
}

impl Default for Weights {
    fn default() -> Self {
        Self::shipped()
    }
}

impl Default for Thresholds {
    fn default() -> Self {
        Self { merge: 0.96, review: 0.295, household: 0.98, lead: 3.0 }
    }
}
