//! `POST /api/ContactNote`: a note about a contact (virtuous-contract.md 1.7).

use crate::ApiState;
use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::body;
use crate::openapi::NotFound;
use crate::query::Query;
use crate::wire::note;
use crate::wire::note::NoteJson;
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_contact::ContactId;
use tributary_engine::Scope;

/// 200 with the note, 404 without the contact.
#[utoipa::path(
    post, path = "/api/ContactNote", operation_id = "createNote", tag = "ContactNote",
    summary = "Write a note about a contact",
    request_body = ref("#/components/schemas/NoteInput"),
    responses((status = 200, description = "The note.", body = NoteJson), NotFound),
    security(("key" = ["contacts:write"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest, payload: web::Payload) -> Answer {
    let caller = authorize(&api, &request, Scope::WriteContacts).await?;
    Query::none(&request)?;
    let (contact, input) = note::parse(&body::json(&api, payload, body::SINGLE).await?, true)?;
    let (organization, actor) = (caller.organization, caller.actor());
    let contact = ContactId(contact.unwrap_or_default());
    let row = blocking(&api, move |engine| engine.write_note(organization, contact, &input, &actor)).await?;
    Ok(HttpResponse::Ok().json(NoteJson::from(row)))
}
