//! `PUT /api/Webhook/{id}`: replaces the whole subscription.

use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::openapi::NotFound;
use crate::query::Query;
use crate::route::path;
use crate::wire::webhook::{parse, show};
use crate::{ApiState, body};
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::Scope;

/// 200 with the subscription.
#[utoipa::path(
    put, path = "/api/Webhook/{id}", operation_id = "updateWebhook", tag = "Webhook",
    summary = "Replace a subscription",
    params(("id" = i64, Path, description = "Subscription id.")),
    request_body = ref("#/components/schemas/WebhookInput"),
    responses((status = 200, description = "The subscription.", body = ref("#/components/schemas/Webhook")), NotFound),
    security(("key" = ["webhooks"])),
)]
pub(crate) async fn handle(
    api: web::Data<ApiState>,
    request: HttpRequest,
    id: web::Path<String>,
    payload: web::Payload,
) -> Answer {
    let caller = authorize(&api, &request, Scope::Webhooks).await?;
    Query::none(&request)?;
    let (organization, id) = (caller.organization, path::webhook(&id)?);
    let new = parse(&body::json(&api, payload, body::SINGLE).await?)?;
    let row = blocking(&api, move |engine| engine.update_webhook(organization, id, new)).await?;
    Ok(HttpResponse::Ok().json(show(&row)))
}
