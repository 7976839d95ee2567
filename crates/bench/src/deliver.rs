//! Delivery of events: a stored backlog drained, and changes delivered while they are committed. One loopback
//! endpoint that answers 200 at once, order per contact on, every event counted by its id.

use crate::rows::person;
use crate::sink::{self, Sink};
use crate::stage::Stage;
use crate::usage::Usage;
use anyhow::{Context, ensure};
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tributary_contact::clock::{Clock, IdGen, SystemClock, SystemIds};
use tributary_contact::{ContactId, OrganizationId, WebhookId};
use tributary_engine::{Engine, OnFile, Settings, WebhookInput};
use tributary_store::{EventKind, EventRow, NewDelivery, StoreExt};
use tributary_webhook::guard::{AddressGuard, parse_cidrs};

/// Bytes of a body, as in the measurement of Svix that this one stands beside.
const BODY_BYTES: usize = 560;
/// Events of one contact in the stored backlog.
const EACH: usize = 4;
/// Rows of one transaction when the backlog is stored.
const ROWS_AT_ONCE: usize = 2_000;
/// Far longer than either case takes.
const PATIENCE: Duration = Duration::from_secs(300);

/// What Svix 1.100.0 was measured at on a quiet machine of this kind (webhooks.md 6.3), per second.
const SVIX_DRAIN: f64 = 2_696.0;
const SVIX_END_TO_END: f64 = 1_067.0;

/// Changes whose way is measured one by one.
const CHANGES: usize = 500;
/// Endpoints that never answer, beside which it is measured again.
const HANGING: usize = 3;

/// Prints the cases: a backlog, changes as they are committed, and how long a single change takes alone and beside
/// endpoints that hang.
pub fn measure(url: &str, events: usize) -> anyhow::Result<()> {
    let guard = AddressGuard { allow_cidrs: parse_cidrs("127.0.0.0/8")?, allow_http: true };
    let settings = Settings { guard, ..Settings::default() };
    let stage = Stage::with(url, settings)?;
    let sink = Sink::start(events)?;
    let webhook = subscribe(&stage, &sink.url())?;
    backlog(&stage, webhook, events)?;
    let database = url.starts_with("postgres").then(|| database_name(url)).flatten();
    let drained = deliver(&stage, &sink, (events, database), || Ok(()))?;
    report("draining a stored backlog", &stage, events, &drained, SVIX_DRAIN);
    let (engine, org) = (stage.engine.clone(), stage.organization);
    let changed = deliver(&stage, &sink, (events, database), move || change(&engine, org, 0..events))?;
    report("end to end from committed change", &stage, events, &changed, SVIX_END_TO_END);
    let alone = one_by_one(&stage, &sink, events)?;
    let hanging: Vec<_> = (0..HANGING).map(|_| sink::hang()).collect::<anyhow::Result<_>>()?;
    hanging.iter().try_for_each(|url| subscribe(&stage, url).map(drop))?;
    let beside = one_by_one(&stage, &sink, events + CHANGES)?;
    println!("one change at a time, {}: {alone} alone; {beside} beside {HANGING} endpoints that hang", stage.backend());
    Ok(())
}

fn database_name(url: &str) -> Option<&str> {
    url.split('?').next()?.rsplit('/').next()
}

/// How long single changes take from their commit to their arrival.
struct Latency {
    median: Duration,
    p99: Duration,
}

impl std::fmt::Display for Latency {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "median {:.1} ms, p99 {:.1} ms", self.median.as_secs_f64() * 1e3, self.p99.as_secs_f64() * 1e3)
    }
}

/// Commits changes one after the other, each when the one before has arrived.
fn one_by_one(stage: &Stage, sink: &Sink, from: usize) -> anyhow::Result<Latency> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let engine: Arc<Engine> = stage.engine.clone();
    let delivering = runtime.spawn(async move { engine.deliver_loop().await });
    let mut took = Vec::with_capacity(CHANGES);
    for number in from..from + CHANGES {
        sink.expect(1);
        change(&stage.engine, stage.organization, number..number + 1)?;
        let committed = Instant::now();
        sink.wait(PATIENCE)?;
        took.push(committed.elapsed());
    }
    delivering.abort();
    runtime.shutdown_timeout(Duration::from_secs(5));
    took.sort_unstable();
    let at = |percent: usize| took.get(took.len() * percent / 100).copied().context("nothing was measured");
    Ok(Latency { median: at(50)?, p99: at(99)? })
}

fn subscribe(stage: &Stage, url: &str) -> anyhow::Result<WebhookId> {
    let toggles = BTreeSet::from(["contactCreate".to_owned(), "contactUpdate".to_owned()]);
    let payload_url = url.to_owned();
    let new = WebhookInput { payload_url, secret: None, active: true, toggles, headers: None, options: None };
    Ok(stage.engine.create_webhook(stage.organization, new)?.id)
}

/// Stores events of many contacts, in the order in which changes to them would have come.
fn backlog(stage: &Stage, webhook: WebhookId, events: usize) -> anyhow::Result<()> {
    let (ids, now) = (SystemIds, SystemClock.now());
    let contacts = events.div_ceil(EACH);
    let rows: Vec<EventRow> = (0..events)
        .map(|number| event(ids.next(), 1 + number % contacts, 1 + number / contacts, now))
        .collect::<anyhow::Result<_>>()?;
    for rows in rows.chunks(ROWS_AT_ONCE) {
        let delivery = |row: &EventRow| NewDelivery {
            event: row.id,
            webhook,
            contact: row.contact,
            sequence: row.sequence,
            due_at: now,
        };
        let deliveries: Vec<_> = rows.iter().map(delivery).collect();
        stage.engine.store().writing("backlog", |tx| {
            tx.insert_events(stage.organization, rows)?;
            tx.insert_deliveries(stage.organization, &deliveries)
        })?;
    }
    Ok(())
}

fn event(
    id: uuid::Uuid,
    contact: usize,
    sequence: usize,
    now: tributary_contact::clock::Timestamp,
) -> anyhow::Result<EventRow> {
    // The numbers are those of a backlog of its own: real contacts come later and begin at 1 as well.
    let contact = i64::try_from(contact)? + 1_000_000_000;
    let start = format!(
        r#"{{"type":"contactUpdate","eventId":"{id}","sequence":{sequence},"contact":{{"id":{contact},"note":""#
    );
    let filler = "x".repeat(BODY_BYTES.saturating_sub(start.len() + 3));
    let body = format!("{start}{filler}\"}}}}");
    let sequence = i64::try_from(sequence)?;
    Ok(EventRow { id, contact: ContactId(contact), sequence, kind: EventKind::ContactUpdate, body, created_at: now })
}

/// Commits contacts, each with its event, through the engine's own path.
fn change(engine: &Engine, organization: OrganizationId, people: Range<usize>) -> anyhow::Result<()> {
    let rows: Vec<OnFile> = people.map(person).collect::<anyhow::Result<_>>()?;
    engine.announce_contacts(organization, rows)?;
    Ok(())
}

/// What a case took.
struct Took {
    first_to_last: Duration,
    all: Duration,
    usage: Usage,
    sink: Duration,
    body_bytes: usize,
}

/// Runs the delivery loop beside `work` until so many more events have arrived. `database` is the PostgreSQL
/// database, if it is one.
fn deliver(
    stage: &Stage,
    sink: &Sink,
    (events, database): (usize, Option<&str>),
    work: impl FnOnce() -> anyhow::Result<()>,
) -> anyhow::Result<Took> {
    sink.expect(events);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let (before, sink_before) = (Usage::begin(database)?, sink.cpu());
    let started = Instant::now();
    let delivering = runtime.spawn({
        let engine: Arc<Engine> = stage.engine.clone();
        async move { engine.deliver_loop().await }
    });
    work()?;
    let seen = sink.wait(PATIENCE)?;
    let (all, usage) = (started.elapsed(), Usage::now(database)?.since(&before));
    ensure!(!delivering.is_finished(), "the delivery loop ended");
    delivering.abort();
    runtime.shutdown_timeout(Duration::from_secs(5));
    ensure!(seen.distinct == events, "{} of {events} events arrived", seen.distinct);
    ensure!(seen.out_of_order == 0, "{} events came out of order", seen.out_of_order);
    let sink = sink.cpu().saturating_sub(sink_before);
    Ok(Took { first_to_last: seen.first_to_last, all, usage, sink, body_bytes: seen.body_bytes / events.max(1) })
}

fn report(what: &str, stage: &Stage, events: usize, took: &Took, svix: f64) {
    let count = u32::try_from(events).map_or(f64::NAN, f64::from);
    let rate = count / took.all.as_secs_f64();
    let micros = |time: Duration| time.as_secs_f64() * 1e6 / count;
    println!(
        "{what}, {}: {rate:.0}/s ({:.1} x Svix's {svix:.0}), first to last {:.0}/s, {events} events of {} bytes in {:.2} s; \
         CPU per event {:.0} us and {:.0} us of a database server, beside {:.0} us of the receiver; peak memory {} MiB",
        stage.backend(),
        rate / svix,
        count / took.first_to_last.as_secs_f64(),
        took.body_bytes,
        took.all.as_secs_f64(),
        micros(took.usage.cpu.saturating_sub(took.sink)),
        micros(took.usage.server),
        micros(took.sink),
        took.usage.peak_bytes >> 20,
    );
}
