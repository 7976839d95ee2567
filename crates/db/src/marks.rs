//! The highest number given out by this process per counter, so that a number of a rolled-back
//! transaction is not given a second time.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// Next free number per organization and counter, as far as this process has given them out.
#[derive(Debug, Default)]
pub(crate) struct Marks(Mutex<HashMap<(i64, &'static str), i64>>);

impl Marks {
    /// The number from which on nothing has been given out.
    pub(crate) fn floor(&self, organization: i64, counter: &'static str) -> i64 {
        let marks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        marks.get(&(organization, counter)).copied().unwrap_or(1)
    }

    /// Notes that everything below `next` has been given out.
    pub(crate) fn raise(&self, organization: i64, counter: &'static str, next: i64) {
        let mut marks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mark = marks.entry((organization, counter)).or_insert(next);
        *mark = next.max(*mark);
    }
}
