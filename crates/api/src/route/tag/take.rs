//! `DELETE /api/ContactTag/{contactTagId}`: takes a tag from a contact. The next repeat of a sender does not bring it back.

use crate::ApiState;
use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::openapi::{Conflict, NotFound};
use crate::query::Query;
use crate::route::path;
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::EngineError;
use tributary_engine::Scope;
use tributary_store::LabelKind;

/// 200, empty; 404, 409 for one that is merged away.
#[utoipa::path(
    delete, path = "/api/ContactTag/{contactTagId}", operation_id = "deleteContactTag", tag = "Tag",
    summary = "Take a tag from a contact",
    params(("contactTagId" = i64, Path, description = "The tag of the contact."),),
    responses((status = 200, description = "Taken; no body."), NotFound, Conflict),
    security(("key" = ["contacts:write"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest, id: web::Path<String>) -> Answer {
    let caller = authorize(&api, &request, Scope::WriteContacts).await?;
    Query::none(&request)?;
    let (organization, id, actor) = (caller.organization, path::number(&id)?, caller.actor());
    blocking(&api, move |engine| {
        let own = engine.contact_label(organization, LabelKind::Tag, id)?.ok_or(EngineError::NotFound)?;
        engine.take_label(organization, LabelKind::Tag, (own.label, own.contact), &actor)
    })
    .await?;
    Ok(HttpResponse::Ok().finish())
}
