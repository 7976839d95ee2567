//! `PUT /api/Contact/Unarchive/{contactId}`: it is there again with everything it had.

use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::openapi::{Conflict, NotFound};
use crate::query::Query;
use crate::route::path;
use crate::{ApiState, body};
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::Scope;

/// 200 without a body, 404 for an unknown contact, 409 for one that is merged away.
#[utoipa::path(
    put, path = "/api/Contact/Unarchive/{contactId}", operation_id = "unarchiveContact", tag = "Contact",
    summary = "Take an archived contact back",
    params(("contactId" = i64, Path, description = "Contact id.")),
    responses((status = 200, description = "Done; no body."), NotFound, Conflict),
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
    let id = path::contact(&id)?;
    let reason = body::archive_reason(&api, payload).await?;
    let (organization, actor) = (caller.organization, caller.actor());
    blocking(&api, move |engine| engine.archive_contact(organization, &actor, id, false, reason.as_deref())).await?;
    Ok(HttpResponse::Ok().finish())
}
