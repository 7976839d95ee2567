//! What every answer gets on its way out: a request id, the state of the hourly budget, and for a
//! failure of ours one line in the log.

use crate::budget::Spending;
use crate::{ApiError, ApiState, Problem};
use actix_web::body::BoxBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, web};
use std::error::Error as _;

/// Answers of handlers.
pub(crate) type Answer = Result<actix_web::HttpResponse, ApiError>;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");
const REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");
const RESET: HeaderName = HeaderName::from_static("x-ratelimit-reset");

/// Stamps an answer. The outermost layer, so that answers to unknown routes have an id too.
pub(crate) async fn stamp(
    api: web::Data<ApiState>,
    request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let id = request_id(&request).unwrap_or_else(|| api.ids.next().to_string());
    let mut response = next.call(request).await?;
    let spending = response.request().extensions().get::<Spending>().copied();
    if response.status().is_server_error() {
        log_failure(&id, &response);
    }
    let headers = response.headers_mut();
    put_id(headers, &id);
    if let Some(spending) = spending {
        put_budget(headers, spending);
    }
    Ok(response)
}

/// The id that the caller gave the request, if it can stand in a header and in a line of the log.
fn request_id(request: &ServiceRequest) -> Option<String> {
    let text = request.headers().get(REQUEST_ID)?.to_str().ok()?;
    let sane = |c: char| c.is_ascii_alphanumeric() || "-_.:".contains(c);
    ((8..=128).contains(&text.len()) && text.chars().all(sane)).then(|| text.to_owned())
}

fn put_id(headers: &mut HeaderMap, id: &str) {
    if let Ok(value) = HeaderValue::from_str(id) {
        headers.insert(REQUEST_ID, value);
    }
}

fn put_budget(headers: &mut HeaderMap, spending: Spending) {
    headers.insert(LIMIT, HeaderValue::from(spending.limit));
    headers.insert(REMAINING, HeaderValue::from(spending.remaining));
    headers.insert(RESET, HeaderValue::from(spending.reset));
}

/// The path is not logged: it can hold a donor's reference. Nor is an overload, of which there would be
/// a line per request.
fn log_failure(id: &str, response: &ServiceResponse<BoxBody>) {
    let error = response.response().error().and_then(|error| error.as_error::<ApiError>());
    let problem = error.map_or(Problem::Internal, ApiError::problem);
    let failure = error.and_then(ApiError::cause);
    if problem == Problem::Unavailable && failure.is_none() {
        return;
    }
    let code = problem.code();
    let cause = failure.and_then(|failure| failure.source()).map(ToString::to_string);
    let failure = failure.map(ToString::to_string);
    tracing::error!(request_id = id, status = response.status().as_u16(), code, failure, cause, "request failed");
}
