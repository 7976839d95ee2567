//! `GET /api/Webhook/{id}`.

use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::openapi::NotFound;
use crate::query::Query;
use crate::route::path;
use crate::wire::webhook::show;
use crate::{ApiError, ApiState, Problem};
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::Scope;

/// 200 with the subscription, secret included.
#[utoipa::path(
    get, path = "/api/Webhook/{id}", operation_id = "getWebhook", tag = "Webhook",
    summary = "A subscription, with its secret",
    params(("id" = i64, Path, description = "Subscription id.")),
    responses((status = 200, description = "The subscription.", body = ref("#/components/schemas/Webhook")), NotFound),
    security(("key" = ["webhooks"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest, id: web::Path<String>) -> Answer {
    let caller = authorize(&api, &request, Scope::Webhooks).await?;
    Query::none(&request)?;
    let (organization, id) = (caller.organization, path::webhook(&id)?);
    let row = blocking(&api, move |engine| engine.webhook(organization, id)).await?;
    let row = row.ok_or_else(|| ApiError::new(Problem::NotFound))?;
    Ok(HttpResponse::Ok().json(show(&row)))
}
