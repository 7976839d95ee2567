//! `GET /api/Event/{eventId}/Contacts`: there is no calendar of events here; attendance stands in the submissions that told of it.

use crate::ApiState;
use crate::answer::Answer;
use crate::auth::authorize;
use crate::openapi::NotFound;
use crate::query::Window;
use crate::route::empty;
use crate::route::path;
use crate::wire::page::PageJson;
use actix_web::{HttpRequest, web};
use tributary_engine::Scope;

/// 200 with an empty list.
#[utoipa::path(
    get, path = "/api/Event/{eventId}/Contacts", operation_id = "listEventContacts", tag = "Contact",
    summary = "Always empty: there is no calendar of events here",
    params(("eventId" = i64, Path, description = "The event."), Window,),
    responses((status = 200, description = "An empty list.", body = PageJson<String>), NotFound),
    security(("key" = ["contacts:read"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest, id: web::Path<String>) -> Answer {
    let caller = authorize(&api, &request, Scope::ReadContacts).await?;
    path::number(&id)?;
    empty::list(&api, &request, &caller, None).await
}
