//! `GET /api/PlannedGift/ByContact/{contactId}`: there are no planned gifts here; the address is part of every contact, so it answers.

use crate::ApiState;
use crate::answer::Answer;
use crate::auth::authorize;
use crate::openapi::NotFound;
use crate::query::Window;
use crate::route::empty;
use crate::wire::page::PageJson;
use actix_web::{HttpRequest, web};
use tributary_engine::Scope;

/// 200 with an empty list, 404 without the contact.
#[utoipa::path(
    get, path = "/api/PlannedGift/ByContact/{contactId}", operation_id = "listPlannedGifts", tag = "Gift",
    summary = "Always empty: there are no planned gifts here",
    params(("contactId" = i64, Path, description = "The contact."), Window,),
    responses((status = 200, description = "An empty list.", body = PageJson<String>), NotFound),
    security(("key" = ["contacts:read"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest, id: web::Path<String>) -> Answer {
    let caller = authorize(&api, &request, Scope::ReadContacts).await?;
    empty::list(&api, &request, &caller, Some(&id)).await
}
