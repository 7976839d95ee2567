//! TLS of the sender: ring, the machine's certificate authorities, TLS 1.2 and up, no way to skip a check.

use super::SenderError;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use std::sync::Arc;

/// Configuration with the machine's authorities and `extra_ca_pem` on top. A machine without any still gets one:
/// then every https delivery fails, visibly, and http on loopback works.
pub(super) fn client_config(extra_ca_pem: Option<&str>) -> Result<ClientConfig, SenderError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(SenderError::Tls)?
        .with_root_certificates(authorities(extra_ca_pem)?)
        .with_no_client_auth();
    Ok(config)
}

fn authorities(extra_ca_pem: Option<&str>) -> Result<RootCertStore, SenderError> {
    let mut store = RootCertStore::empty();
    store.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    for certificate in extra_authorities(extra_ca_pem.unwrap_or_default())? {
        store.add(certificate).map_err(SenderError::Tls)?;
    }
    Ok(store)
}

fn extra_authorities(pem: &str) -> Result<Vec<CertificateDer<'static>>, SenderError> {
    let found = CertificateDer::pem_slice_iter(pem.as_bytes()).collect::<Result<Vec<_>, _>>();
    match found {
        Ok(found) if !found.is_empty() || pem.trim().is_empty() => Ok(found),
        _ => Err(SenderError::ExtraCa),
    }
}
