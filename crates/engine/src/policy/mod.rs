//! Survivorship policies: which version holds, how versions are made and put in force, and how contacts are folded
//! anew by another one.

mod in_force;
mod refold;
mod versions;

pub(crate) use in_force::{in_force, number_of, of_number};
pub use refold::{FoldBy, Refold, RefoldPage, Refolded};
pub use versions::{PolicyVersion, policy_name};
