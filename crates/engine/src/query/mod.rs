//! Queries and searches over contacts. The answer is always that of [`tributary_contact::query::Query::holds`] on a
//! contact's facts; stores only narrow down which facts are read.

mod ask;
mod index;
mod notes;
mod search;
mod stream;
mod window;

pub use index::INDEX_VERSION;
pub(crate) use index::Indexed;
pub use search::SearchHit;
