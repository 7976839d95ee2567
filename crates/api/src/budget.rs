//! The hourly budget: a fixed window of one hour, shared by all keys of an organization
//! (virtuous-contract.md 7), and under it one for each key that has a limit of its own.
//!
//! Requests are counted in memory and told to the database about once a second ([`Meter::untold`],
//! [`Meter::told`]), which answers how many all processes have counted. Between two tellings a process
//! does not know what the others take: together they can grant more than the limit by what the others
//! accept in that time, and no request ever waits for the database.

use rustc_hash::FxHashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tributary_contact::OrganizationId;
use tributary_contact::clock::Timestamp;
use tributary_engine::{Principal, Usage};
use tributary_store::WHOLE_ORGANIZATION;

const HOUR: i64 = 3_600;
/// The use of a key is noted at most this often, in seconds.
const NOTED_EVERY: i64 = 60;

type Subject = (OrganizationId, i64);

/// The counts of the running hour.
#[derive(Debug)]
pub(crate) struct Meter {
    per_hour: u64,
    windows: Mutex<FxHashMap<Subject, Window>>,
}

/// What is known of an organization, or of a key, in an hour.
#[derive(Debug, Clone, Copy, Default)]
struct Window {
    hour: i64,
    /// Counted by all processes when they were last asked.
    told: u64,
    /// Counted here since.
    untold: u64,
    used_at: Option<Timestamp>,
    noted_at: Option<Timestamp>,
}

/// Where an organization, or the key that is nearer to its end, stands after a request.
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

impl Window {
    const fn spent(&self) -> u64 {
        self.told.saturating_add(self.untold)
    }

    fn turn_to(&mut self, hour: i64) {
        if self.hour != hour {
            *self = Self { hour, told: 0, untold: 0, ..*self };
        }
    }
}

impl Meter {
    /// A meter for so many requests per hour; 0 limits nothing.
    pub(crate) fn new(per_hour: u64) -> Self {
        Self { per_hour, windows: Mutex::default() }
    }

    fn windows(&self) -> MutexGuard<'_, FxHashMap<Subject, Window>> {
        self.windows.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts one request, unless it is one too many; none when there is no limit.
    pub(crate) fn spend(&self, principal: &Principal, now: Timestamp) -> Option<Spending> {
        let hour = now.timestamp().div_euclid(HOUR);
        let of_organization = principal.limits.organization.unwrap_or(self.per_hour);
        let limits = [
            (WHOLE_ORGANIZATION, Some(of_organization).filter(|limit| *limit > 0)),
            (principal.key_id, principal.limits.key),
        ];
        let mut windows = self.windows();
        windows.entry((principal.organization, principal.key_id)).or_default().used_at = Some(now);
        let mut tightest: Option<(u64, u64)> = None;
        for (id, limit) in limits {
            let window = windows.entry((principal.organization, id)).or_default();
            window.turn_to(hour);
            let left = limit.map(|limit| (limit.saturating_sub(window.spent()), limit));
            tightest = [tightest, left].into_iter().flatten().min();
        }
        let (left, limit) = tightest?;
        if left > 0 {
            for (id, limit) in limits {
                if let Some(window) = windows.get_mut(&(principal.organization, id)).filter(|_| limit.is_some()) {
                    window.untold += 1;
                }
            }
        }
        let reset = (hour + 1) * HOUR;
        let wait = (left == 0).then(|| u32::try_from(reset - now.timestamp()).unwrap_or(u32::MAX));
        Some(Spending { limit, remaining: left.saturating_sub(1), reset, wait })
    }

    /// What the database has not been told yet, by organization. Windows that nobody used for an hour are dropped.
    pub(crate) fn untold(&self, now: Timestamp) -> Vec<(OrganizationId, Vec<Usage>)> {
        let hour = now.timestamp().div_euclid(HOUR);
        let mut windows = self.windows();
        windows.retain(|_, window| window.untold > 0 || window.used_at != window.noted_at || window.hour + 1 >= hour);
        let mut found: FxHashMap<OrganizationId, Vec<Usage>> = FxHashMap::default();
        for (&(organization, key_id), window) in windows.iter() {
            let due = |used: &Timestamp| window.noted_at.is_none_or(|at| (*used - at).num_seconds() >= NOTED_EVERY);
            let used_at = window.used_at.filter(due);
            if window.untold > 0 || used_at.is_some() {
                let usage = Usage { organization, key_id, hour: window.hour, requests: window.untold, used_at };
                found.entry(organization).or_default().push(usage);
            }
        }
        found.into_iter().collect()
    }

    /// Takes over what the database said after it was told.
    pub(crate) fn told(&self, uses: &[Usage], totals: &[u64]) {
        let mut windows = self.windows();
        for (usage, total) in uses.iter().zip(totals) {
            let Some(window) = windows.get_mut(&(usage.organization, usage.key_id)) else { continue };
            window.noted_at = usage.used_at.or(window.noted_at);
            if window.hour == usage.hour {
                window.untold = window.untold.saturating_sub(usage.requests);
                window.told = *total;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tributary_engine::RequestLimits;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_timestamp(second, 0).unwrap()
    }

    fn key(organization: i64, key_id: i64, limits: RequestLimits) -> Principal {
        let (name, scopes, sources) = (String::new(), Vec::new(), Vec::new());
        Principal { organization: OrganizationId(organization), key_id, name, scopes, sources, person: None, limits }
    }

    fn plain(organization: i64) -> Principal {
        key(organization, 1, RequestLimits::default())
    }

    #[test]
    fn the_request_after_the_last_one_waits_for_the_end_of_the_hour() {
        let meter = Meter::new(2);
        let spend = |second| meter.spend(&plain(1), at(second)).unwrap();
        assert_eq!(spend(3_600), Spending { limit: 2, remaining: 1, reset: 7_200, wait: None });
        assert_eq!(spend(3_700), Spending { limit: 2, remaining: 0, reset: 7_200, wait: None });
        assert_eq!(spend(7_190), Spending { limit: 2, remaining: 0, reset: 7_200, wait: Some(10) });
        assert_eq!(spend(7_200), Spending { limit: 2, remaining: 1, reset: 10_800, wait: None });
    }

    #[test]
    fn organizations_do_not_spend_each_others_budget() {
        let meter = Meter::new(1);
        assert_eq!(meter.spend(&plain(1), at(0)).unwrap().wait, None);
        assert_eq!(meter.spend(&plain(2), at(0)).unwrap().wait, None);
        assert!(meter.spend(&plain(1), at(0)).unwrap().wait.is_some());
    }

    #[test]
    fn a_budget_of_zero_is_no_limit() {
        assert_eq!(Meter::new(0).spend(&plain(1), at(0)), None);
    }

    #[test]
    fn a_key_with_a_limit_of_its_own_ends_before_its_organization() {
        let meter = Meter::new(10);
        let small = key(1, 2, RequestLimits { organization: None, key: Some(1) });
        assert_eq!(meter.spend(&small, at(0)).unwrap(), Spending { limit: 1, remaining: 0, reset: 3_600, wait: None });
        assert!(meter.spend(&small, at(0)).unwrap().wait.is_some());
        assert_eq!(meter.spend(&plain(1), at(0)).unwrap().remaining, 8, "a refused request is not counted");
    }

    #[test]
    fn an_organization_may_have_another_limit_than_the_configured_one() {
        let other = key(1, 1, RequestLimits { organization: Some(7), key: None });
        assert_eq!(Meter::new(2).spend(&other, at(0)).unwrap().remaining, 6);
        assert_eq!(Meter::new(0).spend(&other, at(0)).unwrap().remaining, 6);
    }

    #[test]
    fn the_use_of_a_key_is_told_once_a_minute() {
        let meter = Meter::new(0);
        let tell = |second| {
            meter.spend(&plain(1), at(second));
            let untold = meter.untold(at(second));
            untold.iter().for_each(|(_, uses)| meter.told(uses, &vec![0; uses.len()]));
            untold.len()
        };
        assert_eq!([tell(0), tell(1), tell(59), tell(60), tell(61)], [1, 0, 0, 1, 0]);
    }
}
