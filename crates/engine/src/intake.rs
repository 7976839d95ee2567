//! Steps 1 and 2 of the flow: submit and hold.
//!
//! Concurrent submissions share one transaction and one flush to disk: a writer thread takes what waits
//! in the queue, commits it as one group, and only then answers each. The group grows by itself while
//! the previous commit runs, so there is no timer.

use crate::{Engine, EngineError, Parts};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};
use tributary_contact::clock::{Clock, IdGen, Timestamp};
use tributary_contact::{OrganizationId, RecordId, Submission};
use tributary_store::{HeldRow, Store};

/// The acknowledgement of a submission: it is held durably under this id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Receipt {
    /// Transaction id.
    pub id: RecordId,
    /// When it was received.
    pub received_at: Timestamp,
}

type Answer = Result<Vec<Receipt>, EngineError>;

struct Request {
    organization: OrganizationId,
    key_id: Option<i64>,
    submissions: Vec<Submission>,
    /// Their ids, when a request that can be repeated has chosen them.
    ids: Option<Vec<RecordId>>,
    answer: oneshot::Sender<Answer>,
}

/// The queue before the writer thread.
pub(crate) struct Intake {
    queue: Mutex<Option<mpsc::Sender<Request>>>,
}

impl Intake {
    pub(crate) fn start(parts: &Parts) -> Self {
        let (queue, requests) = mpsc::channel(parts.settings.intake.queue.max(1));
        let writer = Writer {
            store: parts.store.clone(),
            clock: parts.clock.clone(),
            ids: parts.ids.clone(),
            group_rows: parts.settings.intake.group_rows.max(1),
        };
        let spawned = std::thread::Builder::new().name("intake".into()).spawn(move || writer.run(requests));
        Self { queue: Mutex::new(spawned.is_ok().then_some(queue)) }
    }

    /// Ends the queue: what waits is still written and answered.
    pub(crate) fn close(&self) {
        if let Ok(mut queue) = self.queue.lock() {
            queue.take();
        }
    }

    fn sender(&self) -> Result<mpsc::Sender<Request>, EngineError> {
        self.queue.lock().ok().and_then(|queue| queue.clone()).ok_or(EngineError::Stopped)
    }
}

impl Engine {
    /// Holds submissions of one sender, all or none, and returns when they are durable.
    ///
    /// # Errors
    /// [`EngineError::Busy`] when the queue is full, [`EngineError::Unavailable`] when the database is
    /// away, [`EngineError::Stopped`] while shutting down. After an error nothing is acknowledged.
    pub async fn submit(
        &self,
        organization: OrganizationId,
        key_id: Option<i64>,
        submissions: Vec<Submission>,
    ) -> Result<Vec<Receipt>, EngineError> {
        self.submit_under(organization, key_id, submissions, None).await
    }

    /// As [`Engine::submit`], under these ids if there are any.
    pub(crate) async fn submit_under(
        &self,
        organization: OrganizationId,
        key_id: Option<i64>,
        submissions: Vec<Submission>,
        ids: Option<Vec<RecordId>>,
    ) -> Result<Vec<Receipt>, EngineError> {
        if submissions.is_empty() {
            return Ok(Vec::new());
        }
        let (answer, receipts) = oneshot::channel();
        let request = Request { organization, key_id, submissions, ids, answer };
        self.intake.sender()?.try_send(request).map_err(|refused| match refused {
            mpsc::error::TrySendError::Full(_) => EngineError::Busy,
            mpsc::error::TrySendError::Closed(_) => EngineError::Stopped,
        })?;
        receipts.await.map_err(|_| EngineError::Stopped)?
    }
}

/// A request whose rows have their ids.
struct Numbered {
    receipts: Vec<Receipt>,
    answer: oneshot::Sender<Answer>,
}

struct Writer {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdGen>,
    group_rows: usize,
}

impl Writer {
    fn run(&self, mut requests: mpsc::Receiver<Request>) {
        while let Some(first) = requests.blocking_recv() {
            let mut rows = Vec::new();
            let mut group = vec![self.number(first, &mut rows)];
            while rows.len() < self.group_rows {
                let Ok(next) = requests.try_recv() else { break };
                group.push(self.number(next, &mut rows));
            }
            self.hold(&rows, group);
        }
    }

    /// Ids are given here, by the one writer, so that they sort in order of receipt.
    fn number(&self, request: Request, rows: &mut Vec<HeldRow>) -> Numbered {
        let received_at = self.clock.now();
        let mut receipts = Vec::with_capacity(request.submissions.len());
        let mut chosen = request.ids.into_iter().flatten();
        for submission in request.submissions {
            let id = chosen.next().unwrap_or_else(|| RecordId(self.ids.next()));
            receipts.push(Receipt { id, received_at });
            let (organization, key_id) = (request.organization, request.key_id);
            rows.push(HeldRow { organization, id, received_at, key_id, submission });
        }
        Numbered { receipts, answer: request.answer }
    }

    fn hold(&self, rows: &[HeldRow], group: Vec<Numbered>) {
        metrics::histogram!("tributary_intake_group_rows")
            .record(f64::from(u32::try_from(rows.len()).unwrap_or(u32::MAX)));
        match self.store.ledger().hold(rows) {
            Ok(()) => {
                metrics::counter!("tributary_submissions_held_total").increment(rows.len() as u64);
                // A caller that went away has lost its answer, not its rows.
                group.into_iter().for_each(|held| drop(held.answer.send(Ok(held.receipts))));
            }
            Err(error) => self.refuse(&error, group),
        }
    }

    fn refuse(&self, error: &tributary_store::StoreError, group: Vec<Numbered>) {
        tracing::error!(requests = group.len(), error = %error, "submissions could not be held");
        metrics::counter!("tributary_hold_failures_total").increment(1);
        for refused in group {
            let cause = tributary_store::StoreError::Unavailable(None);
            drop(refused.answer.send(Err(EngineError::Unavailable(cause))));
        }
        // Without a pause a database that is away would be asked thousands of times a second.
        std::thread::park_timeout(Duration::from_millis(50));
    }
}
