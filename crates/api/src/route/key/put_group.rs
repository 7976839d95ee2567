//! `POST /api/PermissionGroup`: makes a group, or changes what the one of its name may do.

use super::check_handed_out;
use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::query::Query;
use crate::wire::key::{PermissionGroupJson, parse_group};
use crate::{ApiState, body};
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::Scope;

/// 200 with the group.
#[utoipa::path(
    post, path = "/api/PermissionGroup", operation_id = "putPermissionGroup", tag = "Key",
    summary = "Make a permission group, or change what the one of this name may do",
    request_body = ref("#/components/schemas/PermissionGroupInput"),
    responses((status = 200, description = "The group. Its keys may do this from now on.", body = PermissionGroupJson)),
    security(("key" = ["keys"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest, payload: web::Payload) -> Answer {
    let caller = authorize(&api, &request, Scope::Keys).await?;
    Query::none(&request)?;
    let (name, scopes) = parse_group(&body::json(&api, payload, body::SINGLE).await?)?;
    check_handed_out(&caller, scopes.iter().copied())?;
    let organization = caller.organization;
    let group = blocking(&api, move |engine| engine.put_permission_group(organization, &name, &scopes)).await?;
    Ok(HttpResponse::Ok().json(PermissionGroupJson::of(group)))
}
