//! Which lanes are being worked on in this process, and how fast each may go.

use super::Key;
use super::pace::Pace;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::task::AbortHandle;
use tokio::time::Instant;
use tributary_contact::clock::Timestamp;

/// The lanes of this process.
#[derive(Default)]
pub(crate) struct Lanes {
    state: Mutex<State>,
    wake: Notify,
    /// Goes up with every call of [`Lanes::wake`].
    generation: AtomicU64,
}

#[derive(Default)]
struct State {
    busy: HashMap<Key, Busy>,
    paces: HashMap<Key, Pace>,
}

/// A lane that somebody is at work on.
struct Busy {
    /// Its last sign of life.
    heard: Instant,
    /// Ends the work.
    work: Option<AbortHandle>,
}

impl Lanes {
    /// There may be something new.
    pub(crate) fn wake(&self) {
        self.generation.fetch_add(1, Ordering::SeqCst);
        self.wake.notify_one();
    }

    pub(super) async fn woken(&self) {
        self.wake.notified().await;
    }

    /// Takes a lane; false when somebody is at work on it.
    pub(super) fn enter(&self, key: Key) -> bool {
        let mut state = self.lock();
        let free = !state.busy.contains_key(&key);
        if free {
            state.busy.insert(key, Busy { heard: Instant::now(), work: None });
        }
        free
    }

    /// Notes how the work on a lane is ended.
    pub(super) fn hold(&self, key: Key, work: AbortHandle) {
        if let Some(busy) = self.lock().busy.get_mut(&key) {
            busy.work = Some(work);
        }
    }

    /// A sign of life from the work on a lane.
    pub(super) fn beat(&self, key: Key) {
        if let Some(busy) = self.lock().busy.get_mut(&key) {
            busy.heard = Instant::now();
        }
    }

    /// Ends the work on lanes that were silent for so long, and names them. Their dropping frees them.
    pub(super) fn end_silent(&self, now: Instant, limit: Duration) -> Vec<Key> {
        let mut state = self.lock();
        let silent = state.busy.iter_mut().filter(|(_, busy)| now.duration_since(busy.heard) >= limit);
        let ended = silent.filter_map(|(key, busy)| busy.work.take().map(|work| (*key, work)));
        ended.inspect(|(_, work)| work.abort()).map(|(key, _)| key).collect()
    }

    /// The pace of a lane as it was left, or a new one.
    pub(super) fn pace(&self, key: Key, most: usize, now: Timestamp) -> Pace {
        self.lock().paces.remove(&key).unwrap_or_else(|| Pace::new(most, now))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A lane that was entered; it is left when this is dropped, however its work ends.
pub(super) struct Visit<'a> {
    lanes: &'a Lanes,
    key: Key,
    left: AtomicBool,
}

impl<'a> Visit<'a> {
    pub(super) const fn new(lanes: &'a Lanes, key: Key) -> Self {
        Self { lanes, key, left: AtomicBool::new(false) }
    }

    /// Which news the lane has heard of when it looks now.
    pub(super) fn generation(&self) -> u64 {
        self.lanes.generation.load(Ordering::SeqCst)
    }

    /// Leaves the lane at this pace, unless there is news since `seen`: whoever brings news later finds the lane
    /// free, so that none falls between two looks.
    pub(super) fn leave_if_quiet(&self, seen: u64, pace: &Pace) -> bool {
        let mut state = self.lanes.lock();
        let quiet = self.generation() == seen;
        if quiet {
            state.paces.insert(self.key, pace.clone());
            state.busy.remove(&self.key);
            self.left.store(true, Ordering::SeqCst);
        }
        quiet
    }

    /// Notes the pace for the next visit, unless that may have begun.
    pub(super) fn keep_pace(&self, pace: Pace) {
        if !self.left.load(Ordering::SeqCst) {
            self.lanes.lock().paces.insert(self.key, pace);
        }
    }
}

impl Drop for Visit<'_> {
    fn drop(&mut self) {
        if !self.left.load(Ordering::SeqCst) {
            self.lanes.lock().busy.remove(&self.key);
        }
    }
}
