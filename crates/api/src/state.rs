//! What every handler shares: the engine, request ids, the metrics to be scraped, settings.

use crate::budget::Budget;
use metrics_exporter_prometheus::PrometheusHandle;
use std::sync::Arc;
use tributary_contact::clock::IdGen;
use tributary_engine::Engine;

/// Settings of the HTTP surface.
#[derive(Debug, Clone)]
pub struct ApiSettings {
    /// Requests that an organization may send in an hour, over all its keys; 0 means any number.
    /// Counted by this process alone.
    pub requests_per_hour: u64,
    /// Whether a contact that is not there is answered by 404 without a body, as clients of the
    /// contract expect (virtuous-contract.md 6.2), rather than with the canonical body.
    pub empty_not_found: bool,
    /// Whether a PUT takes away what its body leaves out, as the contract's older reference says, rather than leaving
    /// it as it is (virtuous-contract.md 1.1.2).
    pub put_replaces: bool,
    /// How long requests under way may take after a stop was asked for, in seconds.
    pub shutdown_seconds: u64,
}

impl Default for ApiSettings {
    fn default() -> Self {
        Self { requests_per_hour: 5_000, empty_not_found: true, put_replaces: false, shutdown_seconds: 30 }
    }
}

/// What the handlers share. Cheap to clone; all clones count in one hourly budget.
#[derive(Clone)]
pub struct ApiState {
    pub(crate) engine: Arc<Engine>,
    pub(crate) ids: Arc<dyn IdGen>,
    pub(crate) metrics: Option<PrometheusHandle>,
    pub(crate) settings: ApiSettings,
    pub(crate) budget: Arc<Budget>,
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
        let budget = Arc::new(Budget::new(settings.requests_per_hour));
        Self { engine, ids, metrics, settings, budget }
    }
}
