//! A second process that does something in the middle of the first one's batch, at a named point of it: a person
//! decides a row, a subscriber leaves, or the batch itself is taken over when its lease has run out.

use crate::hands::Hands;
use crate::plan::{Meanwhile, Operation};
use crate::properties::Broken;
use crate::world::{TICK_MS, may_be_refused};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tributary_engine::EngineError;
use tributary_store::{EventRow, StoreExt, WebhookRow};

/// How things stood in the middle of a step.
#[derive(Debug)]
pub struct Middle {
    /// What the bystander's operation came to.
    pub line: String,
    /// Whether it took a decision back.
    pub undo: bool,
    /// Events before it.
    pub events: Vec<EventRow>,
    /// Subscriptions after it.
    pub webhooks: Vec<WebhookRow>,
}

#[derive(Default)]
struct Place {
    hands: Option<Hands>,
    waiting: Option<Meanwhile>,
    reached: usize,
    done: Option<Result<Middle, Broken>>,
}

/// The second process and what it waits for.
#[derive(Default)]
pub struct Bystander(Mutex<Place>);

impl Bystander {
    /// Gives it a process.
    pub fn take_place(&self, hands: Hands) {
        self.place().hands = Some(hands);
    }

    /// Tells it what to wait for.
    pub fn wait(&self, meanwhile: Option<Meanwhile>) {
        let mut place = self.place();
        (place.waiting, place.reached, place.done) = (meanwhile, 0, None);
    }

    /// It waits no longer; what it did, if it did anything.
    ///
    /// # Errors
    /// When its operation failed, for nothing that goes wrong is planned for it.
    pub fn leave(&self) -> Result<Option<Middle>, Broken> {
        let mut place = self.place();
        place.waiting = None;
        place.done.take().transpose()
    }

    /// Tells it that the batch has reached a point.
    pub fn reach(&self, point: &str) {
        let mut place = self.place();
        let Some(meanwhile) = place.waiting.clone().filter(|waiting| waiting.point == point) else { return };
        place.reached += 1;
        if place.reached == meanwhile.nth {
            place.done = place.hands.as_ref().map(|hands| act(hands, &meanwhile));
        }
    }

    fn place(&self) -> MutexGuard<'_, Place> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn act(hands: &Hands, meanwhile: &Meanwhile) -> Result<Middle, Broken> {
    let (store, org) = (hands.engine.store(), hands.org);
    let events = store.reading(|tx| tx.event_page(org, None, 1_000_000)).map_err(EngineError::from)?;
    hands.clock.advance_ms(meanwhile.ticks * TICK_MS);
    let line = match hands.act(&meanwhile.operation) {
        Ok(line) => line,
        Err(error) if may_be_refused(&meanwhile.operation, &error) => format!("refused: {error}"),
        Err(error) => return Err(error.into()),
    };
    let undo = matches!(meanwhile.operation, Operation::Undo(_));
    Ok(Middle { line, undo, events, webhooks: hands.engine.webhooks(org)? })
}
