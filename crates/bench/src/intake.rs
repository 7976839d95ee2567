//! Durable intake: the real API on the real store, beside a bare actix-web handler that parses the same JSON.

use crate::client::{self, Load};
use crate::stage::Stage;
use actix_web::{App, HttpResponse, HttpServer, web};
use serde::Deserialize;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use tributary_api::{ApiSettings, ApiState};
use tributary_contact::clock::SystemIds;
use tributary_engine::{NewKey, Scope};

const BODY: &str = r#"{"referenceSource":"Harbor Giving","referenceId":"hg-50022","contactType":"Household","title":"Dr","firstName":"Ines","lastName":"Okafor-Lund","emailType":"Home Email","email":"ines.lund@example.org","phoneType":"Mobile Phone","phone":"(555) 010-4477","address1":"402 Tannery Rd","city":"Bellford","state":"OH","postal":"44090","country":"US","tags":"Spring Gala;Monthly"}"#;

/// The same fields as a plain struct: what a handler with no product behind it would parse.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "parsed for its cost only")]
struct Bare {
    reference_source: String,
    reference_id: String,
    contact_type: Option<String>,
    title: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
    email_type: Option<String>,
    email: Option<String>,
    phone_type: Option<String>,
    phone: Option<String>,
    address1: Option<String>,
    city: Option<String>,
    state: Option<String>,
    postal: Option<String>,
    country: Option<String>,
    tags: Option<String>,
}

async fn bare(body: web::Bytes) -> HttpResponse {
    match serde_json::from_slice::<Bare>(&body) {
        Ok(_) => HttpResponse::Ok().finish(),
        Err(_) => HttpResponse::BadRequest().finish(),
    }
}

/// Prints requests per second of both, and their ratio.
pub fn measure(url: &str, seconds: u64, connections: usize, rounds: usize) -> anyhow::Result<()> {
    let stage = Stage::open(url, 2_000)?;
    let key = NewKey { name: "bench".into(), scopes: vec![Scope::Submit], ..NewKey::default() };
    let (_, token) = stage.engine.create_key(stage.organization, key)?;
    let settings = ApiSettings { requests_per_hour: 0, ..ApiSettings::default() };
    let state = ApiState::new(stage.engine.clone(), Arc::new(SystemIds), None, settings);
    let ours = start(move |listener| tributary_api::serve(listener, state, 2, |_| {}))?;
    let plain = start(|listener| {
        let app = || App::new().route("/api/Contact/Transaction", web::post().to(bare));
        Ok(HttpServer::new(app).workers(2).disable_signals().listen(listener)?.run())
    })?;
    let (mut with, mut without) = (Vec::new(), Vec::new());
    for _ in 0..rounds.max(1) {
        without.push(client::load(plain, vec![request(plain, &token)], connections, seconds)?);
        with.push(client::load(ours, vec![request(ours, &token)], connections, seconds)?);
    }
    let (bare, durable) = (median(&without, |load| load.per_second), median(&with, |load| load.per_second));
    println!(
        "intake {}: durable {durable:.0}/s, bare handler {bare:.0}/s, ratio {:.2} ({connections} connections, medians of {rounds} rounds of {seconds} s); processor time per request, client included: durable {:.1} us, bare {:.1} us",
        stage.backend(),
        durable / bare,
        median(&with, |load| load.cpu_micros),
        median(&without, |load| load.cpu_micros),
    );
    let held = stage.engine.health(stage.organization)?.ledger;
    anyhow::ensure!(held.received == held.held, "rows held and rows counted differ");
    Ok(())
}

/// Runs a server on a thread and a port of its own.
pub fn start(
    server: impl FnOnce(TcpListener) -> std::io::Result<actix_web::dev::Server> + Send + 'static,
) -> anyhow::Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    std::thread::spawn(move || actix_web::rt::System::new().block_on(async move { server(listener)?.await }));
    Ok(address)
}

fn request(address: SocketAddr, token: &str) -> Vec<u8> {
    let length = BODY.len();
    format!(
        "POST /api/Contact/Transaction HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{BODY}"
    )
    .into_bytes()
}

pub fn median(rounds: &[Load], figure: impl Fn(&Load) -> f64) -> f64 {
    let mut values: Vec<f64> = rounds.iter().map(figure).collect();
    values.sort_unstable_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
