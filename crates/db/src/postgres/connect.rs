//! Connections to PostgreSQL, driven by a tokio runtime also while they are idle.

use super::settings::Settings;
use super::{Conn, Session};
use crate::meter::Meter;
use diesel::Connection as _;
use diesel_async::AsyncPgConnection;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::runtime::{Builder, Handle, Runtime};
use tokio_postgres::{Client, Connection, NoTls, Socket};
use tributary_store::{StoreError, StoreResult};

/// No compiling of plans: it takes longer than the look-ups. Each statement is planned for the tables as they are: a
/// plan kept from when they were small would read them from end to end. Pages are in memory or on a disk without arms, so
/// that look-ups by key are cheaper than the shipped settings say. A peer that died in a transaction must not
/// hold its locks for as long as TCP keeps the connection, and nobody waits for a lock without end.
const SESSION: &str = "SET jit = off; SET plan_cache_mode = force_custom_plan; SET random_page_cost = 1.1; \
    SET idle_in_transaction_session_timeout = '60s'; SET lock_timeout = '30s'";

/// A runtime of the store's own, for when the caller has none to lend.
pub(super) struct Driver {
    handle: Handle,
    own: Option<Runtime>,
}

impl Driver {
    /// Uses the given runtime, or starts one with a single thread.
    pub(super) fn new(lent: Option<Handle>) -> StoreResult<Self> {
        if let Some(handle) = lent {
            return Ok(Self { handle, own: None });
        }
        let own = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("tributary-postgres")
            .enable_all()
            .build()
            .map_err(|error| StoreError::Other(error.into()))?;
        Ok(Self { handle: own.handle().clone(), own: Some(own) })
    }

    /// The runtime.
    pub(super) fn handle(&self) -> &Handle {
        &self.handle
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // Not the plain drop: that would panic when the store is dropped inside async code.
        if let Some(runtime) = self.own.take() {
            runtime.shutdown_background();
        }
    }
}

/// A pooled connection, whose statements are added to the total.
pub(super) fn session(settings: &Settings, handle: &Handle, total: &Arc<AtomicU64>) -> StoreResult<Session> {
    let broken = Arc::new(AtomicBool::new(false));
    let mut conn = connect(settings, handle, &broken)?;
    let meter = Meter::new(total);
    conn.set_instrumentation(meter.listener());
    Ok(Session { conn, meter, broken })
}

/// A connection. `broken` is set as soon as the server goes away, also while nobody uses the connection.
pub(super) fn connect(settings: &Settings, handle: &Handle, broken: &Arc<AtomicBool>) -> StoreResult<Conn> {
    // The wrapper takes the runtime it finds here, not the one that is current when it is used.
    let _entered = handle.enter();
    handle.block_on(dial(settings, broken)).map(Conn::from).map_err(|error| StoreError::Unavailable(Some(error)))
}

async fn dial(
    settings: &Settings,
    broken: &Arc<AtomicBool>,
) -> Result<AsyncPgConnection, Box<dyn std::error::Error + Send + Sync>> {
    let client = match &settings.tls {
        Some(tls) => {
            let (client, connection) = settings.config.connect(tls.clone()).await?;
            drive(client, connection, broken)
        }
        None => {
            let (client, connection) = settings.config.connect(NoTls).await?;
            drive(client, connection, broken)
        }
    };
    client.batch_execute(SESSION).await?;
    Ok(AsyncPgConnection::try_from(client).await?)
}

fn drive<T>(client: Client, connection: Connection<Socket, T>, broken: &Arc<AtomicBool>) -> Client
where
    T: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let broken = Arc::clone(broken);
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::warn!(db.error = %error, "a database connection ended");
        }
        broken.store(true, Ordering::Relaxed);
    });
    client
}
