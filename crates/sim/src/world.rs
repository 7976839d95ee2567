//! The product as a simulation runs it: a process that is restarted and crashes, and a second one on the same
//! database that acts in the middle of the first one's work.

use crate::bystander::{Bystander, Middle};
use crate::faults::{Effect, Faults, FaultyStore};
use crate::hands::Hands;
use crate::plan::{Mood, Operation, Plan, Step};
use crate::properties::Broken;
use crate::receiver::Receiver;
use crate::snapshot::{Interest, Snapshot};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use tributary_contact::OrganizationId;
use tributary_engine::{
    Activation, BatchSettings, DeliverySettings, Engine, EngineError, NewOrganization, Parts, Probe, Settings,
};
use tributary_store::Store;
use tributary_testkit::{FakeClock, SeededIds};

/// A tick of the clock: longer than every lease.
pub const TICK_MS: i64 = 600_000;
/// Delays of delivery. Chance makes each up to a fifth longer, and an outcome must not hang on it: so no multiple of
/// a tick lies within that fifth.
const STEPS: [u64; 5] = [0, 5, 65, 605, 1_205];
/// The organization's country.
pub const COUNTRY: &str = "US";
/// Every subscriber's secret.
pub const SECRET: &str = "a secret of the simulation";

/// What all processes share.
struct Surroundings {
    clock: Arc<FakeClock>,
    ids: Arc<SeededIds>,
    faults: Arc<Faults>,
    receiver: Arc<Receiver>,
    interest: Arc<Mutex<Interest>>,
    bystander: Arc<Bystander>,
    dir: tempfile::TempDir,
}

/// The processes and their surroundings.
pub struct World {
    hands: Hands,
    around: Surroundings,
    settings: Settings,
    generation: u32,
}

/// What came of a step.
#[derive(Debug)]
pub struct Done {
    /// In a line.
    pub line: String,
    /// What stood in the middle of it, when the bystander acted.
    pub middle: Option<Middle>,
}

impl World {
    /// A new database with one organization.
    ///
    /// # Errors
    /// When the machine gives no files or threads.
    pub fn new(plan: &Plan) -> Result<Self, Broken> {
        let around = Surroundings::new()?;
        let settings = settings(plan, &around);
        let engine = around.engine("sim-0".into(), settings.clone(), true)?;
        let new = NewOrganization {
            name: "Bellford Food Share".into(),
            time_zone: "America/Chicago".into(),
            country: COUNTRY.into(),
            batch_cron: None,
        };
        let org = engine.create_organization(new)?.id;
        let hands = around.hands(engine, org, plan.subscriptions)?;
        let quiet = Settings { probe: Probe::default(), ..settings.clone() };
        let second = around.engine("sim-bystander".into(), quiet, false)?;
        around.bystander.take_place(around.hands(second, org, plan.subscriptions)?);
        Ok(Self { hands, around, settings, generation: 0 })
    }

    /// Everything as it is now.
    ///
    /// # Errors
    /// Any failure of the store.
    pub fn snapshot(&self) -> Result<Snapshot, Broken> {
        let arrivals = self.around.receiver.arrivals();
        Ok(Snapshot::read(&self.hands.engine, self.hands.org, &self.hands.interest(), arrivals)?)
    }

    /// Does a step.
    ///
    /// # Errors
    /// When an operation fails although no failure was planned, or could not be asked for.
    pub fn perform(&mut self, step: &Step) -> Result<Done, Broken> {
        self.around.clock.advance_ms(1);
        self.around.faults.arm(step.fault);
        self.around.bystander.wait(step.meanwhile.clone());
        let done = catch_unwind(AssertUnwindSafe(|| self.act(&step.operation)));
        let fired = self.around.faults.disarm();
        let middle = self.around.bystander.leave()?;
        let line = match (done, fired) {
            (Ok(Ok(line)), None) => line,
            (Ok(Ok(line)), Some(effect)) => format!("{line} in spite of {effect:?}"),
            (Ok(Err(error)), Some(effect)) => format!("{effect:?}: {error}"),
            (Err(_), Some(Effect::Crash)) => "crashed".to_owned(),
            (Ok(Err(error)), None) if may_be_refused(&step.operation, &error) => format!("refused: {error}"),
            (Ok(Err(error @ EngineError::Unavailable(_))), None) if middle.is_some() => format!("fenced off: {error}"),
            (Ok(Err(error)), None) => return Err(error.into()),
            (Err(_), _) => return Err(Broken::new("nothing panics", "the engine panicked".to_owned())),
        };
        if fired == Some(Effect::Crash) {
            self.restart()?;
        }
        Ok(Done { line, middle })
    }

    /// Runs the batch and delivers until nothing is left to do, with a receiver that takes everything.
    ///
    /// # Errors
    /// When something is left to do for ever.
    pub fn drain(&mut self) -> Result<(), Broken> {
        let Hands { engine, runtime, clock, receiver, org, .. } = &self.hands;
        clock.advance_ms(TICK_MS);
        self.hands.batch(Activation::Manual)?;
        for webhook in engine.webhooks(*org)? {
            engine.set_webhook_active(*org, webhook.id, true)?;
        }
        receiver.set_mood(Mood::Fine);
        for _ in 0..STEPS.len() + 2 {
            while runtime.block_on(engine.deliver_once())?.attempts > 0 {}
            clock.advance_ms(6 * TICK_MS);
        }
        match engine.health(*org)?.deliveries.pending {
            0 => Ok(()),
            pending => Err(Broken::new("deliveries come to an end", format!("{pending} are pending for ever"))),
        }
    }

    fn act(&mut self, operation: &Operation) -> Result<String, EngineError> {
        if *operation == Operation::Restart {
            self.restart()?;
            return Ok("restarted".to_owned());
        }
        self.hands.act(operation)
    }

    /// A new process on the same files.
    fn restart(&mut self) -> Result<(), EngineError> {
        self.hands.engine.shutdown();
        self.generation += 1;
        let node = format!("sim-{}", self.generation);
        self.hands.engine = self.around.engine(node, self.settings.clone(), true)?;
        Ok(())
    }
}

impl Surroundings {
    fn new() -> Result<Self, Broken> {
        let (clock, faults, bystander) =
            (Arc::<FakeClock>::default(), Arc::<Faults>::default(), Arc::<Bystander>::default());
        Ok(Self {
            receiver: Arc::new(Receiver::new(clock.clone(), faults.clone(), bystander.clone())),
            clock,
            ids: Arc::default(),
            faults,
            interest: Arc::default(),
            bystander,
            dir: memory_dir().map_err(|error| Broken::setup(&error))?,
        })
    }

    fn engine(&self, node: String, settings: Settings, faulty: bool) -> Result<Arc<Engine>, EngineError> {
        let inner = open(self.dir.path())?;
        let (faults, bystander) = (self.faults.clone(), self.bystander.clone());
        let store = if faulty { Arc::new(FaultyStore { inner, faults, bystander }) } else { inner };
        let (clock, ids, sender) = (self.clock.clone(), self.ids.clone(), self.receiver.clone());
        Ok(Engine::start(Parts { store, clock, ids, sender, settings, node }))
    }

    fn hands(&self, engine: Arc<Engine>, org: OrganizationId, subscriptions: usize) -> Result<Hands, Broken> {
        let runtime = tokio::runtime::Builder::new_current_thread().max_blocking_threads(1).enable_all().build();
        let runtime = runtime.map_err(|error| Broken::setup(&error))?;
        let (clock, receiver, interest) = (self.clock.clone(), self.receiver.clone(), self.interest.clone());
        Ok(Hands { engine, runtime, clock, receiver, org, subscriptions, interest })
    }
}

/// Files in memory where the machine has such a place: nobody pulls the plug here, and flushing to disk is slow.
fn memory_dir() -> std::io::Result<tempfile::TempDir> {
    let memory = PathBuf::from("/dev/shm");
    if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }
}

fn open(dir: &Path) -> Result<Arc<dyn Store>, EngineError> {
    let url = format!("sqlite:{}", dir.join("sim.db").display());
    Ok(tributary_db::open(&url, &tributary_db::OpenOptions::default())?)
}

fn settings(plan: &Plan, around: &Surroundings) -> Settings {
    let (faults, bystander) = (around.faults.clone(), around.bystander.clone());
    Settings {
        batch: BatchSettings { chunk_rows: plan.chunk_rows, threads: plan.threads, lease_seconds: 60 },
        delivery: DeliverySettings { in_flight: 4, steps: STEPS.to_vec(), ..DeliverySettings::default() },
        probe: Probe::new(move |point| {
            bystander.reach(point);
            faults.probe(point)
        }),
        ..Settings::default()
    }
}

/// A person can ask for what cannot be; nothing else is ever refused.
pub(crate) const fn may_be_refused(operation: &Operation, error: &EngineError) -> bool {
    matches!(operation, Operation::Resolve { .. } | Operation::Undo(_) | Operation::Create(_))
        && matches!(error, EngineError::Conflict { .. } | EngineError::NotFound)
}
