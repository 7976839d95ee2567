//! A run under way: what it keeps from chunk to chunk.

use super::ahead::Ahead;
use super::chunk::{Chunk, Phase, WorkRow};
use super::people::People;
use super::report::{Counts, Report, RunView, view};
use crate::apart::Apart;
use crate::change::Profiles;
use crate::matcher::in_force;
use crate::policy::of_number;
use crate::privacy::Tombstones;
use crate::{Engine, EngineError, Progress};
use chrono::TimeDelta;
use std::sync::Arc;
use std::time::Instant;
use tributary_contact::policy::Policy;
use tributary_contact::state::State;
use tributary_matching::{Matcher, Profile, TermStats};
use tributary_store::{Fence, Organization, RunRow, RunState, StoreError, StoreExt, StoreResult, WriteTx};

/// Transactions read at once when a run closes that was taken up again.
const READ_AT_ONCE: usize = 1_000;
/// Name of the lease a batch runs under, and the undo of one.
pub(crate) const LEASE: &str = "batch";
/// How often a chunk is decided again when another writer changed its contacts meanwhile.
const TRIES: usize = 8;

/// A run under way.
pub(super) struct Session<'a> {
    pub(super) engine: &'a Engine,
    pub(super) organization: Organization,
    pub(super) fence: Fence,
    pub(super) run: RunRow,
    pub(super) report: Report,
    pub(super) matcher: Matcher,
    /// The policy that all rows of the run are decided under; none for the shipped one.
    pub(super) policy: Option<Arc<Policy>>,
    pub(super) profiles: Profiles,
    pub(super) people: People,
    pub(super) apart: Apart,
    pub(super) tombstones: Tombstones,
    pub(super) pool: rayon::ThreadPool,
    /// Rows of a chunk at most.
    pub(super) chunk_rows: i64,
    /// Where the run goes on after the chunk it is at.
    pub(super) phase: Phase,
    /// What is prepared of the next chunk.
    pub(super) ahead: Option<Ahead>,
    total: u64,
}

impl<'a> Session<'a> {
    /// Loads what stays the same for the whole run: the versions of the matcher and of the policy, and term
    /// frequencies as of its start.
    pub(super) fn open(
        engine: &'a Engine,
        organization: Organization,
        fence: Fence,
        run: RunRow,
    ) -> Result<Self, EngineError> {
        let settings = engine.settings();
        let (id, report) = (organization.id, Report::read(&run.report));
        let (terms, in_force, policy, tombstones) = engine.parts.store.reading(|tx| {
            let in_force = in_force(tx, id, &settings.matching)?;
            let tombstones = Tombstones::read(tx, id)?;
            Ok((tx.term_counts(id)?, in_force, of_number(tx, id, report.policy)?, tombstones))
        })?;
        let terms = terms.into_iter().collect::<TermStats>();
        let pool = rayon::ThreadPoolBuilder::new().num_threads(settings.batch.threads).build();
        let held = engine.parts.store.ledger().tally(organization.id)?.held;
        Ok(Self {
            matcher: Matcher::new(in_force.weights, in_force.thresholds, terms)
                .with_nicknames(in_force.document.nicknames.relation()),
            policy,
            report,
            profiles: Profiles::default(),
            people: People::default(),
            apart: Apart::unread(),
            tombstones,
            pool: pool.map_err(EngineError::internal)?,
            chunk_rows: i64::try_from(settings.batch.chunk_rows.max(1)).unwrap_or(i64::MAX),
            phase: Phase::SentBack(None),
            ahead: None,
            total: u64::try_from(held + run.received).unwrap_or(0),
            engine,
            organization,
            fence,
            run,
        })
    }

    /// Takes up and applies one chunk; false when none was left.
    pub(super) fn step(&mut self) -> Result<bool, EngineError> {
        let claimed = self.timed("claim", Self::claim)?;
        let Some((chunk, next)) = claimed else { return Ok(false) };
        self.phase = next;
        self.engine.settings().probe.at("claimed")?;
        if !chunk.rows.is_empty() {
            self.settle(&chunk.rows)?;
        }
        self.engine.settings().probe.at("applied")?;
        self.timed("forget", |session| {
            let ledger = session.engine.parts.store.ledger();
            ledger.forget(session.organization.id, &chunk.ledger_ids).map_err(EngineError::from)
        })?;
        self.tell();
        Ok(true)
    }

    fn claim(&mut self) -> Result<Option<(Chunk, Phase)>, EngineError> {
        let claimed = match self.ahead.take() {
            Some(ahead) => self.take_up(ahead),
            None => Chunk::claim(self, self.phase)?,
        };
        let Some((mut chunk, next)) = claimed else { return Ok(None) };
        chunk.mark_gifts(self)?;
        Ok(Some((chunk, next)))
    }

    /// Decides and applies rows. A row that cannot be processed is found by taking the rows one by one, and set
    /// aside for a person, so that it holds up no other.
    fn settle(&mut self, rows: &[WorkRow]) -> Result<(), EngineError> {
        match (self.settle_again(rows), rows) {
            (Err(EngineError::Internal(cause)), [row]) => {
                tracing::error!(transaction = %row.id, error = %cause, "a row could not be processed and is set aside");
                metrics::counter!("tributary_rows_failed_total").increment(1);
                self.set_aside(row)
            }
            (Err(EngineError::Internal(_)), rows) => rows.chunks(1).try_for_each(|one| self.settle(one)),
            (done, _) => done,
        }
    }

    /// Again from the candidates on when a contact was changed meanwhile.
    fn settle_again(&mut self, rows: &[WorkRow]) -> Result<(), EngineError> {
        for attempt in 1..TRIES {
            match self.settle_once(rows) {
                Err(EngineError::Raced | EngineError::Conflict { .. }) => {
                    metrics::counter!("tributary_batch_chunk_conflicts_total").increment(1);
                    tracing::info!(
                        run = self.run.id.0,
                        attempt,
                        "contacts changed meanwhile; the chunk is decided again"
                    );
                }
                done => return done,
            }
        }
        self.settle_once(rows)
    }

    /// Runs a step and adds its duration to the report.
    pub(super) fn timed<T>(
        &mut self,
        step: &str,
        work: impl FnOnce(&mut Self) -> Result<T, EngineError>,
    ) -> Result<T, EngineError> {
        let started = Instant::now();
        let done = work(self);
        let took = started.elapsed();
        metrics::histogram!("tributary_batch_step_seconds", "step" => step.to_owned()).record(took.as_secs_f64());
        *self.report.steps_ms.entry(step.to_owned()).or_default() +=
            i64::try_from(took.as_millis()).unwrap_or(i64::MAX);
        done
    }

    /// The end of the lease if it is extended now.
    pub(super) fn lease_end(&self) -> tributary_contact::clock::Timestamp {
        self.engine.now() + TimeDelta::seconds(i64::from(self.engine.settings().batch.lease_seconds))
    }

    fn tell(&self) {
        let done = u64::try_from(self.run.received).unwrap_or(0);
        let organization = self.organization.id;
        self.engine.tell_progress(Progress { organization, stage: "batch", done, total: self.total.max(done) });
    }

    /// Ends the run: counts what was stored, and checks that nothing was lost or doubled.
    pub(super) fn finish(mut self) -> Result<RunView, EngineError> {
        let id = self.organization.id;
        let tally = self.engine.parts.store.ledger().tally(id)?;
        let (outcomes, states) =
            self.engine.parts.store.reading(|tx| Ok((tx.run_outcomes(id, self.run.id)?, tx.state_counts(id)?)))?;
        self.report.count(&outcomes);
        let waiting: i64 = states.iter().filter(|count| count.state == State::Held).map(|count| count.count).sum();
        let moved: i64 = states.iter().map(|count| count.count).sum();
        self.report.counts.held = tally.held + waiting;
        let whole = self.report.counts.decided() == self.run.received && tally.received == tally.held + moved;
        self.run.state = if whole { RunState::Done } else { RunState::Broken };
        self.run.finished_at = Some(self.engine.now());
        self.run.report = self.report.text();
        self.close()?;
        let shown = view(&self.run);
        self.observe(&shown, whole);
        Ok(shown)
    }

    fn close(&self) -> Result<(), EngineError> {
        let (id, until) = (self.organization.id, self.lease_end());
        let closed = self.engine.parts.store.writing("close_batch", |tx| {
            tx.extend_lease(id, &self.fence, until)?;
            let terms = self.newcomers(tx)?;
            tx.add_terms(id, &terms)?;
            tx.update_run(id, &self.run)
        });
        closed.map_err(from_fenced)
    }

    /// Terms of the people this run has brought, as its decisions stand now. They count from the next run on, so that
    /// no decision depends on where a chunk ended or a run was cut off.
    fn newcomers(&self, tx: &mut dyn WriteTx) -> StoreResult<Vec<(i64, i64)>> {
        let id = self.organization.id;
        let mut terms = TermStats::default();
        let mut unknown = Vec::new();
        for transaction in tx.run_newcomers(id, self.run.id)? {
            match self.profiles.get(transaction) {
                Some(profile) => terms.add(&profile, 1),
                None => unknown.push(transaction),
            }
        }
        // Decided before the run was cut off.
        for page in unknown.chunks(READ_AT_ONCE) {
            for row in tx.transactions(id, page)? {
                terms.add(&Profile::of(&row.submission, &self.organization.country), 1);
            }
        }
        let mut terms: Vec<(i64, i64)> = terms.entries().collect();
        terms.sort_unstable();
        Ok(terms)
    }

    fn observe(&self, run: &RunView, whole: bool) {
        let Counts { received, created, merged, unchanged, needs_update, rejected, held } = run.counts;
        let seconds = run.finished_at.map_or(0.0, |end| (end - run.started_at).as_seconds_f64());
        metrics::histogram!("tributary_batch_duration_seconds").record(seconds);
        if !whole {
            metrics::counter!("tributary_batch_broken_total").increment(1);
            tracing::error!(run = run.id.0, "the run does not add up: rows received and rows accounted for differ");
        }
        tracing::info!(
            organization = self.organization.id.0,
            run = run.id.0,
            seconds,
            received,
            created,
            merged,
            unchanged,
            needs_update,
            rejected,
            held,
            "batch finished"
        );
    }
}

/// A lost lease is no defect: another worker goes on with the run.
pub(super) fn from_fenced(error: StoreError) -> EngineError {
    match error {
        StoreError::Fenced { .. } => EngineError::Unavailable(error),
        other => other.into(),
    }
}
