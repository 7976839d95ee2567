//! `Idempotency-Key`: a request that is repeated under the same key has one effect, and gets the answer of
//! the first time again (the header of draft-ietf-httpapi-idempotency-key-header). Only successes are
//! remembered: what was refused can be corrected and sent again under the same key.

use crate::answer::Answer;
use crate::blocking::blocking;
use crate::{ApiError, ApiState, Problem};
use actix_web::body::MessageBody;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::future::Future;
use tributary_contact::issue::{Issue, IssueCode};
use tributary_engine::{Begun, Principal, Ticket};

const KEY: &str = "idempotency-key";
const REPLAYED: (&str, &str) = ("Idempotency-Replayed", "true");
/// Characters of a key.
const LONGEST: usize = 255;
/// What of an answer belongs to the effect, beside its status and body.
const KEPT: [&str; 4] = ["content-type", "location", "tributary-transaction-id", "preference-applied"];

/// An answer as it is remembered.
#[derive(Serialize, Deserialize)]
struct Kept {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
}

/// Checks the key of a request that has no effect to be done once.
///
/// # Errors
/// As [`once`] for a key that cannot be one.
pub(crate) fn check(request: &HttpRequest) -> Result<(), ApiError> {
    key(request).map(|_| ())
}

/// Does what a request asks for, once if it carries a key. `content` is the body as it was understood.
///
/// # Errors
/// 400 for a key that cannot be one, 409 while its twin is being done, 422 when it was given to another
/// request, and whatever `effect` fails with.
pub(crate) async fn once<F>(
    api: &ApiState,
    caller: &Principal,
    request: &HttpRequest,
    content: &Value,
    effect: impl FnOnce(Option<Ticket>) -> F,
) -> Answer
where
    F: Future<Output = Answer>,
{
    let Some(key) = key(request)? else { return effect(None).await };
    let (organization, key_id, content) = (caller.organization, caller.key_id, fingerprint(request, content));
    let begun = blocking(api, move |engine| engine.begin_once(organization, key_id, &key, content.as_bytes())).await?;
    match begun {
        Begun::Go(ticket) => finish(api, *ticket, effect).await,
        Begun::Done(answer) => replay(&answer),
        Begun::Reused => Err(ApiError::new(Problem::KeyReused)),
        Begun::Running => Err(ApiError::new(Problem::InProgress).retry_after(1)),
    }
}

async fn finish<F>(api: &ApiState, ticket: Ticket, effect: impl FnOnce(Option<Ticket>) -> F) -> Answer
where
    F: Future<Output = Answer>,
{
    match effect(Some(ticket.clone())).await {
        Ok(answer) if answer.status().is_success() => keep(api, ticket, answer).await,
        refused => {
            if refused.as_ref().err().is_none_or(came_to_nothing) {
                blocking(api, move |engine| engine.forget_once(&ticket)).await?;
            }
            refused
        }
    }
}

/// Whether a failure says that nothing was made. After any other one a repeat has to find out: it goes on under
/// the same ids once the claim is stale.
fn came_to_nothing(error: &ApiError) -> bool {
    error.problem().status().is_client_error() || error.cause().is_none()
}

async fn keep(api: &ApiState, ticket: Ticket, answer: HttpResponse) -> Answer {
    let headers = answer.headers();
    let kept = |name: &str| Some((name.to_owned(), headers.get(name)?.to_str().ok()?.to_owned()));
    let headers = KEPT.iter().filter_map(|name| kept(name)).collect();
    let status = answer.status();
    let (head, body) = answer.into_parts();
    let Ok(bytes) = body.try_into_bytes() else { return Err(ApiError::new(Problem::Internal)) };
    let body = String::from_utf8_lossy(&bytes).into_owned();
    let kept = Kept { status: status.as_u16(), headers, body };
    let text = serde_json::to_string(&kept).map_err(|_| ApiError::new(Problem::Internal))?;
    blocking(api, move |engine| engine.end_once(&ticket, &text)).await?;
    Ok(head.set_body(bytes).map_into_boxed_body())
}

fn replay(answer: &str) -> Answer {
    let kept: Kept = serde_json::from_str(answer).map_err(|_| ApiError::new(Problem::Internal))?;
    let status = StatusCode::from_u16(kept.status).map_err(|_| ApiError::new(Problem::Internal))?;
    let mut answer = HttpResponse::build(status);
    kept.headers.iter().for_each(|(name, value)| {
        answer.insert_header((name.as_str(), value.as_str()));
    });
    answer.insert_header(REPLAYED);
    Ok(if kept.body.is_empty() { answer.finish() } else { answer.body(kept.body) })
}

/// Method, path and query belong to what a key stands for, and so does the form of the answer.
fn fingerprint(request: &HttpRequest, content: &Value) -> String {
    let prefer = request.headers().get("prefer").and_then(|value| value.to_str().ok()).unwrap_or_default();
    format!("{} {}\n{prefer}\n{content}", request.method(), request.uri())
}

fn key(request: &HttpRequest) -> Result<Option<String>, ApiError> {
    let Some(value) = request.headers().get(KEY) else { return Ok(None) };
    let text = value.to_str().map(str::trim).unwrap_or_default();
    if text.is_empty() || text.len() > LONGEST || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        let message = format!("Needs 1 to {LONGEST} visible ASCII characters.");
        return Err(ApiError::bad_query(vec![Issue::new("Idempotency-Key", IssueCode::InvalidFormat, message)]));
    }
    Ok(Some(text.to_owned()))
}
