//! A small first-come-first-served pool. With one connection it is the queue of writers: diesel's and
//! SQLite's own waiting are unfair, and an unlucky request would wait for many others.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tributary_store::{StoreError, StoreResult};

/// Something a pool can hold.
pub(crate) trait Pooled {
    /// Whether it can be used again.
    fn usable(&self) -> bool;
}

/// Opens a new connection.
pub(crate) type Opener<C> = Box<dyn Fn() -> StoreResult<C> + Send + Sync>;

/// At most `limit` connections, opened when needed, handed out in the order of asking.
pub(crate) struct Pool<C> {
    opener: Opener<C>,
    limit: usize,
    patience: Duration,
    state: Mutex<State<C>>,
}

struct State<C> {
    idle: Vec<C>,
    open: usize,
    /// Who waits, each on a bell of its own: one that rang for all would wake everybody for one connection.
    queue: VecDeque<Arc<Condvar>>,
}

/// A place in the pool: a connection that was opened before, or leave to open one.
type Place<C> = Option<C>;

impl<C> State<C> {
    fn has_room(&self, limit: usize) -> bool {
        !self.idle.is_empty() || self.open < limit
    }

    /// The connection used last, whose pages are still in its cache; else leave to open one more.
    fn take(&mut self, limit: usize) -> Option<Place<C>> {
        if let Some(connection) = self.idle.pop() {
            return Some(Some(connection));
        }
        if self.open >= limit {
            return None;
        }
        self.open += 1;
        Some(None)
    }

    fn is_turn_of(&self, bell: &Arc<Condvar>) -> bool {
        self.queue.front().is_some_and(|first| Arc::ptr_eq(first, bell))
    }

    fn wake_first(&self) {
        if let Some(first) = self.queue.front() {
            first.notify_one();
        }
    }
}

impl<C: Pooled> Pool<C> {
    /// A pool without connections yet; who waits longer than `patience` gets [`StoreError::Busy`].
    pub(crate) fn new(limit: u32, patience: Duration, opener: Opener<C>) -> Self {
        let state = State { idle: Vec::new(), open: 0, queue: VecDeque::new() };
        let limit = usize::try_from(limit.max(1)).unwrap_or(1);
        Self { opener, limit, patience, state: Mutex::new(state) }
    }

    /// Does the work on a connection. One that is no longer usable, or whose work panicked, is closed.
    pub(crate) fn with<T>(&self, work: impl FnOnce(&mut C) -> StoreResult<T>) -> StoreResult<T> {
        let place = self.wait()?;
        self.at(place, work)
    }

    /// Does the work on a connection that nobody uses, opened if need be; none when all are in use. It goes before
    /// those who wait, since it comes from a thread that must not: there are fewer of these than connections.
    pub(crate) fn try_with<T>(&self, work: impl FnOnce(&mut C) -> StoreResult<T>) -> Option<StoreResult<T>> {
        let place = self.lock().take(self.limit)?;
        Some(self.at(place, work))
    }

    fn at<T>(&self, place: Place<C>, work: impl FnOnce(&mut C) -> StoreResult<T>) -> StoreResult<T> {
        let mut slot = Slot { pool: self, back: None };
        let mut connection = match place.filter(Pooled::usable) {
            Some(connection) => connection,
            None => (self.opener)()?,
        };
        let done = work(&mut connection);
        slot.back = Some(connection).filter(Pooled::usable);
        done
    }

    fn wait(&self) -> StoreResult<Place<C>> {
        let mut state = self.lock();
        if state.queue.is_empty()
            && let Some(place) = state.take(self.limit)
        {
            return Ok(place);
        }
        let bell = Arc::new(Condvar::new());
        state.queue.push_back(bell.clone());
        let mut state = bell
            .wait_timeout_while(state, self.patience, |state| !(state.is_turn_of(&bell) && state.has_room(self.limit)))
            .unwrap_or_else(PoisonError::into_inner)
            .0;
        let place = if state.is_turn_of(&bell) { state.take(self.limit) } else { None };
        state.queue.retain(|waiting| !Arc::ptr_eq(waiting, &bell));
        if state.has_room(self.limit) {
            state.wake_first();
        }
        place.ok_or(StoreError::Busy(None))
    }

    fn lock(&self) -> MutexGuard<'_, State<C>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A taken place of the pool; gives back the connection or, without one, the place.
struct Slot<'a, C: Pooled> {
    pool: &'a Pool<C>,
    back: Option<C>,
}

impl<C: Pooled> Drop for Slot<'_, C> {
    fn drop(&mut self) {
        let mut state = self.pool.lock();
        match self.back.take() {
            Some(connection) => state.idle.push(connection),
            None => state.open -= 1,
        }
        state.wake_first();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::sync::mpsc;

    struct Numbered(u32, bool);

    impl Pooled for Numbered {
        fn usable(&self) -> bool {
            self.1
        }
    }

    fn pool(limit: u32, patience_ms: u64) -> Pool<Numbered> {
        let opened = AtomicU32::new(0);
        let opener = Box::new(move || Ok(Numbered(opened.fetch_add(1, Ordering::Relaxed), true)));
        Pool::new(limit, Duration::from_millis(patience_ms), opener)
    }

    #[test]
    fn a_connection_is_used_again() {
        let pool = pool(2, 1000);
        assert_eq!(pool.with(|connection| Ok(connection.0)).unwrap(), 0);
        assert_eq!(pool.with(|connection| Ok(connection.0)).unwrap(), 0);
    }

    #[test]
    fn a_broken_connection_is_replaced() {
        let pool = pool(1, 1000);
        pool.with(|connection| {
            connection.1 = false;
            Ok(())
        })
        .unwrap();
        assert_eq!(pool.with(|connection| Ok(connection.0)).unwrap(), 1);
    }

    #[test]
    fn who_must_not_wait_takes_what_nobody_uses_and_opens_what_may_be_open() {
        let pool = pool(1, 1000);
        assert_eq!(pool.try_with(|connection| Ok(connection.0)).unwrap().unwrap(), 0);
        pool.with(|_| {
            assert!(pool.try_with(|_| Ok(())).is_none());
            Ok(())
        })
        .unwrap();
        pool.try_with(|connection| {
            connection.1 = false;
            Ok(())
        })
        .unwrap()
        .unwrap();
        assert_eq!(pool.try_with(|connection| Ok(connection.0)).unwrap().unwrap(), 1);
    }

    #[test]
    fn a_panic_frees_the_place() {
        let pool = pool(1, 1000);
        let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            pool.with(|_| -> StoreResult<()> { panic!("in the work") })
        }));
        assert!(panicked.is_err());
        assert_eq!(pool.with(|connection| Ok(connection.0)).unwrap(), 1);
    }

    #[test]
    fn who_waits_too_long_is_told_that_the_database_is_busy() {
        let pool = pool(1, 10);
        let inner = pool.with(|_| Ok(pool.with(|_| Ok(())))).unwrap();
        assert!(matches!(inner, Err(StoreError::Busy(None))));
        pool.with(|_| Ok(())).unwrap();
    }

    #[test]
    fn waiters_are_served_in_the_order_of_asking() {
        let pool = pool(1, 60_000);
        let (sender, order) = mpsc::channel();
        std::thread::scope(|scope| {
            pool.with(|_| {
                for number in 0..5_usize {
                    let (pool, sender) = (&pool, sender.clone());
                    scope.spawn(move || pool.with(|_| sender.send(number).map_err(|e| StoreError::Other(e.into()))));
                    while pool.lock().queue.len() <= number {
                        std::thread::yield_now();
                    }
                }
                Ok(())
            })
            .unwrap();
        });
        drop(sender);
        assert_eq!(order.into_iter().collect::<Vec<_>>(), [0, 1, 2, 3, 4]);
    }
}
