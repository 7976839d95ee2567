//! `POST /api/Erasure/{id}/Lift`: the person may come back. What was erased stays so.

use crate::ApiState;
use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::openapi::NotFound;
use crate::query::Query;
use crate::route::path;
use crate::wire::erasure::ErasureJson;
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::Scope;

/// 200 with the erasure, 404 when no tombstone of this number stands.
#[utoipa::path(
    post, path = "/api/Erasure/{id}/Lift", operation_id = "liftTombstone", tag = "Privacy",
    summary = "Lift the tombstone of an erasure",
    params(("id" = i64, Path, description = "Number of the erasure.")),
    responses((status = 200, description = "The erasure.", body = ErasureJson), NotFound),
    security(("key" = ["privacy"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest, id: web::Path<String>) -> Answer {
    let caller = authorize(&api, &request, Scope::Privacy).await?;
    Query::none(&request)?;
    let (organization, actor, id) = (caller.organization, caller.actor(), path::number(&id)?);
    let lifted = blocking(&api, move |engine| engine.lift_tombstone(organization, &actor, id)).await?;
    Ok(HttpResponse::Ok().json(ErasureJson::from(lifted)))
}
