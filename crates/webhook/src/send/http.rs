//! The sender over HTTP: one shared client for all deliveries, guarded at the URL and at the connector.

use super::answer::Answer;
use super::{Attempt, Failure, OutgoingRequest, Sender, tls};
use crate::guard::{AddressGuard, GuardedResolver, Lookup, SystemLookup};
use chrono::{DateTime, Utc};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Client, Response};
use std::cell::Cell;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, timeout_at};
use tower::util::MapRequestLayer;
use url::Url;

/// Longest life of an idle connection: after that the name is looked up and vetted anew.
const IDLE_LIMIT: Duration = Duration::from_secs(60);

/// Idle connections kept per host: as many as deliveries may be under way to one endpoint.
const IDLE_PER_HOST: usize = 32;

tokio::task_local! {
    /// Whether the exchange under way in this task asked for a new connection.
    static CONNECTED: Cell<bool>;
}

/// How deliveries are sent.
#[derive(Debug, Clone)]
pub struct SenderSettings {
    /// Which targets are allowed.
    pub guard: AddressGuard,
    /// For the look-up, the connection and its TLS together.
    pub connect_timeout: Duration,
    /// For the whole exchange, reading the answer included.
    pub total_timeout: Duration,
    /// Value of the `user-agent` header.
    pub user_agent: String,
    /// Certificate authorities in PEM form, on top of the machine's.
    pub extra_ca_pem: Option<String>,
    /// A proxy that deliveries go through, `http://host:port`. It looks names up and connects, so it has to refuse
    /// inner addresses itself; only literal addresses are still refused here.
    pub egress_proxy: Option<String>,
}

impl SenderSettings {
    /// The shipped times and name, with a guard.
    #[must_use]
    pub fn new(guard: AddressGuard) -> Self {
        Self {
            guard,
            connect_timeout: Duration::from_secs(5),
            total_timeout: Duration::from_secs(15),
            user_agent: concat!("Tributary/", env!("CARGO_PKG_VERSION")).to_owned(),
            extra_ca_pem: None,
            egress_proxy: None,
        }
    }
}

impl Default for SenderSettings {
    fn default() -> Self {
        Self::new(AddressGuard::default())
    }
}

/// Why a sender cannot be built from its settings.
#[derive(Debug, thiserror::Error)]
pub enum SenderError {
    /// The extra authorities are not PEM certificates.
    #[error("the extra certificate authorities are not certificates in PEM form")]
    ExtraCa,
    /// TLS refused its configuration, such as a certificate that is no authority.
    #[error("TLS cannot be set up")]
    Tls(#[source] rustls::Error),
    /// The client refused its configuration, such as a user agent with control characters.
    #[error("the HTTP client cannot be set up")]
    Client(#[source] reqwest::Error),
}

/// Sends over the network. Cheap to clone; clones share their connections.
#[derive(Debug, Clone)]
pub struct HttpSender {
    client: Client,
    guard: AddressGuard,
    total_timeout: Duration,
}

impl HttpSender {
    /// A sender that looks names up as the operating system does.
    ///
    /// # Errors
    /// See [`SenderError`].
    pub fn new(settings: SenderSettings) -> Result<Self, SenderError> {
        Self::with_lookup(settings, Arc::new(SystemLookup))
    }

    /// A sender with another source of addresses. They are vetted all the same.
    ///
    /// # Errors
    /// See [`SenderError`].
    pub fn with_lookup(settings: SenderSettings, lookup: Arc<dyn Lookup>) -> Result<Self, SenderError> {
        let client = client(&settings, lookup)?;
        Ok(Self { client, guard: settings.guard, total_timeout: settings.total_timeout })
    }

    async fn exchange(&self, request: &OutgoingRequest, deadline: Instant) -> Result<Answer, Failure> {
        let url = self.guard.check_url(&request.url)?;
        let headers = header_map(&request.headers)?;
        let sent_at = sent_at(&headers);
        let answering = self.answer_head(Outgoing { url, headers, request });
        let head = timeout_at(deadline, answering).await.map_err(|_| Failure::Timeout)??;
        Ok(Answer::read(head, deadline, sent_at).await)
    }

    /// Sends, and once more when an idle connection turns out to be dead: the receiver closed it while the
    /// request was on its way, which says nothing about the receiver's health.
    async fn answer_head(&self, outgoing: Outgoing<'_>) -> Result<Response, Failure> {
        match self.send_once(&outgoing).await {
            Err((Failure::Reset, Connection::Reused)) => self.send_once(&outgoing).await,
            other => other,
        }
        .map_err(|(failure, _)| failure)
    }

    async fn send_once(&self, outgoing: &Outgoing<'_>) -> Result<Response, (Failure, Connection)> {
        let request = self
            .client
            .post(outgoing.url.clone())
            .headers(outgoing.headers.clone())
            .body(outgoing.request.body.clone());
        let exchange = async {
            let answer = request.send().await;
            answer.map_err(|error| (Failure::of_error(&error), Connection::of_this_exchange()))
        };
        CONNECTED.scope(Cell::new(false), exchange).await
    }
}

impl Sender for HttpSender {
    fn send<'a>(&'a self, request: OutgoingRequest) -> Pin<Box<dyn Future<Output = Attempt> + Send + 'a>> {
        Box::pin(async move {
            let started = Instant::now();
            let outcome = self.exchange(&request, started + self.total_timeout).await;
            attempt(outcome, started.elapsed())
        })
    }
}

/// A checked request.
struct Outgoing<'a> {
    url: Url,
    headers: HeaderMap,
    request: &'a OutgoingRequest,
}

/// Where an exchange's connection came from.
enum Connection {
    New,
    Reused,
}

impl Connection {
    fn of_this_exchange() -> Self {
        if CONNECTED.try_with(Cell::get).unwrap_or(true) { Self::New } else { Self::Reused }
    }
}

/// Runs where the client asks for a new connection, in the task of the exchange that needs it.
fn note_connect<T>(target: T) -> T {
    // a connect that outlives its exchange has nobody to tell
    let _ = CONNECTED.try_with(|connected| connected.set(true));
    target
}

fn client(settings: &SenderSettings, lookup: Arc<dyn Lookup>) -> Result<Client, SenderError> {
    // a proxy of the environment would lead around the guard
    let mut builder = Client::builder().no_proxy();
    builder = match &settings.egress_proxy {
        Some(proxy) => builder.proxy(reqwest::Proxy::all(proxy).map_err(SenderError::Client)?),
        // the address of a proxy is the operator's own choice, so only without one is each connection vetted
        None => builder.dns_resolver(GuardedResolver::new(settings.guard.clone(), lookup)),
    };
    builder
        .tls_backend_preconfigured(tls::client_config(settings.extra_ca_pem.as_deref())?)
        .connector_layer(MapRequestLayer::new(note_connect))
        .redirect(Policy::none())
        .retry(reqwest::retry::never())
        // no decompression, whatever another crate switches on in reqwest
        .no_gzip()
        .no_brotli()
        .no_zstd()
        .no_deflate()
        .referer(false)
        .http1_only()
        .user_agent(&settings.user_agent)
        .connect_timeout(settings.connect_timeout)
        .pool_idle_timeout(IDLE_LIMIT)
        .pool_max_idle_per_host(IDLE_PER_HOST)
        .build()
        .map_err(SenderError::Client)
}

fn header_map(headers: &[(String, String)]) -> Result<HeaderMap, Failure> {
    let mut map = HeaderMap::with_capacity(headers.len());
    for (name, value) in headers {
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| Failure::InvalidRequest)?;
        let value = HeaderValue::from_str(value).map_err(|_| Failure::InvalidRequest)?;
        map.append(name, value);
    }
    Ok(map)
}

/// The time of the attempt, as it is signed.
fn sent_at(headers: &HeaderMap) -> Option<DateTime<Utc>> {
    let seconds = headers.get("webhook-timestamp")?.to_str().ok()?.parse().ok()?;
    DateTime::from_timestamp(seconds, 0)
}

fn attempt(outcome: Result<Answer, Failure>, duration: Duration) -> Attempt {
    match outcome {
        Ok(Answer { status, response, retry_after, failure }) => {
            Attempt { status: Some(status), response, retry_after, failure, duration }
        }
        Err(failure) => {
            Attempt { status: None, response: String::new(), retry_after: None, failure: Some(failure), duration }
        }
    }
}
