//! What every handler shares: the engine, request ids, the metrics to be scraped, settings.

use crate::answers::{Answers, Moment};
use crate::blocking::blocking;
use crate::budget::Meter;
use crate::failures::Failures;
use crate::{ApiError, body};
use metrics_exporter_prometheus::PrometheusHandle;
use std::sync::Arc;
use tributary_contact::clock::IdGen;
use tributary_engine::Engine;

/// Settings of the HTTP surface.
#[derive(Debug, Clone)]
pub struct ApiSettings {
    /// Requests that an organization may send in an hour, over all its keys; 0 means any number. Processes
    /// on one database count together, as often as [`ApiState::tell_usage`] is called.
    pub requests_per_hour: u64,
    /// Requests without a valid credential that one address may send in a minute; 0 means any number.
    pub failures_per_minute: u32,
    /// How much is taken at once.
    pub sizes: BodySizes,
    /// Whether a contact that is not there is answered by 404 without a body, as clients of the
    /// contract expect (virtuous-contract.md 6.2), rather than with the canonical body.
    pub empty_not_found: bool,
    /// Whether a PUT takes away what its body leaves out, as the contract's older reference says, rather than leaving
    /// it as it is (virtuous-contract.md 1.1.2).
    pub put_replaces: bool,
    /// How long requests under way may take after a stop was asked for, in seconds.
    pub shutdown_seconds: u64,
}

/// Bytes of a picture.
const IMAGE: usize = 1_000_000;

/// How much is taken at once.
#[derive(Debug, Clone, Copy)]
pub struct BodySizes {
    /// Bytes of a body with one record.
    pub single: usize,
    /// Bytes of a batch.
    pub batch: usize,
    /// Items of a batch.
    pub items: usize,
}

impl Default for BodySizes {
    fn default() -> Self {
        Self { single: 256 * 1024, batch: 5_000_000, items: 1_000 }
    }
}

impl Default for ApiSettings {
    fn default() -> Self {
        Self {
            requests_per_hour: 5_000,
            failures_per_minute: 60,
            sizes: BodySizes::default(),
            empty_not_found: true,
            put_replaces: false,
            shutdown_seconds: 30,
        }
    }
}

/// What the handlers share. Cheap to clone; all clones count in one hourly budget.
#[derive(Clone)]
pub struct ApiState {
    pub(crate) engine: Arc<Engine>,
    pub(crate) ids: Arc<dyn IdGen>,
    pub(crate) metrics: Option<PrometheusHandle>,
    pub(crate) settings: ApiSettings,
    pub(crate) budget: Arc<Meter>,
    pub(crate) failures: Arc<Failures>,
    pub(crate) answers: Arc<Answers>,
}

impl ApiState {
    /// The state of a process. `ids` makes request ids; `metrics` is what `/metrics` prints beside the
    /// gauges that it reads from the engine at each scrape.
    #[must_use]
    pub fn new(
        engine: Arc<Engine>,
        ids: Arc<dyn IdGen>,
        metrics: Option<PrometheusHandle>,
        settings: ApiSettings,
    ) -> Self {
        let budget = Arc::new(Meter::new(settings.requests_per_hour));
        let failures = Arc::new(Failures::new(settings.failures_per_minute));
        Self { engine, ids, metrics, settings, budget, failures, answers: Arc::default() }
    }

    /// Tells the database what was used since the last call, and learns what other processes counted. To be
    /// called about once a second.
    ///
    /// # Errors
    /// Any failure of the store; what was not told is told by the next call.
    pub async fn tell_usage(&self) -> Result<(), ApiError> {
        for (organization, uses) in self.budget.untold(self.engine.clock().now()) {
            let told = uses.clone();
            let totals = blocking(self, move |engine| engine.tell_usage(organization, &told)).await?;
            self.budget.told(&uses, &totals);
        }
        Ok(())
    }

    /// When an answer is made now, if it can be told when one of another moment does.
    pub(crate) fn moment(&self) -> Option<Moment> {
        Some(Moment::new(self.engine.store().stamp()?, self.engine.clock().now()))
    }

    /// Bytes that are taken of a body.
    pub(crate) const fn bytes(&self, body: body::Size) -> usize {
        match body {
            body::Size::Single => self.settings.sizes.single,
            body::Size::Batch => self.settings.sizes.batch,
            body::Size::Image => IMAGE,
        }
    }
}
