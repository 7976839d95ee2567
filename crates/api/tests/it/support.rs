//! A world of one process: engine on a SQLite file of its own, two organizations, keys, and the application.

use actix_web::http::Method;
use actix_web::test::{TestRequest, call_service, init_service, read_body};
use actix_web::web;
use serde_json::Value;
use std::fmt::Write;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use tributary_api::{ApiSettings, ApiState, app};
use tributary_contact::OrganizationId;
use tributary_engine::{Engine, NewKey, NewOrganization, Parts, Scope, Settings};
use tributary_testkit::{FakeClock, SeededIds};
use tributary_webhook::send::{Attempt, Failure, OutgoingRequest, Sender};

/// Nothing is delivered here.
struct NoSender;

impl Sender for NoSender {
    fn send<'a>(&'a self, _: OutgoingRequest) -> Pin<Box<dyn Future<Output = Attempt> + Send + 'a>> {
        let failure = Some(Failure::Timeout);
        let attempt =
            Attempt { status: None, response: String::new(), retry_after: None, failure, duration: Duration::ZERO };
        Box::pin(async move { attempt })
    }
}

pub struct World {
    pub engine: Arc<Engine>,
    pub clock: Arc<FakeClock>,
    pub organization: OrganizationId,
    /// Key of the organization with every scope.
    pub key: String,
    pub state: ApiState,
    _dir: TempDir,
}

impl Drop for World {
    fn drop(&mut self) {
        self.engine.shutdown();
    }
}

impl World {
    pub fn new() -> Self {
        Self::with(ApiSettings { requests_per_hour: 0, ..ApiSettings::default() })
    }

    pub fn with(settings: ApiSettings) -> Self {
        Self::of(settings, Settings::default())
    }

    pub fn of(settings: ApiSettings, engine_settings: Settings) -> Self {
        let dir = TempDir::new().unwrap();
        let url = format!("sqlite:{}", dir.path().join("api.db").display());
        let clock = Arc::new(FakeClock::default());
        let engine = Engine::start(Parts {
            store: tributary_db::open(&url, &tributary_db::OpenOptions::default()).unwrap(),
            clock: clock.clone(),
            ids: Arc::new(SeededIds::new(1)),
            sender: Arc::new(NoSender),
            settings: engine_settings,
            node: "test".to_owned(),
        });
        let state = ApiState::new(engine.clone(), Arc::new(SeededIds::new(2)), None, settings);
        let organization = create_organization(&engine, "Bellford Food Share");
        let key = create_key(&engine, organization, Scope::ALL, &[]);
        Self { engine, clock, organization, key, state, _dir: dir }
    }

    /// Another process on the same database.
    pub fn twin(&self, settings: ApiSettings) -> ApiState {
        let engine = Engine::start(Parts {
            store: self.engine.store().clone(),
            clock: self.clock.clone(),
            ids: Arc::new(SeededIds::new(3)),
            sender: Arc::new(NoSender),
            settings: Settings::default(),
            node: "twin".to_owned(),
        });
        ApiState::new(engine, Arc::new(SeededIds::new(4)), None, settings)
    }

    /// A key of the organization with these scopes.
    pub fn key(&self, scopes: &[Scope]) -> String {
        create_key(&self.engine, self.organization, scopes, &[])
    }

    /// A key of the organization restricted to these sources, with all it can have.
    pub fn key_of(&self, sources: &[&str]) -> String {
        create_key(&self.engine, self.organization, Scope::OF_BOUND_KEYS, sources)
    }

    /// A key of another organization, with every scope.
    pub fn stranger(&self) -> String {
        let other = create_organization(&self.engine, "Elsewhere Trust");
        create_key(&self.engine, other, Scope::ALL, &[])
    }

    /// Sends a request with the organization's key.
    pub async fn send(&self, method: Method, path: &str, body: impl Into<Body>) -> Answer {
        let request = request(method, path, body).insert_header(("Authorization", format!("Bearer {}", self.key)));
        self.call(request).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, ()).await
    }

    pub async fn post(&self, path: &str, body: impl Into<Body>) -> Answer {
        self.send(Method::POST, path, body).await
    }

    /// Sends a request with this key.
    pub async fn send_as(&self, key: &str, method: Method, path: &str, body: impl Into<Body>) -> Answer {
        self.call(request(method, path, body).insert_header(("Authorization", format!("Bearer {key}")))).await
    }

    pub async fn call(&self, request: TestRequest) -> Answer {
        call(&self.state, request).await
    }
}

/// Sends a request to a process.
pub async fn call(state: &ApiState, request: TestRequest) -> Answer {
    let service = init_service(app(web::Data::new(state.clone()))).await;
    let response = call_service(&service, request.to_request()).await;
    let status = response.status().as_u16();
    let mut headers: Vec<(String, String)> = response
        .headers()
        .iter()
        .map(|(name, value)| (name.as_str().to_owned(), value.to_str().unwrap().to_owned()))
        .collect();
    headers.sort();
    let body = String::from_utf8(read_body(response).await.to_vec()).unwrap();
    Answer { status, headers, body }
}

impl World {
    /// Submits, and hands back the transaction's id.
    pub async fn submit(&self, body: Value) -> String {
        let answer = self.post("/api/Contact/Transaction", body).await;
        assert_eq!(answer.status, 200, "{answer}");
        answer.header("tributary-transaction-id").unwrap().to_owned()
    }

    /// Runs the batch.
    pub async fn run_batch(&self) -> Value {
        let answer = self.post("/api/Batch/Run", ()).await;
        assert_eq!(answer.status, 200, "{answer}");
        answer.json()
    }
}

fn create_organization(engine: &Engine, name: &str) -> OrganizationId {
    let new = NewOrganization {
        name: name.to_owned(),
        time_zone: "America/New_York".to_owned(),
        country: "US".to_owned(),
        batch_cron: None,
    };
    engine.create_organization(new).unwrap().id
}

fn create_key(engine: &Engine, organization: OrganizationId, scopes: &[Scope], sources: &[&str]) -> String {
    let new = NewKey {
        name: "test".to_owned(),
        scopes: scopes.to_vec(),
        sources: sources.iter().map(|source| (*source).to_owned()).collect(),
        ..NewKey::default()
    };
    engine.create_key(organization, new).unwrap().1
}

/// A request without a key.
pub fn request(method: Method, path: &str, body: impl Into<Body>) -> TestRequest {
    let request = TestRequest::with_uri(path).method(method);
    match body.into().0 {
        Some(bytes) => request.insert_header(("Content-Type", "application/json")).set_payload(bytes),
        None => request,
    }
}

/// Bytes to send, if any.
pub struct Body(Option<Vec<u8>>);

impl From<()> for Body {
    fn from((): ()) -> Self {
        Self(None)
    }
}

impl From<Value> for Body {
    fn from(value: Value) -> Self {
        Self(Some(value.to_string().into_bytes()))
    }
}

impl From<&str> for Body {
    fn from(text: &str) -> Self {
        Self(Some(text.as_bytes().to_vec()))
    }
}

pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {self}"))
    }
}

impl std::fmt::Display for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut text = format!("{}\n", self.status);
        for (name, value) in self.headers.iter().filter(|(name, _)| name != "content-type") {
            writeln!(text, "{name}: {value}")?;
        }
        let body = serde_json::from_str::<Value>(&self.body).map(|value| format!("{value:#}"));
        f.write_str(text.trim_end())?;
        if self.body.is_empty() { Ok(()) } else { write!(f, "\n{}", body.unwrap_or_else(|_| self.body.clone())) }
    }
}

/// The partner's submission used all over these tests.
pub fn ines() -> Value {
    serde_json::json!({
        "referenceSource": "Harbor Giving", "referenceId": "hg-50022",
        "title": "Dr", "firstName": "Ines", "lastName": "Okafor-Lund",
        "birthMonth": "9", "birthDay": 4, "birthYear": 1979,
        "emailType": "Home Email", "email": "ines.lund@example.org",
        "phoneType": "Mobile Phone", "phone": "(555) 010-4477",
        "address1": "402 Tannery Rd", "city": "Bellford", "state": "OH", "postal": "44090", "country": "US",
        "tags": "Spring Gala;Monthly", "customFields": { "shirtSize": "M" },
    })
}
