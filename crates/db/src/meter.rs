//! Counts the statements of a connection, and remembers whether one of them failed.

use diesel::connection::{Instrumentation, InstrumentationEvent};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// Statements of one connection, added to the total of its store.
#[derive(Debug, Default)]
pub(crate) struct Meter {
    total: Arc<AtomicU64>,
    folded: AtomicBool,
    failed: AtomicBool,
}

impl Meter {
    /// A meter that adds to this total.
    pub(crate) fn new(total: &Arc<AtomicU64>) -> Arc<Self> {
        Arc::new(Self { total: Arc::clone(total), ..Self::default() })
    }

    /// Runs one prepared statement over many rows and counts it once: inside the process a further row
    /// costs no round trip and no planning.
    pub(crate) fn fold<T>(&self, rows: impl FnOnce() -> T) -> T {
        self.total.fetch_add(1, Ordering::Relaxed);
        self.folded.store(true, Ordering::Relaxed);
        let done = rows();
        self.folded.store(false, Ordering::Relaxed);
        done
    }

    /// Forgets earlier failures, at the begin of a transaction.
    pub(crate) fn begin(&self) {
        self.failed.store(false, Ordering::Relaxed);
        self.folded.store(false, Ordering::Relaxed);
    }

    /// Whether a statement has failed since the transaction began.
    pub(crate) fn failed(&self) -> bool {
        self.failed.load(Ordering::Relaxed)
    }

    /// The listener to be given to the connection.
    pub(crate) fn listener(self: &Arc<Self>) -> impl Instrumentation + use<> {
        let meter = Arc::clone(self);
        move |event: InstrumentationEvent<'_>| meter.note(&event)
    }

    fn note(&self, event: &InstrumentationEvent<'_>) {
        match event {
            InstrumentationEvent::StartQuery { .. } if !self.folded.load(Ordering::Relaxed) => {
                self.total.fetch_add(1, Ordering::Relaxed);
            }
            InstrumentationEvent::FinishQuery { error: Some(_), .. } => self.failed.store(true, Ordering::Relaxed),
            _ => {}
        }
    }
}
