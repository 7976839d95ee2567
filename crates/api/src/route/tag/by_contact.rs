//! `GET /api/ContactTag/ByContact/{contactId}`: the tags of a contact.

use crate::ApiState;
use crate::answer::Answer;
use crate::auth::authorize;
use crate::auth::check_unbound;
use crate::blocking::blocking;
use crate::openapi::NotFound;
use crate::query::Query;
use crate::route::path;
use crate::wire::label::ContactTagJson;
use crate::wire::page::PageJson;
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::Scope;
use tributary_store::LabelKind;

/// 200 with the list, 404 without the contact.
#[utoipa::path(
    get, path = "/api/ContactTag/ByContact/{contactId}", operation_id = "listContactTags", tag = "Tag",
    summary = "The tags of a contact",
    params(("contactId" = i64, Path, description = "The contact."),),
    responses((status = 200, description = "The tags of the contact.", body = PageJson<ContactTagJson>), NotFound),
    security(("key" = ["contacts:read"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest, id: web::Path<String>) -> Answer {
    let caller = authorize(&api, &request, Scope::ReadContacts).await?;
    Query::none(&request)?;
    check_unbound(&caller)?;
    let (organization, contact) = (caller.organization, path::contact(&id)?);
    let own = blocking(&api, move |engine| engine.labels_of(organization, LabelKind::Tag, contact)).await?;
    Ok(HttpResponse::Ok().json(PageJson::whole(own.into_iter().map(ContactTagJson::from).collect())))
}
