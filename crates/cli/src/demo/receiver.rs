//! A subscriber: takes deliveries on a loopback port and verifies every signature, as a partner would.

use actix_web::dev::ServerHandle;
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use std::collections::HashMap;
use std::net::TcpListener;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use tributary_contact::clock::{Clock, SystemClock};
use tributary_webhook::secret::Secret;
use tributary_webhook::verify::{SignatureHeaders, TOLERANCE_SECS, verify_standard};

/// Largest body a delivery has.
const BODY_BYTES: usize = 1 << 20;

/// What arrived.
#[derive(Debug, Default)]
pub struct Received {
    secret: OnceLock<Secret>,
    /// How often each event arrived with a good signature.
    events: Mutex<HashMap<String, u32>>,
    /// Deliveries without one.
    refused: Mutex<u64>,
}

/// The running subscriber.
pub struct Receiver {
    /// What arrived.
    pub received: Arc<Received>,
    /// Where it listens.
    pub url: String,
    handle: ServerHandle,
}

impl Receiver {
    /// Listens on a free loopback port.
    pub fn start() -> std::io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let url = format!("http://{}/events", listener.local_addr()?);
        let received = Arc::new(Received::default());
        let data = web::Data::from(received.clone());
        let app = move || {
            App::new()
                .app_data(data.clone())
                .app_data(web::PayloadConfig::new(BODY_BYTES))
                .route("/events", web::post().to(receive))
        };
        let server = HttpServer::new(app).workers(1).disable_signals().listen(listener)?.run();
        let handle = server.handle();
        tokio::spawn(server);
        Ok(Self { received, url, handle })
    }

    /// Ends it.
    pub async fn stop(self) {
        self.handle.stop(true).await;
    }
}

impl Received {
    /// The secret of the subscription. Deliveries before that are refused, and come again.
    pub fn trust(&self, secret: Secret) {
        // Set once per demo; a second secret would not be used.
        let _ = self.secret.set(secret);
    }

    /// How many different events arrived and verified.
    pub fn verified(&self) -> usize {
        self.events.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Whether the event arrived and verified.
    pub fn has(&self, event: &str) -> bool {
        self.events.lock().unwrap_or_else(PoisonError::into_inner).contains_key(event)
    }

    /// How many deliveries did not verify.
    pub fn refused(&self) -> u64 {
        *self.refused.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self, id: &str, verified: bool) {
        if verified {
            let mut events = self.events.lock().unwrap_or_else(PoisonError::into_inner);
            *events.entry(id.to_owned()).or_default() += 1;
        } else {
            *self.refused.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        }
    }
}

async fn receive(received: web::Data<Received>, request: HttpRequest, body: web::Bytes) -> HttpResponse {
    let header = |name| request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let id = header("webhook-id");
    let headers =
        SignatureHeaders { id, timestamp: header("webhook-timestamp"), signature: header("webhook-signature") };
    let now = SystemClock.now().timestamp();
    let secret = received.secret.get();
    let verified = secret.is_some_and(|secret| verify_standard(secret, &headers, &body, now, TOLERANCE_SECS).is_ok());
    received.take(id, verified);
    if verified { HttpResponse::NoContent().finish() } else { HttpResponse::Unauthorized().finish() }
}
