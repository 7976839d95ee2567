//! `GET /api/Webhook`: all subscriptions, without their secrets. Ours; the contract has no such call.

use crate::ApiState;
use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::query::Query;
use crate::wire::page::PageJson;
use crate::wire::webhook::listed;
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::Scope;

/// 200 with the list.
#[utoipa::path(
    get, path = "/api/Webhook", operation_id = "listWebhooks", tag = "Webhook",
    summary = "All subscriptions, without their secrets",
    responses((status = 200, description = "The list.", body = ref("#/components/schemas/WebhookList"))),
    security(("key" = ["webhooks"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest) -> Answer {
    let caller = authorize(&api, &request, Scope::Webhooks).await?;
    Query::none(&request)?;
    let organization = caller.organization;
    let rows = blocking(&api, move |engine| engine.webhooks(organization)).await?;
    Ok(HttpResponse::Ok().json(PageJson::whole(rows.iter().map(listed).collect())))
}
