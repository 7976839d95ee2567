//! `POST /Token` (virtuous-contract.md 8): an access token for a person who signs in, by password or by the
//! refresh token of an earlier time. Form-encoded, and with errors in the shape of OAuth (6.2, last line).

use crate::answer::Answer;
use crate::blocking::blocking;
use crate::openapi::RateLimited;
use crate::wire::token::{Form, Grant, RefusalJson, TokenJson};
use crate::{ApiError, ApiState, Problem, body};
use actix_web::http::header::{CACHE_CONTROL, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::{Credentials, Engine, EngineError, SignIn, User};
use tributary_store::SessionPurpose;

/// What becomes of a request for a token.
enum Outcome {
    Granted(Box<TokenJson>),
    CodeNeeded,
    Refused(RefusalJson),
    Throttled(i64),
}

/// 200 with the tokens, 202 without a body when a code is needed, 400.
#[utoipa::path(
    post, path = "/Token", operation_id = "getToken", tag = "Service",
    summary = "An access token for a person who signs in",
    request_body(content = ref("#/components/schemas/TokenRequest"), content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "The tokens. A refresh token is good once.", body = TokenJson),
        (status = 202, description = "The password is right; send it again with the code as `otp`. Without a body."),
        (status = 400, description = "Refused.", body = RefusalJson),
        RateLimited,
    ),
    security(()),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest, payload: web::Payload) -> Answer {
    let bytes = body::bytes(&api, payload, body::SINGLE).await?;
    let origin = request.peer_addr().map(|peer| peer.ip().to_string()).unwrap_or_default();
    let outcome = match Form::read(&bytes) {
        Ok(Grant::Password(form)) => blocking(&api, move |engine| by_password(engine, &form, &origin)).await?,
        Ok(Grant::Refresh(token)) => blocking(&api, move |engine| by_refresh(engine, &token)).await?,
        Err(refusal) => Outcome::Refused(refusal),
    };
    let mut answer = match outcome {
        Outcome::Granted(token) => HttpResponse::Ok().json(token),
        Outcome::CodeNeeded => HttpResponse::Accepted().finish(),
        Outcome::Refused(refusal) => HttpResponse::BadRequest().json(refusal),
        Outcome::Throttled(seconds) => {
            let message = "Too many sign-ins failed. Wait before the next try.";
            let seconds = u32::try_from(seconds).unwrap_or(u32::MAX);
            return Err(ApiError::new(Problem::RateLimited).say(message).retry_after(seconds));
        }
    };
    // RFC 6749, 5.1.
    answer.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(answer)
}

fn by_password(engine: &Engine, form: &Form, origin: &str) -> Result<Outcome, EngineError> {
    let given = Credentials {
        organization: form.organization(),
        email: form.username.as_deref().unwrap_or_default(),
        password: form.password.as_deref().unwrap_or_default(),
        code: form.otp.as_deref(),
        origin,
    };
    Ok(match engine.sign_in(&given)? {
        SignIn::Accepted(user) => Outcome::Granted(Box::new(granted(engine, &user)?)),
        SignIn::CodeNeeded => Outcome::CodeNeeded,
        SignIn::Choose(_) => Outcome::Refused(RefusalJson::ORGANIZATION_NEEDED),
        SignIn::Refused => Outcome::Refused(RefusalJson::WRONG_PASSWORD),
        SignIn::Throttled { seconds } => Outcome::Throttled(seconds),
    })
}

/// Only whoever ends the old refresh token gets a new one, so that it is good once.
fn by_refresh(engine: &Engine, token: &str) -> Result<Outcome, EngineError> {
    let Some(session) = engine.session(token, SessionPurpose::Refresh)? else {
        return Ok(Outcome::Refused(RefusalJson::BAD_REFRESH_TOKEN));
    };
    if !engine.end_session(token)? {
        return Ok(Outcome::Refused(RefusalJson::BAD_REFRESH_TOKEN));
    }
    Ok(Outcome::Granted(Box::new(granted(engine, &session.user)?)))
}

fn granted(engine: &Engine, user: &User) -> Result<TokenJson, EngineError> {
    let access = engine.begin_session(user, SessionPurpose::Access)?;
    let refresh = engine.begin_session(user, SessionPurpose::Refresh)?;
    Ok(TokenJson::of(user, &access, &refresh, engine.clock().now()))
}
