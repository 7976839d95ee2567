//! Steps 3 to 8 of the flow: the batch of one organization, under a lease.
//!
//! A run takes chunks in order of receipt. Of each chunk it computes match profiles in parallel, fetches
//! all candidates at once, decides (see `decide`), and writes everything in one transaction together with its
//! own progress. So a run that is cut off anywhere is taken up again with nothing lost or doubled, and its
//! outcome depends neither on the size of the chunks nor on the number of threads.

mod ahead;
mod apply;
mod chunk;
mod decide;
mod dry;
mod gifts;
mod ledgered;
mod numbers;
mod people;
mod pinned;
mod reindex;
mod report;
mod run;
mod session;

pub(crate) use decide::{merges_unseen, waits_unseen};
pub use dry::{ContactChange, DryRun};
pub use report::{Counts, RunView};
pub use run::{Activation, RunStart};
pub(crate) use session::LEASE;

use crate::Engine;
use std::sync::{Arc, RwLock};
use tributary_contact::OrganizationId;

/// How far a long task has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Tenant.
    pub organization: OrganizationId,
    /// `batch`, `load` or `reindex`.
    pub stage: &'static str,
    /// Rows done.
    pub done: u64,
    /// Rows in all, as far as is known.
    pub total: u64,
}

type Watcher = Arc<dyn Fn(Progress) + Send + Sync>;

/// Whoever wants to hear of progress.
#[derive(Default)]
pub(crate) struct ProgressSlot(RwLock<Option<Watcher>>);

impl Engine {
    /// Has progress of batches and loads told to this function.
    pub fn set_progress(&self, watcher: Option<Watcher>) {
        if let Ok(mut slot) = self.progress.0.write() {
            *slot = watcher;
        }
    }

    pub(crate) fn tell_progress(&self, progress: Progress) {
        if let Some(watcher) = self.progress.0.read().ok().and_then(|slot| slot.clone()) {
            watcher(progress);
        }
    }
}
