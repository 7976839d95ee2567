//! `POST /api/Webhook/{id}/Ping`: a signed test request, sent at once.

use crate::answer::Answer;
use crate::auth::authorize;
use crate::openapi::NotFound;
use crate::query::Query;
use crate::route::path;
use crate::wire::delivery::PingJson;
use crate::{ApiError, ApiState};
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::Scope;

/// 200 with what came of it, also when the receiver did not take it.
#[utoipa::path(
    post, path = "/api/Webhook/{id}/Ping", operation_id = "pingWebhook", tag = "Webhook",
    summary = "Send a signed test request now",
    params(("id" = i64, Path, description = "Subscription id.")),
    responses((status = 200, description = "What came of it.", body = PingJson), NotFound),
    security(("key" = ["webhooks"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest, id: web::Path<String>) -> Answer {
    let caller = authorize(&api, &request, Scope::Webhooks).await?;
    Query::none(&request)?;
    let outcome = api.engine.ping_webhook(caller.organization, path::webhook(&id)?).await.map_err(ApiError::from)?;
    Ok(HttpResponse::Ok().json(PingJson::from(outcome)))
}
