//! A dry run: the next run worked out in memory, and nothing stored.
//!
//! It takes all rows as one chunk. The outcome of a batch does not depend on where its chunks end, so this is what
//! the next run will do, down to the numbers that new contacts will be given, unless something changes before it.

use super::chunk::{Chunk, Phase, WorkRow};
use super::report::{Counts, Report};
use super::run::policy_of_next;
use super::session::{LEASE, Session};
use crate::change::Working;
use crate::read::TransactionView;
use crate::{Engine, EngineError, INDEX_VERSION};
use std::collections::BTreeMap;
use tributary_contact::diff::Change;
use tributary_contact::state::{Reason, State};
use tributary_contact::{ContactId, OrganizationId, RecordId, RunId, Submission};
use tributary_store::{Counter, Fence, Organization, RunKind, RunRow, RunState, StoreExt};

/// How often it is worked out again when contacts are changed meanwhile.
const TRIES: usize = 3;

/// What the next run would do.
#[derive(Debug, Clone, PartialEq)]
pub struct DryRun {
    /// Rows per outcome; none is still held.
    pub counts: Counts,
    /// Needs-update rows per reason code.
    pub reasons: BTreeMap<String, i64>,
    /// Every row with the decision about it, in the order of the run.
    pub transactions: Vec<TransactionView>,
    /// The contacts that would be made or changed, by id.
    pub contacts: Vec<ContactChange>,
}

/// What would become of a contact.
#[derive(Debug, Clone, PartialEq)]
pub struct ContactChange {
    /// Its id, or the one that it would be given.
    pub contact: ContactId,
    /// Whether the run would make it.
    pub is_new: bool,
    /// Every value that would be added, changed or taken away.
    pub changes: Vec<Change>,
}

impl Engine {
    /// Works out what the next run of the organization's batch would do. Takes no lease and writes nothing.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] for an unknown organization, [`EngineError::Conflict`] while a batch is running or
    /// when the match keys are those of another version, which the next run makes anew.
    pub fn dry_run(&self, organization: OrganizationId) -> Result<DryRun, EngineError> {
        if self.batch_running(organization)? {
            return Err(EngineError::conflict("A batch of this organization is running; try again when it has ended."));
        }
        self.rehearse(organization, |session| session.all_rows())
    }

    /// The decision that the next run would make about this submission if it were the only one; nothing is stored.
    ///
    /// # Errors
    /// As [`Engine::dry_run`].
    pub fn dry_submit(
        &self,
        organization: OrganizationId,
        key_id: Option<i64>,
        submission: Submission,
    ) -> Result<TransactionView, EngineError> {
        let row =
            WorkRow { id: RecordId(self.parts.ids.next()), received_at: self.now(), key_id, submission, decision: 1 };
        let dry = self.rehearse(organization, |_| Ok(vec![row.clone()]))?;
        dry.transactions.into_iter().next().ok_or_else(|| EngineError::internal("a row without a decision"))
    }

    fn rehearse(
        &self,
        id: OrganizationId,
        rows: impl Fn(&Session<'_>) -> Result<Vec<WorkRow>, EngineError>,
    ) -> Result<DryRun, EngineError> {
        let organization = self.organization(id)?;
        if organization.key_version != INDEX_VERSION {
            return Err(EngineError::conflict("The match keys are being made anew; the next batch does it first."));
        }
        let mut session = Session::rehearsal(self, &organization)?;
        for _ in 1..TRIES {
            match rows(&session).and_then(|rows| session.rehearse(&organization, &rows)) {
                Err(EngineError::Raced) => {}
                done => return done,
            }
        }
        let rows = rows(&session)?;
        session.rehearse(&organization, &rows)
    }
}

impl<'a> Session<'a> {
    /// A session whose run is nobody's: it has no lease, so all that it could write would be refused.
    fn rehearsal(engine: &'a Engine, organization: &Organization) -> Result<Self, EngineError> {
        let policy = engine.store().reading(|tx| policy_of_next(tx, organization.id))?;
        let run = RunRow {
            id: RunId(0),
            kind: RunKind::Manual,
            state: RunState::Running,
            due_at: None,
            started_at: engine.now(),
            finished_at: None,
            cutoff: engine.store().ledger().newest(organization.id)?,
            received: 0,
            report: Report { policy, ..Report::default() }.text(),
        };
        let fence = Fence { lease: LEASE.to_owned(), token: 0 };
        let mut session = Self::open(engine, organization.clone(), fence, run)?;
        session.chunk_rows = i64::MAX;
        Ok(session)
    }

    /// All rows that the next run would decide, in its order.
    fn all_rows(&self) -> Result<Vec<WorkRow>, EngineError> {
        let (mut rows, mut phase) = (Vec::new(), Phase::SentBack(None));
        while let Some((mut chunk, next)) = Chunk::claim(self, phase)? {
            chunk.mark_gifts(self)?;
            rows.extend(chunk.rows);
            phase = next;
        }
        Ok(rows)
    }

    fn rehearse(&mut self, organization: &Organization, rows: &[WorkRow]) -> Result<DryRun, EngineError> {
        let context = self.context(organization);
        let worked = self.work_out(rows, &context, |session, rows, verdicts| {
            let id = session.organization.id;
            let first = session
                .engine
                .store()
                .reading(|tx| Ok((tx.counter(id, Counter::Contact)?, tx.counter(id, Counter::Item)?)))?;
            Ok(session.number(rows, verdicts, first))
        })?;
        let mut dry = DryRun {
            counts: Counts::default(),
            reasons: BTreeMap::new(),
            transactions: Vec::with_capacity(rows.len()),
            contacts: worked.folded.contacts.iter().filter_map(contact_change).collect(),
        };
        for (mut row, mut decision) in self.shown(rows, &worked, &context) {
            (row.run, decision.run) = (None, None);
            dry.count(row.state, row.reason);
            dry.transactions.push(TransactionView::decided(row, &[decision], &[]));
        }
        Ok(dry)
    }
}

impl DryRun {
    fn count(&mut self, state: State, reason: Option<Reason>) {
        self.counts.add(state, 1);
        self.counts.received += 1;
        if let Some(reason) = reason {
            *self.reasons.entry(reason.as_str().to_owned()).or_default() += 1;
        }
    }
}

fn contact_change(contact: &Working) -> Option<ContactChange> {
    let changes = contact.changes();
    let is_new = contact.head().is_none();
    (is_new || !changes.is_empty()).then(|| ContactChange { contact: contact.id(), is_new, changes })
}
