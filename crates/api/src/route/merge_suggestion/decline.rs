//! `POST /api/MergeSuggestion/{id}/Decline`: the two stay as they are. It stays listed.

use crate::ApiState;
use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::openapi::NotFound;
use crate::query::Query;
use crate::route::path;
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::Scope;

/// 200 without a body, 404 when nothing of this number is open.
#[utoipa::path(
    post, path = "/api/MergeSuggestion/{id}/Decline", operation_id = "declineMergeSuggestion", tag = "NeedsUpdate",
    summary = "Leave two contacts as they are",
    params(("id" = i64, Path, description = "Its number.")),
    responses((status = 200, description = "Done; no body."), NotFound),
    security(("key" = ["review"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest, id: web::Path<String>) -> Answer {
    let caller = authorize(&api, &request, Scope::Review).await?;
    Query::none(&request)?;
    let (organization, actor, id) = (caller.organization, caller.actor(), path::number(&id)?);
    blocking(&api, move |engine| engine.decline_merge_suggestion(organization, &actor, id)).await?;
    Ok(HttpResponse::Ok().finish())
}
