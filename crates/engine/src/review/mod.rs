//! The needs-update bucket: listed, explained, given to people, asked about, and resolved by a person. A resolution is
//! a decision like any other: recorded, undoable, and it emits the event.

mod beside;
mod bucket;
mod bulk;
mod care;
mod resolve;
mod said;
mod triage;

pub use beside::Beside;
pub use bucket::{Account, BucketCandidate, BucketCounts, BucketItem, BucketReason, BucketSource};
pub(crate) use bucket::{decided, explained};
pub use bulk::{Bulk, BulkAction, BulkDone, BulkLeft, BulkView, MergeInto, WhyLeft};
pub(crate) use care::reviewer;
pub use resolve::Resolution;
pub(crate) use resolve::stored_contact;
pub(crate) use said::Said;
pub use said::{Assigned, Question, Review};
pub use triage::{Triage, TriageView, Triaged};
