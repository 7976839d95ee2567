//! `POST /api/Webhook/{id}/Ping`: a signed test request, sent at once.

use crate::answer::Answer;
use crate::auth::authorize;
use crate::query::Query;
use crate::route::path;
use crate::wire::delivery::ping;
use crate::{ApiError, ApiState};
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::Scope;

/// 200 with what came of it, also when the receiver did not take it.
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest, id: web::Path<String>) -> Answer {
    let caller = authorize(&api, &request, Scope::Webhooks).await?;
    Query::none(&request)?;
    let outcome = api.engine.ping_webhook(caller.organization, path::webhook(&id)?).await.map_err(ApiError::from)?;
    Ok(HttpResponse::Ok().json(ping(&outcome)))
}
