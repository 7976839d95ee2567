//! `DELETE /api/ContactNote/{noteId}`.

use crate::ApiState;
use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::openapi::NotFound;
use crate::query::Query;
use crate::route::path;
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::Scope;

/// 200, empty; 404.
#[utoipa::path(
    delete, path = "/api/ContactNote/{noteId}", operation_id = "deleteNote", tag = "ContactNote",
    summary = "Remove a note",
    params(("noteId" = i64, Path, description = "The note."),),
    responses((status = 200, description = "Removed; no body."), NotFound),
    security(("key" = ["contacts:write"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest, id: web::Path<String>) -> Answer {
    let caller = authorize(&api, &request, Scope::WriteContacts).await?;
    Query::none(&request)?;
    let (organization, id) = (caller.organization, path::number(&id)?);
    blocking(&api, move |engine| engine.delete_note(organization, id)).await?;
    Ok(HttpResponse::Ok().finish())
}
