//! The words of Tributary: what a contact, a submission, a source record and a golden record are,
//! how raw text becomes a normal form, and how a contact follows from its source records.
//!
//! Nothing here reads a clock, a database or the network.

pub mod clock;
pub mod diff;
pub mod flat;
pub mod fold;
pub mod issue;
pub mod merge;
pub mod model;
pub mod normalise;
pub mod policy;
pub mod query;
pub mod sensitive;
pub mod state;

pub use model::*;
