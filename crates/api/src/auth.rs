//! Who calls, and whether it may: bearer keys, scopes, the sources a key is restricted to, and the
//! hourly budget, which every authenticated request is counted in.

use crate::blocking::blocking;
use crate::{ApiError, ApiState, Problem};
use actix_web::http::header::AUTHORIZATION;
use actix_web::{HttpMessage, HttpRequest};
use std::sync::Arc;
use tributary_contact::Reference;
use tributary_engine::{Principal, Scope};
use tributary_store::ContactRow;

/// The caller, if it has this scope.
///
/// # Errors
/// 401 without a valid key, 429 when the organization's hour is spent, 403 without the scope.
pub(crate) async fn authorize(api: &ApiState, request: &HttpRequest, scope: Scope) -> Result<Arc<Principal>, ApiError> {
    let principal = authenticate(api, request).await?;
    if principal.allows(scope) {
        return Ok(principal);
    }
    Err(ApiError::new(Problem::Forbidden).say(format!("The key lacks the scope {}.", scope.as_str())))
}

/// The caller, whatever its scopes.
///
/// # Errors
/// 401 without a valid key, 429 when the organization's hour is spent.
pub(crate) async fn authenticate(api: &ApiState, request: &HttpRequest) -> Result<Arc<Principal>, ApiError> {
    let Some(principal) = known(api, request).await? else { return Err(refused(api, request)) };
    spend(api, request, &principal)?;
    Ok(principal)
}

async fn known(api: &ApiState, request: &HttpRequest) -> Result<Option<Arc<Principal>>, ApiError> {
    let Some(token) = bearer(request) else { return Ok(None) };
    if let Some(principal) = api.engine.authenticate_cached(token) {
        return Ok(Some(principal));
    }
    let token = token.to_owned();
    blocking(api, move |engine| engine.authenticate(&token)).await
}

/// One answer for every kind of bad credential; 429 for whoever sends many.
fn refused(api: &ApiState, request: &HttpRequest) -> ApiError {
    let address = request.peer_addr().map(|peer| peer.ip());
    let wait = address.and_then(|address| api.failures.count(address, api.engine.clock().now()));
    let too_many = |seconds| {
        let message = "Too many requests without a valid credential came from this address.";
        ApiError::new(Problem::RateLimited).say(message).retry_after(seconds)
    };
    wait.map_or_else(|| ApiError::new(Problem::Unauthenticated), too_many)
}

fn spend(api: &ApiState, request: &HttpRequest, principal: &Principal) -> Result<(), ApiError> {
    let Some(spending) = api.budget.spend(principal, api.engine.clock().now()) else { return Ok(()) };
    request.extensions_mut().insert(spending);
    match spending.wait {
        Some(seconds) => Err(ApiError::new(Problem::RateLimited).retry_after(seconds)),
        None => Ok(()),
    }
}

fn bearer(request: &HttpRequest) -> Option<&str> {
    let value = request.headers().get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.trim().split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

/// Whether a key restricted to sources may speak about this source.
///
/// # Errors
/// 403 for another source.
pub(crate) fn check_source(principal: &Principal, source: &str) -> Result<(), ApiError> {
    if principal.allows_source(source) {
        return Ok(());
    }
    Err(ApiError::new(Problem::Forbidden).say("The key is restricted to other reference sources."))
}

/// As [`check_source`], for a submission: without a reference it speaks about no source.
///
/// # Errors
/// 403 for another source.
pub(crate) fn check_reference(principal: &Principal, reference: Option<&Reference>) -> Result<(), ApiError> {
    reference.map_or(Ok(()), |reference| check_source(principal, &reference.source))
}

/// Whether a key may see a contact: none may see an archived one (virtuous-contract.md 2.5), and a key restricted to
/// sources sees those that carry a reference of one of them.
pub(crate) fn sees_contact(principal: &Principal, contact: &ContactRow) -> bool {
    !contact.archived && names_own_source(principal, contact)
}

fn names_own_source(principal: &Principal, contact: &ContactRow) -> bool {
    principal.sources.is_empty()
        || contact.golden.references.iter().any(|reference| principal.allows_source(&reference.source))
}
