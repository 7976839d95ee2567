//! `DELETE /api/PermissionGroup/{name}`: removes a group that no key is in.

use crate::ApiState;
use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::openapi::{Conflict, NotFound};
use crate::query::Query;
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::Scope;

/// 200, empty; 404 for a name that is none of the organization's own, 409 while a key is in it.
#[utoipa::path(
    delete, path = "/api/PermissionGroup/{name}", operation_id = "removePermissionGroup", tag = "Key",
    summary = "Remove a permission group of the organization's own",
    params(("name" = String, Path, description = "Its name.")),
    responses((status = 200, description = "Removed; no body."), NotFound, Conflict),
    security(("key" = ["keys"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest, name: web::Path<String>) -> Answer {
    let caller = authorize(&api, &request, Scope::Keys).await?;
    Query::none(&request)?;
    let (organization, name) = (caller.organization, name.into_inner());
    blocking(&api, move |engine| engine.remove_permission_group(organization, &name)).await?;
    Ok(HttpResponse::Ok().finish())
}
