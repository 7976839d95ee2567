//! `GET /api/ContactIndividual/{id}`.

use super::found;
use crate::ApiState;
use crate::answer::Answer;
use crate::auth::authorize;
use crate::catalogue::shown;
use crate::openapi::Absent;
use crate::query::Query;
use crate::route::contact::absent;
use crate::route::path;
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::{ContactIndividual, Scope, individual};

/// 200 with the individual, 404 without a body.
#[utoipa::path(
    get, path = "/api/ContactIndividual/{id}", operation_id = "getContactIndividual", tag = "ContactIndividual",
    summary = "An individual",
    params(("id" = i64, Path, description = "Its number.")),
    responses((status = 200, description = "It.", body = ContactIndividual), Absent),
    security(("key" = ["contacts:read"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest, id: web::Path<String>) -> Answer {
    let caller = authorize(&api, &request, Scope::ReadContacts).await?;
    Query::none(&request)?;
    let Ok(id) = path::item(&id) else { return Ok(absent(&api)) };
    let contact = found(&api, &caller, id).await?;
    let shown = shown(&api, caller.organization).await?;
    match contact.and_then(|contact| individual(&contact, id, &shown)) {
        Some(own) => Ok(HttpResponse::Ok().json(own)),
        None => Ok(absent(&api)),
    }
}
