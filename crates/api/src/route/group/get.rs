//! `GET /api/OrganizationGroup/{groupId}`.

use crate::answer::Answer;
use crate::auth::authorize;
use crate::auth::check_unbound;
use crate::blocking::blocking;
use crate::openapi::NotFound;
use crate::query::Query;
use crate::route::path;
use crate::wire::label::GroupJson;
use crate::{ApiError, ApiState, Problem};
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::Scope;
use tributary_store::LabelKind;

/// 200 with the group, 404.
#[utoipa::path(
    get, path = "/api/OrganizationGroup/{groupId}", operation_id = "getGroup", tag = "OrganizationGroup",
    summary = "A group",
    params(("groupId" = i64, Path, description = "The group."),),
    responses((status = 200, description = "The group.", body = GroupJson), NotFound),
    security(("key" = ["contacts:read"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest, id: web::Path<String>) -> Answer {
    let caller = authorize(&api, &request, Scope::ReadContacts).await?;
    Query::none(&request)?;
    check_unbound(&caller)?;
    let (organization, id) = (caller.organization, path::number(&id)?);
    let found = blocking(&api, move |engine| engine.label(organization, LabelKind::Group, id)).await?;
    let (row, _) = found.ok_or_else(|| ApiError::new(Problem::NotFound))?;
    Ok(HttpResponse::Ok().json(GroupJson::from(row)))
}
