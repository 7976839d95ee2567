//! Queries as routes take them: the caller, what is asked, and which part of it.

use crate::auth::authorize;
use crate::blocking::blocking;
use crate::query::{Query, Window};
use crate::{ApiError, ApiState, body};
use actix_web::{HttpRequest, web};
use std::sync::Arc;
use tributary_contact::query::{Query as Wanted, Subject};
use tributary_engine::{Principal, Scope};

/// A query that was read.
pub(super) struct Asking {
    /// Who asks.
    pub(super) caller: Arc<Principal>,
    /// What is asked; a key that is bound to platforms asks for their contacts only.
    pub(super) query: Wanted,
    /// Which part of it. `skip` and `take` of the query string go before those of the body.
    pub(super) window: Window,
}

/// Reads a query.
///
/// # Errors
/// 401, 403, 413, 429; 400 with every problem of the query string, or else of the body.
pub(super) async fn asked(
    api: &ApiState,
    request: &HttpRequest,
    payload: web::Payload,
    subject: Subject,
) -> Result<Asking, ApiError> {
    let caller = authorize(api, request, Scope::ReadContacts).await?;
    let mut query = Query::read(request, &["skip", "take"]);
    let [has_skip, has_take] = ["skip", "take"].map(|name| query.text(name).is_some());
    let mut window = query.window();
    query.finish()?;
    let body = body::json(api, payload, body::BATCH).await?;
    let organization = caller.organization;
    let asked = blocking(api, move |engine| engine.read_query(organization, subject, &body)).await?;
    let asked = asked.map_err(|issues| ApiError::bad_query(issues).of_model("query"))?;
    window.skip = asked.skip.filter(|_| !has_skip).unwrap_or(window.skip);
    window.take = asked.take.filter(|_| !has_take).unwrap_or(window.take);
    let query = asked.query.of_sources(&caller.sources);
    Ok(Asking { caller, query, window })
}
