//! `GET /api/ContactNote/{noteId}`.

use crate::answer::Answer;
use crate::auth::authorize;
use crate::auth::check_unbound;
use crate::blocking::blocking;
use crate::openapi::NotFound;
use crate::query::Query;
use crate::route::path;
use crate::wire::note::NoteJson;
use crate::{ApiError, ApiState, Problem};
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::Scope;

/// 200 with the note, 404.
#[utoipa::path(
    get, path = "/api/ContactNote/{noteId}", operation_id = "getNote", tag = "ContactNote",
    summary = "A note",
    params(("noteId" = i64, Path, description = "The note."),),
    responses((status = 200, description = "The note.", body = NoteJson), NotFound),
    security(("key" = ["contacts:read"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest, id: web::Path<String>) -> Answer {
    let caller = authorize(&api, &request, Scope::ReadContacts).await?;
    Query::none(&request)?;
    check_unbound(&caller)?;
    let (organization, id) = (caller.organization, path::number(&id)?);
    let row = blocking(&api, move |engine| engine.note(organization, id)).await?;
    let row = row.ok_or_else(|| ApiError::new(Problem::NotFound))?;
    Ok(HttpResponse::Ok().json(NoteJson::from(row)))
}
