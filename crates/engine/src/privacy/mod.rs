//! What a person can ask for about their own data: that it be erased and stay so, that all of it be handed out, and who
//! said when that they may be written to.

mod consent;
mod erase;
mod export;
mod identity;
mod listed;
mod subject;
mod tombstone;
mod traces;

pub use consent::{Consent, ConsentChange};
pub use erase::EraseCounts;
pub use export::PersonExport;
pub use listed::Erasure;
pub(crate) use tombstone::{Met, Tombstones, refuse_erased};
pub(crate) use traces::forget_rows;
