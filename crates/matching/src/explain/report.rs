//! The account of one pair: prior, bits per field with their adjustments, total, probability, the guard, and
//! what stood against merging. Made from a [`Candidate`]; one object behind text, JSON and SVG.

use super::{Adjustment, Candidate, Guard, rounded};
use crate::Thresholds;
use crate::level::{Field, Level};
use serde::{Deserialize, Serialize};

/// How a submission compares with one individual on file, and why it was not merged if it was not.
/// Holds levels and bits only, never the values themselves.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Explanation {
    /// Version of the weights behind the bits.
    pub weights_version: String,
    /// The contact.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact: Option<i64>,
    /// Its individual that fits best.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub individual: Option<i64>,
    /// Bits before anything is compared: one among all who are on file.
    pub prior: f64,
    /// What each field adds, in the order in which it was compared.
    pub steps: Vec<Step>,
    /// Prior and steps together: log-odds in bits of this individual against a stranger.
    pub total: f64,
    /// Bits for this individual against a new person of the same household; zero for organizations.
    pub against_relative: f64,
    /// Probability of being this individual, 0 to 1; other candidates take from it.
    pub probability: f64,
    /// Probability of being this individual or another person of the contact, 0 to 1.
    pub household_probability: f64,
    /// The guard that fired.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guard: Option<Fired>,
    /// The limits that probabilities are held against.
    pub thresholds: Thresholds,
    /// Everything that stood against an automatic merge; empty when nothing did.
    pub why_not: Vec<Obstacle>,
}

/// What one field adds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Step {
    /// The field.
    pub field: Field,
    /// How its values compare.
    pub level: Level,
    /// The level in words.
    pub phrase: String,
    /// Bits of the level for a value of usual rarity.
    pub bits: f64,
    /// Bits on top for the value at hand.
    pub adjustment: f64,
    /// Why there is an adjustment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub adjustment_kind: Option<Adjustment>,
    /// Running total after this step, prior included.
    pub after: f64,
}

/// A guard with its meaning.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Fired {
    /// Stable code.
    pub code: Guard,
    /// The guard in words.
    pub phrase: String,
}

/// What stood against an automatic merge into the individual.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "code")]
pub enum Obstacle {
    /// The two share no blocking key, so they were never compared.
    NoSharedKey,
    /// The submission's reference is another contact's.
    ReferenceElsewhere,
    /// A guard fired.
    #[serde(rename_all = "camelCase")]
    Guard {
        /// The guard.
        guard: Guard,
    },
    /// The probability is below the limit.
    #[serde(rename_all = "camelCase")]
    BelowLimit {
        /// Probability of this individual.
        probability: f64,
        /// The least for a merge.
        limit: f64,
    },
    /// A new person of the household is likelier than this individual.
    #[serde(rename_all = "camelCase")]
    RelativeLikelier {
        /// By how many bits.
        bits: f64,
    },
    /// Another contact fits better.
    #[serde(rename_all = "camelCase")]
    OtherFitsBetter {
        /// By how many bits.
        bits: f64,
    },
    /// Another contact fits nearly as well.
    #[serde(rename_all = "camelCase")]
    RivalTooNear {
        /// The lead over it in bits.
        lead: f64,
        /// The least lead for a merge.
        needed: f64,
    },
}

impl Explanation {
    /// The account of a candidate. `rivals` are the other contacts that were judged with it.
    #[must_use]
    pub fn of<'a>(
        candidate: &Candidate,
        rivals: impl IntoIterator<Item = &'a Candidate>,
        weights_version: &str,
        thresholds: Thresholds,
    ) -> Self {
        let steps = steps(candidate);
        let total = rounded(candidate.prior + candidate.bits);
        let strongest = rivals
            .into_iter()
            .filter(|other| other.contact != candidate.contact)
            .map(|other| other.prior + other.bits)
            .fold(None, |best: Option<f64>, bits| Some(best.map_or(bits, |best| best.max(bits))));
        Self {
            weights_version: weights_version.to_owned(),
            contact: Some(candidate.contact),
            individual: Some(candidate.individual),
            prior: candidate.prior,
            steps,
            total,
            against_relative: candidate.individual_bits,
            probability: candidate.probability,
            household_probability: candidate.household_probability,
            guard: candidate.guard.map(|code| Fired { code, phrase: code.phrase().to_owned() }),
            thresholds,
            why_not: why_not(candidate, strongest, &thresholds),
        }
    }

    /// Says that the pair shares no key; such a pair is never compared on its own.
    #[must_use]
    pub fn without_shared_key(mut self) -> Self {
        self.why_not.insert(0, Obstacle::NoSharedKey);
        self
    }

    /// Leaves out which contact and individual it is about, for readers who may not know.
    #[must_use]
    pub fn without_ids(self) -> Self {
        Self { contact: None, individual: None, ..self }
    }
}

fn steps(candidate: &Candidate) -> Vec<Step> {
    let mut after = candidate.prior;
    let step = |part: &super::Evidence| {
        after = rounded(after + part.bits);
        Step {
            field: part.field,
            level: part.level,
            phrase: part.level.phrase().to_owned(),
            bits: rounded(part.bits - part.adjustment),
            adjustment: part.adjustment,
            adjustment_kind: Adjustment::of(part),
            after,
        }
    };
    candidate.evidence.iter().map(step).collect()
}

/// The reference settles a merge whatever the bits say, so without a conflict nothing stands against it.
fn why_not(candidate: &Candidate, strongest_rival: Option<f64>, limits: &Thresholds) -> Vec<Obstacle> {
    let by_reference = candidate.evidence.iter().any(|part| part.level == Level::ReferenceSame);
    if by_reference {
        return candidate.guard.map(|guard| Obstacle::Guard { guard }).into_iter().collect();
    }
    let lead = strongest_rival.map(|rival| rounded(candidate.prior + candidate.bits - rival));
    let found = [
        candidate.guard.map(|guard| Obstacle::Guard { guard }),
        (candidate.probability < limits.merge)
            .then_some(Obstacle::BelowLimit { probability: candidate.probability, limit: limits.merge }),
        (candidate.individual_bits < 0.0).then_some(Obstacle::RelativeLikelier { bits: -candidate.individual_bits }),
        lead.filter(|lead| *lead < 0.0).map(|lead| Obstacle::OtherFitsBetter { bits: -lead }),
        lead.filter(|lead| (0.0..limits.lead).contains(lead))
            .map(|lead| Obstacle::RivalTooNear { lead, needed: limits.lead }),
    ];
    found.into_iter().flatten().collect()
}
