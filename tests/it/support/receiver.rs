//! A subscriber in the test's own process. Signatures are checked by an independent library.

use actix_web::dev::ServerHandle;
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

/// The secret of every subscription made here.
pub const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
/// What the signature is made of.
const HEADERS: &[&str] = &["webhook-id", "webhook-timestamp", "webhook-signature"];

/// A delivery as it arrived.
#[derive(Debug, Clone)]
pub struct Delivery {
    pub id: String,
    pub verified: bool,
    pub body: Value,
}

/// Deliveries in order of arrival.
type Arrivals = Mutex<Vec<Delivery>>;

/// The running subscriber; stopped when dropped.
pub struct Receiver {
    arrivals: Arc<Arrivals>,
    url: String,
    handle: ServerHandle,
}

impl Receiver {
    /// Listens on a free loopback port.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/events", listener.local_addr().unwrap());
        let arrivals = Arc::new(Arrivals::default());
        let data = web::Data::from(arrivals.clone());
        let (tell, told) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let app = move || App::new().app_data(data.clone()).route("/events", web::post().to(receive));
                let server = HttpServer::new(app).workers(1).disable_signals().listen(listener).unwrap().run();
                tell.send(server.handle()).unwrap();
                server.await.unwrap();
            });
        });
        Self { arrivals, url, handle: told.recv().unwrap() }
    }

    /// Where it listens.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The body that subscribes it to everything that happens to contacts.
    pub fn subscription(&self) -> Value {
        json!({
            "payloadUrl": self.url, "secret": SECRET, "active": true,
            "contactCreate": true, "contactUpdate": true, "contactDelete": true,
        })
    }

    /// Everything that arrived so far; every delivery must have verified.
    pub fn arrivals(&self) -> Vec<Delivery> {
        let arrivals = self.arrivals.lock().unwrap().clone();
        assert!(arrivals.iter().all(|delivery| delivery.verified), "a delivery did not verify");
        arrivals
    }

    /// How much arrived so far.
    pub fn count(&self) -> usize {
        self.arrivals.lock().unwrap().len()
    }

    /// Sequence numbers of each contact's events in the order of their first arrival.
    pub fn order(&self) -> BTreeMap<i64, Vec<i64>> {
        let mut seen: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
        for delivery in self.arrivals() {
            let contact = delivery.body["contact"]["id"].as_i64().unwrap();
            let sequence = delivery.body["sequence"].as_i64().unwrap();
            let numbers = seen.entry(contact).or_default();
            if !numbers.contains(&sequence) {
                numbers.push(sequence);
            }
        }
        seen
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        super::block_on(self.handle.stop(false));
    }
}

async fn receive(arrivals: web::Data<Arrivals>, request: HttpRequest, body: web::Bytes) -> HttpResponse {
    let mut headers = HeaderMap::new();
    for name in HEADERS {
        let value = request.headers().get(*name).map(|value| value.as_bytes()).unwrap_or_default();
        headers.insert(HeaderName::from_static(name), HeaderValue::from_bytes(value).unwrap());
    }
    let verifier = standardwebhooks::Webhook::new(SECRET).unwrap();
    let verified = verifier.verify(&body, &headers).is_ok();
    let id = headers["webhook-id"].to_str().unwrap_or_default().to_owned();
    let delivery = Delivery { id, verified, body: serde_json::from_slice(&body).unwrap_or_default() };
    arrivals.lock().unwrap().push(delivery);
    if verified { HttpResponse::NoContent().finish() } else { HttpResponse::Unauthorized().finish() }
}
