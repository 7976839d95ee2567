//! `GET /api/Contact/{contactId}`.

use super::absent;
use crate::ApiState;
use crate::answer::Answer;
use crate::auth::{authorize, sees_contact};
use crate::blocking::blocking;
use crate::catalogue::shown;
use crate::openapi::Absent;
use crate::query::Query;
use crate::route::path;
use crate::wire::full_contact::sight;
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::{FullContact, Scope};

/// 200 with the contact, 404 without a body.
#[utoipa::path(
    get, path = "/api/Contact/{contactId}", operation_id = "getContact", tag = "Contact",
    summary = "A contact by id",
    params(("contactId" = i64, Path, description = "Contact id.")),
    responses((status = 200, description = "The contact.", body = FullContact), Absent),
    security(("key" = ["contacts:read"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest, id: web::Path<String>) -> Answer {
    let caller = authorize(&api, &request, Scope::ReadContacts).await?;
    Query::none(&request)?;
    let Ok(id) = path::contact(&id) else { return Ok(absent(&api)) };
    let (organization, actor) = (caller.organization, caller.actor());
    let found = match api.engine.glance_at_contact(organization, &actor, id)? {
        Some(found) => found,
        None => blocking(&api, move |engine| engine.contact_seen_by(organization, &actor, id)).await?,
    };
    match found.filter(|seen| sees_contact(&caller, &seen.contact)) {
        Some(seen) => Ok(HttpResponse::Ok().json(sight(&seen, &shown(&api, organization).await?))),
        None => Ok(absent(&api)),
    }
}
