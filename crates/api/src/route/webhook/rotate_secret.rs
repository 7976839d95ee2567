//! `POST /api/Webhook/{id}/RotateSecret`: a new secret, while the old one signs beside it for a time.

use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::openapi::{Conflict, NotFound};
use crate::query::Query;
use crate::route::path;
use crate::wire::webhook::{parse_rotation, show};
use crate::{ApiState, body};
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::Scope;

/// 200 with the subscription and its new secret; 409 while three secrets are live.
#[utoipa::path(
    post, path = "/api/Webhook/{id}/RotateSecret", operation_id = "rotateWebhookSecret", tag = "Webhook",
    summary = "A new secret, with an overlap",
    params(("id" = i64, Path, description = "Subscription id.")),
    request_body = ref("#/components/schemas/RotationInput"),
    responses(
        (status = 200, description = "The subscription with its new secret.", body = ref("#/components/schemas/Webhook")),
        NotFound, Conflict,
    ),
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
    let (secret, overlap) = parse_rotation(&body::json(&api, payload, body::SINGLE).await?)?;
    let row = blocking(&api, move |engine| engine.rotate_webhook_secret(organization, id, secret, overlap)).await?;
    Ok(HttpResponse::Ok().json(show(&row)))
}
