//! The whole story on shipped sample data: contacts on file, transactions submitted over HTTP, the
//! batch, every event delivered to a subscriber that verifies it, and how right the decisions were.

mod partner;
mod place;
mod receiver;
mod report;
mod sample;
mod score;

pub use place::{FOLDER, prepare};
pub use report::Report;

use crate::config::Config;
use crate::progress::Progress;
use crate::serve::{self, Role, Running};
use anyhow::{Context as _, bail};
use metrics_exporter_prometheus::PrometheusHandle;
use partner::Partner;
use receiver::Receiver;
use report::{Events, Outcomes};
use score::Merge;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;
use tributary_contact::OrganizationId;
use tributary_contact::state::{Level, State};
use tributary_engine::{Activation, DecisionLine, Engine, NewKey, NewOrganization, RunStart, WebhookInput};
use tributary_store::{EventKind, StoreExt};
use tributary_webhook::secret::Secret;

/// How often the delivery stage looks.
const LOOK: Duration = Duration::from_millis(100);
/// Looks without any progress after which the delivery stage gives up: one minute.
const PATIENCE: u32 = 600;
/// Events read at a time.
const PAGE: i64 = 1_000;

/// What the demo changes in the configuration: no nights, no hourly budget, webhooks to this machine.
pub fn adapt(config: &mut Config) {
    config.schedule.enabled = false;
    config.limits.requests_per_hour = 0;
    config.webhook.allow_cidrs = vec!["127.0.0.0/8".to_owned()];
    config.webhook.allow_http = true;
}

/// The running demo.
pub struct Demo {
    engine: Arc<Engine>,
    organization: OrganizationId,
    key: String,
    receiver: Receiver,
    running: Running,
    progress: Progress,
    seconds: BTreeMap<&'static str, f64>,
}

impl Demo {
    /// Sets the stage: organization, key, subscriber, server.
    pub async fn start(engine: Arc<Engine>, config: &Config, metrics: PrometheusHandle) -> anyhow::Result<Self> {
        let receiver = Receiver::start().context("cannot start the subscriber")?;
        let url = receiver.url.clone();
        let setting_up = engine.clone();
        let (organization, key, secret) = blocking(move || set_up(&setting_up, url)).await?;
        receiver.received.trust(Secret::parse(&secret)?);
        let running = serve::start(engine.clone(), config, Role::All, metrics).await?;
        let (progress, seconds) = (Progress::detect(), BTreeMap::new());
        Ok(Self { engine, organization, key, receiver, running, progress, seconds })
    }

    /// Plays the story to its end.
    pub async fn play(&mut self) -> anyhow::Result<Report> {
        self.load().await?;
        self.submit().await?;
        self.batch().await?;
        self.deliver().await?;
        self.report().await
    }

    /// Ends everything.
    pub async fn stop(self) {
        self.running.stop().await;
        self.receiver.stop().await;
    }

    async fn load(&mut self) -> anyhow::Result<()> {
        let rows = sample::contacts()?;
        let stage = self.progress.stage("load", rows.len() as u64);
        let (engine, organization, watched) = (self.engine.clone(), self.organization, stage.clone());
        blocking(move || Ok(watched.follow(&engine, || engine.load_contacts(organization, rows))?)).await?;
        self.seconds.insert("load", stage.finish());
        Ok(())
    }

    async fn submit(&mut self) -> anyhow::Result<()> {
        let rows = sample::transactions()?;
        let partner = Partner::new(self.running.address(), self.key.clone())?;
        let stage = self.progress.stage("submit", rows.len() as u64);
        partner.submit(&rows, &stage).await?;
        self.seconds.insert("submit", stage.finish());
        Ok(())
    }

    async fn batch(&mut self) -> anyhow::Result<()> {
        let stage = self.progress.stage("batch", 0);
        let (engine, organization, watched) = (self.engine.clone(), self.organization, stage.clone());
        let run = move || Ok(watched.follow(&engine, || engine.run_batch(organization, Activation::Manual))?);
        let start = blocking(run).await;
        self.seconds.insert("batch", stage.finish());
        match start? {
            RunStart::Finished(_) => Ok(()),
            RunStart::Stopped(_) | RunStart::AlreadyRunning | RunStart::NotDue => bail!("the batch did not run"),
        }
    }

    /// Waits until no delivery is pending. The delivery loop of the server does the work.
    async fn deliver(&mut self) -> anyhow::Result<()> {
        let stage = self.progress.stage("deliver", 0);
        let (mut last, mut idle) = (0, 0);
        loop {
            let (engine, organization) = (self.engine.clone(), self.organization);
            let tally = blocking(move || Ok(engine.health(organization)?.deliveries)).await?;
            let (done, pending) = (tally.delivered + tally.dead, tally.pending);
            stage.set(done.unsigned_abs(), (done + pending).unsigned_abs());
            if pending == 0 {
                break;
            }
            idle = if done == last { idle + 1 } else { 0 };
            if idle >= PATIENCE {
                bail!("{pending} deliveries are still pending and nothing moves");
            }
            last = done;
            tokio::time::sleep(LOOK).await;
        }
        self.seconds.insert("deliver", stage.finish());
        Ok(())
    }

    async fn report(&self) -> anyhow::Result<Report> {
        let (engine, organization) = (self.engine.clone(), self.organization);
        let (outcomes, merges, emitted) = blocking(move || {
            let lines = decisions(&engine, organization)?;
            let added = lines.iter().filter(|line| is_added(line)).count();
            let outcomes = outcomes(&engine, organization, i64::try_from(added)?)?;
            Ok((outcomes, merges(lines), events(&engine, organization)?))
        })
        .await?;
        let received = &self.receiver.received;
        let verified = emitted.iter().filter(|event| received.has(event)).count();
        let events = Events { emitted: emitted.len(), verified, refused: received.refused() };
        let ok = outcomes.is_complete() && events.are_complete() && received.verified() == emitted.len();
        Ok(Report {
            organization: organization.0,
            key: self.key.clone(),
            address: format!("http://{}", self.running.address()),
            outcomes,
            accuracy: score::score(&sample::truth()?, &merges),
            seconds: self.seconds.clone(),
            events,
            ok,
        })
    }
}

/// Runs an engine call where it may block.
async fn blocking<T: Send + 'static>(call: impl FnOnce() -> anyhow::Result<T> + Send + 'static) -> anyhow::Result<T> {
    tokio::task::spawn_blocking(call).await?
}

fn set_up(engine: &Engine, url: String) -> anyhow::Result<(OrganizationId, String, String)> {
    let organization = engine.create_organization(NewOrganization {
        name: "Bellford Food Share (demo)".to_owned(),
        time_zone: "America/Chicago".to_owned(),
        country: "US".to_owned(),
        batch_cron: None,
    })?;
    let new = NewKey { name: "demo".to_owned(), ..NewKey::default() };
    let (_, key) = engine.create_key(organization.id, new)?;
    let toggles: BTreeSet<String> = EventKind::ALL.iter().map(|kind| kind.as_str().to_owned()).collect();
    let new = WebhookInput { payload_url: url, secret: None, active: true, toggles, headers: None, options: None };
    let webhook = engine.create_webhook(organization.id, new)?;
    Ok((organization.id, key, webhook.secret))
}

fn decisions(engine: &Engine, organization: OrganizationId) -> anyhow::Result<Vec<DecisionLine>> {
    let mut lines = Vec::new();
    engine.export_decisions(organization, &mut |line| {
        lines.push(line.clone());
        Ok(())
    })?;
    Ok(lines)
}

fn is_added(line: &DecisionLine) -> bool {
    line.state == State::Merged && line.level == Level::Household.as_str()
}

/// Merges into an individual, by the transaction's reference id.
fn merges(lines: Vec<DecisionLine>) -> HashMap<String, Merge> {
    let individual = |line: &DecisionLine| line.decision == "merge" && line.level == Level::Individual.as_str();
    let merges = lines.into_iter().filter(individual);
    merges.filter_map(|line| Some((line.reference_id?, Merge { target: line.contact_reference_id? }))).collect()
}

fn outcomes(engine: &Engine, organization: OrganizationId, added: i64) -> anyhow::Result<Outcomes> {
    let health = engine.health(organization)?;
    let mut outcomes = Outcomes { received: health.ledger.received, held: health.ledger.held, ..Outcomes::default() };
    for tally in health.states {
        match tally.state {
            State::Created => outcomes.created += tally.count,
            State::Merged => outcomes.merged += tally.count,
            State::Unchanged => outcomes.unchanged += tally.count,
            State::Rejected => outcomes.rejected += tally.count,
            State::Held => outcomes.held += tally.count,
            State::NeedsUpdate => {
                outcomes.needs_update += tally.count;
                let reason = tally.reason.map_or("none", |reason| reason.as_str());
                *outcomes.reasons.entry(reason.to_owned()).or_default() += tally.count;
            }
        }
    }
    outcomes.merged -= added;
    outcomes.individual_added = added;
    Ok(outcomes)
}

/// Ids of all events of the organization.
fn events(engine: &Engine, organization: OrganizationId) -> anyhow::Result<Vec<String>> {
    let mut ids = Vec::new();
    let mut after = None;
    loop {
        let page = engine.store().reading(|tx| tx.event_page(organization, after, PAGE))?;
        let Some(last) = page.last() else { return Ok(ids) };
        after = Some(last.id);
        ids.extend(page.iter().map(|event| event.id.to_string()));
    }
}
