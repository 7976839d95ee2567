//! `GET /api/OrganizationGroup/ByContact/{contactId}`: the groups that a contact is in.

use crate::ApiState;
use crate::answer::Answer;
use crate::auth::authorize;
use crate::auth::check_unbound;
use crate::blocking::blocking;
use crate::openapi::NotFound;
use crate::query::Query;
use crate::route::path;
use crate::wire::label::GroupJson;
use crate::wire::page::PageJson;
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::Scope;
use tributary_store::LabelKind;

/// 200 with the list, 404 without the contact.
#[utoipa::path(
    get, path = "/api/OrganizationGroup/ByContact/{contactId}", operation_id = "listGroupsOfContact", tag = "OrganizationGroup",
    summary = "The groups that a contact is in",
    params(("contactId" = i64, Path, description = "The contact."),),
    responses((status = 200, description = "The groups.", body = PageJson<GroupJson>), NotFound),
    security(("key" = ["contacts:read"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest, id: web::Path<String>) -> Answer {
    let caller = authorize(&api, &request, Scope::ReadContacts).await?;
    Query::none(&request)?;
    check_unbound(&caller)?;
    let (organization, contact) = (caller.organization, path::contact(&id)?);
    let own = blocking(&api, move |engine| engine.labels_of(organization, LabelKind::Group, contact)).await?;
    let list = own.into_iter().map(|own| GroupJson::from(own.label)).collect();
    Ok(HttpResponse::Ok().json(PageJson::whole(list)))
}
