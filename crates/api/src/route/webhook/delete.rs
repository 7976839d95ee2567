//! `DELETE /api/Webhook/{id}`: ends a subscription; its pending deliveries go with it.

use crate::ApiState;
use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::openapi::NotFound;
use crate::query::Query;
use crate::route::path;
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::Scope;

/// 200, empty.
#[utoipa::path(
    delete, path = "/api/Webhook/{id}", operation_id = "deleteWebhook", tag = "Webhook",
    summary = "End a subscription; what was to be delivered goes with it",
    params(("id" = i64, Path, description = "Subscription id.")),
    responses((status = 200, description = "It is gone. Without a body."), NotFound),
    security(("key" = ["webhooks"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest, id: web::Path<String>) -> Answer {
    let caller = authorize(&api, &request, Scope::Webhooks).await?;
    Query::none(&request)?;
    let (organization, id) = (caller.organization, path::webhook(&id)?);
    blocking(&api, move |engine| engine.delete_webhook(organization, id)).await?;
    Ok(HttpResponse::Ok().finish())
}
