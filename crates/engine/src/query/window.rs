//! A part of an ordered list, without keeping the rest of it.

use std::cmp::Ordering;

/// Collects rows and keeps those that can be among the first `skip + take`.
pub(super) struct Sorted<R, F: Fn(&R, &R) -> Ordering> {
    rows: Vec<R>,
    order: F,
    skip: usize,
    needed: usize,
    total: usize,
}

/// Rows beyond what is needed before the list is cut.
const SLACK: usize = 10_000;

impl<R, F: Fn(&R, &R) -> Ordering> Sorted<R, F> {
    /// An empty list, of which this part is wanted.
    pub(super) fn new(skip: i64, take: i64, order: F) -> Self {
        let count = |number: i64| usize::try_from(number).unwrap_or(0);
        let needed = count(skip).saturating_add(count(take));
        Self { rows: Vec::new(), order, skip: count(skip), needed, total: 0 }
    }

    /// Adds a row.
    pub(super) fn push(&mut self, row: R) {
        self.total += 1;
        if self.needed == 0 {
            return;
        }
        self.rows.push(row);
        if self.rows.len() >= self.needed.saturating_mul(2).saturating_add(SLACK) {
            self.rows.select_nth_unstable_by(self.needed, &self.order);
            self.rows.truncate(self.needed);
        }
    }

    /// The part in order, and how many rows there were in all.
    pub(super) fn finish(mut self) -> (Vec<R>, i64) {
        self.rows.sort_unstable_by(&self.order);
        self.rows.truncate(self.needed);
        let list = self.rows.into_iter().skip(self.skip).collect();
        (list, i64::try_from(self.total).unwrap_or(i64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

        #[test]
        fn a_part_is_that_of_the_whole_list(
            rows in prop::collection::vec((0..1_000_u16, 0..60_000_u32), 0..30_000), skip in 0..40_i64, take in 0..40_i64,
        ) {
            let mut sorted = Sorted::new(skip, take, |a: &(u16, u32), b: &(u16, u32)| a.cmp(b));
            rows.iter().for_each(|row| sorted.push(*row));
            let mut whole = rows.clone();
            whole.sort_unstable();
            let part: Vec<_> =
                whole.into_iter().skip(usize::try_from(skip).unwrap()).take(usize::try_from(take).unwrap()).collect();
            prop_assert_eq!(sorted.finish(), (part, i64::try_from(rows.len()).unwrap()));
        }
    }
}
