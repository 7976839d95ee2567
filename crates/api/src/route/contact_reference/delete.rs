//! `DELETE /api/ContactReference/{referenceSource}?referenceId=`.

use crate::ApiState;
use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::openapi::NotFound;
use crate::query::Query;
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_contact::Reference;
use tributary_engine::Scope;

/// 200 without a body, 404 when no contact carries it, 400 without an id.
#[utoipa::path(
    delete, path = "/api/ContactReference/{referenceSource}", operation_id = "deleteContactReference",
    tag = "ContactReference",
    summary = "Take a reference away from the contact that carries it",
    params(
        ("referenceSource" = String, Path, description = "The platform."),
        ("referenceId" = String, Query, description = "Its id of the contact."),
    ),
    responses((status = 200, description = "Done; no body."), NotFound),
    security(("key" = ["contacts:write"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest, source: web::Path<String>) -> Answer {
    let caller = authorize(&api, &request, Scope::WriteContacts).await?;
    let mut query = Query::read(&request, &["referenceId"]);
    let id = query.required("referenceId");
    query.finish()?;
    let reference = Reference { source: source.into_inner(), id };
    let (organization, actor) = (caller.organization, caller.actor());
    blocking(&api, move |engine| engine.remove_reference(organization, &actor, &reference)).await?;
    Ok(HttpResponse::Ok().finish())
}
