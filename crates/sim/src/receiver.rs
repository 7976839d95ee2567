//! A subscriber's end that keeps what arrives and answers by its mood.

use crate::bystander::Bystander;
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
    bystander: Arc<Bystander>,
    desk: Mutex<Desk>,
}

impl Receiver {
    /// A receiver that has got nothing yet.
    #[must_use]
    pub fn new(clock: Arc<FakeClock>, faults: Arc<Faults>, bystander: Arc<Bystander>) -> Self {
        Self { clock, faults, bystander, desk: Mutex::new(Desk { mood: Mood::Fine, arrivals: Vec::new() }) }
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
            return attempt(None, Some(Failure::Connect));
        }
        let at = self.clock.now();
        let answered = self.with(|desk| {
            let mut arrival = Arrival { url: request.url.clone(), event: None, at, request, taken: false };
            arrival.event = Uuid::parse_str(arrival.header("webhook-id")).ok();
            let same = |earlier: &&Arrival| earlier.url == arrival.url && earlier.event == arrival.event;
            let answered = answer(desk.mood, arrival.event, desk.arrivals.iter().filter(same).count());
            arrival.taken = answered.succeeded();
            desk.arrivals.push(arrival);
            answered
        });
        // The answer takes its time.
        self.bystander.reach("send");
        // It was received, but its sender does not get to know.
        if self.faults.reach(When::After, "send").is_some() {
            return attempt(None, Some(Failure::Reset));
        }
        answered
    }
}

impl Sender for Receiver {
    fn send<'a>(&'a self, request: OutgoingRequest) -> Pin<Box<dyn Future<Output = Attempt> + Send + 'a>> {
        Box::pin(async move { self.take(request) })
    }
}

fn answer(mood: Mood, event: Option<Uuid>, tries: usize) -> Attempt {
    match mood {
        Mood::Fine => attempt(Some(200), None),
        Mood::Down => attempt(Some(500), Some(Failure::HttpStatus)),
        Mood::Slow => attempt(None, Some(Failure::Timeout)),
        Mood::Gone => attempt(Some(410), Some(Failure::Gone)),
        Mood::Moody => {
            let number = event.map_or(0, |event| event.as_u64_pair().0) ^ u64::try_from(tries).unwrap_or(0);
            match scatter(number) % 4 {
                0 => attempt(Some(500), Some(Failure::HttpStatus)),
                1 => attempt(None, Some(Failure::Timeout)),
                2 => Attempt {
                    retry_after: Some(Duration::from_secs(30)),
                    ..attempt(Some(429), Some(Failure::HttpStatus))
                },
                _ => attempt(Some(200), None),
            }
        }
    }
}

fn attempt(status: Option<u16>, failure: Option<Failure>) -> Attempt {
    Attempt { status, response: String::new(), retry_after: None, failure, duration: Duration::from_millis(3) }
}
