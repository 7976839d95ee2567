//! `GET /api/Webhook/{id}/Deliveries/{event}`: one delivery with every attempt and the start of each answer.

use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::openapi::NotFound;
use crate::query::Query;
use crate::route::path;
use crate::wire::delivery::DeliveryDetailJson;
use crate::{ApiError, ApiState, Problem};
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::Scope;

/// 200 with the delivery.
#[utoipa::path(
    get, path = "/api/Webhook/{id}/Deliveries/{event}", operation_id = "getDelivery", tag = "Webhook",
    summary = "One delivery with every attempt",
    params(("id" = i64, Path, description = "Subscription id."), ("event" = Uuid, Path, description = "Event id.")),
    responses((status = 200, description = "The delivery.", body = DeliveryDetailJson), NotFound),
    security(("key" = ["webhooks"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest, ids: web::Path<(String, String)>) -> Answer {
    let caller = authorize(&api, &request, Scope::Webhooks).await?;
    Query::none(&request)?;
    let (id, event) = (path::webhook(&ids.0)?, path::event(&ids.1)?);
    let organization = caller.organization;
    let view = blocking(&api, move |engine| engine.webhook_delivery(organization, id, event)).await?;
    let view = view.ok_or_else(|| ApiError::new(Problem::NotFound))?;
    Ok(HttpResponse::Ok().json(DeliveryDetailJson::from(&view)))
}
