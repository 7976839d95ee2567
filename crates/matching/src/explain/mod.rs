//! Why a decision came out as it did: levels and bits only, never the values themselves, since partners
//! may see the explanation of their own submissions.

mod report;
mod svg;
mod text;

pub use report::{Explanation, Fired, Obstacle, Step};

use crate::Weights;
use crate::compare::Mark;
use crate::level::{Field, Level};
use serde::{Deserialize, Serialize};
use tributary_contact::state::Reason;

/// What one field contributed.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Evidence {
    /// The field.
    pub field: Field,
    /// How its values compare.
    pub level: Level,
    /// Bits for the same person against a stranger, adjustment included.
    pub bits: f64,
    /// The part of `bits` that is due to this value being rarer or commoner than usual.
    pub adjustment: f64,
}

/// Why the bits of a level differ from those of a value of usual rarity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Adjustment {
    /// Fewer people than usual bear the value (term frequency).
    Rarer,
    /// More people than usual bear the value (term frequency).
    Commoner,
    /// So many contacts share the value that it tells them apart no longer.
    Hub,
    /// The value is that of another person of the household.
    Household,
}

impl Adjustment {
    /// The adjustment of a piece of evidence; none where the value's rarity plays no part.
    pub(crate) fn of(part: &Evidence) -> Option<Self> {
        match part.level {
            _ if part.adjustment == 0.0 => None,
            Level::EmailShared | Level::PhoneShared | Level::EmailRole => Some(Self::Hub),
            Level::EmailHousehold | Level::PhoneHousehold => Some(Self::Household),
            _ if part.adjustment > 0.0 => Some(Self::Rarer),
            _ => Some(Self::Commoner),
        }
    }
}

/// What stands against an automatic decision about a contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Guard {
    /// Jr, Sr or a number after the name differs, or stands on one side only at one address.
    Generation,
    /// A mailbox or phone is shared by people of different first names.
    FirstName,
    /// Two established first names that are nearly alike, in one household.
    SimilarFirstName,
    /// A person on one side, an organization on the other.
    Kind,
    /// There is no name to compare.
    NoName,
    /// Only values shared by many contacts agree.
    Hub,
    /// Each organization name has a word of its own: another chapter or branch.
    Branch,
    /// The reference says otherwise.
    Reference,
    /// Another contact fits nearly as well.
    Rival,
}

impl Guard {
    /// The reason code of a review that the guard asks for.
    #[must_use]
    pub const fn reason(self) -> Reason {
        match self {
            Self::Generation => Reason::Generation,
            Self::FirstName => Reason::Conflict,
            Self::SimilarFirstName => Reason::Household,
            Self::Kind | Self::NoName | Self::Hub | Self::Branch => Reason::Doubtful,
            Self::Reference => Reason::ReferenceConflict,
            Self::Rival => Reason::Ambiguous,
        }
    }

    /// The guard in words.
    #[must_use]
    pub const fn phrase(self) -> &'static str {
        match self {
            Self::Generation => "Jr or Sr in doubt",
            Self::FirstName => "contact point shared by other first names",
            Self::SimilarFirstName => "could be a sibling",
            Self::Kind => "person or organization in doubt",
            Self::NoName => "no name to compare",
            Self::Hub => "only widely shared values agree",
            Self::Branch => "could be another branch",
            Self::Reference => "the reference says otherwise",
            Self::Rival => "another contact fits nearly as well",
        }
    }
}

/// A contact that the submission may mean, with the individual that fits best.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Candidate {
    /// The contact.
    pub contact: i64,
    /// Its individual that fits best.
    pub individual: i64,
    /// Bits of all evidence for this individual against a stranger, without the prior.
    pub bits: f64,
    /// Bits before any evidence: one among all who are on file.
    pub prior: f64,
    /// Bits for this individual against a new person of the household; zero for organizations.
    pub individual_bits: f64,
    /// Probability of being this individual, 0 to 1.
    pub probability: f64,
    /// Probability of being this individual or another person of the contact, 0 to 1.
    pub household_probability: f64,
    /// What each field contributed.
    pub evidence: Vec<Evidence>,
    /// What stands against an automatic decision.
    pub guard: Option<Guard>,
}

impl Evidence {
    pub(crate) fn of(mark: Mark, weights: &Weights) -> Self {
        let bits = rounded(mark.same(weights));
        Self { field: mark.level.field(), level: mark.level, bits, adjustment: rounded(mark.adjustment) }
    }
}

/// Bits to two decimals: enough to read, and equal on every machine.
pub(crate) fn rounded(bits: f64) -> f64 {
    (bits * 100.0).round() / 100.0
}

/// The evidence in one sentence, for example `same e-mail (+14.1), nickname (+4.9), other city (-4.7)`.
#[must_use]
pub fn sentence(candidate: &Candidate) -> String {
    let parts = candidate.evidence.iter().map(|part| format!("{} ({:+.1})", part.level.phrase(), part.bits));
    let guard = candidate.guard.iter().map(|guard| guard.phrase().to_owned());
    let parts: Vec<String> = parts.chain(guard).collect();
    if parts.is_empty() { "nothing to compare".to_owned() } else { parts.join(", ") }
}
