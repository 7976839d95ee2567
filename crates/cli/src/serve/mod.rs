//! A process that keeps running: HTTP, the scheduler's tick and the delivery loop, as its role says,
//! until it is told to stop. The `demo` runs the same.

mod schedule;

use crate::config::Config;
use actix_web::dev::{Server, ServerHandle};
use anyhow::Context as _;
use clap::ValueEnum;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use std::net::{SocketAddr, TcpListener};
use std::num::NonZero;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tributary_api::{ApiSettings, ApiState, BodySizes};
use tributary_contact::clock::SystemIds;
use tributary_engine::Engine;

/// How often the recorder folds its samples, as its documentation asks.
const UPKEEP: Duration = Duration::from_secs(5);

/// How often the processes on one database tell each other, through it, what was used.
const USAGE: Duration = Duration::from_secs(1);

/// How long requests under way may take before the batch is told to end too.
const GRACE: Duration = Duration::from_secs(2);

/// What a process does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Role {
    /// Serves the API, runs due batches and delivers.
    All,
    /// Serves the API only.
    Api,
    /// Runs due batches and delivers; serves health and metrics only.
    Worker,
}

impl Role {
    /// Its name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Api => "api",
            Self::Worker => "worker",
        }
    }
}

/// Starts to count and measure; once per process.
pub fn metrics() -> anyhow::Result<PrometheusHandle> {
    PrometheusBuilder::new().install_recorder().context("cannot start the metrics")
}

/// A process at work.
pub struct Running {
    engine: Arc<Engine>,
    address: SocketAddr,
    http: ServerHandle,
    server: JoinHandle<std::io::Result<()>>,
    schedule: Option<schedule::Schedule>,
    tasks: Vec<JoinHandle<()>>,
    stopping: watch::Sender<bool>,
    limit: Duration,
}

/// Starts the parts of a role. Must be called inside a runtime.
pub async fn start(
    engine: Arc<Engine>,
    config: &Config,
    role: Role,
    metrics: PrometheusHandle,
) -> anyhow::Result<Running> {
    let listen = &config.server.listen;
    let listener = TcpListener::bind(listen).with_context(|| format!("cannot listen on {listen}"))?;
    let address = listener.local_addr()?;
    let state = ApiState::new(engine.clone(), Arc::new(SystemIds), Some(metrics.clone()), api_settings(config));
    let server = http(listener, config, role, state.clone(), engine.clone())?;
    let (stopping, stop) = watch::channel(false);
    let mut running = Running {
        address,
        http: server.handle(),
        server: tokio::spawn(server),
        schedule: None,
        tasks: vec![tokio::spawn(upkeep(metrics, stop.clone())), tokio::spawn(tell_usage(state, stop))],
        stopping,
        limit: Duration::from_secs(config.server.shutdown_seconds),
        engine: engine.clone(),
    };
    if role != Role::Api {
        let delivering = engine.clone();
        running.tasks.push(tokio::spawn(async move { delivering.deliver_loop().await }));
        if config.schedule.enabled {
            running.schedule = Some(schedule::Schedule::start(engine).await?);
        }
    }
    Ok(running)
}

fn http(
    listener: TcpListener,
    config: &Config,
    role: Role,
    state: ApiState,
    engine: Arc<Engine>,
) -> anyhow::Result<Server> {
    let console = move |routes: &mut actix_web::web::ServiceConfig| tributary_console::configure(routes, &engine);
    let cores = || std::thread::available_parallelism().map_or(1, NonZero::get);
    let workers = if config.server.workers == 0 { cores() } else { config.server.workers };
    Ok(match role {
        Role::Worker => tributary_api::serve_health(listener, state)?,
        Role::All | Role::Api => tributary_api::serve(listener, state, workers, console)?,
    })
}

fn api_settings(config: &Config) -> ApiSettings {
    let limits = &config.limits;
    ApiSettings {
        requests_per_hour: limits.requests_per_hour,
        failures_per_minute: limits.failures_per_minute,
        sizes: BodySizes { single: limits.body_bytes, batch: limits.batch_bytes, items: limits.batch_items },
        empty_not_found: config.server.empty_not_found,
        put_replaces: config.server.put_replaces,
        shutdown_seconds: config.server.shutdown_seconds,
    }
}

/// Tells the database about used keys and spent budgets, until the end and once more then.
async fn tell_usage(state: ApiState, mut stop: watch::Receiver<bool>) {
    let stopped = async {
        // An error means that nobody is left to stop us.
        let _ = stop.wait_for(|stopping| *stopping).await;
    };
    let tell = async {
        loop {
            tokio::time::sleep(USAGE).await;
            if let Err(error) = state.tell_usage().await {
                tracing::warn!(%error, "usage could not be told to the database; the next try tells it");
            }
        }
    };
    tokio::select! {
        () = stopped => {}
        () = tell => {}
    }
    if let Err(error) = state.tell_usage().await {
        tracing::warn!(%error, "the last second of usage could not be told to the database");
    }
}

async fn upkeep(metrics: PrometheusHandle, mut stop: watch::Receiver<bool>) {
    let stopped = async {
        // An error means that nobody is left to stop us.
        let _ = stop.wait_for(|stopping| *stopping).await;
    };
    let fold = async {
        loop {
            tokio::time::sleep(UPKEEP).await;
            metrics.run_upkeep();
        }
    };
    tokio::select! {
        () = stopped => {}
        () = fold => {}
    }
}

impl Running {
    /// Where HTTP is served, with the port that was really taken.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Waits until HTTP ends by itself, which it does only when it broke.
    pub async fn broken(&mut self) -> anyhow::Error {
        match (&mut self.server).await {
            Ok(Ok(())) => anyhow::anyhow!("the HTTP server ended"),
            Ok(Err(error)) => anyhow::Error::from(error).context("the HTTP server failed"),
            Err(error) => anyhow::Error::from(error).context("the HTTP server failed"),
        }
    }

    /// Ends everything in order: no new requests, those under way answered, then no new submissions; the
    /// batch's chunk and the attempts under way end. What takes longer than the limit is left to the
    /// lease: another process, or the next start, takes it up.
    pub async fn stop(self) {
        // One limit for all of it, so that a supervisor's own limit can be set above it.
        let deadline = tokio::time::Instant::now() + self.limit;
        let answered = self.http.stop(true);
        tokio::pin!(answered);
        if tokio::time::timeout(GRACE, &mut answered).await.is_err() {
            // What is still unanswered may wait for a batch, which only ends early when told.
            self.engine.shutdown();
            drop(tokio::time::timeout_at(deadline, answered).await);
        }
        self.engine.shutdown();
        self.stopping.send_replace(true);
        let Self { schedule, tasks, limit, .. } = self;
        let ending = async {
            if let Some(schedule) = schedule {
                schedule.stop().await;
            }
            for task in tasks {
                if let Err(error) = task.await {
                    tracing::error!(%error, "a task of this process had failed");
                }
            }
        };
        if tokio::time::timeout_at(deadline, ending).await.is_err() {
            tracing::warn!(seconds = limit.as_secs(), "not everything ended in time; leases will be taken over");
        }
    }
}

/// Waits for SIGTERM or Ctrl-C.
pub async fn told_to_stop() -> std::io::Result<()> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let (mut term, mut int) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
        tokio::select! {
            _ = term.recv() => {}
            _ = int.recv() => {}
        }
        Ok(())
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await
}
