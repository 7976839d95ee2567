//! A partner's HTTP client, called synchronously.

use super::conserved;
use reqwest::Method;
use serde_json::Value;
use std::future::Future;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::runtime::Runtime;

/// Far longer than an answer takes; a batch is answered at its end.
const TIMEOUT: Duration = Duration::from_secs(120);

/// Runs a future on the runtime that all tests share.
pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    let build = || tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    RUNTIME.get_or_init(build).block_on(future)
}

/// An answer, read whole.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    headers: reqwest::header::HeaderMap,
    pub body: String,
}

impl Answer {
    /// A header's text; empty when it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }

    /// The body of a 200.
    pub fn json(&self) -> Value {
        assert_eq!(self.status, 200, "{}", self.body);
        serde_json::from_str(&self.body).unwrap()
    }
}

/// A client with a key. Clones share their connections.
#[derive(Clone)]
pub struct Client {
    client: reqwest::Client,
    base: String,
    key: String,
}

impl Client {
    /// A client of the server at this base URL.
    pub fn new(base: &str, key: &str) -> Self {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(rustls::RootCertStore::empty())
            .with_no_client_auth();
        let client = reqwest::Client::builder().tls_backend_preconfigured(tls).no_proxy().timeout(TIMEOUT).build();
        Self { client: client.unwrap(), base: base.to_owned(), key: key.to_owned() }
    }

    pub fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, &[], None).unwrap()
    }

    /// A POST, after which nothing is lost and nothing there twice.
    pub fn post(&self, path: &str, body: &Value) -> Answer {
        let answer = self.send(Method::POST, path, &[], Some(body)).unwrap();
        if answer.status == 200 {
            conserved::everywhere(self);
        }
        answer
    }

    /// A PUT.
    pub fn put(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::PUT, path, &[], Some(body)).unwrap()
    }

    /// A POST with further headers, whose connection may break.
    pub fn try_post(&self, path: &str, headers: &[(&str, &str)], body: &Value) -> reqwest::Result<Answer> {
        self.send(Method::POST, path, headers, Some(body))
    }

    /// Submits one; its transaction id.
    pub fn submit(&self, row: &Value) -> String {
        let answer = self.post("/api/Contact/Transaction", row);
        assert_eq!((answer.status, answer.body.as_str()), (200, ""));
        answer.header("Tributary-Transaction-Id").to_owned()
    }

    /// Submits many at once.
    pub fn submit_all(&self, rows: &[Value]) {
        self.hold_all(rows);
        conserved::everywhere(self);
    }

    /// The same while rows of a run that was killed may be on their way.
    pub fn hold_all(&self, rows: &[Value]) {
        let body = serde_json::json!({ "contacts": rows });
        let answer = self.try_post("/api/Contact/Batch", &[], &body).unwrap();
        assert_eq!((answer.status, answer.body.as_str()), (200, ""));
    }

    /// Runs the batch to its end, once nobody else is running it.
    pub fn run_batch(&self) -> Value {
        let run = super::until("the end of the batch", || {
            let answer = self.send(Method::POST, "/api/Batch/Run", &[], None).unwrap();
            (answer.status != 409).then(|| answer.json())
        });
        conserved::run(&run);
        conserved::everywhere(self);
        run
    }

    /// Any request: method, path, headers, and a body that is JSON or something else. No key is sent when there is none.
    pub fn call(
        &self,
        method: &str,
        path: &str,
        headers: &[(String, String)],
        body: Option<String>,
        json: bool,
    ) -> Answer {
        let mut request = self.client.request(method.parse().unwrap(), format!("{}{path}", self.base));
        if !self.key.is_empty() {
            request = request.bearer_auth(&self.key);
        }
        if json {
            request = request.header("content-type", "application/json");
        }
        request = headers.iter().fold(request, |request, (name, value)| request.header(name, value));
        request = body.into_iter().fold(request, |request, body| request.body(body));
        block_on(async {
            let response = request.send().await.unwrap();
            let (status, headers) = (response.status().as_u16(), response.headers().clone());
            Answer { status, headers, body: response.text().await.unwrap() }
        })
    }

    /// Sum of a gauge over its label sets.
    pub fn gauge(&self, name: &str) -> i64 {
        let answer = self.get("/metrics");
        assert_eq!(answer.status, 200, "{}", answer.body);
        let value = |line: &str| {
            let rest = line.strip_prefix(name)?;
            let value = rest.strip_prefix(' ').or_else(|| rest.starts_with('{').then(|| rest.rsplit(' ').next())?)?;
            value.parse::<i64>().ok()
        };
        answer.body.lines().filter_map(value).sum()
    }

    fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&Value>,
    ) -> reqwest::Result<Answer> {
        let request = self.client.request(method, format!("{}{path}", self.base)).bearer_auth(&self.key);
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        let request = body.into_iter().fold(request, |request, body| request.json(body));
        block_on(async {
            let response = request.send().await?;
            let (status, headers) = (response.status().as_u16(), response.headers().clone());
            Ok(Answer { status, headers, body: response.text().await? })
        })
    }
}
