//! `GET /api/Webhook/{id}/Replay`: the replays that were asked for.

use crate::ApiState;
use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::query::Query;
use crate::route::path;
use crate::wire::delivery::replay;
use crate::wire::page::PageJson;
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::Scope;

/// 200 with the latest hundred, newest first.
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest, id: web::Path<String>) -> Answer {
    let caller = authorize(&api, &request, Scope::Webhooks).await?;
    Query::none(&request)?;
    let (organization, id) = (caller.organization, path::webhook(&id)?);
    let rows = blocking(&api, move |engine| engine.webhook_replays(organization, id)).await?;
    Ok(HttpResponse::Ok().json(PageJson::whole(rows.iter().map(replay).collect())))
}
