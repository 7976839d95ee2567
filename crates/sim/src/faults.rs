//! Planned failures: at the named points of a batch, and before and after every write of the store.
//!
//! A failure after a write is the commit whose answer was lost. A crash unwinds through the engine, which catches
//! no unwinding, so that nothing is tidied up: a lease stays held until its time is over.

use crate::bystander::Bystander;
use std::fmt;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tributary_contact::{OrganizationId, RecordId, Reference};
use tributary_engine::EngineError;
use tributary_store::{Claim, HeldRow, Ledger, LedgerTally, ReadBody, Store, StoreError, StoreResult, WriteBody};

/// On which side of the named thing it fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// At a named point of the batch.
    At,
    /// Before a write: nothing of it happens.
    Before,
    /// After a write: it happened, and its caller does not know.
    After,
}

/// How it fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// The database is away.
    Away,
    /// Another writer was faster.
    Conflict,
    /// A defect.
    Defect,
    /// The process ends here.
    Crash,
}

/// A planned failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault {
    /// On which side.
    pub when: When,
    /// The point or the write.
    pub name: &'static str,
    /// How often it is reached first, the failing time included.
    pub nth: usize,
    /// How.
    pub effect: Effect,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} {:?} {} no. {}", self.effect, self.when, self.name, self.nth)
    }
}

/// The unwinding of a crash carries this.
struct Crash;

#[derive(Default)]
struct Armed {
    fault: Option<Fault>,
    reached: usize,
    fired: Option<Effect>,
}

/// The switch for planned failures. At most one is armed.
#[derive(Default)]
pub struct Faults(Mutex<Armed>);

impl Faults {
    /// Arms a failure, or none.
    pub fn arm(&self, fault: Option<Fault>) {
        *self.armed() = Armed { fault, ..Armed::default() };
    }

    /// Disarms; how it failed, if it did.
    pub fn disarm(&self) -> Option<Effect> {
        std::mem::take(&mut *self.armed()).fired
    }

    /// Tells that a place was reached; how it fails here, if it does. A crash does not come back.
    pub fn reach(&self, when: When, name: &str) -> Option<Effect> {
        let mut armed = self.armed();
        let fault = armed.fault.filter(|fault| fault.when == when && fault.name == name)?;
        armed.reached += 1;
        if armed.reached != fault.nth {
            return None;
        }
        armed.fired = Some(fault.effect);
        drop(armed);
        if fault.effect == Effect::Crash {
            std::panic::resume_unwind(Box::new(Crash));
        }
        Some(fault.effect)
    }

    /// For the engine's probe.
    ///
    /// # Errors
    /// The planned one.
    pub fn probe(&self, point: &str) -> Result<(), EngineError> {
        match self.reach(When::At, point) {
            None => Ok(()),
            Some(Effect::Conflict) => Err(EngineError::Conflict { message: "planned".into(), existing: None }),
            Some(Effect::Defect) => Err(EngineError::Internal("planned".into())),
            Some(Effect::Away | Effect::Crash) => Err(EngineError::Unavailable(StoreError::Unavailable(None))),
        }
    }

    fn store_error(&self, when: When, name: &str) -> StoreResult<()> {
        match self.reach(when, name) {
            None => Ok(()),
            Some(Effect::Conflict) => Err(StoreError::Conflict { what: "planned" }),
            Some(Effect::Defect) => Err(StoreError::Other("planned".into())),
            Some(Effect::Away | Effect::Crash) => Err(StoreError::Unavailable(None)),
        }
    }

    fn armed(&self) -> MutexGuard<'_, Armed> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A store whose writes fail as planned.
pub struct FaultyStore {
    /// The real one.
    pub inner: Arc<dyn Store>,
    /// The plan.
    pub faults: Arc<Faults>,
    /// Who may act between two writes.
    pub bystander: Arc<Bystander>,
}

impl FaultyStore {
    fn around<T>(&self, name: &str, work: impl FnOnce() -> StoreResult<T>) -> StoreResult<T> {
        self.faults.store_error(When::Before, name)?;
        let done = work()?;
        self.bystander.reach(name);
        self.faults.store_error(When::After, name)?;
        Ok(done)
    }
}

impl Store for FaultyStore {
    fn read(&self, body: ReadBody<'_>) -> StoreResult<()> {
        self.inner.read(body)
    }

    fn write(&self, name: &'static str, body: WriteBody<'_>) -> StoreResult<()> {
        self.around(name, || self.inner.write(name, body))
    }

    fn ledger(&self) -> &dyn Ledger {
        self
    }

    fn statement_count(&self) -> u64 {
        self.inner.statement_count()
    }

    fn backend(&self) -> &'static str {
        self.inner.backend()
    }

    fn backup(&self, path: &Path) -> StoreResult<()> {
        self.inner.backup(path)
    }
}

impl Ledger for FaultyStore {
    fn hold(&self, rows: &[HeldRow]) -> StoreResult<()> {
        self.around("hold", || self.inner.ledger().hold(rows))
    }

    fn claim(
        &self,
        organization: OrganizationId,
        after: Option<RecordId>,
        up_to: RecordId,
        limit: i64,
    ) -> StoreResult<Claim> {
        self.inner.ledger().claim(organization, after, up_to, limit)
    }

    fn newest(&self, organization: OrganizationId) -> StoreResult<Option<RecordId>> {
        self.inner.ledger().newest(organization)
    }

    fn forget(&self, organization: OrganizationId, ids: &[RecordId]) -> StoreResult<()> {
        self.around("forget", || self.inner.ledger().forget(organization, ids))
    }

    fn find(&self, organization: OrganizationId, id: RecordId) -> StoreResult<Option<HeldRow>> {
        self.inner.ledger().find(organization, id)
    }

    fn find_by_reference(
        &self,
        organization: OrganizationId,
        reference: &Reference,
        limit: i64,
    ) -> StoreResult<Vec<HeldRow>> {
        self.inner.ledger().find_by_reference(organization, reference, limit)
    }

    fn tally(&self, organization: OrganizationId) -> StoreResult<LedgerTally> {
        self.inner.ledger().tally(organization)
    }
}
