//! `GET /api/PermissionGroup`: the groups that keys can be in.

use crate::ApiState;
use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::query::Query;
use crate::wire::key::PermissionGroupJson;
use crate::wire::page::PageJson;
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::Scope;

/// 200 with the list, the built-in ones first.
#[utoipa::path(
    get, path = "/api/PermissionGroup", operation_id = "listPermissionGroups", tag = "Key",
    summary = "The permission groups, built in and the organization's own",
    responses((status = 200, description = "The list.", body = PageJson<PermissionGroupJson>)),
    security(("key" = ["keys"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest) -> Answer {
    let caller = authorize(&api, &request, Scope::Keys).await?;
    Query::none(&request)?;
    let organization = caller.organization;
    let own = blocking(&api, move |engine| engine.permission_groups(organization)).await?;
    Ok(HttpResponse::Ok().json(PageJson::whole(PermissionGroupJson::all(own))))
}
