//! Who visits a page: the session of the cookie, its user and organization, and the token that its forms carry.

use crate::Console;
use crate::failure::Failure;
use actix_web::cookie::{Cookie, SameSite, time::Duration};
use actix_web::{HttpRequest, web};
use chrono_tz::Tz;
use sha2::{Digest, Sha256};
use tributary_contact::OrganizationId;
use tributary_contact::clock::Timestamp;
use tributary_engine::{Actor, Engine, EngineError, User};
use tributary_store::{Organization, Role, SessionPurpose};

/// Name of the cookie that holds the session's token.
pub(crate) const SESSION: &str = "tributary_session";
/// Name of the field that holds a form's token.
pub(crate) const TOKEN_FIELD: &str = "form_token";

/// Rows that are counted for the head of each page.
pub(crate) const WAITING: i64 = 1_000;

/// Somebody who is signed in and looks at a page.
pub(crate) struct Visit {
    /// Who.
    pub(crate) user: User,
    /// Their organization.
    pub(crate) organization: Organization,
    /// Its zone.
    pub(crate) zone: Tz,
    /// When the page was asked for.
    pub(crate) now: Timestamp,
    /// How many rows the bucket holds, counted up to [`WAITING`], for the head of each page.
    pub(crate) waiting: i64,
    /// The token of the forms on the page.
    pub(crate) form_token: String,
    /// The path, which the navigation marks.
    pub(crate) path: String,
}

impl Visit {
    /// The tenant.
    pub(crate) const fn org(&self) -> OrganizationId {
        self.organization.id
    }

    /// Whether the role is at least this one.
    pub(crate) fn may(&self, least: Role) -> bool {
        self.user.role >= least
    }

    /// Whom decisions are recorded under.
    pub(crate) fn actor(&self) -> Actor {
        Actor::Staff(self.user.email.clone())
    }
}

/// The visitor of a page, who must have at least this role.
///
/// # Errors
/// [`Failure::SignedOut`] without a live session, [`Failure::Forbidden`] without the role.
pub(crate) async fn visit(console: &Console, request: &HttpRequest, least: Role) -> Result<Visit, Failure> {
    let signed_out =
        || Failure::SignedOut(request.uri().path_and_query().map_or("/console", |p| p.as_str()).to_owned());
    let token = token(request).ok_or_else(signed_out)?;
    let path = request.path().to_owned();
    let visit = blocking(console, move |engine| arrive(engine, &token, path)).await?.ok_or_else(signed_out)?;
    if visit.may(least) { Ok(visit) } else { Err(Failure::Forbidden) }
}

/// The sender of a form, who must have at least this role.
///
/// # Errors
/// As [`visit`]; [`Failure::Forged`] without the session's own form token.
pub(crate) async fn action(
    console: &Console,
    request: &HttpRequest,
    pairs: &[(String, String)],
    least: Role,
) -> Result<Visit, Failure> {
    let visit = visit(console, request, least).await?;
    if same(crate::form::raw(pairs, TOKEN_FIELD), &visit.form_token) { Ok(visit) } else { Err(Failure::Forged) }
}

fn arrive(engine: &Engine, token: &str, path: String) -> Result<Option<Visit>, EngineError> {
    let Some(session) = engine.session(token, SessionPurpose::Console)? else { return Ok(None) };
    let organization = engine.organization(session.user.organization)?;
    let waiting = engine.bucket_size(organization.id, WAITING)?;
    Ok(Some(Visit {
        zone: organization.time_zone.parse().unwrap_or(Tz::UTC),
        now: engine.clock().now(),
        form_token: form_token(token),
        user: session.user,
        organization,
        waiting,
        path,
    }))
}

/// Runs an engine call off the workers that answer requests.
pub(crate) async fn blocking<T: Send + 'static>(
    console: &Console,
    call: impl FnOnce(&Engine) -> Result<T, EngineError> + Send + 'static,
) -> Result<T, Failure> {
    let engine = console.engine.clone();
    match web::block(move || call(&engine)).await {
        Ok(result) => result.map_err(Failure::from),
        Err(_pool_is_gone) => Err(Failure::Unavailable),
    }
}

/// The token of the session's cookie.
pub(crate) fn token(request: &HttpRequest) -> Option<String> {
    request.cookie(SESSION).map(|cookie| cookie.value().to_owned())
}

/// The token of a session's forms: follows from its own, which nobody else knows.
pub(crate) fn form_token(session: &str) -> String {
    hex::encode(Sha256::digest(format!("form of {session}").as_bytes()))
}

/// Whether two texts are the same, in a time that does not tell where they differ.
pub(crate) fn same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    one.len() == other.len() && one.iter().zip(other).fold(0, |unlike, (a, b)| unlike | (a ^ b)) == 0
}

/// A cookie of the console: not for scripts, not for other sites, over TLS only where TLS is.
pub(crate) fn cookie<'c>(request: &HttpRequest, name: &'c str, value: String) -> Cookie<'c> {
    Cookie::build(name, value)
        .path("/console")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(request.connection_info().scheme() == "https")
        .finish()
}

/// The cookie that has a browser forget one.
pub(crate) fn forgotten<'c>(request: &HttpRequest, name: &'c str) -> Cookie<'c> {
    let mut gone = cookie(request, name, String::new());
    gone.set_max_age(Duration::ZERO);
    gone
}
