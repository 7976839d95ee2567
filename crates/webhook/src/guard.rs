//! Which targets a delivery may go to: the rules that keep subscribers from reaching the operator's own network
//! (server-side request forgery). An address is checked when it is saved and again at every connect, because the
//! answer of the name service can change in between.

mod ranges;
mod resolve;

pub use resolve::{GuardedResolver, Lookup, LookupFuture, ResolveError, SystemLookup, vet};

use ipnet::IpNet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use url::{Host, Url};

/// Longest target accepted, in bytes.
pub const MAX_URL_BYTES: usize = 2048;

/// Decides which targets are allowed. Public addresses over https, unless the instance opens more.
#[derive(Debug, Clone, Default)]
pub struct AddressGuard {
    /// Ranges opened on top of the public ones. A setting of the instance, never of a subscription.
    pub allow_cidrs: Vec<IpNet>,
    /// Whether plain http is allowed.
    pub allow_http: bool,
}

/// Why a target is refused. The text tells no range and no address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum GuardError {
    /// Not an absolute http or https URL with a host.
    #[error("the URL is not valid")]
    InvalidUrl,
    /// Longer than [`MAX_URL_BYTES`].
    #[error("the URL is longer than 2048 bytes")]
    TooLong,
    /// Plain http while `allow_http` is off.
    #[error("the URL must start with https:// (setting webhook.allow_http opens http)")]
    HttpsRequired,
    /// A user name or password in it.
    #[error("the URL must not hold a user name or password")]
    Credentials,
    /// A `#fragment` in it.
    #[error("the URL must not have a fragment")]
    Fragment,
    /// Port 0.
    #[error("port 0 cannot be used")]
    InvalidPort,
    /// A name that only means something inside a network.
    #[error("the host is not a public name (setting webhook.allow_cidrs opens internal ranges)")]
    BlockedName,
    /// An address outside the public ranges.
    #[error("the host is not a public address (setting webhook.allow_cidrs opens internal ranges)")]
    BlockedAddress,
}

impl GuardError {
    /// Stable code for answers and records.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::InvalidUrl => "invalid_url",
            Self::TooLong => "url_too_long",
            Self::HttpsRequired => "https_required",
            Self::Credentials => "url_has_credentials",
            Self::Fragment => "url_has_fragment",
            Self::InvalidPort => "invalid_port",
            Self::BlockedName => "blocked_name",
            Self::BlockedAddress => "blocked_address",
        }
    }
}

/// A range that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an address range such as 10.0.0.0/8")]
pub struct InvalidCidr(String);

/// Reads ranges from a setting: addresses or ranges, parted by commas or white space.
///
/// # Errors
/// The first part that is neither.
pub fn parse_cidrs(text: &str) -> Result<Vec<IpNet>, InvalidCidr> {
    text.split(|symbol: char| symbol == ',' || symbol.is_whitespace())
        .filter(|part| !part.is_empty())
        .map(|part| {
            let single = || part.parse::<IpAddr>().map(IpNet::from);
            part.parse::<IpNet>().or_else(|_| single()).map_err(|_| InvalidCidr(part.to_owned()))
        })
        .collect()
}

impl AddressGuard {
    /// Checks a target as far as it can be without the name service, and gives it in normal form. The WHATWG
    /// parser turns odd spellings of an address (`0x7f.1`, `2130706433`) into the address they mean.
    ///
    /// # Errors
    /// The first rule it breaks.
    pub fn check_url(&self, text: &str) -> Result<Url, GuardError> {
        if text.len() > MAX_URL_BYTES {
            return Err(GuardError::TooLong);
        }
        let url = Url::parse(text).map_err(|_| GuardError::InvalidUrl)?;
        self.check_scheme(&url)?;
        check_parts(&url)?;
        self.check_host(&url)?;
        Ok(url)
    }

    /// Whether a delivery may connect to this address.
    #[must_use]
    pub fn check_address(&self, address: IpAddr) -> bool {
        match address {
            IpAddr::V4(v4) => !ranges::refused_v4(v4) || self.opens(address),
            IpAddr::V6(v6) => match ranges::nat64(v6) {
                Some(v4) => self.check_address(IpAddr::V4(v4)),
                None => !ranges::refused_v6(v6) || self.opens(address),
            },
        }
    }

    fn opens(&self, address: IpAddr) -> bool {
        let covers = |range: &IpNet| match ranges::metadata_range(address) {
            Some(exact) => range.trunc() == exact,
            None => range.contains(&address),
        };
        self.allow_cidrs.iter().any(covers)
    }

    fn check_scheme(&self, url: &Url) -> Result<(), GuardError> {
        match url.scheme() {
            "https" => Ok(()),
            "http" if self.allow_http => Ok(()),
            "http" => Err(GuardError::HttpsRequired),
            _ => Err(GuardError::InvalidUrl),
        }
    }

    fn check_host(&self, url: &Url) -> Result<(), GuardError> {
        match url.host().ok_or(GuardError::InvalidUrl)? {
            Host::Ipv4(address) => self.check_literal(address.into()),
            Host::Ipv6(address) => self.check_literal(address.into()),
            Host::Domain(name) => self.check_name(name.trim_end_matches('.')),
        }
    }

    fn check_literal(&self, address: IpAddr) -> Result<(), GuardError> {
        if self.check_address(address) { Ok(()) } else { Err(GuardError::BlockedAddress) }
    }

    /// Names of inner networks are refused here for the clear message only; the check at connect decides. So an
    /// instance that opened ranges may use them, and `localhost` once both its addresses are open.
    fn check_name(&self, name: &str) -> Result<(), GuardError> {
        let fine = if is_localhost(name) {
            self.check_address(Ipv4Addr::LOCALHOST.into()) && self.check_address(Ipv6Addr::LOCALHOST.into())
        } else {
            !is_internal(name) || !self.allow_cidrs.is_empty()
        };
        match (name.is_empty(), fine) {
            (true, _) => Err(GuardError::InvalidUrl),
            (false, true) => Ok(()),
            (false, false) => Err(GuardError::BlockedName),
        }
    }
}

fn is_localhost(name: &str) -> bool {
    name == "localhost" || name.ends_with(".localhost")
}

fn is_internal(name: &str) -> bool {
    !name.contains('.') || name.ends_with(".local") || name.ends_with(".internal")
}

fn check_parts(url: &Url) -> Result<(), GuardError> {
    if url.as_str().len() > MAX_URL_BYTES {
        return Err(GuardError::TooLong);
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(GuardError::Credentials);
    }
    if url.fragment().is_some() {
        return Err(GuardError::Fragment);
    }
    if url.port() == Some(0) { Err(GuardError::InvalidPort) } else { Ok(()) }
}
