//! Settings of the engine. Every field has a default that suits a small installation.

use crate::EngineError;
use std::sync::Arc;
use tributary_webhook::SealKeys;
use tributary_webhook::guard::AddressGuard;

/// All settings.
#[derive(Clone, Default)]
pub struct Settings {
    /// The nightly batch.
    pub batch: BatchSettings,
    /// Intake.
    pub intake: IntakeSettings,
    /// Webhook delivery.
    pub delivery: DeliverySettings,
    /// Thresholds of the matcher.
    pub matching: MatchingSettings,
    /// Which addresses webhooks may be sent to.
    pub guard: AddressGuard,
    /// Test hook at the named points of a batch.
    pub probe: Probe,
}

/// Settings of the batch.
#[derive(Debug, Clone)]
pub struct BatchSettings {
    /// Rows decided and applied in one transaction.
    pub chunk_rows: usize,
    /// Threads that normalise and decide; 0 means one per core.
    pub threads: usize,
    /// How long a worker holds an organization's batch without a heartbeat, in seconds.
    pub lease_seconds: u32,
}

impl Default for BatchSettings {
    fn default() -> Self {
        Self { chunk_rows: 8_000, threads: 0, lease_seconds: 60 }
    }
}

/// Settings of intake.
#[derive(Debug, Clone)]
pub struct IntakeSettings {
    /// Requests that may wait for the writer; more are told to come back.
    pub queue: usize,
    /// Rows that share one transaction at most.
    pub group_rows: usize,
}

impl Default for IntakeSettings {
    fn default() -> Self {
        Self { queue: 4_096, group_rows: 1_000 }
    }
}

/// Settings of delivery.
#[derive(Debug, Clone)]
pub struct DeliverySettings {
    /// Requests under way to one subscriber at most.
    pub in_flight: usize,
    /// How long a claimed delivery is not claimed by others, in seconds; above the sender's timeout.
    pub lease_seconds: u32,
    /// The sender's timeout for a whole exchange, in seconds: a claim with less left than that is not sent.
    pub timeout_seconds: u32,
    /// Delay before each attempt, in seconds; the first is the delay after the event.
    pub steps: Vec<u64>,
    /// Whether the header of the Virtuous scheme is sent too, where the subscription says nothing.
    pub compat_header: bool,
    /// After so long without a success a subscription is paused, in seconds.
    pub pause_after_seconds: u32,
    /// How often a paused subscription is tried, in seconds.
    pub probe_seconds: u32,
    /// How long a delivery is kept after its end, in seconds.
    pub keep_deliveries_seconds: u32,
    /// How long an event is kept in the feed, in seconds.
    pub keep_events_seconds: u32,
    /// Keys that secrets are sealed with at rest.
    pub secret_keys: SealKeys,
}

/// Seconds of a day.
const DAY: u32 = 86_400;

impl Default for DeliverySettings {
    fn default() -> Self {
        Self {
            in_flight: 32,
            lease_seconds: 30,
            timeout_seconds: 15,
            steps: tributary_webhook::schedule::STEPS.to_vec(),
            compat_header: true,
            pause_after_seconds: 5 * DAY,
            probe_seconds: DAY,
            keep_deliveries_seconds: 30 * DAY,
            keep_events_seconds: 90 * DAY,
            secret_keys: SealKeys::default(),
        }
    }
}

/// Thresholds of the matcher, as probabilities.
#[derive(Debug, Clone)]
pub struct MatchingSettings {
    /// From here on a row is merged without a person.
    pub auto_probability: f64,
    /// Below this a row creates a contact without a person.
    pub review_probability: f64,
}

impl Default for MatchingSettings {
    fn default() -> Self {
        let shipped = tributary_matching::Thresholds::default();
        Self { auto_probability: shipped.merge, review_probability: shipped.review }
    }
}

/// What a probe is: a function that may fail at a named point.
type ProbeFn = dyn Fn(&'static str) -> Result<(), EngineError> + Send + Sync;

/// Called at the named points of a batch, so that a test can look, count or fail there. Does nothing by default.
#[derive(Clone, Default)]
pub struct Probe(Option<Arc<ProbeFn>>);

impl Probe {
    /// A probe that calls this function at every point.
    #[must_use]
    pub fn new(probe: impl Fn(&'static str) -> Result<(), EngineError> + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(probe)))
    }

    pub(crate) fn at(&self, point: &'static str) -> Result<(), EngineError> {
        self.0.as_ref().map_or(Ok(()), |probe| probe(point))
    }
}
