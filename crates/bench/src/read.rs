//! Contacts polled by reference over HTTP, each time another one, beside a bare handler that answers the same bytes.

use crate::client::{self, Load};
use crate::crowd::{self, SOURCE};
use crate::intake::{median, start};
use crate::stage::Stage;
use actix_web::{App, HttpResponse, HttpServer, web};
use anyhow::Context;
use std::net::SocketAddr;
use std::sync::Arc;
use tributary_api::{ApiSettings, ApiState};
use tributary_contact::clock::SystemIds;
use tributary_engine::{NewKey, Scope};

/// How the load is made.
#[derive(Clone, Copy)]
pub struct Rounds {
    pub seconds: u64,
    pub connections: usize,
    pub rounds: usize,
    /// Different contacts that are asked for.
    pub asked: i64,
}

/// Prints requests per second of both, and their ratio.
pub fn measure(url: &str, contacts: i64, how: Rounds) -> anyhow::Result<()> {
    let stage = Stage::open(url, 2_000)?;
    crowd::fill(&stage, contacts)?;
    let key = NewKey { name: "bench".into(), scopes: vec![Scope::ReadContacts], ..NewKey::default() };
    let (_, token) = stage.engine.create_key(stage.organization, key)?;
    let settings = ApiSettings { requests_per_hour: 0, ..ApiSettings::default() };
    let state = ApiState::new(stage.engine.clone(), Arc::new(SystemIds), None, settings);
    let ours = start(move |listener| tributary_api::serve(listener, state, 2, |_| {}))?;
    let body = body(ours, &request(ours, &token, 1))?;
    let bytes = body.len();
    let plain = start(move |listener| {
        let app = move || {
            let body = body.clone();
            let bare = move || {
                let body = body.clone();
                async move { HttpResponse::Ok().content_type("application/json").body(body) }
            };
            App::new().route("/api/Contact/{referenceSource}/{referenceId}", web::get().to(bare))
        };
        Ok(HttpServer::new(app).workers(2).disable_signals().listen(listener)?.run())
    })?;
    let (mut with, mut without) = (Vec::new(), Vec::new());
    for _ in 0..how.rounds.max(1) {
        without.push(client::load(plain, requests(plain, &token, contacts, how.asked), how.connections, how.seconds)?);
        with.push(client::load(ours, requests(ours, &token, contacts, how.asked), how.connections, how.seconds)?);
    }
    report(stage.backend(), contacts, bytes, how, [&with, &without]);
    Ok(())
}

fn report(backend: &str, contacts: i64, bytes: usize, how: Rounds, [with, without]: [&[Load]; 2]) {
    let rate = |rounds| median(rounds, |load: &Load| load.per_second);
    let cost = |rounds| median(rounds, |load: &Load| load.cpu_micros);
    println!(
        "read {backend}: {:.0}/s of {contacts} contacts, {} of them asked for, bare handler {:.0}/s with the same {bytes} bytes, ratio {:.2} \
         ({} connections, medians of {} rounds of {} s); processor time per request, client included: {:.1} us, bare \
         {:.1} us, ratio {:.2}",
        rate(with),
        how.asked.min(contacts),
        rate(without),
        rate(with) / rate(without),
        how.connections,
        how.rounds,
        how.seconds,
        cost(with),
        cost(without),
        cost(without) / cost(with),
    );
}

/// The body of the answer to a request.
fn body(address: SocketAddr, request: &[u8]) -> anyhow::Result<web::Bytes> {
    let answer = client::once(address, request)?;
    let end = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n").context("an answer without headers")?;
    Ok(web::Bytes::copy_from_slice(answer.get(end + 4..).unwrap_or_default()))
}

/// Requests for contacts all over the database, in no order that a cache could follow.
fn requests(address: SocketAddr, token: &str, contacts: i64, asked: i64) -> Vec<Vec<u8>> {
    const STEP: i64 = 611_953;
    (1..=asked.min(contacts)).map(|turn| request(address, token, turn * STEP % contacts + 1)).collect()
}

fn request(address: SocketAddr, token: &str, number: i64) -> Vec<u8> {
    format!("GET /api/Contact/{SOURCE}/{number} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\n\r\n")
        .into_bytes()
}
