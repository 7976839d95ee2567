//! The one-minute tick that asks the engine which batches are due.
//!
//! The scheduler library gives the tick and nothing else, since it freezes a zone's offset, forgets
//! missed runs and lets runs overlap (issues 107, 83 and 50 of mvniekerk/tokio-cron-scheduler). Due
//! times, catching up and single flight over processes are the engine's.

use anyhow::Context as _;
use std::sync::Arc;
use tokio::sync::Mutex;
use tokio_cron_scheduler::{Job, JobScheduler};
use tributary_engine::{Engine, RunStart};

/// Second 0 of every minute, UTC.
const EVERY_MINUTE: &str = "0 * * * * *";

/// The running tick.
pub struct Schedule {
    scheduler: JobScheduler,
    ticker: Ticker,
}

/// Runs a tick unless the one before is still running.
#[derive(Clone)]
struct Ticker {
    engine: Arc<Engine>,
    under_way: Arc<Mutex<()>>,
}

impl Schedule {
    /// Starts the tick, with a first one at once: a night that was missed runs now.
    pub async fn start(engine: Arc<Engine>) -> anyhow::Result<Self> {
        let ticker = Ticker { engine, under_way: Arc::default() };
        let scheduler = JobScheduler::new().await.context("cannot start the scheduler")?;
        let each = ticker.clone();
        let job = Job::new_async(EVERY_MINUTE, move |_, _| {
            let ticker = each.clone();
            Box::pin(async move { ticker.tick().await })
        });
        scheduler.add(job.context("cannot make the tick")?).await.context("cannot add the tick")?;
        scheduler.start().await.context("cannot start the tick")?;
        let first = ticker.clone();
        tokio::spawn(async move { first.tick().await });
        Ok(Self { scheduler, ticker })
    }

    /// No more ticks; waits for the one under way, whose batch ends after its chunk once the engine was
    /// told to shut down.
    pub async fn stop(mut self) {
        if let Err(error) = self.scheduler.shutdown().await {
            tracing::warn!(%error, "the scheduler did not stop");
        }
        let _ended = self.ticker.under_way.lock().await;
    }
}

impl Ticker {
    async fn tick(&self) {
        let Ok(_under_way) = self.under_way.try_lock() else { return };
        let engine = self.engine.clone();
        match tokio::task::spawn_blocking(move || engine.schedule_tick()).await {
            Ok(Ok(started)) => started.iter().for_each(|(organization, start)| report(organization.0, start)),
            // The engine has logged which organization's run failed, and why.
            Ok(Err(_logged)) => {}
            Err(error) => tracing::error!(%error, "the tick failed"),
        }
    }
}

fn report(organization: i64, start: &RunStart) {
    match start {
        RunStart::Finished(run) => {
            let state = run.state.as_str();
            tracing::info!(
                organization,
                run = run.id.0,
                state,
                received = run.counts.received,
                "scheduled batch ended"
            );
        }
        RunStart::Stopped(run) => {
            tracing::info!(organization, run = run.id.0, "scheduled batch stopped; it will be resumed");
        }
        RunStart::AlreadyRunning | RunStart::NotDue => {}
    }
}
