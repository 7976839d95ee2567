//! `GET /api/ContactNote/Types`: the types that clients are offered. Any other text is taken too.

use crate::ApiState;
use crate::answer::Answer;
use crate::auth::authorize;
use crate::query::Query;
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::NOTE_TYPES;
use tributary_engine::Scope;

/// 200 with the types.
#[utoipa::path(
    get, path = "/api/ContactNote/Types", operation_id = "listNoteTypes", tag = "ContactNote",
    summary = "Types of notes",
    responses((status = 200, description = "The types.", body = Vec<String>)),
    security(("key" = ["contacts:read"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest) -> Answer {
    authorize(&api, &request, Scope::ReadContacts).await?;
    Query::none(&request)?;
    Ok(HttpResponse::Ok().json(NOTE_TYPES))
}
