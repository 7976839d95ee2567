//! A partner platform: submits over HTTP with an API key.
//!
//! Requests go one after the other, so that rows are received in the order of the file and every
//! demo, on every database, comes to the same decisions. The first rows go one by one as a live
//! platform sends them, the others in batches as a nightly export does.

use crate::progress::Stage;
use anyhow::{Context as _, bail};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::time::Duration;

/// Rows submitted one by one.
const SINGLY: usize = 500;
/// Rows of a batch.
const BATCH: usize = 250;
/// Far longer than an answer takes.
const TIMEOUT: Duration = Duration::from_secs(60);

/// Submits with a key.
pub struct Partner {
    client: reqwest::Client,
    base: String,
    key: String,
}

impl Partner {
    /// A partner of the server at this address.
    pub fn new(address: SocketAddr, key: String) -> anyhow::Result<Self> {
        // Plain HTTP to this machine only: no certificate authorities are needed, nor looked for.
        let tls = rustls::ClientConfig::builder()
            .with_root_certificates(rustls::RootCertStore::empty())
            .with_no_client_auth();
        let client = reqwest::Client::builder().tls_backend_preconfigured(tls).no_proxy().timeout(TIMEOUT).build();
        Ok(Self { client: client.context("cannot make a client")?, base: format!("http://{address}"), key })
    }

    /// Submits all rows in order; each is durable when its request is answered.
    pub async fn submit(&self, rows: &[Value], stage: &Stage) -> anyhow::Result<()> {
        let (single, batched) = rows.split_at(SINGLY.min(rows.len()));
        for row in single {
            self.post("/api/Contact/Transaction", row).await?;
            stage.add(1);
        }
        for batch in batched.chunks(BATCH) {
            self.post("/api/Contact/Batch", &json!({"contacts": batch})).await?;
            stage.add(batch.len() as u64);
        }
        Ok(())
    }

    async fn post(&self, path: &str, body: &Value) -> anyhow::Result<()> {
        let request = self.client.post(format!("{}{path}", self.base)).bearer_auth(&self.key).json(body);
        let status = request.send().await.with_context(|| format!("POST {path} failed"))?.status();
        if status.as_u16() != 200 {
            bail!("POST {path} was answered {status}");
        }
        Ok(())
    }
}
