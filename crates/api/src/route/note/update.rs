//! `PUT /api/ContactNote/{noteId}`: replaces everything that a note says.

use crate::ApiState;
use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::body;
use crate::openapi::NotFound;
use crate::query::Query;
use crate::route::path;
use crate::wire::note;
use crate::wire::note::NoteJson;
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::Scope;

/// 200 with the note, 404.
#[utoipa::path(
    put, path = "/api/ContactNote/{noteId}", operation_id = "updateNote", tag = "ContactNote",
    summary = "Replace a note",
    params(("noteId" = i64, Path, description = "The note."),),
    request_body = ref("#/components/schemas/NoteUpdate"),
    responses((status = 200, description = "The note.", body = NoteJson), NotFound),
    security(("key" = ["contacts:write"])),
)]
pub(crate) async fn handle(
    api: web::Data<ApiState>,
    request: HttpRequest,
    id: web::Path<String>,
    payload: web::Payload,
) -> Answer {
    let caller = authorize(&api, &request, Scope::WriteContacts).await?;
    Query::none(&request)?;
    let (organization, id, actor) = (caller.organization, path::number(&id)?, caller.actor());
    let (_, input) = note::parse(&body::json(&api, payload, body::SINGLE).await?, false)?;
    let row = blocking(&api, move |engine| engine.change_note(organization, id, &input, &actor)).await?;
    Ok(HttpResponse::Ok().json(NoteJson::from(row)))
}
