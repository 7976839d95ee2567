//! `DELETE /api/Contact/{contactId}/Collection/{collectionInstanceId}`: removes an entry.

use crate::ApiState;
use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::openapi::NotFound;
use crate::query::Query;
use crate::route::path;
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::Scope;

/// 200, empty; 404 without the contact or the entry.
#[utoipa::path(
    delete, path = "/api/Contact/{contactId}/Collection/{collectionId}", operation_id = "deleteCollectionEntry", tag = "Contact",
    summary = "Remove an entry",
    params(("contactId" = i64, Path, description = "The contact."), ("collectionId" = i64, Path, description = "On POST the collection, otherwise the entry."),),
    responses((status = 200, description = "Removed; no body."), NotFound),
    security(("key" = ["contacts:write"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest, ids: web::Path<(String, String)>) -> Answer {
    let caller = authorize(&api, &request, Scope::WriteContacts).await?;
    Query::none(&request)?;
    let (contact, entry) = (path::contact(&ids.0)?, path::number(&ids.1)?);
    let (organization, actor) = (caller.organization, caller.actor());
    blocking(&api, move |engine| engine.remove_entry(organization, (contact, entry), &actor)).await?;
    Ok(HttpResponse::Ok().finish())
}
