//! `GET /api/Contact/{contactId}/Export`: everything that is held about a person, as one document.

use crate::ApiState;
use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::openapi::{Conflict, NotFound};
use crate::query::Query;
use crate::route::path;
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::Scope;

/// 200 with the document, 404, 409 for a contact that is merged away.
#[utoipa::path(
    get, path = "/api/Contact/{contactId}/Export", operation_id = "exportContact", tag = "Privacy",
    summary = "Everything that is held about a person",
    params(("contactId" = i64, Path, minimum = 0, description = "Contact id.")),
    responses((status = 200, description = "The document; `docs/privacy.md` says what is in it.", body = Value), NotFound, Conflict),
    security(("key" = ["privacy"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest, id: web::Path<String>) -> Answer {
    let caller = authorize(&api, &request, Scope::Privacy).await?;
    Query::none(&request)?;
    let (organization, id) = (caller.organization, path::contact(&id)?);
    let export = blocking(&api, move |engine| engine.export_person(organization, id)).await?;
    Ok(HttpResponse::Ok().json(export))
}
