//! Queries over contacts, individuals and notes (virtuous-contract.md 4), without any database: the table of
//! parameters, the reading of a request, and the evaluation of one record. What is asked of records is asked of their
//! *facts*, a short text that is made of the golden record and stored beside it, so that a store can read a million of
//! them and need not read a million records.
//!
//! [`Narrow`] says what a store can look up beforehand. It selects at least every record for which
//! [`Query::holds`] is true, so both databases give the same answer: that of [`Query::holds`].

mod calendar;
mod condition;
mod facts;
mod narrow;
mod operator;
mod options;
mod parameter;
mod read;
mod search;
mod sort;
#[cfg(test)]
mod tests;
mod whole;
mod words;

pub use calendar::Calendar;
pub use condition::MOST_AMOUNT;
pub use facts::{Facts, Record, contact_facts, note_facts, sections};
pub use narrow::{Lead, Narrow};
pub use operator::Operator;
pub use options::{OperatorOption, ParameterOption, QueryOptions, options};
pub use parameter::{Dictionary, Kind, Subject};
pub use read::{Asked, MOST_CONDITIONS, MOST_GROUPS, read};
pub use search::{Search, Variant};
pub use sort::Key;
pub use whole::{Bounds, Query};
pub use words::{is_name_word, words};

/// Number of the way facts and words are made. A change of either raises it, and stored ones are made anew.
pub const FACTS_VERSION: i32 = 1;
