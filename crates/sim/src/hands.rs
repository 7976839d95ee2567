//! One process of the product: an engine, and what each operation of a plan does with it.

use crate::plan::{Action, Mood, Operation};
use crate::receiver::Receiver;
use crate::snapshot::Interest;
use crate::words;
use crate::world::{COUNTRY, SECRET, TICK_MS};
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tributary_contact::state::State;
use tributary_contact::{OrganizationId, Submission};
use tributary_engine::{
    Activation, Actor, Creation, Engine, EngineError, Resolution, RunStart, TransactionView, WebhookInput,
};
use tributary_matching::Profile;
use tributary_store::{ContactRow, EventKind, NeedsUpdateFilter, StoreExt, WebhookRow};
use tributary_testkit::FakeClock;

/// A process, and the surroundings that all processes share.
pub struct Hands {
    /// Its engine.
    pub engine: Arc<Engine>,
    /// Where asynchronous calls run. One thread for the store work of deliveries, so that lanes take turns in the
    /// same order in every run.
    pub runtime: tokio::runtime::Runtime,
    /// The clock.
    pub clock: Arc<FakeClock>,
    /// The subscribers.
    pub receiver: Arc<Receiver>,
    /// The organization.
    pub org: OrganizationId,
    /// Subscriptions at most.
    pub subscriptions: usize,
    /// What was sent so far.
    pub interest: Arc<Mutex<Interest>>,
}

impl Hands {
    pub(crate) fn interest(&self) -> MutexGuard<'_, Interest> {
        self.interest.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does an operation and says in a line what came of it.
    ///
    /// # Errors
    /// What the engine refuses or fails at.
    pub fn act(&self, operation: &Operation) -> Result<String, EngineError> {
        match operation {
            Operation::Submit(rows) => self.submit(rows),
            Operation::Advance(ticks) => {
                self.clock.advance_ms(ticks * TICK_MS);
                Ok("advanced".to_owned())
            }
            Operation::Batch => self.batch(Activation::Manual),
            Operation::Tick => Ok(self.engine.schedule_tick()?.iter().map(|(_, start)| shown(start)).collect()),
            Operation::Resolve { row, target, action } => self.resolve(*row, *target, action),
            Operation::Undo(row) => self.undo(*row),
            Operation::Create(rows) => {
                let parts = self.sent(rows);
                let contact = self.engine.create_contact(
                    self.org,
                    &Actor::Key(1),
                    &Creation { parts, ..Creation::default() },
                    None,
                )?;
                Ok(format!("created contact {}", contact.id))
            }
            Operation::Subscribe => self.subscribe(),
            Operation::Switch(place, active) => self.switch(*place, *active),
            Operation::Deliver { rounds, rest, mood } => self.deliver(*rounds, *rest, *mood),
            // Starting processes is the world's business.
            Operation::Restart => Ok("nothing to restart".to_owned()),
        }
    }

    /// Reads rows and notes what to look for because of them.
    fn sent(&self, rows: &[Value]) -> Vec<Submission> {
        let submissions: Vec<Submission> = rows.iter().filter_map(words::submission).collect();
        let mut interest = self.interest();
        for submission in &submissions {
            interest.references.extend(submission.reference.clone());
            interest.keys.extend(Profile::of(submission, COUNTRY).keys());
        }
        submissions
    }

    fn submit(&self, rows: &[Value]) -> Result<String, EngineError> {
        let submissions = self.sent(rows);
        let receipts = self.runtime.block_on(self.engine.submit(self.org, None, submissions.clone()))?;
        let ids = receipts.iter().map(|receipt| receipt.id);
        self.interest().acknowledged.extend(ids.zip(submissions));
        Ok(format!("held {}", receipts.len()))
    }

    pub(crate) fn batch(&self, activation: Activation) -> Result<String, EngineError> {
        Ok(shown(&self.engine.run_batch(self.org, activation)?))
    }

    fn resolve(&self, row: usize, target: usize, action: &Action) -> Result<String, EngineError> {
        let bucket = self.engine.needs_update(self.org, &NeedsUpdateFilter::default(), 0, 1_000)?.list;
        let Some(waiting) = nth(&bucket, row) else { return Ok("nothing waits".to_owned()) };
        let correction = match action {
            Action::Retry(Some(row)) => self.sent(std::slice::from_ref(row)).into_iter().next().map(Box::new),
            _ => None,
        };
        let target = self.target(waiting, target)?;
        let resolution = match (action, target) {
            (Action::Retry(_), _) => Resolution::Retry { submission: correction },
            (Action::Reject, _) => Resolution::Reject,
            (Action::Create, _) => Resolution::Create,
            (_, None) => return Ok("no contact to choose".to_owned()),
            (Action::MergeAnywhere, Some(contact)) => Resolution::merge(contact.id, None),
            (Action::AddIndividual, Some(contact)) => Resolution::AddIndividual { contact: contact.id },
            (Action::Merge, Some(contact)) => {
                let individual = nth(&contact.golden.individuals, row).map(|individual| individual.id);
                Resolution::merge(contact.id, individual)
            }
        };
        let view = self.engine.resolve(self.org, waiting.id, resolution, &Actor::Staff("ann".into()))?;
        Ok(format!("resolved {} {:?}", view.state, view.contact))
    }

    /// Half of the time one of the row's own candidates, if it has any, else any contact.
    fn target(&self, waiting: &TransactionView, place: usize) -> Result<Option<ContactRow>, EngineError> {
        let item = self.engine.needs_update_item(self.org, waiting.id)?;
        let candidates: Vec<ContactRow> =
            item.into_iter().flat_map(|item| item.candidates).map(|candidate| candidate.contact).collect();
        if place.is_multiple_of(2) && !candidates.is_empty() {
            return Ok(nth(&candidates, place / 2).cloned());
        }
        let contacts = self.engine.store().reading(|tx| tx.contact_page(self.org, None, 1_000))?;
        Ok(nth(&contacts, place).cloned())
    }

    fn undo(&self, place: usize) -> Result<String, EngineError> {
        let rows = self.engine.store().reading(|tx| tx.transaction_page(self.org, None, 10_000))?;
        let decided: Vec<_> = rows.iter().filter(|row| is_decided(row.state)).collect();
        let Some(row) = nth(&decided, place) else { return Ok("nothing is decided".to_owned()) };
        self.engine.undo_decision(self.org, row.id, &Actor::Staff("ann".into()))?;
        Ok(format!("took back {}", row.state))
    }

    fn subscribe(&self) -> Result<String, EngineError> {
        let number = self.engine.webhooks(self.org)?.len();
        if number >= self.subscriptions {
            return Ok("enough subscribers".to_owned());
        }
        // The second one does not want to hear of contacts that are no more.
        let wanted = if number == 0 { EventKind::ALL } else { &[EventKind::ContactCreate, EventKind::ContactUpdate] };
        let toggles: BTreeSet<String> = wanted.iter().map(|kind| kind.as_str().to_owned()).collect();
        let payload_url = format!("https://hooks.example.org/{number}");
        let new = WebhookInput {
            payload_url,
            secret: Some(SECRET.into()),
            active: true,
            toggles,
            headers: None,
            options: None,
        };
        self.engine.create_webhook(self.org, new)?;
        Ok("subscribed".to_owned())
    }

    fn switch(&self, place: usize, active: bool) -> Result<String, EngineError> {
        let webhooks: Vec<WebhookRow> = self.engine.webhooks(self.org)?;
        let Some(webhook) = nth(&webhooks, place) else { return Ok("nothing to switch".to_owned()) };
        self.engine.set_webhook_active(self.org, webhook.id, active)?;
        Ok(format!("switched {} to {active}", webhook.id))
    }

    fn deliver(&self, rounds: usize, rest: i64, mood: Mood) -> Result<String, EngineError> {
        self.receiver.set_mood(mood);
        let (mut attempts, mut delivered) = (0, 0);
        for _ in 0..rounds {
            let outcome = self.runtime.block_on(self.engine.deliver_once())?;
            attempts += outcome.attempts;
            delivered += outcome.delivered;
            self.clock.advance_ms(rest * TICK_MS);
        }
        Ok(format!("tried {attempts}, delivered {delivered}"))
    }
}

impl Drop for Hands {
    fn drop(&mut self) {
        self.engine.shutdown();
    }
}

/// The element at this place, counted round and round.
fn nth<T>(list: &[T], place: usize) -> Option<&T> {
    list.get(place.checked_rem(list.len())?)
}

pub(crate) const fn is_decided(state: State) -> bool {
    matches!(state, State::Created | State::Merged | State::Unchanged | State::Rejected)
}

fn shown(start: &RunStart) -> String {
    match start {
        RunStart::Finished(run) => format!("run {} {:?} {:?} {:?}", run.id, run.state, run.counts, run.reasons),
        RunStart::AlreadyRunning => "already running".to_owned(),
        RunStart::NotDue => "not due".to_owned(),
        RunStart::Stopped(run) => format!("run {} stopped", run.id),
    }
}
