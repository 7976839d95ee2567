//! An engine on a database of its own, and short words for what tests do with it.

use serde_json::{Value, json};
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tributary_contact::flat::{FlatContext, parse_flat};
use tributary_contact::{OrganizationId, RecordId, Submission};
use tributary_engine::{
    Activation, Engine, NewOrganization, OnFile, Parts, RunStart, RunView, Settings, TransactionView,
};
use tributary_store::{EventRow, StoreExt};
use tributary_testkit::pg::TestDatabase;
use tributary_testkit::{FakeClock, SeededIds};
use tributary_webhook::send::{Attempt, Failure, OutgoingRequest, Sender};

/// What a receiver answers a request with.
type Script = Box<dyn FnMut(&OutgoingRequest) -> Attempt + Send>;

/// Records what is sent and answers as it is told to: by a script, or always with one status.
#[derive(Default)]
pub struct FakeSender {
    pub sent: Mutex<Vec<OutgoingRequest>>,
    pub status: Mutex<Option<u16>>,
    pub script: Mutex<Option<Script>>,
}

impl FakeSender {
    fn answer(&self, request: &OutgoingRequest) -> Attempt {
        if let Some(script) = self.script.lock().unwrap().as_mut() {
            return script(request);
        }
        answer(self.status.lock().unwrap().unwrap_or(200))
    }
}

/// An answer with this status, after three milliseconds.
pub fn answer(status: u16) -> Attempt {
    let failure = match status {
        200..=299 => None,
        410 => Some(Failure::Gone),
        _ => Some(Failure::HttpStatus),
    };
    let duration = Duration::from_millis(3);
    Attempt { status: Some(status), response: String::new(), retry_after: None, failure, duration }
}

impl Sender for FakeSender {
    fn send<'a>(&'a self, request: OutgoingRequest) -> Pin<Box<dyn Future<Output = Attempt> + Send + 'a>> {
        if request.url.contains("hangs") {
            return Box::pin(std::future::pending());
        }
        let attempt = self.answer(&request);
        self.sent.lock().unwrap().push(request);
        Box::pin(async move { attempt })
    }
}

/// Clones are of the same process and organization.
#[derive(Clone)]
pub struct World {
    pub engine: Arc<Engine>,
    pub clock: Arc<FakeClock>,
    pub sender: Arc<FakeSender>,
    pub org: OrganizationId,
    pub runtime: Arc<tokio::runtime::Runtime>,
    settings: Settings,
    url: String,
    place: Place,
    generation: u16,
}

/// What keeps the database alive.
#[derive(Clone)]
enum Place {
    Folder(Arc<tempfile::TempDir>),
    Database(Arc<TestDatabase>),
}

pub fn world() -> World {
    world_with(Settings::default())
}

pub fn world_with(settings: Settings) -> World {
    let dir = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", dir.path().join("t.db").display());
    world_on(url, Place::Folder(Arc::new(dir)), settings)
}

/// One on each database: on PostgreSQL only where it is installed.
pub fn worlds(settings: &Settings) -> Vec<World> {
    std::iter::once(world_with(settings.clone())).chain(world_on_postgres(settings)).collect()
}

/// One on PostgreSQL, where it is installed.
pub fn world_on_postgres(settings: &Settings) -> Option<World> {
    let database = tributary_testkit::pg::migrated("tributary", |url| {
        tributary_db::migrate(url).unwrap();
    });
    database.map(|database| {
        let url = database.url().to_owned();
        world_on(url, Place::Database(Arc::new(database)), settings.clone())
    })
}

fn world_on(url: String, place: Place, settings: Settings) -> World {
    let clock = Arc::new(FakeClock::default());
    let sender = Arc::new(FakeSender::default());
    let engine = start(&url, &clock, &sender, settings.clone(), 0);
    let org = engine.create_organization(organization()).unwrap().id;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    World { engine, clock, sender, org, runtime: Arc::new(runtime), settings, url, place, generation: 0 }
}

fn organization() -> NewOrganization {
    NewOrganization {
        name: "Bellford Food Share".into(),
        time_zone: "America/Chicago".into(),
        country: "US".into(),
        batch_cron: None,
    }
}

fn start(
    url: &str,
    clock: &Arc<FakeClock>,
    sender: &Arc<FakeSender>,
    settings: Settings,
    generation: u16,
) -> Arc<Engine> {
    let store = tributary_db::open(url, &tributary_db::OpenOptions::default()).unwrap();
    let ids = Arc::new(SeededIds::new(generation));
    let node = format!("test-{generation}");
    Engine::start(Parts { store, clock: clock.clone(), ids, sender: sender.clone(), settings, node })
}

pub fn submission(flat: &Value) -> Submission {
    parse_flat(flat, &FlatContext::default()).unwrap().submission
}

pub fn person(reference: &str, first: &str, last: &str, email: &str) -> Value {
    json!({"referenceSource": "Harbor", "referenceId": reference, "firstName": first, "lastName": last, "email": email})
}

impl World {
    /// An organization of its own in the same database: a new world for the price of a row.
    pub fn another(&self) -> Self {
        Self { org: self.engine.create_organization(organization()).unwrap().id, ..self.clone() }
    }

    pub fn submit(&self, rows: &[Value]) -> Vec<RecordId> {
        let submissions = rows.iter().map(submission).collect();
        let receipts = self.runtime.block_on(self.engine.submit(self.org, None, submissions)).unwrap();
        receipts.into_iter().map(|receipt| receipt.id).collect()
    }

    pub fn load(&self, rows: &[(&str, Value)]) {
        let on_file = |(group, flat): &(&str, Value)| OnFile { group: (*group).into(), submission: submission(flat) };
        self.engine.load_contacts(self.org, rows.iter().map(on_file).collect()).unwrap();
    }

    pub fn run(&self) -> RunView {
        match self.engine.run_batch(self.org, Activation::Manual).unwrap() {
            RunStart::Finished(run) => run,
            other => panic!("the run did not finish: {other:?}"),
        }
    }

    pub fn transaction(&self, id: RecordId) -> TransactionView {
        self.engine.transaction(self.org, id).unwrap().unwrap()
    }

    pub fn events(&self) -> Vec<EventRow> {
        self.engine.store().reading(|tx| tx.event_page(self.org, None, 100_000)).unwrap()
    }

    /// Events that tell of contacts.
    pub fn contact_events(&self) -> Vec<EventRow> {
        self.events().into_iter().filter(|event| event.contact != EventRow::NO_CONTACT).collect()
    }

    pub fn contacts(&self) -> Vec<tributary_store::ContactRow> {
        self.engine.store().reading(|tx| tx.contact_page(self.org, None, 100_000)).unwrap()
    }

    /// The same database in a new process, with other settings.
    pub fn restarted(mut self, settings: Settings) -> Self {
        self.engine.shutdown();
        self.generation += 1;
        self.engine = start(&self.url, &self.clock, &self.sender, settings, self.generation);
        self
    }

    /// Where a text (in lower case) is in the database, in any letter case: tables on PostgreSQL, files on SQLite. A
    /// backup is looked at there, which has no pages that were given up.
    pub fn places_of(&self, text: &str) -> Vec<String> {
        match &self.place {
            Place::Folder(dir) => {
                let copy = dir.path().join("copy.db");
                self.engine.store().backup(&copy).unwrap();
                let files = [copy, dir.path().join("copy-held.db")];
                let found = files.iter().filter(|file| holds(&std::fs::read(file).unwrap(), text));
                let found = found.map(|file| file.file_name().unwrap().to_string_lossy().into_owned()).collect();
                files.iter().for_each(|file| std::fs::remove_file(file).unwrap());
                found
            }
            Place::Database(database) => tables_with(database.url(), text),
        }
    }

    /// A second process on the same database, with other settings; the first one goes on.
    pub fn beside(mut self, settings: Settings) -> Self {
        self.generation += 1;
        self.engine = start(&self.url, &self.clock, &self.sender, settings, self.generation);
        self
    }

    pub fn settings(&self) -> Settings {
        self.settings.clone()
    }
}

fn holds(bytes: &[u8], text: &str) -> bool {
    let lower = bytes.to_ascii_lowercase();
    lower.windows(text.len()).any(|window| window == text.as_bytes())
}

fn tables_with(url: &str, text: &str) -> Vec<String> {
    let all = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1";
    let hex: String = text.bytes().map(|byte| format!("{byte:02x}")).collect();
    let tables = tributary_testkit::pg::query(url, all).unwrap().into_iter().map(|mut row| row.remove(0));
    let holds = |table: &String| {
        let row = "lower(r::text)";
        let sql = format!("SELECT count(*) FROM {table} AS r WHERE {row} LIKE '%{text}%' OR {row} LIKE '%{hex}%'");
        tributary_testkit::pg::query(url, &sql).unwrap()[0][0] != "0"
    };
    tables.filter(holds).collect()
}
