//! `POST /api/Webhook`: a new subscription; without a secret one is made.

use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::query::Query;
use crate::wire::webhook::{parse, show};
use crate::{ApiState, body};
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::Scope;

/// 200 with the subscription, secret included.
#[utoipa::path(
    post, path = "/api/Webhook", operation_id = "createWebhook", tag = "Webhook",
    summary = "Subscribe; without a secret one is made",
    request_body = ref("#/components/schemas/WebhookInput"),
    responses((status = 200, description = "The subscription with its secret.", body = ref("#/components/schemas/Webhook"))),
    security(("key" = ["webhooks"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest, payload: web::Payload) -> Answer {
    let caller = authorize(&api, &request, Scope::Webhooks).await?;
    Query::none(&request)?;
    let new = parse(&body::json(&api, payload, body::SINGLE).await?)?;
    let organization = caller.organization;
    let row = blocking(&api, move |engine| engine.create_webhook(organization, new)).await?;
    Ok(HttpResponse::Ok().json(show(&row)))
}
