//! `PUT /api/Contact/ToggleFollow/{contactId}`: the caller follows the contact, or stops. One client posts instead.

use crate::answer::Answer;
use crate::auth::{authorize, sees_contact};
use crate::blocking::blocking;
use crate::openapi::NotFound;
use crate::query::Query;
use crate::route::path;
use crate::{ApiError, ApiState, Problem};
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::Scope;

/// 200 without a body, 404 for an unknown contact.
#[utoipa::path(
    put, path = "/api/Contact/ToggleFollow/{contactId}", operation_id = "toggleFollow", tag = "Contact",
    summary = "Follow a contact, or stop following it",
    params(("contactId" = i64, Path, description = "Contact id.")),
    responses((status = 200, description = "Done; no body."), NotFound),
    security(("key" = ["contacts:read"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest, id: web::Path<String>) -> Answer {
    let caller = authorize(&api, &request, Scope::ReadContacts).await?;
    Query::none(&request)?;
    let id = path::contact(&id)?;
    let (organization, actor) = (caller.organization, caller.actor());
    let found = blocking(&api, move |engine| engine.contact(organization, id)).await?;
    found.filter(|contact| sees_contact(&caller, contact)).ok_or_else(|| ApiError::new(Problem::NotFound))?;
    blocking(&api, move |engine| engine.toggle_follow(organization, &actor, id)).await?;
    Ok(HttpResponse::Ok().finish())
}
