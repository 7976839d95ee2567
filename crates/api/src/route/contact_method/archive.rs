//! `PUT /api/ContactMethod/Archive/{id}`.

use crate::ApiState;
use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::openapi::{Conflict, NotFound};
use crate::query::Query;
use crate::route::path;
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::Scope;

/// 200 without a body, 404, 409 for one that is merged away.
#[utoipa::path(
    put, path = "/api/ContactMethod/Archive/{id}", operation_id = "archiveContactMethod", tag = "ContactMethod",
    summary = "Put it away",
    params(("id" = i64, Path, description = "Its number.")),
    responses((status = 200, description = "Done; no body."), NotFound, Conflict),
    security(("key" = ["contacts:write"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest, id: web::Path<String>) -> Answer {
    let caller = authorize(&api, &request, Scope::WriteContacts).await?;
    Query::none(&request)?;
    let id = path::item(&id)?;
    let (organization, actor) = (caller.organization, caller.actor());
    blocking(&api, move |engine| engine.archive_method(organization, &actor, id, true)).await?;
    Ok(HttpResponse::Ok().finish())
}
