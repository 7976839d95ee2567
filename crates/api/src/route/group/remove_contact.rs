//! `DELETE /api/OrganizationGroup/{groupId}/contacts/{contactId}`.

use crate::ApiState;
use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::openapi::{Conflict, NotFound};
use crate::query::Query;
use crate::route::path;
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::Scope;
use tributary_store::LabelKind;

/// 200, empty; 404 without the group or the contact, 409 for one that is merged away.
#[utoipa::path(
    delete, path = "/api/OrganizationGroup/{groupId}/contacts/{contactId}", operation_id = "removeContactFromGroup", tag = "OrganizationGroup",
    summary = "Take a contact out of a group",
    params(("groupId" = i64, Path, description = "The group."), ("contactId" = i64, Path, description = "The contact."),),
    responses((status = 200, description = "Done; no body."), NotFound, Conflict),
    security(("key" = ["contacts:write"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest, ids: web::Path<(String, String)>) -> Answer {
    let caller = authorize(&api, &request, Scope::WriteContacts).await?;
    Query::none(&request)?;
    let given = (path::number(&ids.0)?, path::contact(&ids.1)?);
    let (organization, actor) = (caller.organization, caller.actor());
    blocking(&api, move |engine| engine.take_label(organization, LabelKind::Group, given, &actor)).await?;
    Ok(HttpResponse::Ok().finish())
}
