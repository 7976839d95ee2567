//! A subscriber's end that keeps what arrives and answers by its mood.

use crate::chance::scatter;
use crate::faults::{Faults, When};
use crate::plan::Mood;
use core::time::Duration;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use tributary_contact::clock::{Clock, Timestamp};
use tributary_testkit::FakeClock;
use tributary_webhook::send::{Attempt, Failure, OutgoingRequest, Sender};
use uuid::Uuid;

/// A request that arrived.
#[derive(Debug, Clone)]
pub struct Arrival {
    /// Where.
    pub url: String,
    /// The `webhook-id`; none when it is missing or no UUID.
    pub event: Option<Uuid>,
    /// When.
    pub at: Timestamp,
    /// Everything else.
    pub request: OutgoingRequest,
    /// Whether it was answered with 200.
    pub taken: bool,
}

impl Arrival {
    /// The value of a header, empty when it is missing.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        let found = self.request.headers.iter().find(|(own, _)| own.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str()).unwrap_or_default()
    }
}

struct Desk {
    mood: Mood,
    arrivals: Vec<Arrival>,
}

/// Receives for every URL.
pub struct Receiver {
    clock: Arc<FakeClock>,
    faults: Arc<Faults>,
    desk: Mutex<Desk>,
}

impl Receiver {
    /// A receiver that has got nothing yet.
    #[must_use]
    pub fn new(clock: Arc<FakeClock>, faults: Arc<Faults>) -> Self {
        Self { clock, faults, desk: Mutex::new(Desk { mood: Mood::Fine, arrivals: Vec::new() }) }
    }

    /// How it answers from now on.
    pub fn set_mood(&self, mood: Mood) {
        self.with(|desk| desk.mood = mood);
    }

    /// Everything that arrived, in order.
    #[must_use]
    pub fn arrivals(&self) -> Vec<Arrival> {
        self.with(|desk| desk.arrivals.clone())
    }

    fn with<T>(&self, work: impl FnOnce(&mut Desk) -> T) -> T {
        work(&mut self.desk.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn take(&self, request: OutgoingRequest) -> Attempt {
        if self.faults.reach(When::Before, "send").is_some() {
            return failed(Failure::Connect, None);
        }
        let at = self.clock.now();
        let attempt = self.with(|desk| {
            let mut arrival = Arrival { url: request.url.clone(), event: None, at, request, taken: false };
            arrival.event = Uuid::parse_str(arrival.header("webhook-id")).ok();
            let same = |earlier: &&Arrival| earlier.url == arrival.url && earlier.event == arrival.event;
            let attempt = answer(desk.mood, arrival.event, desk.arrivals.iter().filter(same).count());
            arrival.taken = attempt.succeeded();
            desk.arrivals.push(arrival);
            attempt
        });
        // It was received, but its sender does not get to know.
        if self.faults.reach(When::After, "send").is_some() {
            return failed(Failure::Reset, None);
        }
        attempt
    }
}

impl Sender for Receiver {
    fn send<'a>(&'a self, request: OutgoingRequest) -> Pin<Box<dyn Future<Output = Attempt> + Send + 'a>> {
        Box::pin(async move { self.take(request) })
    }
}

fn answer(mood: Mood, event: Option<Uuid>, tries: usize) -> Attempt {
    match mood {
        Mood::Fine => status(200, None),
        Mood::Down => status(500, Some(Failure::HttpStatus)),
        Mood::Slow => failed(Failure::Timeout, None),
        Mood::Gone => status(410, Some(Failure::Gone)),
        Mood::Moody => {
            let number = event.map_or(0, |event| event.as_u64_pair().0) ^ u64::try_from(tries).unwrap_or(0);
            match scatter(number) % 4 {
                0 => status(500, Some(Failure::HttpStatus)),
                1 => failed(Failure::Timeout, None),
                2 => Attempt {
                    retry_after: Some(Duration::from_secs(30)),
                    ..status(429, Some(Failure::HttpStatus))
                },
                _ => status(200, None),
            }
        }
    }
}

fn status(status: u16, failure: Option<Failure>) -> Attempt {
    failed_or_not(failure, Some(status))
}

fn failed(failure: Failure, status: Option<u16>) -> Attempt {
    failed_or_not(Some(failure), status)
}

fn failed_or_not(failure: Option<Failure>, status: Option<u16>) -> Attempt {
    Attempt { status, response: String::new(), retry_after: None, failure, duration: Duration::from_millis(3) }
}
