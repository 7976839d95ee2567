//! The matcher: blocking keys, comparison, weights, decision, explanation. Pure functions, no IO, usable
//! on its own. A [`Profile`] is a submission in normal form, an [`Index`] the contacts it can meet, a
//! [`Matcher`] decides; [`link`] runs it on two lists. docs/matching.md has the model and its figures.

pub mod calibrate;
mod compare;
mod decide;
mod document;
mod explain;
mod hash;
mod index;
mod keys;
mod level;
pub mod link;
mod profile;
mod score;
mod terms;
mod weights;

pub use decide::{Decision, Matcher, Outcome, Row, settle};
pub use document::{MatcherDocument, NicknameEdits, StoredWeights};
pub use explain::{Adjustment, Candidate, Evidence, Explanation, Fired, Guard, Obstacle, Step, sentence};
pub use index::Index;
pub use keys::word_key;
pub use level::{Bits, Field, Level};
pub use profile::Profile;
pub use terms::TermStats;
pub use weights::{Sharing, Thresholds, Weights};

/// Version of [`Profile::keys`]; stored keys of an older version have to be rebuilt.
pub const KEY_VERSION: i32 = 4;
/// Version of the shipped weights, stored with every decision.
pub const WEIGHTS_VERSION: &str = "shipped-4";
/// A key with more contacts than this finds nobody by itself.
pub const KEY_CAP: usize = 200;
