//! Step 9 of the flow: deliver. Claim under a lease, commit, send with no transaction open, record.
//!
//! Each subscription is a lane of its own, so that a receiver that hangs holds up nobody else. Of one contact only
//! the earliest pending event is ever claimed for a lane, so a contact's events arrive in order.

mod lane;

use crate::{Engine, EngineError};
use lane::Lane;
use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tributary_contact::{OrganizationId, WebhookId};
use tributary_store::StoreExt;

/// Longest wait of an idle delivery loop: how late a retry that comes due can be noticed.
const IDLE: Duration = Duration::from_secs(1);

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

/// Lanes with a round under way in this process.
#[derive(Default)]
pub(crate) struct Lanes {
    busy: Mutex<HashSet<(OrganizationId, WebhookId)>>,
    wake: Notify,
}

impl Lanes {
    pub(crate) fn wake(&self) {
        self.wake.notify_waiters();
        self.wake.notify_one();
    }

    fn enter(&self, lane: (OrganizationId, WebhookId)) -> bool {
        self.busy.lock().is_ok_and(|mut busy| busy.insert(lane))
    }

    fn leave(&self, lane: (OrganizationId, WebhookId)) {
        if let Ok(mut busy) = self.busy.lock() {
            busy.remove(&lane);
        }
    }
}

/// Leaves the lane however its round ends.
struct Inside<'a> {
    lanes: &'a Lanes,
    key: (OrganizationId, WebhookId),
}

impl Drop for Inside<'_> {
    fn drop(&mut self) {
        self.lanes.leave(self.key);
    }
}

impl Engine {
    /// One round on every lane: claims what is due, sends it, records what came of it. The step function of the
    /// delivery loop.
    ///
    /// # Errors
    /// The first failure of the store; what was claimed is then sent again when its lease is over.
    pub async fn deliver_once(self: &Arc<Self>) -> Result<DeliverOutcome, EngineError> {
        let mut rounds = JoinSet::new();
        self.start_rounds(&mut rounds).await?;
        let mut outcome = DeliverOutcome::default();
        while let Some(round) = rounds.join_next().await {
            outcome += round.map_err(EngineError::internal)??;
        }
        Ok(outcome)
    }

    /// Delivers until [`Engine::shutdown`]: a lane starts its next round as soon as it has ended one, whatever
    /// the other lanes do.
    pub async fn deliver_loop(self: &Arc<Self>) {
        let mut rounds = JoinSet::new();
        while !self.is_stopping() {
            if let Err(error) = self.start_rounds(&mut rounds).await {
                tracing::error!(error = %error, "deliveries could not be looked up");
            }
            self.worth_looking(&mut rounds).await;
        }
        while rounds.join_next().await.is_some() {}
    }

    /// Until a lane has done work and may have more, or a rest is over. A lane that found nothing it could send
    /// is no reason to look again at once.
    async fn worth_looking(&self, rounds: &mut JoinSet<Result<DeliverOutcome, EngineError>>) {
        loop {
            tokio::select! {
                Some(round) = rounds.join_next() => if worked(round) { return },
                () = self.rest() => return,
            }
        }
    }

    /// Until there is something new, or a retry may have come due.
    async fn rest(&self) {
        tokio::select! {
            () = self.deliveries.wake.notified() => {}
            () = tokio::time::sleep(IDLE) => {}
        }
    }

    async fn start_rounds(
        self: &Arc<Self>,
        rounds: &mut JoinSet<Result<DeliverOutcome, EngineError>>,
    ) -> Result<(), EngineError> {
        let engine = self.clone();
        let lanes = blocking(move || engine.lanes()).await?;
        for lane in lanes {
            let key = (lane.organization, lane.webhook.id);
            if !self.deliveries.enter(key) {
                continue;
            }
            let engine = self.clone();
            rounds.spawn(async move {
                let _inside = Inside { lanes: &engine.deliveries, key };
                lane.round(&engine).await
            });
        }
        Ok(())
    }

    /// Active subscriptions that have something due.
    fn lanes(&self) -> Result<Vec<Lane>, EngineError> {
        let now = self.now();
        let lanes = self.parts.store.reading(|tx| {
            let mut lanes = Vec::new();
            for organization in tx.organizations()? {
                for webhook in tx.webhooks(organization.id)?.into_iter().filter(|webhook| webhook.active) {
                    if tx.has_due(organization.id, webhook.id, now)? {
                        lanes.push(Lane { organization: organization.id, webhook });
                    }
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

/// Whether a round made attempts; its failure is told here, once.
fn worked(round: Result<Result<DeliverOutcome, EngineError>, tokio::task::JoinError>) -> bool {
    match round {
        Ok(Ok(outcome)) => return outcome.attempts > 0,
        Ok(Err(error)) => tracing::error!(error = %error, "a delivery round failed"),
        Err(error) => tracing::error!(error = %error, "a delivery round was cut off"),
    }
    false
}

/// Runs store work on a blocking thread.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, EngineError> + Send + 'static,
) -> Result<T, EngineError> {
    tokio::task::spawn_blocking(work).await.map_err(EngineError::internal)?
}
