//! An engine with a bucket of rows, users, and a browser without JavaScript.

use actix_web::http::Method;
use actix_web::test::{TestRequest, call_service, init_service, read_body};
use actix_web::{App, web};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tributary_contact::flat::{FlatContext, parse_flat};
use tributary_contact::{OrganizationId, RecordId};
use tributary_engine::{Activation, Engine, NewOrganization, NewUser, OnFile, Parts, Settings};
use tributary_store::{NeedsUpdateFilter, Role};
use tributary_testkit::{FakeClock, SeededIds};
use tributary_webhook::send::{Attempt, Failure, OutgoingRequest, Sender};

/// Password of every user here.
pub const PASSWORD: &str = "correct horse battery";

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
    pub org: OrganizationId,
    _dir: tempfile::TempDir,
}

impl Drop for World {
    fn drop(&mut self) {
        self.engine.shutdown();
    }
}

impl World {
    pub fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", dir.path().join("console.db").display());
        let clock = Arc::new(FakeClock::default());
        let engine = Engine::start(Parts {
            store: tributary_db::open(&url, &tributary_db::OpenOptions::default()).unwrap(),
            clock: clock.clone(),
            ids: Arc::new(SeededIds::new(1)),
            sender: Arc::new(NoSender),
            settings: Settings::default(),
            node: "test".to_owned(),
        });
        let org = organization(&engine, "Bellford Food Share");
        for (email, role) in [("ada@x.org", Role::Reviewer), ("vic@x.org", Role::Viewer), ("boss@x.org", Role::Admin)] {
            user(&engine, org, email, role);
        }
        Self { engine, clock, org, _dir: dir }
    }

    /// Another organization with a user of its own, `eve@y.org`.
    pub fn stranger(&self) -> OrganizationId {
        let other = organization(&self.engine, "Elsewhere Trust");
        user(&self.engine, other, "eve@y.org", Role::Admin);
        other
    }

    pub fn load(&self, rows: &[(&str, Value)]) {
        let on_file = |(group, flat): &(&str, Value)| OnFile {
            group: (*group).into(),
            submission: parse_flat(flat, &FlatContext::default()).unwrap().submission,
        };
        self.engine.load_contacts(self.org, rows.iter().map(on_file).collect()).unwrap();
    }

    pub async fn submit(&self, rows: &[Value]) -> Vec<RecordId> {
        let parse = |flat| parse_flat(flat, &FlatContext::default()).unwrap().submission;
        let receipts = self.engine.submit(self.org, None, rows.iter().map(parse).collect()).await.unwrap();
        receipts.into_iter().map(|receipt| receipt.id).collect()
    }

    pub fn run(&self) {
        self.engine.run_batch(self.org, Activation::Manual).unwrap();
    }

    /// Rows that wait, the oldest first.
    pub fn waiting(&self) -> Vec<RecordId> {
        let page = self.engine.needs_update(self.org, &NeedsUpdateFilter::default(), 0, 100).unwrap();
        page.list.into_iter().map(|row| row.id).collect()
    }

    /// A bucket of `count` rows, each sharing a mailbox with somebody of another first name.
    pub async fn with_bucket(count: usize) -> Self {
        let world = Self::new();
        let file: Vec<(String, Value)> = (0..count)
            .map(|n| {
                (format!("g{n}"), person(n, "Ines", &json!({"referenceSource": "crm", "referenceId": format!("c{n}")})))
            })
            .collect();
        let file: Vec<(&str, Value)> = file.iter().map(|(group, row)| (group.as_str(), row.clone())).collect();
        world.load(&file);
        let sent = |n| person(n, "Bertram", &json!({"referenceSource": "Harbor", "referenceId": format!("h{n}")}));
        world.submit(&(0..count).map(sent).collect::<Vec<_>>()).await;
        world.run();
        assert_eq!(world.waiting().len(), count);
        world
    }

    pub fn browser(&self) -> Browser<'_> {
        Browser { world: self, cookies: BTreeMap::new() }
    }

    /// A browser in which somebody is signed in.
    pub async fn signed_in(&self, email: &str) -> Browser<'_> {
        let mut browser = self.browser();
        let page = browser.get("/console/sign-in").await;
        let form = [("email", email), ("password", PASSWORD), ("form_token", &page.token())];
        let answer = browser.send("/console/sign-in", &form).await;
        assert_eq!((answer.status, answer.header("location")), (303, "/console"), "{}", answer.body);
        browser
    }
}

/// Somebody of the house with this number.
pub fn person(number: usize, first: &str, more: &Value) -> Value {
    let names = ["Lund", "Okafor", "Petrov", "Castillo", "Nguyen", "Haddad", "Kowalski", "Marsh", "Abara", "Quist"];
    let mut row = json!({
        "firstName": first, "lastName": names[number % names.len()],
        "email": format!("house{number}@example{number}.org"),
    });
    row.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    row
}

fn organization(engine: &Engine, name: &str) -> OrganizationId {
    let new = NewOrganization {
        name: name.to_owned(),
        time_zone: "America/Chicago".into(),
        country: "US".into(),
        batch_cron: None,
    };
    engine.create_organization(new).unwrap().id
}

fn user(engine: &Engine, org: OrganizationId, email: &str, role: Role) {
    let new = NewUser { email: email.into(), name: email.into(), role, password: Some(PASSWORD.into()) };
    engine.create_user(org, new).unwrap();
}

/// A browser without JavaScript: keeps cookies, follows nothing by itself.
pub struct Browser<'w> {
    world: &'w World,
    cookies: BTreeMap<String, String>,
}

pub struct Answer {
    pub status: u16,
    headers: Vec<(String, String)>,
    pub body: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str()).unwrap_or_default()
    }

    pub fn all(&self, name: &str) -> Vec<&str> {
        self.headers.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_str()).collect()
    }

    /// The token of the page's first form.
    pub fn token(&self) -> String {
        let rest = self.body.split("name=\"form_token\" value=\"").nth(1);
        rest.and_then(|rest| rest.split('"').next()).unwrap_or_default().to_owned()
    }
}

impl Browser<'_> {
    pub async fn get(&mut self, path: &str) -> Answer {
        self.call(TestRequest::with_uri(path)).await
    }

    /// Sends a form as it stands.
    pub async fn send(&mut self, path: &str, form: &[(&str, &str)]) -> Answer {
        self.call(TestRequest::with_uri(path).method(Method::POST).set_form(form)).await
    }

    /// Sends a form with the token of a page of this session.
    pub async fn press(&mut self, path: &str, form: &[(&str, &str)]) -> Answer {
        let token = self.get("/console/account").await.token();
        self.send(path, &[form, &[("form_token", &token)]].concat()).await
    }

    pub async fn call(&mut self, request: TestRequest) -> Answer {
        let cookies = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ");
        let request = request.insert_header(("Cookie", cookies)).insert_header(("Host", "localhost"));
        let engine = self.world.engine.clone();
        let app =
            App::new().configure(move |config: &mut web::ServiceConfig| tributary_console::configure(config, &engine));
        let service = init_service(app).await;
        let response = call_service(&service, request.to_request()).await;
        let status = response.status().as_u16();
        let text = |value: &actix_web::http::header::HeaderValue| value.to_str().unwrap().to_owned();
        let headers: Vec<_> =
            response.headers().iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect();
        let body = String::from_utf8(read_body(response).await.to_vec()).unwrap();
        let answer = Answer { status, headers, body };
        self.keep(&answer);
        answer
    }

    fn keep(&mut self, answer: &Answer) {
        for cookie in answer.all("set-cookie") {
            let (name, rest) = cookie.split_once('=').unwrap();
            let value = rest.split(';').next().unwrap();
            if value.is_empty() {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }

    pub fn cookie(&self, name: &str) -> String {
        self.cookies.get(name).cloned().unwrap_or_default()
    }

    pub fn set_cookie(&mut self, name: &str, value: &str) {
        self.cookies.insert(name.to_owned(), value.to_owned());
    }
}
