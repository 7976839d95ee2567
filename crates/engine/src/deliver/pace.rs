//! How fast one subscriber is served: deliveries under way, and deliveries per second, both after its own
//! answers. Pure; the caller says what time it is.

use chrono::TimeDelta;
use std::time::Duration;
use tributary_contact::clock::Timestamp;
use tributary_webhook::send::Attempt;

/// The longest a whole subscriber is left alone because one answer asked for time. The event that was refused
/// waits as long as was asked; after this another one tries whether the subscriber is ready again.
const LONGEST_HOLD: Duration = Duration::from_secs(60);
/// Deliveries per second from which on the rate is no limit any more.
const FREE: f64 = 2_000.0;
/// Between two halvings of the rate: answers to what was sent before the first one say nothing new.
const HALVE_EVERY: TimeDelta = TimeDelta::seconds(1);

/// The pace of one subscriber.
#[derive(Debug, Clone)]
pub(super) struct Pace {
    most: usize,
    cap: usize,
    hold_until: Option<Timestamp>,
    limit: Option<Limit>,
    /// Deliveries sent since a moment, at most about a second ago.
    sent: (Timestamp, f64),
}

/// A rate that a slow answer brought about: tokens that come with time and with every success.
#[derive(Debug, Clone)]
struct Limit {
    per_second: f64,
    tokens: f64,
    refilled: Timestamp,
    halved: Timestamp,
}

impl Limit {
    fn burst(&self) -> f64 {
        self.per_second.max(2.0)
    }

    fn refill(&mut self, now: Timestamp) {
        let seconds = (now - self.refilled).as_seconds_f64().max(0.0);
        self.tokens = (self.tokens + seconds * self.per_second).min(self.burst());
        self.refilled = now;
    }
}

impl Pace {
    /// No limit but this many under way.
    pub(super) fn new(most: usize, now: Timestamp) -> Self {
        Self { most: most.max(1), cap: most.max(1), hold_until: None, limit: None, sent: (now, 0.0) }
    }

    /// How many may be under way.
    pub(super) const fn cap(&self) -> usize {
        self.cap
    }

    /// How many more may be sent now.
    pub(super) fn room(&mut self, now: Timestamp, in_flight: usize) -> usize {
        if self.hold_until.is_some_and(|until| now < until) {
            return 0;
        }
        let free = self.cap.saturating_sub(in_flight);
        let Some(limit) = &mut self.limit else { return free };
        limit.refill(now);
        (0..free).take_while(|place| limit.tokens >= 1.0 + as_f64(*place)).count()
    }

    /// When it is worth asking again, while there is no room though nothing is under way.
    pub(super) fn opens_in(&self, now: Timestamp) -> Duration {
        let hold = self.hold_until.map_or(TimeDelta::zero(), |until| until - now).to_std().unwrap_or_default();
        let token = self.limit.as_ref().map_or(0.0, |limit| (1.0 - limit.tokens).max(0.0) / limit.per_second);
        hold.max(Duration::try_from_secs_f64(token).unwrap_or_default()).max(Duration::from_millis(1))
    }

    /// One was sent.
    pub(super) fn note_sent(&mut self, now: Timestamp) {
        if now - self.sent.0 > HALVE_EVERY {
            self.sent = (now, 0.0);
        }
        self.sent.1 += 1.0;
        if let Some(limit) = &mut self.limit {
            limit.tokens -= 1.0;
        }
    }

    /// What came of one.
    pub(super) fn note_answer(&mut self, now: Timestamp, attempt: &Attempt) {
        if attempt.succeeded() {
            self.faster();
        } else if attempt.asks_to_slow_down() {
            self.slower(now, attempt.retry_after);
        }
    }

    /// A success adds one to those under way, and one a second to the rate.
    fn faster(&mut self) {
        self.cap = (self.cap + 1).min(self.most);
        self.hold_until = None;
        if let Some(limit) = &mut self.limit {
            limit.per_second += 1.0;
            limit.tokens = (limit.tokens + 1.0).min(limit.burst());
        }
        self.limit.take_if(|limit| limit.per_second >= FREE);
    }

    fn slower(&mut self, now: Timestamp, asked: Option<Duration>) {
        self.cap = (self.cap / 2).max(1);
        if let Some(hold) = asked.and_then(|asked| TimeDelta::from_std(asked.min(LONGEST_HOLD)).ok()) {
            self.hold_until = self.hold_until.max(Some(now + hold));
        }
        match &mut self.limit {
            Some(limit) if now - limit.halved < HALVE_EVERY => {}
            Some(limit) => {
                limit.refill(now);
                (limit.per_second, limit.halved) = ((limit.per_second / 2.0).max(1.0), now);
            }
            None => {
                let per_second = (self.sent.1 / 2.0).max(1.0);
                let limit = Limit { per_second, tokens: 0.0, refilled: now, halved: now };
                self.limit = Some(Limit { tokens: limit.burst(), ..limit });
            }
        }
    }
}

fn as_f64(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

#[cfg(test)]
#[path = "pace_tests.rs"]
mod tests;
