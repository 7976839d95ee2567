//! Step 9 of the flow: deliver. Claim under a lease, commit, send with no transaction open, record.
//!
//! Each subscription is a lane of its own, so that a receiver that hangs holds up nobody else. Of one contact only
//! the earliest pending event is ever claimed for a lane, so a contact's events arrive in order.

mod exchange;
mod health;
mod lane;
mod lanes;
mod pace;
mod queue;
mod replay;
mod send;
mod sweep;
mod watch;

pub(crate) use health::well;
pub(crate) use lanes::Lanes;
pub(crate) use send::headers;

use crate::{Engine, EngineError};
use lane::Lane;
use lanes::Visit;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;
use tributary_contact::{OrganizationId, WebhookId};
use tributary_store::StoreExt;

/// Longest wait of an idle delivery loop: how late a retry that comes due can be noticed.
const IDLE: Duration = Duration::from_secs(1);
/// Between two looks for what may be removed.
const SWEEP_EVERY: Duration = Duration::from_secs(600);

/// A lane: one subscription of an organization.
type Key = (OrganizationId, WebhookId);

/// What a round did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DeliverOutcome {
    /// Attempts made; 0 when nothing was due.
    pub attempts: usize,
    /// Attempts the subscriber took.
    pub delivered: usize,
}

impl std::ops::AddAssign for DeliverOutcome {
    fn add_assign(&mut self, other: Self) {
        self.attempts += other.attempts;
        self.delivered += other.delivered;
    }
}

/// How a lane is worked on: one round, or until it is empty.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Work {
    Round,
    Run,
}

type Rounds = JoinSet<Result<DeliverOutcome, EngineError>>;

impl Engine {
    /// One round on every lane, after a step of every replay: claims what is due, sends it, records what came of
    /// it. The step function of the delivery loop.
    ///
    /// # Errors
    /// The first failure of the store; what was claimed is then sent again when its lease is over.
    pub async fn deliver_once(self: &Arc<Self>) -> Result<DeliverOutcome, EngineError> {
        let engine = self.clone();
        blocking(move || engine.step_replays()).await?;
        let mut rounds = JoinSet::new();
        self.start_lanes(&mut rounds, Work::Round).await?;
        let mut outcome = DeliverOutcome::default();
        while let Some(round) = rounds.join_next().await {
            outcome += round.map_err(EngineError::internal)??;
        }
        Ok(outcome)
    }

    /// Delivers until [`Engine::shutdown`]: each lane works at its own pace until it is empty, whatever the other
    /// lanes do. Beside them, replays go on and what is old is removed. What breaks off is begun anew.
    pub async fn deliver_loop(self: &Arc<Self>) {
        let stopping = || self.is_stopping();
        let lanes = watch::keep_running("lanes", IDLE, stopping, || self.clone().work_lanes());
        let upkeep = watch::keep_running("upkeep", IDLE, stopping, || self.clone().keep_outbox());
        // The lanes have the last word: what is under way there is ended in order.
        let beside = async {
            upkeep.await;
            std::future::pending::<()>().await;
        };
        tokio::select! {
            () = lanes => {}
            () = beside => {}
        }
    }

    async fn work_lanes(self: Arc<Self>) {
        let mut lanes = JoinSet::new();
        while !self.is_stopping() {
            self.end_silent_lanes(tokio::time::Instant::now());
            if let Err(error) = self.start_lanes(&mut lanes, Work::Run).await {
                tracing::error!(error = %error, "deliveries could not be looked up");
            }
            self.rest(&mut lanes).await;
        }
        while let Some(lane) = lanes.join_next().await {
            tell(lane);
        }
    }

    /// Until there is something new, or a retry may have come due. Lanes that have ended are told of.
    async fn rest(&self, lanes: &mut Rounds) {
        let over = tokio::time::sleep(IDLE);
        tokio::pin!(over);
        loop {
            tokio::select! {
                Some(lane) = lanes.join_next() => tell(lane),
                () = self.deliveries.woken() => return,
                () = &mut over => return,
            }
        }
    }

    /// Replays and retention, beside the lanes.
    async fn keep_outbox(self: Arc<Self>) {
        let mut swept: Option<tokio::time::Instant> = None;
        while !self.is_stopping() {
            let engine = self.clone();
            let more = match blocking(move || engine.step_replays()).await {
                Ok(replayed) => replayed > 0,
                Err(error) => {
                    tracing::error!(error = %error, "a replay could not go on");
                    false
                }
            };
            if swept.is_none_or(|at| at.elapsed() >= SWEEP_EVERY) {
                swept = Some(tokio::time::Instant::now());
                let engine = self.clone();
                if let Err(error) = blocking(move || engine.sweep_outbox()).await {
                    tracing::error!(error = %error, "old events and deliveries could not be removed");
                }
            }
            if !more {
                tokio::time::sleep(IDLE).await;
            }
        }
    }

    async fn start_lanes(self: &Arc<Self>, lanes: &mut Rounds, work: Work) -> Result<(), EngineError> {
        let engine = self.clone();
        let keys = blocking(move || engine.lanes_with_work()).await?;
        for key in keys {
            if self.deliveries.enter(key) {
                let lane = lanes.spawn(self.clone().work_on(key, work));
                self.deliveries.hold(key, lane);
            }
        }
        Ok(())
    }

    async fn work_on(self: Arc<Self>, key: Key, work: Work) -> Result<DeliverOutcome, EngineError> {
        let visit = Visit::new(&self.deliveries, key);
        let mut pace = self.deliveries.pace(key, self.settings().delivery.in_flight, self.now());
        let lane = Lane::new(&self, key, &mut pace);
        let outcome = match work {
            Work::Round => lane.round().await,
            Work::Run => lane.run(&visit).await,
        };
        visit.keep_pace(pace);
        outcome
    }

    /// Active subscriptions that have something due, and paused ones whose probe is due.
    fn lanes_with_work(&self) -> Result<Vec<Key>, EngineError> {
        let now = self.now();
        let lanes = self.parts.store.reading(|tx| {
            let mut lanes = Vec::new();
            for organization in tx.organizations()? {
                for webhook in tx.webhooks(organization.id)?.into_iter().filter(|webhook| webhook.active) {
                    let due = match webhook.paused_at {
                        Some(_) => webhook.probe_at.is_none_or(|at| at <= now),
                        None => tx.oldest_due(organization.id, webhook.id, now)?.is_some(),
                    };
                    lanes.extend(due.then_some((organization.id, webhook.id)));
                }
            }
            Ok(lanes)
        })?;
        Ok(lanes)
    }

    /// Tells the delivery loop of this process that there is something new.
    pub(crate) fn wake_deliveries(&self) {
        self.deliveries.wake();
    }
}

/// A lane that failed is told of here, once.
fn tell(lane: Result<Result<DeliverOutcome, EngineError>, tokio::task::JoinError>) {
    match lane {
        Ok(Ok(_)) => {}
        Ok(Err(error)) => tracing::error!(error = %error, "a delivery lane failed"),
        // The watchdog has told of it.
        Err(error) if error.is_cancelled() => {}
        Err(error) => tracing::error!(error = %error, "a delivery lane was cut off"),
    }
}

/// Runs store work on a blocking thread.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, EngineError> + Send + 'static,
) -> Result<T, EngineError> {
    tokio::task::spawn_blocking(work).await.map_err(EngineError::internal)?
}
