//! An engine with an organization of its own on the database to be measured.

use std::sync::Arc;
use tributary_contact::OrganizationId;
use tributary_contact::clock::{SystemClock, SystemIds};
use tributary_engine::{BatchSettings, Engine, NewOrganization, Parts, Settings};
use tributary_webhook::send::{HttpSender, SenderSettings};

/// An engine and its organization.
pub struct Stage {
    pub engine: Arc<Engine>,
    pub organization: OrganizationId,
}

impl Stage {
    pub fn open(url: &str, chunk_rows: usize) -> anyhow::Result<Self> {
        let batch = BatchSettings { chunk_rows, ..BatchSettings::default() };
        Self::with(url, Settings { batch, ..Settings::default() })
    }

    /// With these settings.
    pub fn with(url: &str, settings: Settings) -> anyhow::Result<Self> {
        let engine = Engine::start(Parts {
            store: tributary_db::open(url, &tributary_db::OpenOptions::default())?,
            clock: Arc::new(SystemClock),
            ids: Arc::new(SystemIds),
            sender: Arc::new(HttpSender::new(SenderSettings::new(settings.guard.clone()))?),
            settings,
            node: "bench".into(),
        });
        let new = NewOrganization {
            name: "Bench".into(),
            time_zone: "America/Chicago".into(),
            country: "US".into(),
            batch_cron: None,
        };
        let organization = engine.create_organization(new)?.id;
        Ok(Self { engine, organization })
    }

    /// `sqlite` or `postgres`.
    pub fn backend(&self) -> &'static str {
        self.engine.store().backend()
    }
}
