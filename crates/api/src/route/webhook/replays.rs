//! `GET /api/Webhook/{id}/Replay`: the replays that were asked for.

use crate::ApiState;
use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::openapi::NotFound;
use crate::query::Query;
use crate::route::path;
use crate::wire::page::PageJson;
use crate::wire::replay::ReplayJson;
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::Scope;

/// 200 with the latest hundred, newest first.
#[utoipa::path(
    get, path = "/api/Webhook/{id}/Replay", operation_id = "listReplays", tag = "Webhook",
    summary = "The replays that were asked for",
    params(("id" = i64, Path, description = "Subscription id.")),
    responses((status = 200, description = "The latest hundred, newest first.", body = PageJson<ReplayJson>), NotFound),
    security(("key" = ["webhooks"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest, id: web::Path<String>) -> Answer {
    let caller = authorize(&api, &request, Scope::Webhooks).await?;
    Query::none(&request)?;
    let (organization, id) = (caller.organization, path::webhook(&id)?);
    let rows = blocking(&api, move |engine| engine.webhook_replays(organization, id)).await?;
    Ok(HttpResponse::Ok().json(PageJson::whole(rows.iter().map(ReplayJson::from).collect())))
}
