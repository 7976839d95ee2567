//! `GET /api/Contact/ByTag/{tagId}`: the contacts that have a tag.

use crate::ApiState;
use crate::answer::Answer;
use crate::auth::authorize;
use crate::auth::check_unbound;
use crate::openapi::NotFound;
use crate::query::Window;
use crate::route::labelled;
use crate::route::path;
use crate::wire::contact_list_item::ContactListItem;
use crate::wire::page::PageJson;
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::Scope;
use tributary_store::LabelKind;

/// 200 with a part of the list, 404 without the tag.
#[utoipa::path(
    get, path = "/api/Contact/ByTag/{tagId}", operation_id = "listContactsByTag", tag = "Contact",
    summary = "The contacts that have a tag",
    params(("tagId" = i64, Path, description = "The tag."), ("filter" = Option<String>, Query, description = "A part of the contact's name."), ("sortBy" = Option<String>, Query, pattern = "^(Id|Name|CreatedDateTime)?$", description = "`Id`, `Name` or `CreatedDateTime`."), ("descending" = Option<bool>, Query, description = "Turns the order round."), Window,),
    responses((status = 200, description = "A part of the list.", body = PageJson<ContactListItem>), NotFound),
    security(("key" = ["contacts:read"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest, id: web::Path<String>) -> Answer {
    let caller = authorize(&api, &request, Scope::ReadContacts).await?;
    check_unbound(&caller)?;
    let tag = path::number(&id)?;
    let page = labelled(&api, &request, caller.organization, (LabelKind::Tag, tag)).await?;
    let list = page.list.iter().map(ContactListItem::from).collect();
    Ok(HttpResponse::Ok().json(PageJson { list, total: page.total }))
}
