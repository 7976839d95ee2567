//! Name look-ups that let only vetted addresses through. This runs inside the connector, so what was checked is
//! what is dialled.

use super::AddressGuard;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;

/// A look-up under way.
pub type LookupFuture = Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send>>;

/// Asks for the addresses of a name.
pub trait Lookup: Send + Sync {
    /// All addresses of `host`, IPv4 and IPv6.
    fn lookup(&self, host: &str) -> LookupFuture;
}

/// The operating system's resolver.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemLookup;

impl Lookup for SystemLookup {
    fn lookup(&self, host: &str) -> LookupFuture {
        let host = host.to_owned();
        Box::pin(async move {
            let found = tokio::net::lookup_host((host.as_str(), 0)).await?;
            Ok(found.map(|address| address.ip()).collect())
        })
    }
}

/// Why a name leads nowhere. Names neither the host nor its addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ResolveError {
    /// At least one of its addresses is refused.
    #[error("the host is not a public address")]
    Blocked,
    /// The look-up failed or found nothing.
    #[error("the host name was not found")]
    NotFound,
}

/// Vets the answer to a look-up as a whole: one refused address refuses all, for a mixed answer is an attack or
/// a mistake. Port 0 stands for the port of the URL.
///
/// # Errors
/// See [`ResolveError`].
pub fn vet(guard: &AddressGuard, found: &[IpAddr]) -> Result<Vec<SocketAddr>, ResolveError> {
    if found.is_empty() {
        return Err(ResolveError::NotFound);
    }
    if !found.iter().all(|address| guard.check_address(*address)) {
        return Err(ResolveError::Blocked);
    }
    Ok(found.iter().map(|address| SocketAddr::new(*address, 0)).collect())
}

/// The resolver of the shared client: looks up, then vets.
#[derive(Clone)]
pub struct GuardedResolver {
    guard: AddressGuard,
    lookup: Arc<dyn Lookup>,
}

impl GuardedResolver {
    /// Vets what `lookup` finds by the rules of `guard`.
    #[must_use]
    pub fn new(guard: AddressGuard, lookup: Arc<dyn Lookup>) -> Self {
        Self { guard, lookup }
    }
}

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let guard = self.guard.clone();
        let looking = self.lookup.lookup(name.as_str());
        Box::pin(async move {
            let found = looking.await.map_err(|_| ResolveError::NotFound)?;
            Ok(Box::new(vet(&guard, &found)?.into_iter()) as Addrs)
        })
    }
}
