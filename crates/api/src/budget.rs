//! The hourly budget of an organization: a fixed window of one hour, shared by all its keys
//! (virtuous-contract.md 7). Counted in memory, so each process has its own count.

use rustc_hash::FxHashMap;
use std::sync::{Mutex, PoisonError};
use tributary_contact::OrganizationId;
use tributary_contact::clock::Timestamp;

const HOUR: i64 = 3_600;

/// The counts of the running hour.
#[derive(Debug)]
pub(crate) struct Budget {
    per_hour: u64,
    windows: Mutex<FxHashMap<OrganizationId, Window>>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Window {
    hour: i64,
    spent: u64,
}

/// Where an organization stands after a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Spending {
    /// Requests per hour.
    pub limit: u64,
    /// How many of them are left.
    pub remaining: u64,
    /// When the window ends, in Unix seconds.
    pub reset: i64,
    /// Seconds until then when this request was one too many.
    pub wait: Option<u32>,
}

impl Budget {
    /// A budget of so many requests per hour; 0 counts nothing.
    pub(crate) fn new(per_hour: u64) -> Self {
        Self { per_hour, windows: Mutex::default() }
    }

    /// Counts one request; none when there is no limit.
    pub(crate) fn spend(&self, organization: OrganizationId, now: Timestamp) -> Option<Spending> {
        if self.per_hour == 0 {
            return None;
        }
        let hour = now.timestamp().div_euclid(HOUR);
        let spent = self.count(organization, hour);
        let reset = (hour + 1) * HOUR;
        let wait = (spent > self.per_hour).then(|| u32::try_from(reset - now.timestamp()).unwrap_or(u32::MAX));
        Some(Spending { limit: self.per_hour, remaining: self.per_hour.saturating_sub(spent), reset, wait })
    }

    fn count(&self, organization: OrganizationId, hour: i64) -> u64 {
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        let window = windows.entry(organization).or_default();
        if window.hour != hour {
            *window = Window { hour, spent: 0 };
        }
        window.spent += 1;
        window.spent
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_timestamp(second, 0).unwrap()
    }

    #[test]
    fn the_request_after_the_last_one_waits_for_the_end_of_the_hour() {
        let budget = Budget::new(2);
        let spend = |second| budget.spend(OrganizationId(1), at(second)).unwrap();
        assert_eq!(spend(3_600), Spending { limit: 2, remaining: 1, reset: 7_200, wait: None });
        assert_eq!(spend(3_700), Spending { limit: 2, remaining: 0, reset: 7_200, wait: None });
        assert_eq!(spend(7_190), Spending { limit: 2, remaining: 0, reset: 7_200, wait: Some(10) });
        assert_eq!(spend(7_200), Spending { limit: 2, remaining: 1, reset: 10_800, wait: None });
    }

    #[test]
    fn organizations_do_not_spend_each_others_budget() {
        let budget = Budget::new(1);
        assert_eq!(budget.spend(OrganizationId(1), at(0)).unwrap().wait, None);
        assert_eq!(budget.spend(OrganizationId(2), at(0)).unwrap().wait, None);
        assert!(budget.spend(OrganizationId(1), at(0)).unwrap().wait.is_some());
    }

    #[test]
    fn a_budget_of_zero_is_no_limit() {
        assert_eq!(Budget::new(0).spend(OrganizationId(1), at(0)), None);
    }
}
