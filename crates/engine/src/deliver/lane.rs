//! The lane of one subscriber: claims ahead, keeps as many deliveries under way as the subscriber's pace allows,
//! and tells results in batches, while others are under way.

use super::exchange::{Given, Told, exchange, exchange_patiently};
use super::pace::Pace;
use super::queue::Queue;
use super::send::{Sent, send};
use super::{DeliverOutcome, Key, Visit};
use crate::webhooks::Subscription;
use crate::{Engine, EngineError};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use tokio::task::JoinSet;

/// Results that are told at once, unless the lane has nothing left to send before there are as many.
const TELL_AT_ONCE: usize = 64;
/// Claims waiting in memory, as a multiple of those under way. More of them only helps a subscriber that is
/// faster than the database.
const AHEAD: usize = 64;

type Exchange = Pin<Box<dyn Future<Output = Result<Given, EngineError>> + Send>>;

/// A lane at work.
pub(super) struct Lane<'a> {
    engine: &'a Arc<Engine>,
    key: Key,
    pace: &'a mut Pace,
    subscription: Option<Arc<Subscription>>,
    queue: Queue,
    sending: JoinSet<Sent>,
    told: Told,
    /// Deliveries sent since the last exchange: the faster a subscriber is, the more is claimed ahead.
    since_exchange: usize,
    outcome: DeliverOutcome,
}

impl<'a> Lane<'a> {
    pub(super) fn new(engine: &'a Arc<Engine>, key: Key, pace: &'a mut Pace) -> Self {
        Self {
            engine,
            key,
            pace,
            subscription: None,
            queue: Queue::default(),
            sending: JoinSet::new(),
            told: Told::default(),
            since_exchange: 0,
            outcome: DeliverOutcome::default(),
        }
    }

    /// One round: claims what there is room for, sends it, tells what came of it.
    pub(super) async fn round(mut self) -> Result<DeliverOutcome, EngineError> {
        let room = self.pace.room(self.engine.now(), 0);
        if room == 0 {
            return Ok(self.outcome);
        }
        self.take(exchange(self.engine, self.key, Arc::new(Told { room, ..Told::default() })).await?);
        self.start();
        while let Some(sent) = self.sending.join_next().await {
            self.note(sent.map_err(EngineError::internal)?);
            self.start();
        }
        self.give_back();
        let told = self.told(0);
        if !told.sent.is_empty() || !told.unsent.is_empty() {
            exchange(self.engine, self.key, Arc::new(told)).await?;
        }
        Ok(self.outcome)
    }

    /// Works until there is nothing left to do, or the process stops.
    pub(super) async fn run(mut self, visit: &Visit<'_>) -> Result<DeliverOutcome, EngineError> {
        let mut seen = visit.generation();
        let mut more = true;
        let mut exchanging: Option<Exchange> = None;
        loop {
            self.engine.deliveries.beat(self.key);
            if self.engine.is_stopping() {
                self.give_back();
            }
            self.start();
            if exchanging.is_none() && self.has_to_tell(more) {
                seen = visit.generation();
                let (engine, told) = (self.engine.clone(), self.next_told());
                let key = self.key;
                exchanging = Some(Box::pin(async move { exchange_patiently(&engine, key, told).await }));
            }
            if exchanging.is_none() && self.is_idle() {
                if visit.leave_if_quiet(seen, self.pace) || self.engine.is_stopping() {
                    return Ok(self.outcome);
                }
                more = true;
                continue;
            }
            tokio::select! {
                Some(sent) = self.sending.join_next() => self.note(sent.map_err(EngineError::internal)?),
                given = ended(&mut exchanging), if exchanging.is_some() => {
                    exchanging = None;
                    more = self.take(given?);
                }
                () = tokio::time::sleep(self.pace.opens_in(self.engine.now())), if self.is_held_back() => {}
            }
        }
    }

    /// Whether there is a reason for an exchange: results for a whole batch, or nothing else to do.
    fn has_to_tell(&self, more: bool) -> bool {
        let results = self.told.sent.len() + self.told.unsent.len();
        let starving = self.queue.ready() == 0 && (results > 0 || (more && self.claims_ahead() > 0));
        let stopping = self.engine.is_stopping();
        results >= TELL_AT_ONCE || (results > 0 && (self.sending.is_empty() || stopping)) || (starving && !stopping)
    }

    fn next_told(&mut self) -> Told {
        let room = if self.engine.is_stopping() { 0 } else { self.claims_ahead() };
        self.told(room)
    }

    fn told(&mut self, room: usize) -> Told {
        self.since_exchange = 0;
        Told { room, ..std::mem::take(&mut self.told) }
    }

    /// How many more deliveries the lane can take: what may be under way, and twice what was sent since the last
    /// exchange. A subscriber that hangs has little claimed ahead that would outlive its lease in the queue.
    fn claims_ahead(&self) -> usize {
        let cap = self.pace.cap();
        let wanted = (cap + 2 * self.since_exchange).saturating_sub(self.queue.ready() + self.sending.len());
        wanted.min((cap * AHEAD).saturating_sub(self.queue.len() + self.sending.len()))
    }

    fn is_idle(&self) -> bool {
        self.queue.len() == 0 && self.sending.is_empty() && self.told.sent.is_empty() && self.told.unsent.is_empty()
    }

    /// Whether only the pace keeps the queue from being sent.
    fn is_held_back(&self) -> bool {
        self.queue.ready() > 0 && self.sending.len() < self.pace.cap()
    }

    /// Takes in what the database gave; whether there may be more.
    fn take(&mut self, given: Given) -> bool {
        let got = !given.claims.is_empty();
        self.subscription = given.subscription;
        self.queue.take(given.claims);
        if self.subscription.is_none() {
            self.give_back();
        }
        got
    }

    /// Sends what may be sent now. A claim that lay too long is given back.
    fn start(&mut self) {
        let now = self.engine.now();
        let Some(subscription) = &self.subscription else { return };
        let mut room = self.pace.room(now, self.sending.len());
        while room > 0
            && let Some(claim) = self.queue.next()
        {
            if now > claim.send_before {
                self.told.unsent.extend(self.queue.given_up(claim.delivery.contact));
                self.told.unsent.push(claim);
                continue;
            }
            let (engine, subscription) = (self.engine.clone(), subscription.clone());
            self.sending.spawn(async move { send(&engine, &subscription, claim).await });
            self.pace.note_sent(now);
            room -= 1;
        }
    }

    fn note(&mut self, sent: Sent) {
        self.pace.note_answer(self.engine.now(), &sent.attempt);
        self.since_exchange += 1;
        self.outcome.attempts += 1;
        self.outcome.delivered += usize::from(sent.attempt.succeeded());
        let contact = sent.claim.delivery.contact;
        match sent.attempt.succeeded() {
            true => self.queue.ended(contact),
            false => self.told.unsent.extend(self.queue.given_up(contact)),
        }
        self.told.sent.push(sent);
    }

    /// Gives back what is claimed and not sent.
    fn give_back(&mut self) {
        self.told.unsent.extend(self.queue.drain());
    }
}

/// The end of the exchange under way; never, when there is none.
async fn ended(exchanging: &mut Option<Exchange>) -> Result<Given, EngineError> {
    match exchanging {
        Some(exchange) => exchange.await,
        None => std::future::pending().await,
    }
}
