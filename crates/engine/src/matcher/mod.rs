//! The matcher as an organization has it: which version holds, what it was learnt from, why it decided as it
//! did, and the nicknames that people taught it.

mod around;
mod calibrate;
mod duplicates;
mod explain;
mod in_force;
mod labels;
mod nicknames;
mod replay;
mod versions;

pub(crate) use around::Around;
pub use calibrate::Calibrated;
pub(crate) use duplicates::{Asking, Said};
pub use duplicates::{Band, DuplicateCandidate, Duplicates, Recommendation};
pub use explain::{AsOf, PairExplanation};
pub(crate) use in_force::in_force;
pub use nicknames::{NicknameEdit, OwnNicknames};
pub use replay::{Agreement, Differing, Replay, ReplayPage, Replayed};
pub use versions::MatcherVersion;
