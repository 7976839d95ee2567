//! A second process that does something in the middle of what the first one does, at a named point of it: a person
//! decides a row, a subscriber leaves, or the work itself is taken over when its lease has run out.

use crate::hands::Hands;
use crate::plan::{Meanwhile, Operation};
use crate::properties::Broken;
use crate::world::{TICK_MS, may_be_refused};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
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
    hands: Option<Arc<Hands>>,
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
        self.place().hands = Some(Arc::new(hands));
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

    /// Tells it that a point was reached.
    pub fn reach(&self, point: &str) {
        let Some((hands, meanwhile)) = self.turn(point) else { return };
        // A thread of its own: a runtime cannot be entered from inside another.
        let acted = std::thread::scope(|scope| scope.spawn(|| act(&hands, &meanwhile)).join());
        let panicked = |_| Err(Broken::new("nothing panics", "the bystander panicked".to_owned()));
        self.place().done = Some(acted.unwrap_or_else(panicked));
    }

    /// What is to be done at this point, if anything is.
    fn turn(&self, point: &str) -> Option<(Arc<Hands>, Meanwhile)> {
        let mut place = self.place();
        let nth = place.waiting.as_ref().filter(|waiting| waiting.point == point)?.nth;
        place.reached += 1;
        if place.reached != nth {
            return None;
        }
        let meanwhile = place.waiting.take()?;
        Some((place.hands.clone()?, meanwhile))
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
