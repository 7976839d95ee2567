//! What a PostgreSQL URL asks for, and TLS by rustls.

use std::sync::Arc;
use std::time::Duration;
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres_rustls::MakeRustlsConnect;
use tributary_store::{StoreError, StoreResult};

/// How long a connection attempt may take, unless the URL says otherwise.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a connection may be without an answer from the host.
const SILENCE: Duration = Duration::from_secs(30);

/// A parsed URL.
#[derive(Clone)]
pub(super) struct Settings {
    /// What the driver is told.
    pub(super) config: tokio_postgres::Config,
    /// Present when the connection may be encrypted. Certificates are always verified then.
    pub(super) tls: Option<MakeRustlsConnect>,
}

impl Settings {
    /// Reads a URL. The driver knows fewer values of `sslmode` than libpq and no `sslrootcert`, so these
    /// two are taken out before it sees the rest.
    pub(super) fn parse(url: &str) -> StoreResult<Self> {
        let (base, query) = url.split_once('?').unwrap_or((url, ""));
        let (ours, theirs): (Vec<_>, Vec<_>) = query
            .split('&')
            .filter(|pair| !pair.is_empty())
            .partition(|pair| pair.starts_with("sslmode=") || pair.starts_with("sslrootcert="));
        let mut config: tokio_postgres::Config = format!("{base}?{}", theirs.join("&"))
            .parse()
            .map_err(|error: tokio_postgres::Error| refused(&error.to_string()))?;
        if config.get_dbname().is_none_or(str::is_empty) {
            return Err(refused("it names no database"));
        }
        if config.get_application_name().is_none() {
            config.application_name("tributary");
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT_TIMEOUT);
        }
        // A host that vanished is noticed in half a minute, not in hours.
        if config.get_tcp_user_timeout().is_none() {
            config.tcp_user_timeout(SILENCE).keepalives_idle(SILENCE);
        }
        let value = |name: &str| ours.iter().find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
        let mode = ssl_mode(value("sslmode"), config.get_hosts())?;
        config.ssl_mode(mode);
        let tls = if mode == SslMode::Disable { None } else { Some(connector(value("sslrootcert"))?) };
        Ok(Self { config, tls })
    }
}

/// Without a word in the URL: no TLS on this machine, TLS where the server offers it elsewhere.
fn ssl_mode(asked: Option<&str>, hosts: &[Host]) -> StoreResult<SslMode> {
    match asked {
        None if hosts.iter().all(is_local) => Ok(SslMode::Disable),
        None | Some("prefer") => Ok(SslMode::Prefer),
        Some("disable" | "allow") => Ok(SslMode::Disable),
        Some("require" | "verify-ca" | "verify-full") => Ok(SslMode::Require),
        Some(_) => Err(refused("its sslmode is unknown")),
    }
}

fn is_local(host: &Host) -> bool {
    match host {
        Host::Tcp(name) => {
            name == "localhost" || name.parse().is_ok_and(|address: std::net::IpAddr| address.is_loopback())
        }
        #[cfg(unix)]
        Host::Unix(_) => true,
    }
}

/// Trusts the given certificate file, or the machine's own authorities.
fn connector(root_file: Option<&str>) -> StoreResult<MakeRustlsConnect> {
    use rustls::pki_types::{CertificateDer, pem::PemObject};
    let mut roots = rustls::RootCertStore::empty();
    match root_file {
        Some(path) => {
            let certificates =
                CertificateDer::pem_file_iter(path).map_err(|_| refused("sslrootcert cannot be read"))?;
            roots.add_parsable_certificates(certificates.filter_map(Result::ok));
        }
        None => {
            roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        }
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| StoreError::Other(error.into()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}

/// The URL itself is never repeated: it may hold a password.
fn refused(why: &str) -> StoreError {
    StoreError::Url(format!("the PostgreSQL URL cannot be used: {why}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(url: &str) -> SslMode {
        Settings::parse(url).unwrap().config.get_ssl_mode()
    }

    #[test]
    fn every_sslmode_of_libpq_is_understood() {
        assert_eq!(mode("postgres://h/d?sslmode=disable"), SslMode::Disable);
        assert_eq!(mode("postgres://h/d?sslmode=prefer"), SslMode::Prefer);
        assert_eq!(mode("postgres://h/d?sslmode=verify-full&connect_timeout=3"), SslMode::Require);
        assert!(Settings::parse("postgres://h/d?sslmode=maybe").is_err());
    }

    #[test]
    fn without_a_word_tls_is_tried_on_other_machines_only() {
        assert_eq!(mode("postgres://u:p@localhost:5433/d"), SslMode::Disable);
        assert_eq!(mode("postgres://127.0.0.1/d"), SslMode::Disable);
        assert_eq!(mode("postgres:///d?host=/tmp/socket"), SslMode::Disable);
        assert_eq!(mode("postgres://db.example.org/d"), SslMode::Prefer);
    }

    #[test]
    fn a_url_without_a_database_is_refused_and_no_password_is_repeated() {
        for url in ["postgres://u:secret@h", "postgres://u:secret@h:x/d", "postgres://u:secret@h/d?colour=red"] {
            let message = Settings::parse(url).err().unwrap().to_string();
            assert!(!message.contains("secret"), "{message}");
        }
    }

    #[test]
    fn the_application_name_is_ours_unless_the_url_gives_one() {
        let name = |url| Settings::parse(url).unwrap().config.get_application_name().map(str::to_owned);
        assert_eq!(name("postgres://h/d").as_deref(), Some("tributary"));
        assert_eq!(name("postgres://h/d?application_name=x").as_deref(), Some("x"));
    }
}
